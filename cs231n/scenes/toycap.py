"""toycap: one or two objects in one of five places, with a scene graph that says what is where.

Captions are written from the scene graph (`captions`), and held against it (`truth`).
"""

from hashlib import sha256
from types import MappingProxyType

import numpy as np

from .canvas import Pose, value_noise
from .objects import FIXED, Colours, draw_things, mix
from .scene_graphs import CHUNK, COLOURS, chunk_dice, chunks_of, draw_plan, scene_graphs
from .scenery import PLACE_NAMES, blend_over_horizon, develop, light

SIDE = 64  # pixels
WINDOWS = {True: 40, False: 24}  # pixels around a large and a small object that it stays within
# The colour above the horizon and the one below: quieter than objects, which stand out.
GROUNDS = MappingProxyType(
    {
        "sky": ((112, 166, 226), (176, 208, 236)),
        "water": ((186, 210, 226), (64, 132, 172)),
        "road": ((184, 196, 210), (104, 104, 110)),
        "meadow": ((176, 208, 230), (142, 184, 92)),
        "sand": ((166, 202, 224), (222, 190, 134)),
    }
)


def make_scenes(split, n):
    """Make the first n pictures of a split and their scene graphs, the same on every machine.

    The first pictures of a longer set are those of a shorter one.

    Inputs:
    - split: "train", "val", "test" or "vision"
    - n: how many pictures, at least 1

    Returns a tuple of:
    - pictures: shape (n, 64, 64, 3), red, green and blue, uint8
    - scenes: list of n Scene

    Raises ValueError for a split that does not exist or an n below 1, TypeError for an n that is
    not an integer.
    """
    chunks = chunks_of(split, n)
    pictures = np.empty((n, SIDE, SIDE, 3), np.uint8)
    scenes = []
    for chunk in chunks:
        part = slice(chunk * CHUNK, min((chunk + 1) * CHUNK, n))
        drawn, graphs = make_chunk(split, chunk)
        pictures[part] = drawn[: part.stop - part.start]
        scenes += graphs
    return pictures, scenes[:n]


def make_chunk(split, chunk):
    """Make one hundred pictures, (100, 64, 64, 3), uint8, and the list of their scene graphs."""
    dice = chunk_dice(split, chunk)
    plan = draw_plan(dice)
    pictures = draw_pictures(dice, plan).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(pictures), scene_graphs(plan)


def plan_chunk(split, chunk):
    """Make the list of the scene graphs of one hundred pictures, without drawing them."""
    return scene_graphs(draw_plan(chunk_dice(split, chunk)))


def fingerprint(pictures, scenes):
    """Tell whether two sets are the same: the sha256 of both, in hexadecimal."""
    digest = sha256(np.ascontiguousarray(pictures, dtype=np.uint8).tobytes())
    digest.update(repr([(s.place, *map(tuple, s.items)) for s in scenes]).encode("ascii"))
    return digest.hexdigest()


def draw_pictures(dice, plan):
    """Draw what a plan says: pictures (100, 3, 64, 64), uint8."""
    pictures = _draw_grounds(dice, plan.place)
    for slot in (0, 1):
        tint = dice.uniform(-14, 14, CHUNK, 3)
        main = np.array(list(COLOURS.values()), np.float32)[plan.colour[:, slot]] + tint
        pose = _draw_poses(dice, plan, slot)
        v = dice.uniform(0, 1, CHUNK)
        for large in (True, False):
            chosen = np.nonzero(plan.shown[:, slot] & (plan.large[:, slot] == large))[0]
            own = Pose(*(values[chosen] for values in pose))
            kinds = plan.kind[chosen, slot]
            _put(pictures, chosen, WINDOWS[large], kinds, own, main[chosen], v[chosen])
    light(dice, pictures, 0.1, 0.1, cast=0.03)
    pictures += dice.uniform(-5, 5, CHUNK, 1, SIDE, SIDE)
    return develop(pictures)


def _draw_grounds(dice, place):
    """Empty places: pictures (N, 3, 64, 64), float32."""
    n = len(place)
    colours = np.array([GROUNDS[name] for name in PLACE_NAMES], np.float32)[place]
    colours += dice.uniform(-10, 10, n, 2, 3)
    sky = place == PLACE_NAMES.index("sky")
    height = np.where(sky, np.float32(0), dice.uniform(-0.6, -0.3, n))
    sharpness = np.where(sky, np.float32(0.5), dice.uniform(5, 14, n))
    tilt = dice.uniform(-0.08, 0.08, n)
    pictures = blend_over_horizon(colours[:, 0], colours[:, 1], height, tilt, sharpness, SIDE)
    strength = dice.uniform(4, 14, n, 1, 1, 1)
    pictures += value_noise(strength * dice.uniform(-1, 1, n, 1, 9, 9), SIDE)
    return pictures


def _draw_poses(dice, plan, slot):
    mirror = np.where(dice.chance(0.5, CHUNK), np.float32(1), np.float32(-1))
    turn, aspect = dice.triangular(0.08, CHUNK), dice.uniform(0.9, 1.1, CHUNK)
    return Pose(plan.x[:, slot], plan.y[:, slot], plan.size[:, slot], turn, aspect, mirror)


def _put(pictures, chosen, side, kinds, pose, main, v):
    """Put one object into each of the chosen pictures, drawn in a window of `side` pixels."""
    half = np.float32(SIDE / 2)
    across, down = (pose.x + 1) * half, (pose.y + 1) * half
    left, top = (
        np.minimum(
            np.maximum(np.floor(at - np.float32(side / 2) + np.float32(0.5)), 0), SIDE - side
        )
        for at in (across, down)
    )
    middle = np.float32(side / 2)
    own = pose._replace(
        x=(across - left) / middle - 1, y=(down - top) / middle - 1, size=pose.size * half / middle
    )
    fixed = [np.tile(np.float32(colour), (len(main), 1)) for colour in FIXED]
    colours = Colours(main, mix(main, fixed[0], np.float32(0.3)), *fixed)
    layer = draw_things(side, kinds, own, colours, v)
    corners = zip(left.astype(np.int64).tolist(), top.astype(np.int64).tolist())
    for drawn, number, (x, y) in zip(layer, chosen.tolist(), corners):
        window = pictures[number, :, y : y + side, x : x + side]
        window *= 1 - drawn[3]
        window += drawn[:3]
