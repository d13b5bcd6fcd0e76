"""Where a model with attention looks: its weights laid over the picture, word by word."""

from math import ceil

import matplotlib.pyplot as plt
import numpy as np

DIMMED = 0.25  # brightness of a place that gets no weight


def show_attention(picture, words, weights, columns=8):
    """Draw a picture once for each word of a caption, bright where the model looked before it.

    Weights of a square grid of places are interpolated to pixels. Brightness grows with the
    weight, in all maps of a figure alike: the place of the largest weight in any of them is as
    bright as in the picture. Beside each word stands the largest weight of a place, in per cent.

    Inputs:
    - picture: shape (S, S, 3), uint8
    - words: The T words of a caption
    - weights: shape (T, P), P = side², row by row from the top left; each row sums to 1
    - columns: Maps in a row; the picture itself comes first

    Returns the figure.

    Raises ValueError if P is no square, or there is not one row of weights for each word.
    """
    weights = np.asarray(weights)
    side = round(np.sqrt(weights.shape[-1]))
    if weights.shape != (len(words), side * side):
        raise ValueError(
            f"weights must have shape ({len(words)}, side * side), a row for each word, "
            f"but have {weights.shape}"
        )
    rows = ceil((len(words) + 1) / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(1.15 * columns, 1.4 * rows), squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    axes[0, 0].imshow(picture)
    axes[0, 0].set_title("picture", fontsize=8, pad=3)
    for axis, word, row in zip(axes.flat[1:], words, weights):
        spread = upsample(row.reshape(side, side), len(picture))
        light = DIMMED + (1 - DIMMED) * spread / weights.max()
        axis.imshow((picture * light[:, :, None]).astype(np.uint8))
        axis.set_title(f"{word}  {100 * row.max():.0f} %", fontsize=8, pad=3)
    return figure


def upsample(grid, size):
    """Interpolate a grid (side, side) linearly to (size, size) pixels.

    A value stands at the middle of its place; outside the outermost middles it does not change.
    """
    side = len(grid)
    middles = (np.arange(side) + 0.5) * size / side - 0.5
    pixels = np.arange(size)
    wide = np.array([np.interp(pixels, middles, row) for row in grid])
    return np.array([np.interp(pixels, middles, column) for column in wide.T]).T


def share_nearer(weights, one, other):
    """How much of the weight lies on places that are nearer to one point than to another.

    Inputs:
    - weights: Of the P = side² places of a grid, row by row from the top left, shape (..., P)
    - one, other: Points (x, y), in half pictures from the middle: x to the right, y down

    Returns an array of shape (...), in 0..1; a place as near to both counts half.
    """
    side = round(np.sqrt(np.shape(weights)[-1]))
    middles = (np.arange(side) + 0.5) * 2 / side - 1
    y, x = np.meshgrid(middles, middles, indexing="ij")
    to_one, to_other = ((x - px) ** 2 + (y - py) ** 2 for px, py in (one, other))
    nearer = np.where(to_one == to_other, 0.5, to_one < to_other)
    return np.asarray(weights) @ nearer.ravel()
