"""toy10: recorded bits, balance, prefixes, no picture twice, clear errors, no shared state."""

import hashlib

import numpy as np
import pytest

from cs231n.scenes import toy10

KINDS = sorted(toy10.SHA256)


@pytest.fixture(scope="module")
def pictures():
    return {kind: toy10.make_pictures(kind[0], 200, kind[1]) for kind in KINDS}


def test_every_split_and_preset_is_recorded():
    assert set(KINDS) == {(split, preset) for split in toy10.SPLITS for preset in toy10.PRESETS}


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_bits_are_the_recorded_ones(kind, pictures):
    images, labels = pictures[kind]
    assert images.shape == (200, 3, 32, 32) and images.dtype == np.uint8
    assert labels.shape == (200,) and labels.dtype == np.int64
    assert toy10.fingerprint(images, labels) == toy10.SHA256[kind], (
        "the generator makes other pictures than it did: undo the change, or raise toy10.VERSION "
        "and record toy10.SHA256 again"
    )


def test_fingerprint_sees_every_bit():
    images, labels = toy10.make_pictures("val", 5)
    before = toy10.fingerprint(images, labels)
    images[4, 2, 31, 31] ^= 1
    assert toy10.fingerprint(images, labels) != before
    images[4, 2, 31, 31] ^= 1
    labels[0] += 1
    assert toy10.fingerprint(images, labels) != before


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_each_hundred_holds_ten_of_every_class_in_random_order(kind, pictures):
    labels = pictures[kind][1]
    for hundred in (labels[:100], labels[100:]):
        assert np.bincount(hundred).tolist() == [10] * len(toy10.CLASSES)
        assert (np.diff(hundred) != 0).mean() > 0.7
    assert (labels[:100] != labels[100:]).any()


@pytest.mark.parametrize("n", [1, 99, 100, 101])
def test_a_shorter_set_is_the_beginning_of_a_longer_one(n, pictures):
    images, labels = toy10.make_pictures("train", n)
    whole = pictures["train", "standard"]
    assert np.array_equal(images, whole[0][:n]) and np.array_equal(labels, whole[1][:n])


def test_no_picture_is_there_twice(pictures):
    digests = [
        hashlib.sha256(image.tobytes()).digest()
        for images, _ in pictures.values()
        for image in images
    ]
    assert len(set(digests)) == len(digests) == 200 * len(KINDS)


def test_pictures_are_neither_flat_nor_burnt_out(pictures):
    images = pictures["train", "standard"][0]
    assert images.std(axis=(1, 2, 3)).min() > 8
    assert np.mean((images == 0) | (images == 255)) < 0.1


@pytest.mark.parametrize(
    ("arguments", "error", "remedy"),
    [
        (("training", 10), ValueError, "train, val, test"),
        (("train", 10, "easy"), ValueError, "standard, hard"),
        (("train", 0), ValueError, "at least 1"),
        (("train", -3), ValueError, "at least 1"),
        (("train", 10.0), TypeError, "integer"),
    ],
)
def test_errors_name_the_remedy(arguments, error, remedy):
    with pytest.raises(error, match=remedy):
        toy10.make_pictures(*arguments)


def test_the_global_random_state_is_neither_read_nor_moved():
    np.random.seed(5)
    before = np.random.get_state()
    first = toy10.make_pictures("test", 10)[0]
    after = np.random.get_state()
    assert before[2] == after[2] and np.array_equal(before[1], after[1])
    np.random.seed(6)
    assert np.array_equal(toy10.make_pictures("test", 10)[0], first)
