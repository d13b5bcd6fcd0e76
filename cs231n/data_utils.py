"""CIFAR-10 as arrays for a network, or generated pictures of the same shape where it is missing.

`python -m cs231n.data_utils cifar10` fetches CIFAR-10, and `coco` the captions of coco_utils.
"""

import sys
from functools import lru_cache
from pathlib import Path

import numpy as np

from . import cifar10, console
from .data_command import main
from .dataset import folders
from .download import DataError
from .scenes import toy10

SOURCES = ("auto", "generated", "real")
GENERATED = (10000, 1000, 1000)  # training, validation and test pictures made where none are asked


class PictureSet(dict):
    """The arrays X_train, y_train, X_val, y_val, X_test, y_test, and beside them what they are.

    - source: "real" or "generated"
    - classes: Names of the ten classes, by label
    - mean_image: What was subtracted from each picture, shape (3, 32, 32), float32; adding it
      makes a picture of 0..255 again. It is zero where nothing was subtracted.
    """

    def __init__(self, arrays, source, classes, mean_image):
        super().__init__(arrays)
        self.source, self.classes, self.mean_image = source, classes, mean_image


def get_CIFAR10_data(
    num_training=49000, num_validation=1000, num_test=1000, subtract_mean=True,
    source="auto", preset="standard",
):  # fmt: skip
    """Load pictures with labels, split into training, validation and test.

    A printed line says which set it is. Validation is the rows of CIFAR-10 after the training
    rows; generated pictures for it are made apart from those for training.

    Inputs:
    - num_training, num_validation, num_test: Numbers of pictures
    - subtract_mean: Whether to subtract the mean of the training pictures from all
    - source: "real" for CIFAR-10; "generated" for pictures made here, as many as are asked for;
      "auto" for CIFAR-10 if it is there, or else generated ones. With "auto" the numbers are
      upper limits: of a subset as many as it has, of generated pictures 10,000, 1,000 and 1,000
    - preset: "standard" or "hard"; how difficult generated pictures are

    Returns a PictureSet, which is a dictionary, with
    - X_train, X_val, X_test: shape (N, 3, 32, 32), float32, in 0..255 before subtraction
    - y_train, y_val, y_test: shape (N,), int64, in 0..9

    Raises ValueError for a source, preset or number that does not exist, DataError if CIFAR-10
    is asked for and not there or too small, DamagedError if it is there in part.
    """
    _check_choice("source", source, SOURCES)
    _check_choice("preset", preset, tuple(toy10.PRESETS))
    asked = _check_numbers(num_training, num_validation, num_test)
    folder = None if source == "generated" else find_CIFAR10()
    if folder is not None:
        numbers = _numbers_in(folder, asked, source == "auto")
        arrays, classes = _real(folder, *numbers), cifar10.CLASSES
    elif source == "real":
        raise DataError(
            f"CIFAR-10 is not in {folders()[0]}: run `{cifar10.COMMAND}`, "
            'or take source="generated".'
        )
    else:
        numbers = tuple(map(min, asked, GENERATED)) if source == "auto" else asked
        arrays, classes = _generated(*numbers, preset), tuple(toy10.CLASSES)
    mean = np.zeros((3, 32, 32), np.float32)
    if subtract_mean:
        mean = mean_image(arrays["X_train"])
        for name in ("X_train", "X_val", "X_test"):
            arrays[name] -= mean
    print(_describe(folder, numbers, asked, preset))
    return PictureSet(arrays, "generated" if folder is None else "real", classes, mean)


def mean_image(X, block=1000):
    """Return the mean of pictures, summed in float64 without a copy of all of them.

    Inputs:
    - X: Pictures, shape (N, C, H, W), of any number type
    - block: Pictures summed at a time

    Returns an array of shape (C, H, W), float32.
    """
    total = np.zeros(X.shape[1:])
    for start in range(0, len(X), block):
        total += X[start : start + block].sum(axis=0, dtype=np.float64)
    return (total / len(X)).astype(np.float32)


def load_CIFAR10(directory):
    """Load all of CIFAR-10, as it is.

    Inputs:
    - directory: Path of a cifar-10-batches-py

    Returns a tuple of:
    - X_train, y_train: shapes (50000, 3, 32, 32), float32, in 0..255, and (50000,), int64
    - X_test, y_test: the same of 10,000 pictures

    Raises DataError if the folder is not there, DamagedError if a file is not as it should be.
    """
    if not Path(directory).is_dir():
        raise DataError(f"{directory} is no folder: run `{cifar10.COMMAND}` to get CIFAR-10.")
    return cifar10.read(directory, *cifar10.count_rows(directory))


def find_CIFAR10():
    """Return the path of the folder with CIFAR-10's files, or None.

    It is looked for in datasets/ beside the package, then in datasets/ one level up, where a
    workspace inside a clone finds the clone's; or where CS231N_DATASETS says, and only there.
    """
    return cifar10.SET.find()


def _check_choice(word, value, known):
    if value not in known:
        raise ValueError(f"unknown {word} {value!r}: choose one of {', '.join(known)}")


def _check_numbers(*numbers):
    for number, least in zip(numbers, (1, 0, 0), strict=True):
        if not isinstance(number, int | np.integer) or number < least:
            raise ValueError(f"{number!r} is no number of pictures: give an integer >= {least}")
    return tuple(map(int, numbers))


def _numbers_in(folder, asked, fewer_will_do):
    """Return the numbers of pictures to take out of a folder."""
    training, validation, test = asked
    rows, test_rows = cifar10.count_rows(folder)
    if fewer_will_do:
        training, test = min(training, rows - validation), min(test, test_rows)
    if training < 1 or training + validation > rows or test > test_rows:
        raise DataError(
            f"{folder} holds {rows:,} training and {test_rows:,} test pictures, too few for "
            f"{asked[0]:,} + {validation:,} and {test:,}: ask for fewer, "
            "or delete it and get the whole set."
        )
    return training, validation, test


def _real(folder, training, validation, test):
    X, y, X_test, y_test = cifar10.read(folder, training + validation, test)
    return {
        "X_train": X[:training], "y_train": y[:training],
        "X_val": X[training:], "y_val": y[training:],
        "X_test": X_test, "y_test": y_test,
    }  # fmt: skip


def _generated(training, validation, test, preset):
    arrays = {}
    for split, number in (("train", training), ("val", validation), ("test", test)):
        images, labels = _make_pictures(split, number, preset)
        arrays[f"X_{split}"], arrays[f"y_{split}"] = images.astype(np.float32), labels.copy()
    return arrays


@lru_cache(maxsize=3)
def _make_pictures(split, number, preset):
    images, labels = toy10.make_pictures(split, max(number, 1), preset)  # makes no empty set
    return images[:number], labels[:number]


def _describe(folder, numbers, asked, preset):
    counts = ", ".join(
        f"{number:,} {split}" + (f" (not {wish:,})" if number < wish else "")
        for number, wish, split in zip(
            numbers, asked, ("training", "validation", "test"), strict=True
        )
    )
    if folder is None:
        return f"Generated pictures ({preset}): {counts}\nFor CIFAR-10 run: {cifar10.COMMAND}"
    return f"CIFAR-10 ({cifar10.SET.kind(folder)} files): {counts}"


if __name__ == "__main__":
    sys.exit(console.status_of(main))
