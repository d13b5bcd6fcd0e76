"""What a captioning network gets to know of a picture: 512 features, or a grid of 16 places.

The first 200 of the 512 features say what is where, in numbers that a linear layer can read:

     60  which object with which colour is somewhere in the picture
     20  which object with which size is
     90  for each of 5 regions (left, right, top, bottom, middle) what is in it: which of 10
         objects, which of 6 colours, which of 2 sizes; told apart, so that a network that has
         seen red cars and blue fish on the left knows a red fish there, too
      6  whether there is anything in the picture, and in each region
     24  mean red, green and blue of 8 horizontal bands

The others are 0; 512 is the number of features that COCO's pictures come with.

The grid has the activations before the last layer: for each of 4 × 4 places, 32 numbers. It does
not say where a place is, nor what its numbers mean.
"""

import numpy as np

from ..scenes.scene_graphs import NAMES
from .network import CELLS, KINDS, TOP, look

FEATURES = 512
PLACES, CHANNELS = 16, 32
WHOLE = (slice(0, 8), slice(0, 8))
# Rows and columns of cells. Thirds, so that an object in the middle is in neither.
REGIONS = (
    (slice(0, 8), slice(0, 3)),
    (slice(0, 8), slice(5, 8)),
    (slice(0, 3), slice(0, 8)),
    (slice(5, 8), slice(0, 8)),
    (slice(2, 6), slice(2, 6)),
)


def describe(pictures, layers=None):
    """Tell what is in pictures, in numbers that have the same bits on every machine.

    Inputs:
    - pictures: shape (N, 64, 64, 3), uint8
    - layers: as in network.look

    Returns a tuple of:
    - features: shape (N, 512), float32, -2..3.9
    - grid: shape (N, 16, 32), float32, -0.1..3.9; places row by row

    Raises ValueError if the pictures have another shape or type.
    """
    scores, activations = look(pictures, layers)
    kinds, sizes = _winners(scores[..., : KINDS + 1]), _winners(scores[..., KINDS + 1 :])
    parts = [_within(WHOLE, kinds), _within(WHOLE, sizes)]
    for region in REGIONS:
        parts += _apart(_within(region, kinds), _within(region, sizes))
    anything = [_within(region, kinds).max(axis=1) for region in (WHOLE, *REGIONS)]
    seen = np.concatenate([*parts, np.stack(anything, axis=1)], axis=1)
    features = np.zeros((len(pictures), FEATURES), np.float32)
    bands = slice(seen.shape[1], seen.shape[1] + 3 * CELLS)
    features[:, : bands.start] = _spread(seen)
    features[:, bands] = 4 * _band_means(pictures) - 2
    return features, _spread(_grid(activations))


def _winners(scores):
    """For each cell 1 for what has the highest score, if it is not "nothing", which stands last."""
    return (scores == scores.max(axis=-1, keepdims=True))[..., :-1].astype(np.float32)


def _within(region, winners):
    """What wins somewhere in a region: (N, labels)."""
    return winners[:, region[0], region[1]].max(axis=(1, 2))


def _apart(kinds, sizes):
    """Of (N, 60) and (N, 20): the objects (N, 10), the colours (N, 6) and the sizes (N, 2)."""
    pairs = kinds.reshape(len(kinds), len(NAMES), -1)
    sized = sizes.reshape(len(sizes), len(NAMES), -1)
    return pairs.max(axis=2), pairs.max(axis=1), sized.max(axis=1)


def _band_means(pictures):
    """The mean colour of each of 8 bands, 0..1: (N, 24)."""
    n, height, width, _ = pictures.shape
    bands = pictures.reshape(n, CELLS, height // CELLS * width, 3)
    sums = bands.sum(axis=2, dtype=np.int64).reshape(n, -1)
    return sums.astype(np.float32) / np.float32(TOP * height * width // CELLS)


def _grid(activations):
    """The largest activation of each 2 × 2 cells, 0..1: (N, 16, 32)."""
    rows = np.maximum(activations[:, ::2], activations[:, 1::2])
    squares = np.maximum(rows[:, :, ::2], rows[:, :, 1::2])
    return squares.reshape(-1, PLACES, CHANNELS).astype(np.float32) / np.float32(TOP)


def _spread(shares):
    """Shares 0..1 as inputs for a network, most of them a little below 0."""
    return shares * np.float32(4) - np.float32(0.1)
