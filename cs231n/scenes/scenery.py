"""What stands behind, beside and before an object: places, things in the way, and the light."""

from types import MappingProxyType

import numpy as np

from .canvas import box, column, ellipse, fill, paint, picture_frame, value_noise

# The colour above the horizon, and the colour below it.
PLACES = MappingProxyType(
    {
        "sky": ((124, 178, 236), (214, 228, 240)),
        "water": ((150, 196, 226), (36, 96, 152)),
        "road": ((176, 182, 200), (108, 106, 112)),
        "meadow": ((166, 206, 232), (98, 150, 66)),
        "sand": ((140, 196, 226), (222, 192, 134)),
    }
)
PLACE_NAMES = tuple(PLACES)


def blend_over_horizon(top, bottom, height, tilt, sharpness, side):
    """Two colours, one above the other, blended over a horizon.

    Inputs:
    - top, bottom: colours (N, 3), 0..255
    - height, tilt, sharpness: where the horizon is, its slope and how fast the colours change, (N,)
    - side: width and height of the pictures, in pixels

    Returns pictures (N, 3, side, side), float32.
    """
    at = picture_frame(side)
    below = column(sharpness) * (at.y - column(height) - column(tilt) * at.x) + 0.5
    below = np.minimum(np.maximum(below, 0), 1)
    top, bottom = top[:, :, None, None], bottom[:, :, None, None]
    return top + below[:, None] * (bottom - top)


def grain(dice, n, side, amplitude):
    """Clouds and grass: coarse coloured noise, coarse grey noise and finer grey noise, added up.

    Returns an array (n, 3, side, side), float32, around 0; amplitude is in 0..255.
    """
    total = np.zeros((n, 3, side, side), np.float32)
    for channels, knots, share in ((3, 5, 0.9), (1, 5, 1.2), (1, 12, 0.4)):
        strength = dice.uniform(0, amplitude * share, n, 1, 1, 1)
        total += value_noise(strength * dice.uniform(-1, 1, n, channels, knots, knots), side)
    return total


def paint_distractor(dice, pictures, probability):
    """Paint a small coloured ellipse or box into some of the pictures; writes into them."""
    n, _, side, _ = pictures.shape
    at = picture_frame(side)
    present = dice.chance(probability, n, 1, 1).astype(np.float32)
    round_one = dice.chance(0.5, n, 1, 1)
    x, y = dice.uniform(-0.95, 0.95, 2, n, 1, 1)
    rx, ry = dice.uniform(0.06, 0.28, 2, n, 1, 1)
    shape = np.where(round_one, ellipse(at, x, y, rx, ry), box(at, x, y, rx, ry))
    paint(pictures, present * shape, dice.uniform(0, 255, n, 3))


def paint_bar(dice, pictures, probability):
    """Paint a straight bar across some of the pictures; writes into them."""
    n, _, side, _ = pictures.shape
    at = picture_frame(side)
    present = dice.chance(probability, n, 1, 1).astype(np.float32)
    across, down = dice.uniform(-1, 1, 2, n, 1, 1)
    length = np.maximum(np.sqrt(across * across + down * down), 1e-3)
    offset, width = dice.uniform(-0.7, 0.7, n, 1, 1), dice.uniform(0.05, 0.14, n, 1, 1)
    distance = (at.x * across + at.y * down) / length - offset
    bar = fill(at, np.abs(distance) - width)
    paint(pictures, present * bar, dice.uniform(0, 255, n, 3))


def light(dice, pictures, gain, contrast, cast=0.12):
    """Change the light and the camera: gain, gradient, colour cast, contrast and brightness.

    Inputs:
    - pictures: (N, 3, S, S), float32, 0..255; written into
    - gain: brightest and darkest light are 1 + gain and 1 - gain; its gradient reaches as far
    - contrast: contrast lies between 1 - contrast and 1 + contrast
    - cast: each colour's light lies between 1 - cast and 1 + cast
    """
    n, _, side, _ = pictures.shape
    at = picture_frame(side)
    level, right, down = dice.uniform(-1, 1, 3, n, 1, 1) * np.float32(gain)
    tint = dice.uniform(1 - cast, 1 + cast, n, 3, 1, 1)
    pictures *= tint * (1 + level + 0.5 * (right * at.x + down * at.y))[:, None]
    pictures -= 128
    pictures *= dice.uniform(1 - contrast, 1 + contrast, n, 1, 1, 1)
    pictures += 128 + dice.uniform(-15, 15, n, 1, 1, 1)


def film_noise(dice, pictures, amplitude):
    """Add noise to every pixel, more of it in some pictures than in others; writes into them."""
    strength = dice.uniform(0.3 * amplitude, 1.7 * amplitude, len(pictures), 1, 1, 1)
    noise = dice.triangular(1, *pictures.shape)
    noise *= strength
    pictures += noise


def develop(pictures):
    """Float pictures as bytes: clipped to 0..255 and rounded, uint8."""
    return np.floor(np.minimum(np.maximum(pictures, 0), 255) + 0.5).astype(np.uint8)
