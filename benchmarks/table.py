"""The rows of the performance table: what is measured, and how fast it should be."""

from collections.abc import Callable
from typing import NamedTuple

from benchmarks import networks, update_rules
from benchmarks.convolution import (
    convolution,
    deep_step,
    pooling,
    spatial_batchnorm,
    spatial_groupnorm,
    three_layer_step,
)

ANY = (None, None)


class Row(NamedTuple):
    """`build(dtype)` returns (ours, theirs), two functions without arguments that do the same.

    Goals are the largest ratio wanted, with AVX2 and with AVX-512 kernels of OpenBLAS. The mean
    over all rows that are a training `step` is given below the table.
    """

    label: str
    build: Callable
    float32: tuple = ANY
    float64: tuple = ANY
    step: bool = False


HALF, FIRST = (0.45, 0.45), (2.0, 1.3)

ROWS = (
    Row("conv 3→32, 7×7, first layer", convolution(50, 3, 32, 32, 7, first=True), FIRST, HALF),
    Row("conv 3→32, 3×3, first layer", convolution(50, 3, 32, 32, 3, first=True), FIRST),
    Row("conv 32→32, 3×3, 32²", convolution(50, 32, 32, 32, 3), (1.7, 1.25), HALF),
    Row("conv 64→64, 3×3, 16²", convolution(128, 64, 16, 64, 3), (1.3, 1.0), HALF),
    Row("conv 128→128, 3×3, 8²", convolution(128, 128, 8, 128, 3), (1.3, 1.0), HALF),
    Row("conv 32→32, 5×5, 32²", convolution(50, 32, 32, 32, 5), (1.7, 1.25), HALF),
    Row("conv 32→64, 3×3, stride 2", convolution(128, 32, 16, 64, 3, 2), (1.7, 1.25)),
    Row("conv 64→64, 1×1, 16²", convolution(128, 64, 16, 64, 1)),
    Row("max pool 2×2, 32 ch., 32²", pooling(50, 32, 32, 2, 2), (0.5, 0.5)),
    Row("max pool 2×2, 64 ch., 16²", pooling(128, 64, 16, 2, 2), (0.5, 0.5)),
    Row("max pool 3×3, stride 2, 31²", pooling(50, 32, 31, 3, 2), (1.0, 1.0)),
    Row("spatial batch norm", spatial_batchnorm, (1.0, 1.0)),
    Row("group norm, 8 groups", spatial_groupnorm, (1.5, 1.5)),
    Row("step: ThreeLayerConvNet", three_layer_step, (0.9, 0.7), (0.4, 0.4), step=True),
    Row("step: 6 conv + batch norm", deep_step, step=True),
    Row("step: 5 affine", networks.fully_connected_step, step=True),
    Row("step: 5 affine + batch norm", networks.batchnorm_step, (0.6, 0.45), (0.6, 0.45), True),
    Row("5 affine + batch norm, no update", networks.batchnorm_gradients),
    Row("Adam, 820,000 numbers", update_rules.adam_step, (0.9, 0.9), (0.9, 0.9)),
)
STEPS_GOAL = 0.7
