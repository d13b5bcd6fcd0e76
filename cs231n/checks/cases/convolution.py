"""Cases of the notebook ConvolutionalNetworks: convolution and max pooling, forward and back."""

import numpy as np

from .registry import case, room

room(
    "ConvolutionalNetworks",
    {
        "conv_forward_naive": "",
        "conv_backward_naive": "conv_forward_naive",
        "max_pool_forward_naive": "",
        "max_pool_backward_naive": "max_pool_forward_naive",
        "ThreeLayerConvNet.__init__": "",
        "ThreeLayerConvNet.loss": "affine_forward affine_backward relu_forward relu_backward "
        "softmax_loss ThreeLayerConvNet.__init__",
        "spatial_batchnorm_forward": "batchnorm_forward",
        "spatial_batchnorm_backward": "batchnorm_forward batchnorm_backward_alt "
        "spatial_batchnorm_forward",
        "spatial_groupnorm_forward": "",
        "spatial_groupnorm_backward": "spatial_groupnorm_forward",
    },
)


def channels_last(x):
    """The same numbers, laid out in memory as (N, H, W, C): so does spatial batch norm."""
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)


def convolution(rng, picture, filters, stride, pad, dtype=np.float64):
    """Arguments of a convolution: x, w, b, conv_param."""
    arrays = [rng.randn(*shape).astype(dtype) for shape in (picture, filters, filters[:1])]
    return *arrays, {"stride": stride, "pad": pad}


@case(points=2, sizes={"N": 2, "C": 3, "F": 4})
def conv_forward_naive(cs, rng):
    """x (2, 3, 5, 4), w (4, 3, 3, 3), stride 1, pad 1"""
    out, _ = cs.conv_forward_naive(*convolution(rng, (2, 3, 5, 4), (4, 3, 3, 3), 1, 1))
    return {"out": out}


@case(points=2, exercise="conv_forward_naive", limit=1e-5, sizes={"N": 2, "C": 2, "F": 3})
def conv_forward_wide_filter(cs, rng):
    """x (2, 2, 7, 5), channels last in memory, w (3, 2, 1, 3), stride 2, pad 0, float32"""
    x, *others = convolution(rng, (2, 2, 7, 5), (3, 2, 1, 3), 2, 0, np.float32)
    out, _ = cs.conv_forward_naive(channels_last(x), *others)
    return {"out": out}


@case(points=1, exercise="conv_forward_naive", sizes={"C": 3, "F": 2})
def conv_forward_whole_numbers(cs, rng):
    """x (1, 3, 6, 4) of whole numbers to 255, w (2, 3, 4, 2), stride 3, pad 2; the second call"""
    _, w, b, conv_param = convolution(rng, (1, 3, 6, 4), (2, 3, 4, 2), 3, 2)
    x = rng.randint(256, size=(1, 3, 6, 4)).astype(np.int64)
    calls = [cs.conv_forward_naive(x, w, b, conv_param)[0] for _ in range(2)]
    return {"out": calls[1]}


def conv_gradients(cs, rng, arguments):
    """Gradients of a convolution."""
    out, cache = cs.conv_forward_naive(*arguments)
    dx, dw, db = cs.conv_backward_naive(rng.randn(*out.shape).astype(arguments[0].dtype), cache)
    return {"dx": dx, "dw": dw, "db": db}


@case(points=3, sizes={"N": 3, "C": 2, "F": 4})
def conv_backward_naive(cs, rng):
    """x (3, 2, 5, 4), w (4, 2, 3, 3), stride 1, pad 1"""
    return conv_gradients(cs, rng, convolution(rng, (3, 2, 5, 4), (4, 2, 3, 3), 1, 1))


@case(points=2, exercise="conv_backward_naive", sizes={"N": 2, "C": 3, "F": 2})
def conv_backward_without_pad(cs, rng):
    """x (2, 3, 5, 4), w (2, 3, 3, 2), stride 1, pad 0"""
    return conv_gradients(cs, rng, convolution(rng, (2, 3, 5, 4), (2, 3, 3, 2), 1, 0))


@case(points=2, exercise="conv_backward_naive", sizes={"N": 2, "C": 2, "F": 3})
def conv_backward_stride_2(cs, rng):
    """x (2, 2, 5, 6), w (3, 2, 3, 2), stride 2, pad 2: the padding is as wide as the filter"""
    return conv_gradients(cs, rng, convolution(rng, (2, 2, 5, 6), (3, 2, 3, 2), 2, 2))


@case(points=1, exercise="conv_backward_naive", limit=1e-4)
def conv_backward_twice(cs, rng):
    """x (2, 2, 4, 4), w (2, 2, 2, 2), stride 2, pad 0; one cache, one dout, two calls; float32"""
    arguments = convolution(rng, (2, 2, 4, 4), (2, 2, 2, 2), 2, 0, np.float32)
    _, cache = cs.conv_forward_naive(*arguments)
    cs.conv_forward_naive(*(2 * array for array in arguments[:3]), arguments[3])  # a cache lasts
    dout = rng.randn(2, 2, 2, 2).astype(np.float32)
    names = ("dx", "dw", "db")
    calls = {call: cs.conv_backward_naive(dout, cache) for call in ("first", "second")}
    return {f"{name}, {call}": g for call in calls for name, g in zip(names, calls[call])}


def distinct(rng, *shape):
    """Numbers of either sign of which no two are alike: every window has one maximum."""
    count = int(np.prod(shape))
    return rng.permutation(count).reshape(shape) / 10.0 - count / 20.0 + 0.05


def window(height, width, stride):
    """A pool_param."""
    return {"pool_height": height, "pool_width": width, "stride": stride}


@case(points=1, sizes={"N": 2, "C": 3})
def max_pool_forward_naive(cs, rng):
    """x (2, 3, 4, 6), windows 2 × 2, stride 2"""
    return {"out": cs.max_pool_forward_naive(distinct(rng, 2, 3, 4, 6), window(2, 2, 2))[0]}


@case(points=1, exercise="max_pool_forward_naive", limit=1e-5, sizes={"N": 2, "C": 2})
def max_pool_forward_overlapping(cs, rng):
    """x (2, 2, 6, 7), channels last in memory, windows 2 × 3, stride 2, float32; two calls"""
    x, pool_param = channels_last(distinct(rng, 2, 2, 6, 7).astype(np.float32)), window(2, 3, 2)
    calls = [cs.max_pool_forward_naive(x, pool_param)[0] for _ in range(2)]
    return {"out": calls[1]}


@case(points=1, exercise="max_pool_forward_naive", sizes={"N": 1, "C": 2})
def max_pool_forward_negative(cs, rng):
    """x (1, 2, 5, 9), all below −10,000, windows 2 × 3, stride 3: gaps between them"""
    x = -10_000 * (1 + np.abs(distinct(rng, 1, 2, 5, 9)))
    return {"out": cs.max_pool_forward_naive(x, window(2, 3, 3))[0]}


def pool_gradient(cs, rng, x, pool_param):
    """dx of a pooling."""
    out, cache = cs.max_pool_forward_naive(x, pool_param)
    return cs.max_pool_backward_naive(rng.randn(*out.shape), cache)


@case(points=2, sizes={"N": 2, "C": 3})
def max_pool_backward_naive(cs, rng):
    """x (2, 3, 4, 6), windows 2 × 2, stride 2"""
    return {"dx": pool_gradient(cs, rng, distinct(rng, 2, 3, 4, 6), window(2, 2, 2))}


@case(points=2, exercise="max_pool_backward_naive", sizes={"N": 2, "C": 2})
def max_pool_backward_overlapping(cs, rng):
    """x (2, 2, 5, 5), channels last in memory, windows 3 × 3, stride 1: maxima are shared"""
    x = channels_last(distinct(rng, 2, 2, 5, 5))
    return {"dx": pool_gradient(cs, rng, x, window(3, 3, 1))}


@case(points=1, exercise="max_pool_backward_naive", limit=1e-5)
def max_pool_backward_wide(cs, rng):
    """x (2, 2, 4, 7), windows 2 × 3, stride 2, float32; one cache, two calls"""
    x = distinct(rng, 2, 2, 4, 7).astype(np.float32)
    out, cache = cs.max_pool_forward_naive(x, window(2, 3, 2))
    dout = rng.randn(*out.shape).astype(np.float32)
    calls = [cs.max_pool_backward_naive(dout, cache) for _ in range(2)]
    return {"dx, first call": calls[0], "dx, second call": calls[1]}


@case(points=2, exercise="max_pool_backward_naive", sizes={"N": 2, "C": 3})
def max_pool_backward_ties(cs, rng):
    """x (2, 3, 4, 4) of zeros and ones, windows 2 × 2, stride 2: maxima tie, as after a ReLU"""
    x = rng.randint(2, size=(2, 3, 4, 4)).astype(np.float64)
    x[0, 0] = 0
    dx = pool_gradient(cs, rng, x, window(2, 2, 2))
    if np.shape(dx) != x.shape:
        return {"dx summed over each window": dx, "dx where no maximum is": dx}
    dx = np.asarray(dx, np.float64)
    windows, places = (a.reshape(2, 3, 2, 2, 2, 2) for a in (dx, x))
    beside = np.where(places < places.max(axis=(3, 5), keepdims=True), windows, 0)
    return {
        "dx summed over each window": windows.sum(axis=(3, 5)),
        "dx where no maximum is": beside.reshape(x.shape),
    }
