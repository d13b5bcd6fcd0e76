"""The ten objects of the generated pictures, each a few shapes in a frame of its own.

An object spans about -0.9 to 0.9 in x and y. It knows nothing of picture sizes: its frame does.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .canvas import Pose, box, disc, ellipse, line, object_frame, paint, polygon

PETALS = ((0.0, -1.0), (0.951, -0.309), (0.588, 0.809), (-0.588, 0.809), (-0.951, -0.309))


class Colours(NamedTuple):
    """The colours an object is painted with: arrays (N, 3), red, green and blue in 0..255."""

    main: np.ndarray
    second: np.ndarray
    dark: np.ndarray
    light: np.ndarray
    stem: np.ndarray
    trunk: np.ndarray


class Thing(NamedTuple):
    """A kind of object: its name, usual scene and usual colours, and how it is drawn.

    draw(layer, frame, colours, v) paints it; v in 0..1, (N, 1, 1), varies its shape.
    """

    name: str
    scene: str
    main: tuple
    second: tuple
    draw: Callable


def mix(a, b, share):
    """A colour between a and b."""
    return a + share * (b - a)


def draw_balloon(layer, frame, c, v):
    """A balloon on a string: a shaded body and a highlight."""
    wide = 0.5 + 0.16 * v
    paint(layer, line(frame, (0.0, 0.5), (0.07, 0.95), 0.035), c.dark)
    paint(layer, polygon(frame, (0.0, 0.36), (0.13, 0.62), (-0.13, 0.62)), mix(c.main, c.dark, 0.3))
    body = ellipse(frame, 0.0, -0.22, wide, 0.68)
    paint(layer, body, mix(c.main, c.dark, 0.3))
    lit = ellipse(frame, -0.1 * wide, -0.27, 0.86 * wide, 0.61)
    paint(layer, np.minimum(body, lit), c.main)
    paint(layer, ellipse(frame, -0.42 * wide, -0.5, 0.11, 0.17), c.light)


def draw_boat(layer, frame, c, v):
    """A sailing boat: two sails, a mast and a hull."""
    top = -0.72 - 0.14 * v
    paint(layer, box(frame, 0.0, -0.2, 0.035, 0.62), c.dark)
    paint(layer, polygon(frame, (0.07, top), (0.56 + 0.14 * v, 0.26), (0.07, 0.26)), c.light)
    paint(layer, polygon(frame, (-0.07, top + 0.18), (-0.07, 0.26), (-0.56, 0.26)), c.second)
    hull = polygon(frame, (-0.88, 0.34), (0.9, 0.34), (0.56, 0.76), (-0.56, 0.76))
    paint(layer, hull, c.main)
    paint(layer, hull * box(frame, 0.0, 0.4, 1.0, 0.06), mix(c.main, c.light, 0.6))


def draw_wheels(layer, frame, c, left, right, y, radius):
    """Two wheels with hubs, at left and right."""
    for x in (left, right):
        paint(layer, disc(frame, x, y, radius), c.dark)
        paint(layer, disc(frame, x, y, 0.42 * radius), mix(c.dark, c.light, 0.7))


def draw_car(layer, frame, c, v):
    """A car, seen from the side."""
    back, front, roof = -0.52 - 0.14 * v, 0.26 + 0.1 * v, -0.34 - 0.06 * v
    cabin = (back, -0.02), (back + 0.2, roof - 0.1), (front, roof - 0.1), (front + 0.28, -0.02)
    paint(layer, polygon(frame, *cabin), c.main)
    glass = (back + 0.12, 0.0), (back + 0.26, roof), (front - 0.04, roof), (front + 0.15, 0.0)
    paint(layer, polygon(frame, *glass), mix(c.light, c.dark, 0.1))
    paint(layer, box(frame, -0.12, -0.15, 0.04, 0.22), c.main)
    paint(layer, box(frame, 0.0, 0.18, 0.9, 0.22), c.main)
    paint(layer, box(frame, 0.82, 0.1, 0.08, 0.07), c.light)
    draw_wheels(layer, frame, c, -0.5, 0.5, 0.42, 0.22)


def draw_fish(layer, frame, c, v):
    """A fish with two fins, a tail, a pale belly and an eye."""
    tall = 0.32 + 0.14 * v
    paint(layer, polygon(frame, (-0.92, -0.4), (-0.36, 0.02), (-0.76, 0.02)), c.second)
    paint(layer, polygon(frame, (-0.36, -0.02), (-0.92, 0.4), (-0.76, -0.02)), c.second)
    paint(layer, polygon(frame, (-0.3, 0.0), (-0.16, -0.2 - tall), (0.22, -0.02)), c.second)
    body = ellipse(frame, 0.14, 0.0, 0.68, tall)
    paint(layer, body, c.main)
    belly = ellipse(frame, 0.2, 0.9 * tall, 0.6, 0.62 * tall)
    paint(layer, body * belly, mix(c.main, c.light, 0.5))
    paint(layer, polygon(frame, (-0.2, 0.02), (0.14, 0.02), (-0.16, 0.22)), c.second)
    paint(layer, disc(frame, 0.48, -0.08, 0.12), c.light)
    paint(layer, disc(frame, 0.5, -0.08, 0.07), c.dark)


def draw_flower(layer, frame, c, v):
    """A flower: five petals on a stem with two leaves."""
    radius = 0.34 + 0.06 * v
    paint(layer, box(frame, 0.0, 0.45, 0.05, 0.45), c.stem)
    paint(layer, ellipse(frame, 0.23, 0.6, 0.21, 0.1), c.stem)
    paint(layer, ellipse(frame, -0.19, 0.72, 0.17, 0.08), c.stem)
    for x, y in PETALS:
        paint(layer, disc(frame, radius * x, radius * y - 0.26, 0.25), c.main)
    throat = 0.6 * radius
    for x, y in PETALS:
        paint(layer, disc(frame, throat * x, throat * y - 0.26, 0.1), mix(c.main, c.dark, 0.25))
    paint(layer, disc(frame, 0.0, -0.26, 0.19), c.second)


def draw_house(layer, frame, c, v):
    """A house: roof, chimney, door and a window with a cross."""
    peak = -0.72 - 0.16 * v
    paint(layer, box(frame, 0.4, -0.42, 0.1, 0.26), mix(c.second, c.dark, 0.4))
    paint(layer, box(frame, 0.0, 0.34, 0.62, 0.48), c.main)
    paint(layer, box(frame, 0.0, -0.08, 0.62, 0.07), mix(c.main, c.dark, 0.4))
    paint(layer, polygon(frame, (0.0, peak), (0.84, -0.1), (-0.84, -0.1)), c.second)
    paint(layer, box(frame, -0.27, 0.5, 0.15, 0.32), c.dark)
    paint(layer, box(frame, 0.28, 0.3, 0.2, 0.17), c.light)
    paint(layer, box(frame, 0.28, 0.3, 0.025, 0.17), c.dark)
    paint(layer, box(frame, 0.28, 0.3, 0.2, 0.025), c.dark)


def draw_kite(layer, frame, c, v):
    """A kite: two halves on a cross, and a tail with two ribbons."""
    wide = 0.44 + 0.16 * v
    top, right, foot, left = (0.0, -0.88), (wide, -0.26), (0.0, 0.4), (-wide, -0.26)
    paint(layer, line(frame, (0.0, 0.38), (0.12, 0.62), 0.03), c.dark)
    paint(layer, line(frame, (0.12, 0.62), (-0.04, 0.9), 0.03), c.dark)
    paint(layer, polygon(frame, (0.0, 0.5), (0.24, 0.62), (0.0, 0.7)), c.second)
    paint(layer, polygon(frame, (0.04, 0.78), (0.04, 0.96), (-0.22, 0.84)), c.main)
    paint(layer, polygon(frame, top, right, foot, left), c.main)
    paint(layer, polygon(frame, top, foot, left), c.second)
    paint(layer, box(frame, 0.0, -0.26, wide - 0.02, 0.03), c.dark)
    paint(layer, box(frame, 0.0, -0.24, 0.03, 0.62), c.dark)


def draw_mushroom(layer, frame, c, v):
    """A mushroom with spots on its cap."""
    tall = 0.5 + 0.25 * v
    stem = (-0.17, 0.0), (0.17, 0.0), (0.26, 0.84), (-0.26, 0.84)
    paint(layer, polygon(frame, *stem), c.light)
    paint(layer, ellipse(frame, 0.0, 0.04, 0.7, 0.12), mix(c.light, c.dark, 0.35))
    cap = ellipse(frame, 0.0, 0.04, 0.8, tall) * box(frame, 0.0, -0.96, 1.0, 1.0)
    paint(layer, cap, c.main)
    paint(layer, ellipse(frame, 0.06, 0.04 - 0.62 * tall, 0.16, 0.13), c.light)
    paint(layer, cap * disc(frame, -0.4, -0.14, 0.13), c.light)
    paint(layer, cap * disc(frame, 0.44, -0.16, 0.12), c.light)


def draw_tree(layer, frame, c, v):
    """A tree: a round crown where v < 0.5, else a fir."""
    broad = (v < 0.5).astype(np.float32)
    pointed = 1 - broad
    shade = mix(c.main, c.dark, 0.35)
    paint(layer, polygon(frame, (-0.1, 0.2), (0.1, 0.2), (0.15, 0.9), (-0.15, 0.9)), c.trunk)
    paint(layer, broad * disc(frame, 0.26, -0.06, 0.42), shade)
    paint(layer, broad * disc(frame, -0.28, -0.04, 0.4), shade)
    paint(layer, broad * disc(frame, -0.02, -0.36, 0.52), c.main)
    paint(layer, pointed * polygon(frame, (0.0, -0.4), (0.64, 0.46), (-0.64, 0.46)), shade)
    paint(layer, pointed * polygon(frame, (0.0, -0.92), (0.5, 0.02), (-0.5, 0.02)), c.main)


def draw_truck(layer, frame, c, v):
    """A truck: cargo box, cab and wheels."""
    nose = 0.72 + 0.14 * v
    paint(layer, box(frame, 0.0, 0.36, 0.84, 0.09), c.dark)
    paint(layer, box(frame, -0.3, -0.14, 0.6, 0.46), c.main)
    paint(layer, box(frame, -0.3, 0.25, 0.6, 0.06), mix(c.main, c.dark, 0.45))
    cab = (0.34, -0.3), (nose, -0.3), (0.92, 0.04), (0.92, 0.4), (0.34, 0.4)
    paint(layer, polygon(frame, *cab), c.second)
    glass = (0.46, -0.2), (nose - 0.04, -0.2), (0.82, 0.06), (0.46, 0.06)
    paint(layer, polygon(frame, *glass), mix(c.light, c.dark, 0.1))
    draw_wheels(layer, frame, c, -0.5, 0.56, 0.46, 0.21)


RED, CRIMSON, ORANGE, AMBER = (204, 48, 44), (190, 30, 70), (240, 130, 40), (246, 184, 56)
YELLOW, CREAM, WHITE, GREY = (244, 222, 70), (240, 224, 186), (238, 238, 240), (150, 150, 156)
BROWN, BRICK, OCHRE, SLATE = (136, 84, 50), (182, 92, 70), (196, 152, 66), (96, 120, 146)
BLUE, CYAN, GREEN, PINE = (52, 92, 200), (70, 184, 206), (70, 160, 70), (34, 96, 62)
PINK, VIOLET, CHARCOAL = (238, 120, 168), (140, 84, 196), (74, 70, 78)

THINGS = (
    Thing("balloon", "sky", (RED, AMBER, BLUE), (CREAM, WHITE, SLATE), draw_balloon),
    Thing("boat", "water", (BROWN, RED, CREAM), (CREAM, ORANGE, CYAN), draw_boat),
    Thing("car", "road", (RED, BLUE, (206, 208, 214)), (GREY, CHARCOAL, WHITE), draw_car),
    Thing("fish", "water", (ORANGE, YELLOW, SLATE), (AMBER, RED, YELLOW), draw_fish),
    Thing("flower", "meadow", (PINK, YELLOW, VIOLET), (AMBER, BROWN, CREAM), draw_flower),
    Thing("house", "meadow", (BRICK, CREAM, GREY), (BROWN, RED, SLATE), draw_house),
    Thing("kite", "sky", (CRIMSON, GREEN, YELLOW), (AMBER, BLUE, VIOLET), draw_kite),
    Thing("mushroom", "meadow", (RED, BROWN, CREAM), (CREAM, OCHRE, BROWN), draw_mushroom),
    Thing("tree", "meadow", (PINE, GREEN, OCHRE), (GREEN, PINE, OCHRE), draw_tree),
    Thing("truck", "road", (WHITE, BLUE, AMBER), (RED, SLATE, GREEN), draw_truck),
)
FIXED = (44, 38, 46), (246, 242, 228), (66, 140, 58), (112, 76, 50)  # dark, light, stem, trunk


def draw_things(side, kinds, pose, colours, v):
    """Draw one object in each picture, on an empty layer.

    Inputs:
    - side: width and height of the pictures, in pixels
    - kinds: index of each picture's object in THINGS, (N,), integers
    - pose: Pose of N objects
    - colours: Colours of N objects
    - v: their shape variations, (N,), 0..1, float32

    Returns a layer (N, 4, side, side), float32: red, green and blue in 0..255, each times the
    coverage, and the coverage, 0..1.
    """
    layer = np.zeros((len(kinds), 4, side, side), np.float32)
    for kind in range(len(THINGS)):
        chosen = np.nonzero(kinds == kind)[0]
        if len(chosen):
            part = layer[chosen]
            frame = object_frame(side, Pose(*(values[chosen] for values in pose)))
            own = Colours(*(values[chosen] for values in colours))
            THINGS[kind].draw(part, frame, own, v[chosen, None, None])
            layer[chosen] = part
    return layer
