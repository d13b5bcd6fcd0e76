"""Scene graphs of toycap: which objects stand where, decided before anything is drawn."""

import operator
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from .dice import Dice
from .objects import THINGS
from .scenery import PLACE_NAMES

VERSION = "toycap-v1"
SPLITS = ("train", "val", "test", "vision")  # the network of cs231n.vision learnt from the last
CHUNK = 100  # pictures made at a time
NAMES = tuple(thing.name for thing in THINGS)
SIZES = ("small", "large")
COLOURS = MappingProxyType(
    {
        "red": (212, 40, 42),
        "yellow": (250, 214, 36),
        "green": (30, 142, 58),
        "blue": (36, 70, 214),
        "purple": (136, 46, 170),
        "white": (248, 248, 246),
    }
)
COLOUR_NAMES = tuple(COLOURS)


class Item(NamedTuple):
    """An object in a scene: what a caption can say of it.

    x, y are its centre, in half pictures from the middle: x to the right, y down.
    """

    name: str
    colour: str
    size: str
    x: float
    y: float


class Scene(NamedTuple):
    """What is in a picture: the place, and one or two items, the left or upper one first."""

    place: str
    items: tuple


class Plan(NamedTuple):
    """What a hundred pictures will show: arrays (100,) for the places, (100, 2) for the items.

    place, kind and colour are indices; large and shown tell the size and whether it is there;
    x, y and size are centres and half-sizes, in half pictures.
    """

    place: np.ndarray
    kind: np.ndarray
    colour: np.ndarray
    large: np.ndarray
    shown: np.ndarray
    x: np.ndarray
    y: np.ndarray
    size: np.ndarray


def make_scene_graphs(split, n):
    """Make the scene graphs of the first n pictures of a split, without the pictures.

    Takes, returns and raises what toycap.make_scenes does, for its scenes.
    """
    chunks = chunks_of(split, n)
    return [s for chunk in chunks for s in scene_graphs(draw_plan(chunk_dice(split, chunk)))][:n]


def chunks_of(split, n):
    """The numbers of the hundreds that hold the first n pictures of a split: a range.

    Raises ValueError for a split that does not exist or an n below 1, TypeError for an n that is
    not an integer.
    """
    if split not in SPLITS:
        raise ValueError(f"there is no split {split!r}: choose one of {', '.join(SPLITS)}")
    n = operator.index(n)
    if n < 1:
        raise ValueError(f"n is {n}: ask for at least 1 picture")
    return range(-(-n // CHUNK))


def chunk_dice(split, chunk):
    """The random numbers that one hundred pictures are made of."""
    return Dice(f"{VERSION}/{split}/{chunk}")


def draw_plan(dice):
    """Decide what a hundred pictures show."""
    place, shown = dice.integers(len(PLACE_NAMES), CHUNK), np.ones((CHUNK, 2), bool)
    shown[:, 1] = dice.chance(0.65, CHUNK)
    kind = _draw_kinds(dice, place)
    colour, large = dice.integers(len(COLOURS), CHUNK, 2), dice.chance(0.5, CHUNK, 2)
    two = shown[:, 1:]
    lowest = np.where(large, np.where(two, 0.36, 0.40), np.where(two, 0.21, 0.22))
    highest = np.where(large, np.where(two, 0.43, 0.48), np.where(two, 0.26, 0.28))
    lowest, highest = lowest.astype(np.float32), highest.astype(np.float32)
    size = lowest + (highest - lowest) * dice.uniform(0, 1, CHUNK, 2)
    # Two stand on either side of the middle, far apart along one axis and level on the other.
    along = dice.uniform(0.40, 0.54, CHUNK, 2) * np.array([-1, 1], np.float32)
    across = dice.uniform(-0.16, 0.16, CHUNK, 2)
    beside = dice.chance(0.5, CHUNK, 1)
    free = dice.uniform(-1, 1, 2, CHUNK, 2) * (1 - 1.06 * size)
    x = np.where(two, np.where(beside, along, across), free[0])
    y = np.where(two, np.where(beside, across, along), free[1])
    return Plan(place, kind, colour, large, shown, x, y, size)


def scene_graphs(plan):
    """The Scenes that a plan describes."""
    columns = [values.tolist() for values in plan]
    return [
        Scene(PLACE_NAMES[place], tuple(_item(*values) for values in zip(*rest) if values[3]))
        for place, *rest in zip(*columns)
    ]


def relation(one, other):
    """Where one item is from another: "left", "right", "above", "below", or None between these."""
    dx, dy = one.x - other.x, one.y - other.y
    if abs(dx) > 1.25 * abs(dy):
        return "left" if dx < 0 else "right"
    if abs(dy) > 1.25 * abs(dx):
        return "above" if dy < 0 else "below"
    return None


def _item(kind, colour, large, _, x, y, __):
    return Item(NAMES[kind], COLOUR_NAMES[colour], SIZES[large], x, y)


def _draw_kinds(dice, place):
    """Two objects for each place, (N, 2): often what is usual there, now and then two of a kind."""
    n = len(place)
    usual = [[i for i, t in enumerate(THINGS) if t.scene == p] or range(10) for p in PLACE_NAMES]
    table = np.array([[own[k % len(own)] for k in range(20)] for own in usual], np.int64)
    own = table[place[:, None], dice.integers(20, n, 2)]
    kind = np.where(dice.chance(0.55, n, 2), own, dice.integers(len(THINGS), n, 2))
    first, second = kind.T
    other = (first + 1 + dice.integers(len(THINGS) - 1, n)) % len(THINGS)
    second = np.where(second == first, other, second)
    return np.stack([first, np.where(dice.chance(0.12, n), first, second)], axis=1)
