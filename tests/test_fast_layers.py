"""Fast layers: the naive layers' numbers on every legal input, in bounded memory."""

import tracemalloc

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from cs231n import fast_layers, layers
from cs231n.layers import blocks, winograd

DTYPES = [np.float32, np.float64, np.int64, np.uint8]
NUMPY_1 = np.__version__.startswith("1.")


@st.composite
def pictures(draw, largest_channels=4):
    """Random pictures, small and of any proportions; many equal values where they are integers."""
    shape = [draw(st.integers(1, most)) for most in (3, largest_channels, 9, 9)]
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    dtype = draw(st.sampled_from(DTYPES))
    x = rng.integers(0, 4, shape) if np.dtype(dtype).kind in "iu" else rng.standard_normal(shape)
    x = x.astype(dtype)
    return (x, np.asfortranarray(x), x[:, :, ::-1])[draw(st.integers(0, 2))], rng


@st.composite
def convolutions(draw):
    x, rng = draw(pictures())
    pad, stride = draw(st.integers(0, 4)), draw(st.integers(1, 4))
    hh, ww = (draw(st.integers(1, min(5, length + 2 * pad))) for length in x.shape[2:])
    dtype = draw(st.sampled_from(DTYPES[:2]))
    w = rng.standard_normal((draw(st.integers(1, 5)), x.shape[1], hh, ww)).astype(dtype)
    b = rng.standard_normal(len(w)).astype(dtype)
    return (x, w, b, {"stride": stride, "pad": pad}), rng


@st.composite
def poolings(draw):
    x, rng = draw(pictures())
    ph, pw = (draw(st.integers(1, length)) for length in x.shape[2:])
    return (x, {"pool_height": ph, "pool_width": pw, "stride": draw(st.integers(1, 4))}), rng


def gradient(rng, out):
    """A dout of the output's number type, in one layout or the other."""
    dtype = out.dtype if out.dtype.kind == "f" else np.float64
    dout = rng.standard_normal(out.shape).astype(dtype)
    return dout if rng.random() < 0.5 else dout.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2)


def assert_same(got, want, *factors):
    assert got.shape == want.shape and got.dtype == want.dtype
    scale = max(1.0, np.max(np.abs(want), initial=0))
    # The naive layer multiplies a number by an array: NumPy 1 does that in the array's type.
    single = [got, *factors] if NUMPY_1 else [got]
    room = scale * (3e-5 if any(a.dtype == np.float32 for a in single) else 1e-12)
    np.testing.assert_allclose(got, want, rtol=0, atol=room)


def bytes_of(*arrays):
    return [np.asarray(array).tobytes() for array in arrays]


def assert_convolutions_agree(arguments, rng):
    x, w, b, _ = arguments
    before = bytes_of(x, w, b)
    out, cache = layers.conv_forward_fast(*arguments)
    want, naive_cache = layers.conv_forward_naive(*arguments)
    assert_same(out, want)
    dout = gradient(rng, out)
    written = bytes_of(dout)
    for got, naive in zip(
        layers.conv_backward_fast(dout, cache), layers.conv_backward_naive(dout, naive_cache)
    ):
        assert_same(got, naive, x, w)
    dx, dw, _ = layers.conv_backward_fast(dout, cache, need_dx=False)
    assert dx is None
    assert_same(dw, layers.conv_backward_naive(dout, naive_cache)[1], x, w)
    assert before == bytes_of(x, w, b) and written == bytes_of(dout)


@settings(max_examples=150, deadline=None)
@given(convolutions())
def test_convolution_is_the_naive_one(drawn):
    assert_convolutions_agree(*drawn)


@settings(max_examples=150, deadline=None)
@given(poolings())
def test_pooling_is_the_naive_one(drawn):
    (x, param), rng = drawn
    before = bytes_of(x)
    out, cache = layers.max_pool_forward_fast(x, param)
    want, naive_cache = layers.max_pool_forward_naive(x, param)
    assert out.dtype == x.dtype
    np.testing.assert_array_equal(out, want)
    dout = gradient(rng, out)
    written = bytes_of(dout)
    dx = layers.max_pool_backward_fast(dout, cache)
    assert_same(dx, layers.max_pool_backward_naive(dout, naive_cache))
    assert before == bytes_of(x) and written == bytes_of(dout)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("shape", "outputs", "pad"),
    [((3, 32, 5, 6), 33, 1), ((2, 40, 3, 4), 32, 0), ((1, 32, 1, 2), 32, 2)],
)
def test_winograd_is_the_naive_convolution(dtype, shape, outputs, pad, monkeypatch):
    """Odd and even sizes, pads 0 to 2, a last block of fewer pictures."""
    monkeypatch.setattr(blocks, "BLOCK", 16 * 40 * 9 * 2)
    rng = np.random.default_rng(3)
    x, w = rng.standard_normal(shape), rng.standard_normal((outputs, shape[1], 3, 3))
    b, param = rng.standard_normal(outputs), {"stride": 1, "pad": pad}
    assert winograd.suits(w.shape, 1)
    assert_convolutions_agree((*(a.astype(dtype) for a in (x, w, b)), param), rng)


def test_blocks_of_every_length(monkeypatch):
    """Buffers for one, two or three of five pictures, the last one not full."""
    rng = np.random.default_rng(4)
    x, w = rng.standard_normal((5, 2, 6, 5)), rng.standard_normal((3, 2, 3, 2))
    for block in (1, 300, 700):
        monkeypatch.setattr(blocks, "BLOCK", block)
        for stride in (1, 2):
            assert_convolutions_agree((x, w, np.ones(3), {"stride": stride, "pad": 1}), rng)


@pytest.mark.parametrize(
    ("channels", "outputs", "size", "stride"),
    [(3, 32, 7, 1), (32, 32, 3, 1), (16, 16, 3, 1), (8, 16, 3, 2)],
)
def test_memory_beside_the_results_does_not_grow_with_the_batch(channels, outputs, size, stride):
    """PERF goal: the workspace is independent of N; one copy of all windows would not be."""
    rng = np.random.default_rng(0)
    w = rng.standard_normal((outputs, channels, size, size)).astype(np.float32)
    param = {"stride": stride, "pad": size // 2}
    beside = []
    for count in (16, 64):
        x = rng.standard_normal((count, channels, 32, 32)).astype(np.float32)
        out, cache = layers.conv_forward_fast(x, w, w[:, 0, 0, 0], param)
        dout = np.ones_like(out)
        tracemalloc.start()
        dx = layers.conv_backward_fast(dout, cache)[0]
        beside.append(tracemalloc.get_traced_memory()[1] - dx.nbytes)
        tracemalloc.stop()
    assert beside[1] < beside[0] + 100_000


def test_gradients_of_ties_and_gaps():
    x = np.zeros((1, 1, 5, 5))
    param = {"pool_height": 2, "pool_width": 2, "stride": 3}
    out, cache = layers.max_pool_forward_fast(x, param)
    dx = layers.max_pool_backward_fast(np.ones_like(out), cache)
    assert dx.sum() == 4 and np.count_nonzero(dx) == 4
    assert not dx[0, 0, 2].any() and not dx[0, 0, :, 2].any()


def test_the_door_leads_to_the_same_functions():
    for name in ("conv_forward_fast", "conv_backward_fast", "max_pool_forward_fast"):
        assert getattr(fast_layers, name) is getattr(layers, name)
