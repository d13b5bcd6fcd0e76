"""The files of CIFAR-10: how they are told apart, what is in them."""

import hashlib
from pathlib import Path

import numpy as np

from . import pickled
from .dataset import DataSet, Member

COMMAND = "python -m cs231n.data_utils cifar10"
CLASSES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"
)  # fmt: skip
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


def count_rows(folder):
    """Return how many training and how many test pictures a folder holds."""
    members = SET.known_members(folder)
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
    members = SET.known_members(folder)
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
        raise SET.damaged(path, "has another sha256 than expected")
    try:
        batch = pickled.loads(content)
        images, labels = batch[b"data"], np.array(batch[b"labels"], np.int64)
        shapes_fit = images.shape == (len(labels), 3072) and images.dtype == np.uint8
        if not (shapes_fit and labels.ndim == 1 and set(labels.tolist()) <= set(range(10))):
            raise ValueError("no pictures with labels")
    except Exception as error:  # a pickle can fail in any way there is
        raise SET.damaged(path, f"is no batch of CIFAR-10 ({error})") from None
    return images.reshape(-1, 3, 32, 32), labels


def _rows(path):
    return len(read_batch(path)[0]) if path.name in BATCHES else 0


def _contents(folder):
    training, test = count_rows(folder)
    return f"{training:,} training and {test:,} test pictures"


SET = DataSet(
    title="CIFAR-10",
    about="60,000 photographs of 10 classes, 170 MB to download",
    command=COMMAND,
    folder="cifar-10-batches-py",
    archive="cifar-10-python.tar.gz",
    url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    members=OFFICIAL,
    needed=BATCHES,
    limit=64 << 20,  # the largest official member has half of it
    rows=_rows,
    contents=_contents,
    size=170498071,
    md5="c58f30108f718f92721af3b95e74349a",
)
