"""toy10: ten kinds of objects in five scenes, generated pictures in the shape of CIFAR-10's.

They take its place where the real pictures are not at hand. The place and the colours hint at the
class, as they do in photographs; only the shape settles it. Linear classifiers do as well as on
CIFAR-10, fully connected and small convolutional networks somewhat better, deep ones much better;
what helps on one set helps on the other.
"""

import operator
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from .canvas import Pose, column, picture_frame, value_noise
from .dice import Dice
from .objects import FIXED, THINGS, Colours, draw_things
from .scenery import (
    PLACE_NAMES,
    PLACES,
    blend_over_horizon,
    develop,
    film_noise,
    grain,
    light,
    paint_bar,
    paint_distractor,
)

VERSION = "toy10-v1"
CLASSES = tuple(thing.name for thing in THINGS)
SPLITS = ("train", "val", "test")
SIDE = 32  # pixels
CHUNK = 100  # pictures made at a time: as many of each class


class Preset(NamedTuple):
    """How hard the pictures are; the knobs that matter most come first."""

    reach: float = 0.38  # objects' centres lie between -reach and reach, in half pictures
    smallest: float = 0.56  # objects' half-size, in half pictures
    largest: float = 0.88
    own_colour: float = 0.67  # probability that a colour is one of the class's usual ones
    own_scene: float = 0.44  # probability that the scene is the class's usual one
    opacity: float = 0.88  # objects' opacity is between this and 1
    bar: float = 0.22  # probability that a bar crosses the picture
    light: float = 0.22  # gain is between 1 - light and 1 + light
    contrast: float = 0.22  # contrast is between 1 - contrast and 1 + contrast
    distractors: int = 1  # small ellipses and boxes, each there with probability 0.6


PRESETS = MappingProxyType(
    {
        "standard": Preset(),
        "hard": Preset(
            reach=0.40,
            smallest=0.42,
            own_colour=0.6,
            own_scene=0.40,
            opacity=0.75,
            bar=0.35,
            distractors=2,
        ),
    }
)

# The first 200 pictures of each set: fingerprint(*make_pictures(split, 200, preset)).
SHA256 = MappingProxyType(
    {
        ("train", "standard"): "321897d5f0718587803deab3fd64df6df3e90d8d27fbc81217c534ea164c0533",
        ("val", "standard"): "a55efd17c973ecab3e13d747ed9abb15bea85fb274ca2ae45979447b14849bd1",
        ("test", "standard"): "96445b958ee3c7eb70d169dbb40ea49f37aa2e3863545d98060689cfad7735b0",
        ("train", "hard"): "f72e21656ad790c89703756e70bebb09de469578d754577747a1c4fbc5fb5c21",
        ("val", "hard"): "eaa660bc6bfdee80e3a09d06cb57ebd7c92f873c6971e3c76597d0cb64f88f91",
        ("test", "hard"): "50de2eba6cc891a4d7d9c63081b586a9cf621f080dab181ef9d2980ff48fde33",
    }
)


def make_pictures(split, n, preset="standard"):
    """Make the first n pictures of a split, the same ones on every machine.

    The first pictures of a longer set are those of a shorter one. Each hundred holds ten pictures
    of every class, in a random order.

    Inputs:
    - split: "train", "val" or "test"; no picture is in two of them
    - n: how many pictures, at least 1
    - preset: "standard" or "hard"

    Returns a tuple of:
    - images: red, green and blue planes, shape (n, 3, 32, 32), uint8
    - labels: index of each picture's class in CLASSES, shape (n,), int64

    Raises ValueError for a split or preset that does not exist or an n below 1, TypeError for an n
    that is not an integer.
    """
    if split not in SPLITS:
        raise ValueError(f"there is no split {split!r}: choose one of {', '.join(SPLITS)}")
    if preset not in PRESETS:
        raise ValueError(f"there is no preset {preset!r}: choose one of {', '.join(PRESETS)}")
    n = operator.index(n)
    if n < 1:
        raise ValueError(f"n is {n}: ask for at least 1 picture")
    images = np.empty((n, 3, SIDE, SIDE), np.uint8)
    labels = np.empty(n, np.int64)
    for start in range(0, n, CHUNK):
        part = slice(start, min(start + CHUNK, n))
        made = make_chunk(split, start // CHUNK, preset)
        images[part], labels[part] = (values[: part.stop - start] for values in made)
    return images, labels


def fingerprint(images, labels):
    """Tell whether two sets are the same: the sha256 of pictures and labels, in hexadecimal."""
    digest = sha256(np.ascontiguousarray(images, dtype=np.uint8).tobytes())
    digest.update(np.ascontiguousarray(labels, dtype="<i8").tobytes())
    return digest.hexdigest()


def make_chunk(split, chunk, preset):
    """Make one hundred pictures: images (100, 3, 32, 32) uint8, labels (100,) int64.

    Inputs are those of make_pictures, with the number of the hundred, from 0, in the place of n.
    """
    level = PRESETS[preset]
    family = VERSION if preset == "standard" else f"{VERSION}-{preset}"
    dice = Dice(f"{family}/{split}/{chunk}")
    labels = np.repeat(np.arange(len(CLASSES), dtype=np.int64), CHUNK // len(CLASSES))
    pictures = make_backdrop(dice, labels, level)
    for _ in range(level.distractors):
        paint_distractor(dice, pictures, 0.6)
    put_objects(dice, pictures, labels, level)
    paint_bar(dice, pictures, level.bar)
    light(dice, pictures, level.light, level.contrast)
    film_noise(dice, pictures, 8)
    order = dice.order(CHUNK)
    return develop(pictures)[order], labels[order]


def make_backdrop(dice, labels, level):
    """Places to put the objects in: pictures (N, 3, 32, 32), float32."""
    n = len(labels)
    usual = np.array([PLACE_NAMES.index(thing.scene) for thing in THINGS], np.int64)[labels]
    any_place = dice.integers(len(PLACES), n)
    place = np.where(dice.chance(level.own_scene, n), usual, any_place)
    colours = np.array(list(PLACES.values()), np.float32)[place] + dice.uniform(-35, 35, n, 2, 3)
    strange = dice.chance(0.08, n)[:, None, None]
    colours = np.where(strange, dice.uniform(0, 255, n, 2, 3), colours)
    height, tilt = dice.uniform(-0.55, 0.55, n), dice.uniform(-0.25, 0.25, n)
    pictures = blend_over_horizon(
        colours[:, 0], colours[:, 1], height, tilt, dice.uniform(1, 7, n), SIDE
    )
    pictures += grain(dice, n, SIDE, 26)
    return pictures


def draw_pose(dice, n, level):
    """Random poses of n objects."""
    x, y = dice.uniform(-level.reach, level.reach, 2, n)
    return Pose(
        x=x,
        y=y,
        size=dice.uniform(level.smallest, level.largest, n),
        turn=dice.triangular(0.14, n),
        aspect=dice.uniform(0.82, 1.18, n),
        mirror=np.where(dice.chance(0.5, n), np.float32(1), np.float32(-1)),
    )


def draw_colours(dice, labels, level):
    """Random colours of objects of these classes: the usual ones of the class, or any."""
    n = len(labels)
    colours = []
    for usual in ([thing.main for thing in THINGS], [thing.second for thing in THINGS]):
        own = np.array(usual, np.float32)[labels, dice.integers(len(usual[0]), n)]
        kept = dice.chance(level.own_colour, n)[:, None]
        colours.append(np.where(kept, own, dice.uniform(0, 255, n, 3)))
    colours += [np.float32(colour) for colour in FIXED]
    return Colours(*(colour + dice.uniform(-28, 28, n, 3) for colour in colours))


def put_objects(dice, pictures, labels, level):
    """Put one object of its class into each picture; writes into the pictures."""
    n = len(labels)
    pose, colours = draw_pose(dice, n, level), draw_colours(dice, labels, level)
    layer = draw_things(SIDE, labels, pose, colours, dice.uniform(0, 1, n))
    texture = value_noise(dice.uniform(-1, 1, n, 1, 6, 6), SIDE)
    texture *= dice.uniform(0, 0.22, n, 1, 1, 1)
    texture += shading(dice, n)
    opacity = dice.uniform(level.opacity, 1, n, 1, 1, 1)
    pictures *= 1 - opacity * layer[:, 3:]
    pictures += opacity * (1 + texture) * layer[:, :3]


def shading(dice, n):
    """One side of the object is brighter: an array (N, 1, 32, 32) around 0."""
    at = picture_frame(SIDE)
    right, down = dice.uniform(-0.2, 0.2, 2, n)
    return (column(right) * at.x + column(down) * at.y)[:, None]
