"""A small painter: antialiased shapes, drawn into a whole batch of pictures at once.

Every step is one of + - * / sqrt, minimum, maximum or floor on float32 arrays, element by element.
IEEE 754 fixes the result of each, so the pictures have the same bits everywhere. Sums over pixels,
matrix products, sin, exp and pow do not give that, and are not used.

A shape is its *coverage*: for each pixel, how much of it the shape fills, shape (N, S, S), 0..1.
Lengths and positions are numbers, or arrays (N, 1, 1) with one value for each picture.
"""

from typing import NamedTuple

import numpy as np


class Frame(NamedTuple):
    """The coordinate system an object is drawn in: x to the right, y down, one for each picture.

    x, y are the coordinates of the pixels' centres, shape (N, S, S) or (1, S, S);
    pixels is how many pixels one unit is long, an array (N, 1, 1) or a number.
    """

    x: np.ndarray
    y: np.ndarray
    pixels: np.ndarray | float


class Pose(NamedTuple):
    """Where an object stands, one number for each picture: arrays (N,), float32.

    x, y are its centre and size its half-size, in half pictures (the picture reaches from -1 to 1);
    turn is the tangent of half its rotation; aspect its width over its height; mirror is 1 or -1.
    """

    x: np.ndarray
    y: np.ndarray
    size: np.ndarray
    turn: np.ndarray
    aspect: np.ndarray
    mirror: np.ndarray


def column(values):
    """One value for each picture, (N,), as (N, 1, 1): it goes with coverages and frames."""
    return values[:, None, None]


def picture_frame(side):
    """The frame of the picture itself: x and y from -1 to 1, `side` pixels in each."""
    centres = ((2 * np.arange(side, dtype=np.int64) + 1 - side) / side).astype(np.float32)
    return Frame(centres[None, None, :], centres[None, :, None], side / 2)


def object_frame(side, pose):
    """The frame of an object in a pose: it spans -1 to 1 there, whatever its place and size.

    cos = (1 - t²) / (1 + t²) and sin = 2t / (1 + t²), with t the tangent of half the angle.
    """
    picture = picture_frame(side)
    t = column(pose.turn)
    cos, sin = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    dx, dy = picture.x - column(pose.x), picture.y - column(pose.y)
    wide, size = np.sqrt(column(pose.aspect)), column(pose.size)
    x = (cos * dx + sin * dy) * (column(pose.mirror) / (size * wide))
    y = (cos * dy - sin * dx) * (wide / size)
    return Frame(x, y, size * picture.pixels)


def fill(frame, distance):
    """The coverage of the pixels at these signed distances (negative inside) from an edge."""
    return np.minimum(np.maximum(0.5 - distance * frame.pixels, 0), 1)


def ellipse(frame, x, y, rx, ry):
    """An ellipse around (x, y) with these radii: (dx/rx)² + (dy/ry)² <= 1."""
    u, v = (frame.x - x) / rx, (frame.y - y) / ry
    inside = u * u + v * v - 1
    # The function over its slope is the distance to the edge, to first order; the slope is 0 in
    # the centre.
    u, v = u / rx, v / ry
    return fill(frame, inside / np.maximum(2 * np.sqrt(u * u + v * v), 1e-3))


def disc(frame, x, y, radius):
    """A disc around (x, y)."""
    u, v = frame.x - x, frame.y - y
    return fill(frame, np.sqrt(u * u + v * v) - radius)


def box(frame, x, y, rx, ry):
    """A box around (x, y) with these half-sizes."""
    return fill(frame, np.maximum(np.abs(frame.x - x) - rx, np.abs(frame.y - y) - ry))


def line(frame, start, end, width):
    """A straight line of a half-width with round ends, from one point (x, y) to another."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    u, v = frame.x - x0, frame.y - y0
    along = np.minimum(np.maximum((u * dx + v * dy) / (dx * dx + dy * dy), 0), 1)
    u, v = u - along * dx, v - along * dy
    return fill(frame, np.sqrt(u * u + v * v) - width)


def polygon(frame, *points):
    """A convex polygon through the points (x, y), clockwise on the screen."""
    points = [tuple(np.asarray(p, dtype=np.float32).reshape(-1, 1, 1) for p in pt) for pt in points]
    distance = None
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        dx, dy = x1 - x0, y1 - y0
        length = np.sqrt(dx * dx + dy * dy)
        edge = (frame.x - x0) * (dy / length) - (frame.y - y0) * (dx / length)
        distance = edge if distance is None else np.maximum(distance, edge, out=distance)
    return fill(frame, distance)


def paint(layer, coverage, colour):
    """Lay a colour over a layer where the coverage says so; writes into the layer.

    Inputs:
    - layer: float32, (N, 3, S, S), or (N, 4, S, S) where the last plane is the layer's own coverage
    - coverage: (N, S, S)
    - colour: (N, 3) or (3,), red, green and blue in 0..255
    """
    colour = np.asarray(colour, dtype=np.float32).reshape(-1, 3)
    if layer.shape[1] == 4:
        colour = np.concatenate([colour, np.ones((len(colour), 1), np.float32)], axis=1)
    step = colour[:, :, None, None] - layer
    step *= coverage[:, None]
    layer += step


def value_noise(knots, side):
    """Smooth noise: a coarse grid of values, blended to `side` pixels.

    Inputs:
    - knots: values on a square grid, (N, C, K, K), float32

    Returns an array (N, C, side, side), float32.
    """
    position = np.arange(side, dtype=np.int64) * ((knots.shape[-1] - 1) / side)
    left = np.floor(position).astype(np.int64)
    t = (position - left).astype(np.float32)
    t = t * t * (3 - 2 * t)
    rows = knots[..., left] + t * (knots[..., left + 1] - knots[..., left])
    above = rows[:, :, left]
    step = rows[:, :, left + 1]
    step -= above
    step *= t[:, None]
    above += step
    return above
