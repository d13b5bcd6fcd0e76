"""What a captioning network gets to know of a picture: 512 features, or a grid of 16 places.

The 512 features say what is where, in words that a linear layer can read:

    480  for 6 regions (whole, left, right, top, bottom, middle): how nearly each of 60 objects with
         colours and 20 objects with sizes wins somewhere in the region, 1 if it does
     24  mean red, green and blue of 8 horizontal bands
      6  for each region, whether there is anything
      2  zeros

The grid has the activations before the last layer: for each of 4 × 4 places, 32 numbers. It does
not say where a place is, nor what its numbers mean.
"""

import numpy as np

from .network import CELLS, KINDS, TOP, look

FEATURES = 512
PLACES, CHANNELS = 16, 32
WIDTH = np.float32(4)  # nats behind the winner from which on a score counts as 0
# Rows and columns of cells. Thirds, so that an object in the middle is in neither.
REGIONS = (
    (slice(0, 8), slice(0, 8)),
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
    - features: shape (N, 512), float32, -0.1..3.9
    - grid: shape (N, 16, 32), float32, -0.1..3.9; places row by row

    Raises ValueError if the pictures have another shape or type.
    """
    scores, activations = look(pictures, layers)
    kinds, sizes = _margins(scores[..., : KINDS + 1]), _margins(scores[..., KINDS + 1 :])
    seen = np.concatenate([kinds[..., :-1], sizes[..., :-1]], axis=-1)
    anything = kinds[..., :-1].max(axis=-1)
    features = np.zeros((len(pictures), FEATURES), np.float32)
    parts = [seen[:, rows, columns].max(axis=(1, 2)) for rows, columns in REGIONS]
    parts.append(_band_means(pictures))
    parts.append(np.stack([anything[:, r, c].max(axis=(1, 2)) for r, c in REGIONS], axis=1))
    known = np.concatenate(parts, axis=1)
    features[:, : known.shape[1]] = known
    return _spread(features), _spread(_grid(activations))


def _margins(scores):
    """1 for the winner of each cell, less for those behind it, 0 from WIDTH nats on."""
    behind = scores - scores.max(axis=-1, keepdims=True)
    return np.maximum(1 + behind / WIDTH, np.float32(0))


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
