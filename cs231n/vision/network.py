"""A small convolutional network in whole numbers: its outputs have the same bits on every machine.

Pixels are -128 … 127, activations 0 … 255, weights -127 … 127. Products are added up as float32,
for which there are fast matrix products; the largest possible sum, of 432 products, is below 2²⁴,
so every sum along the way is a whole number that float32 holds exactly, in whichever order it is
added.

    picture 64 × 64 × 3 – conv 5 × 5, stride 2, 16 – pool – conv 3 × 3, 32 – conv 3 × 3, 48 – pool
    – conv 3 × 3, 32 – conv 1 × 1, 82 scores for each of 8 × 8 cells
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..scenes.scene_graphs import COLOURS, NAMES, SIZES
from ..scenes.toycap import SIDE

WEIGHTS = Path(__file__).with_name("weights.npz")
KINDS = len(NAMES) * len(COLOURS)  # the first scores: of an object with its colour
SIZED = len(NAMES) * len(SIZES)  # the last scores: of an object with its size
SCORES = KINDS + 1 + SIZED + 1  # with one for "nothing" behind each group
MIDDLE = 128  # is subtracted from the pixels
TOP = 255  # the largest activation
CELLS = 8  # rows and columns of cells in a picture
BLOCK = 16  # pictures that go through at a time: their windows stay in the processor's cache


class Shape(NamedTuple):
    """A convolution of filters size × size, from so many channels to so many; a pool or none."""

    name: str
    size: int
    stride: int
    channels: int
    filters: int
    pool: bool


SHAPES = (
    Shape("conv1", 5, 2, 3, 16, True),
    Shape("conv2", 3, 1, 16, 32, False),
    Shape("conv3", 3, 1, 32, 48, True),
    Shape("conv4", 3, 1, 48, 32, False),
    Shape("scores", 1, 1, 32, SCORES, False),
)


class Layer(NamedTuple):
    """A convolution's numbers: out = scale * (w * x + b), and for activations rounded to 0 … 255.

    w (size, size, channels, filters) and b (filters,) are whole numbers in float32, scale
    (filters,) is float32.
    """

    w: np.ndarray
    b: np.ndarray
    scale: np.ndarray


@lru_cache(maxsize=1)
def load_layers(path=WEIGHTS):
    """The layers in a file that `python -m cs231n.vision.train` wrote, in the order of SHAPES."""
    with np.load(path, allow_pickle=False) as stored:
        return tuple(
            Layer(*(stored[f"{shape.name}_{part}"].astype(np.float32) for part in Layer._fields))
            for shape in SHAPES
        )


def look(pictures, layers=None):
    """Run the network.

    Inputs:
    - pictures: shape (N, 64, 64, 3), uint8
    - layers: tuple of Layer; the shipped ones if None

    Returns a tuple of:
    - scores: for each cell those of objects with colours and of nothing, then those of objects
      with sizes and of nothing; shape (N, 8, 8, 82), in nats, float32
    - activations: of the layer before, shape (N, 8, 8, 32), uint8

    Raises ValueError if the pictures have another shape or type.
    """
    if pictures.shape[1:] != (SIDE, SIDE, 3) or pictures.dtype != np.uint8:
        raise ValueError(
            f"pictures are {pictures.dtype} of shape {pictures.shape}: give uint8 of shape "
            f"(N, {SIDE}, {SIDE}, 3), as from scenes.toycap.make_scenes"
        )
    layers = load_layers() if layers is None else layers
    scores = np.empty((len(pictures), CELLS, CELLS, SCORES), np.float32)
    activations = np.empty((len(pictures), CELLS, CELLS, SHAPES[-1].channels), np.uint8)
    for start in range(0, len(pictures), BLOCK):
        part = slice(start, start + BLOCK)
        x = pictures[part].astype(np.float32) - MIDDLE
        for shape, layer in zip(SHAPES[:-1], layers):
            x = _activate(_sums(x, shape, layer), shape, layer)
        activations[part] = x
        scores[part] = _sums(x, SHAPES[-1], layers[-1]) * layers[-1].scale
    return scores, activations


def _sums(x, shape, layer):
    """w * x + b at each place: whole numbers, (N, H', W', filters)."""
    pad, stride = shape.size // 2, shape.stride
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = sliding_window_view(x, (shape.size, shape.size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    rows = windows.reshape(-1, shape.size * shape.size * shape.channels)
    sums = rows @ layer.w.reshape(-1, shape.filters)
    sums += layer.b
    return sums.reshape(*windows.shape[:3], shape.filters)


def _activate(sums, shape, layer):
    """The activations 0 … 255 of sums; of four neighbours the largest, where a pool follows."""
    if shape.pool:
        sums = np.maximum(sums[:, ::2], sums[:, 1::2])
        sums = np.maximum(sums[:, :, ::2], sums[:, :, 1::2])
    sums = np.floor(sums * layer.scale + np.float32(0.5))
    return np.minimum(np.maximum(sums, 0), TOP)
