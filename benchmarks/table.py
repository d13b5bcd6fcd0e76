"""The rows of the performance table: what is measured, and how fast it should be."""

from collections.abc import Callable
from typing import NamedTuple

from benchmarks import captioning, networks, recurrent, update_rules
from benchmarks.convolution import (
    convolution,
    deep_step,
    pooling,
    spatial_batchnorm,
    spatial_groupnorm,
    three_layer_step,
)

ANY = (None, None)


class Least(NamedTuple):
    """The work of a row that stays when all else is free.

    Operations in matrix products (a 3 × 3 convolution by Winograd's algorithm does with 4/9 of
    them), numbers read from memory or written, and passes over arrays: NumPy does one operation
    at a time, so that it goes through `numbers_in_pass` again where PyTorch's kernel goes on.
    """

    operations: float
    numbers: float
    passes: int = 0
    numbers_in_pass: int = 0


class Row(NamedTuple):
    """`build(dtype)` returns (ours, theirs), two functions without arguments that do the same.

    Goals are the largest ratio wanted, with OpenBLAS's kernels for AVX2 and, where these are much
    faster, for AVX-512. The mean over all rows that are a training `step` is given below the
    table. Where a goal is missed, the table says how long the `least` work alone takes.
    """

    label: str
    build: Callable
    float32: tuple = ANY
    float64: tuple = ANY
    step: bool = False
    least: Least | None = None


def _convolution(label, shape, *goals, stride=1, first=False):
    """Row of one convolution, shape (N, C, side, F, size): out, dw and, but for the first, dx."""
    count, channels, side, filters, size = shape
    outputs, inputs = count * filters * (side // stride) ** 2, count * channels * side**2
    products = 2 * outputs * channels * size**2 * (2 if first else 3)
    numbers = 2 * outputs + (2 if first else 3) * inputs
    build = convolution(*shape, stride, first)
    return Row(label, build, *goals, least=Least(products, numbers))


def _sequence(label, kind, count, *goals):
    """Row of an RNN or LSTM over a minibatch of sequences."""
    label = f"{label}, N = {count}, T = {recurrent.T}"
    return Row(
        label, recurrent.sequence(kind, count), *goals, least=Least(*recurrent.work(kind, count))
    )


def _captioning(kind, count, *goals):
    """Row of a captioning model's training step on a minibatch of count captions."""
    label = f"step: captioning, {kind.upper()}, N = {count}"
    least = Least(*captioning.work(kind, count))
    return Row(label, captioning.training_step(kind, count), *goals, step=True, least=least)


HALF, FIRST = (0.45, 0.45), (2.0, 1.3)
PIXELS = 50 * 32 * 32**2
# x is read and out written; then x and dout are read and dx is written. In passes: sum, centre,
# squares, scale, shift; two sums, scale, add, subtract, scale.
NORM = Least(0, 5 * PIXELS, passes=11, numbers_in_pass=PIXELS)
# Products forward and for the gradients of weights, and of inputs but the pictures'. Of each
# weight: read forward and, but in the first layer, backward; dw written and read; w and Adam's two
# averages read and written.
CONV_STEP = Least(2 * 50 * (2 * 32 * 32**2 * 147 + 3 * 8192 * 100), 10 * 824_000)
AFFINE_STEP = Least(2 * 50 * (2 * 3072 * 100 + 3 * 3 * 100 * 100), 9 * 339_000)

# fmt: off
ROWS = (
    _convolution("conv 3→32, 7×7, first layer", (50, 3, 32, 32, 7), FIRST, HALF, first=True),
    _convolution("conv 3→32, 3×3, first layer", (50, 3, 32, 32, 3), FIRST, first=True),
    _convolution("conv 32→32, 3×3, 32²", (50, 32, 32, 32, 3), (1.7, 1.25), HALF),
    _convolution("conv 64→64, 3×3, 16²", (128, 64, 16, 64, 3), (1.3, 1.0), HALF),
    _convolution("conv 128→128, 3×3, 8²", (128, 128, 8, 128, 3), (1.3, 1.0), HALF),
    _convolution("conv 32→32, 5×5, 32²", (50, 32, 32, 32, 5), (1.7, 1.25), HALF),
    _convolution("conv 32→64, 3×3, stride 2", (128, 32, 16, 64, 3), (1.7, 1.25), stride=2),
    _convolution("conv 64→64, 1×1, 16²", (128, 64, 16, 64, 1)),
    Row("max pool 2×2, 32 ch., 32²", pooling(50, 32, 32, 2, 2), (0.5, 0.5)),
    Row("max pool 2×2, 64 ch., 16²", pooling(128, 64, 16, 2, 2), (0.5, 0.5)),
    Row("max pool 3×3, stride 2, 31²", pooling(50, 32, 31, 3, 2), (1.0, 1.0)),
    Row("spatial batch norm", spatial_batchnorm, (1.0, 1.0), least=NORM),
    Row("group norm, 8 groups", spatial_groupnorm, (1.5, 1.5), least=NORM),
    Row("step: ThreeLayerConvNet", three_layer_step, (0.9, 0.7), (0.4, 0.4), True, CONV_STEP),
    Row("step: 6 conv + batch norm", deep_step, step=True),
    Row("step: 5 affine", networks.fully_connected_step, step=True),
    Row("step: 5 affine + batch norm", networks.batchnorm_step,
        (0.6, 0.45), (0.6, 0.45), True, AFFINE_STEP),
    Row("5 affine + batch norm, no update", networks.batchnorm_gradients),
    _sequence("RNN", "rnn", 25, (0.8, 0.5)),
    _sequence("RNN", "rnn", 100, (0.8, 0.5)),
    _sequence("LSTM", "lstm", 25, (1.5, 1.0)),
    _sequence("LSTM", "lstm", 100, (1.5, 1.0)),
    Row("word embedding, 25 × 16 of 1,004", recurrent.embedding(25)),
    Row("word embedding, 100 × 16 of 1,004", recurrent.embedding(100)),
    Row("Adam, 820,000 numbers", update_rules.adam_step, (0.9, 0.9), (0.9, 0.9)),
    _captioning("rnn", 25, (0.8, 0.55)),
    _captioning("rnn", 100, (0.8, 0.55)),
    _captioning("lstm", 25, (1.25, 0.9)),
    _captioning("lstm", 100, (1.25, 0.9)),
    Row("30 words, RNN, N = 25", captioning.writing("rnn", 25), (0.65, 0.65)),
    Row("30 words, LSTM, N = 25", captioning.writing("lstm", 25), (0.65, 0.65)),
    Row("30 words, LSTM, N = 100", captioning.writing("lstm", 100), (0.65, 0.65)),
)
# fmt: on
STEPS_GOAL = 0.7
