"""The files of CIFAR-10: where they come from, how they are told apart, what is in them."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np

from . import pickled
from .archive import extract
from .download import DamagedError, DataError, digest, fetch, mismatch

COMMAND = "python -m cs231n.data_utils cifar10"
CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"
)  # fmt: skip
FOLDER = "cifar-10-batches-py"
ARCHIVE = "cifar-10-python.tar.gz"
URL = f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}"
ARCHIVE_SIZE = 170498071  # bytes
ARCHIVE_MD5 = "c58f30108f718f92721af3b95e74349a"
LIMIT = 64 << 20  # bytes; the largest official member has half of it
ACCEPTED = "accepted.json"


class Member(NamedTuple):
    """What is known of a file: its length in bytes, its sha256, the pictures in it."""

    size: int
    sha256: str
    rows: int = 0


TRAINING = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST = "test_batch"
OFFICIAL = {
    "data_batch_1": Member(
        31035704, "54636561a3ce25bd3e19253c6b0d8538147b0ae398331ac4a2d86c6d987368cd", 10000
    ),
    "data_batch_2": Member(
        31035320, "766b2cef9fbc745cf056b3152224f7cf77163b330ea9a15f9392beb8b89bc5a8", 10000
    ),
    "data_batch_3": Member(
        31035999, "0f00d98ebfb30b3ec0ad19f9756dc2630b89003e10525f5e148445e82aa6a1f9", 10000
    ),
    "data_batch_4": Member(
        31035696, "3f7bb240661948b8f4d53e36ec720d8306f5668bd0071dcb4e6c947f78e9682b", 10000
    ),
    "data_batch_5": Member(
        31035623, "d91802434d8376bbaeeadf58a737e3a1b12ac839077e931237e0dcd43adcb154", 10000
    ),
    "test_batch": Member(
        31035526, "f53d8d457504f7cff4ea9e021afcf0e0ad8e24a91f3fc42091b8adef61157831", 10000
    ),
    "batches.meta": Member(158, "f962466ef690d46b226450fb9aadc74ba4bc64a76aa526b5827fe4bc5c7125cb"),
    "readme.html": Member(88, "4d1c3fb199d6a183ae03f5162b469d7bc04edf2fad9547bd5f224271d52f98e5"),
}
BATCHES = (*TRAINING, TEST)  # the only files that are needed


def known_members(folder):
    """Return the table that a folder's files are held against, after a look at their sizes.

    Inputs:
    - folder: Path of a cifar-10-batches-py

    Returns a dictionary from file name to Member: the official one, or the one recorded when
    other files were accepted.

    Raises DamagedError if a batch is missing or of another size.
    """
    folder = Path(folder)
    try:
        text = (folder / ACCEPTED).read_text(encoding="utf-8")
        members = {name: Member(**known) for name, known in json.loads(text).items()}
    except FileNotFoundError:
        members = OFFICIAL
    except (ValueError, TypeError, AttributeError):
        raise _damaged(folder / ACCEPTED, "cannot be read") from None
    for name in BATCHES:
        if name not in members or not (folder / name).is_file():
            raise _damaged(folder / name, "is missing")
        if fault := mismatch(folder / name, members[name].size):
            raise _damaged(folder / name, f"has {fault}")
    return members


def verify(folder):
    """Raise DamagedError unless every batch of a folder has the sha256 known for it."""
    for name, member in known_members(folder).items():
        path = Path(folder) / name
        if path.exists() and (fault := mismatch(path, member.size, member.sha256)):
            raise _damaged(path, f"has {fault}")


def _damaged(path, fault):
    return DamagedError(
        f"{path} {fault}: run `{COMMAND}` to get the whole set again "
        f"(files that are meant to differ need --accept-unverified), or delete {path.parent}."
    )


def install(datasets, mirror=None, archive=None, accept=False):
    """Put CIFAR-10 into datasets/cifar-10-batches-py, unless it is there.

    Inputs:
    - datasets: Path of the folder that holds the data sets
    - mirror: Address of the archive, instead of its home's
    - archive: Path of an archive at hand; without one, datasets/cifar-10-python.tar.gz is used
      if it is there, and fetched if not
    - accept: Whether files other than the official ones will do; their lengths, digests and
      rows are then recorded in accepted.json beside them

    Returns True if something was installed, False if the set was there.

    Raises DataError, or one of its kinds, if the set cannot be had.
    """
    folder = Path(datasets) / FOLDER
    if folder.is_dir() and _is_whole(folder):
        return False
    by_hand = Path(datasets) / ARCHIVE
    fetched = archive is None and not by_hand.exists()
    source = by_hand if archive is None else Path(archive)
    if fetched:
        sure = {} if accept else {"size": ARCHIVE_SIZE, "md5": ARCHIVE_MD5}
        remedy = (
            f"try again, or name a mirror with --mirror URL (and --accept-unverified, if it packs "
            f"the set anew), or put {ARCHIVE}, however you get it, at {by_hand} and run this again"
        )
        fetch(mirror or URL, by_hand, remedy=remedy, **sure)
    elif not source.is_file():
        raise DataError(f"{source} is no file: give the path of {ARCHIVE} to --archive.")
    try:
        _unpack(source, folder, accept)
    except DamagedError:
        if fetched:
            by_hand.unlink()
        raise
    if fetched:
        by_hand.unlink()
    return True


def _is_whole(folder):
    try:
        verify(folder)
    except DamagedError:
        return False
    return True


def _unpack(archive, folder, accept):
    """Extract and verify beside `folder`, then move file by file: a bad archive breaks nothing."""
    scratch = folder.with_name(folder.name + ".part")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        extract(archive, [f"{FOLDER}/{name}" for name in OFFICIAL], scratch, LIMIT)
        _judge(archive, scratch, accept)
        folder.mkdir(exist_ok=True)
        (folder / ACCEPTED).unlink(missing_ok=True)
        for path in scratch.iterdir():
            os.replace(path, folder / path.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _judge(archive, folder, accept):
    """Raise DamagedError unless the files are official, or accepted and then recorded."""
    for name in BATCHES:
        if not (folder / name).exists():
            raise DamagedError(f"{archive} holds no {FOLDER}/{name}: get another archive.")
    faults = [
        f"{path.name} in {archive} has {fault}"
        for path in sorted(folder.iterdir())
        if (fault := mismatch(path, *OFFICIAL[path.name][:2]))
    ]
    if faults and not accept:
        raise DamagedError(
            f"{faults[0]}, so this is not the official set: delete the archive and get it again, "
            "or add --accept-unverified if it is meant to differ."
        )
    if faults:
        _record(folder)


def _record(folder):
    members = {}
    for path in sorted(folder.iterdir()):
        rows = len(read_batch(path)[0]) if path.name in BATCHES else 0
        members[path.name] = Member(path.stat().st_size, digest(path), rows)._asdict()
    with open(folder / ACCEPTED, "w", encoding="utf-8", newline="\n") as file:
        json.dump(members, file, indent=2)


def count_rows(folder):
    """Return how many training and how many test pictures a folder holds."""
    members = known_members(folder)
    return sum(members[name].rows for name in TRAINING), members[TEST].rows


def read(folder, training_rows, test_rows):
    """Read the first rows of the training and of the test pictures.

    Inputs:
    - folder: Path of a cifar-10-batches-py
    - training_rows, test_rows: How many, at most as many as there are

    Returns a tuple of:
    - X_train: Pictures, shape (training_rows, 3, 32, 32), float32, in 0..255
    - y_train: Labels, shape (training_rows,), int64, in 0..9
    - X_test, y_test: likewise, of the test pictures

    Raises DamagedError if a file that is read is not the one known.
    """
    members = known_members(folder)
    return (
        *_read_rows(folder, members, TRAINING, training_rows),
        *_read_rows(folder, members, (TEST,), test_rows),
    )


def _read_rows(folder, members, names, rows):
    X, y = np.empty((rows, 3, 32, 32), np.float32), np.empty(rows, np.int64)
    start = 0
    for name in names:
        if start == rows:
            break
        images, labels = read_batch(Path(folder) / name, members[name].sha256)
        stop = min(start + len(images), rows)
        X[start:stop], y[start:stop] = images[: stop - start], labels[: stop - start]
        start = stop
    return X, y


def read_batch(path, sha256=None):
    """Read one batch: a pickled dictionary, written by Python 2, with data and labels.

    Inputs:
    - path: The file
    - sha256: Digest it must have, hexadecimal; None accepts any

    Returns a tuple of:
    - images: shape (rows, 3, 32, 32), uint8, read-only: the red, green and blue planes
    - labels: shape (rows,), int64, in 0..9

    Raises DamagedError if the file has another digest or holds anything else.
    """
    content = Path(path).read_bytes()
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise _damaged(path, "has another sha256 than expected")
    try:
        batch = pickled.loads(content)
        images, labels = batch[b"data"], np.array(batch[b"labels"], np.int64)
        shapes_fit = images.shape == (len(labels), 3072) and images.dtype == np.uint8
        if not (shapes_fit and labels.ndim == 1 and set(labels.tolist()) <= set(range(10))):
            raise ValueError("no pictures with labels")
    except Exception as error:  # a pickle can fail in any way there is
        raise _damaged(path, f"is no batch of CIFAR-10 ({error})") from None
    return images.reshape(-1, 3, 32, 32), labels
