"""Cases of the notebook ConvolutionalNetworks: spatial batch norm and group norm."""

import numpy as np

from .inputs import called, running
from .normalization import averages
from .registry import case


def pictures(rng, *shape, dtype=np.float64):
    """x whose pictures, channels and rows differ in mean and spread; gamma and beta (C,)."""
    count, channels, height, _ = shape
    x = rng.randn(*shape) * np.linspace(0.3, 2, channels)[:, None, None]
    x += np.linspace(-2, 3, count)[:, None, None, None]
    x += np.linspace(-1, 4, channels)[:, None, None] + np.linspace(0, 2, height)[:, None]
    return [a.astype(dtype) for a in (x, rng.randn(channels), rng.randn(channels))]


def grouped(rng, *shape, dtype=np.float64):
    """As pictures, with gamma and beta (1, C, 1, 1)."""
    x, gamma, beta = pictures(rng, *shape, dtype=dtype)
    return x, gamma.reshape(1, -1, 1, 1), beta.reshape(1, -1, 1, 1)


GRADIENTS = ("dx", "dgamma", "dbeta")

# eps is large in most cases, so that its place can be seen.


@case(points=2, sizes={"N": 2, "C": 3, "H": 4, "W": 5})
def spatial_batchnorm_forward(cs, rng):
    """training: x (2, 3, 4, 5), eps=0.05, momentum=0.7, running averages given"""
    x, gamma, beta = pictures(rng, 2, 3, 4, 5)
    bn_param = {"mode": "train", "eps": 0.05, "momentum": 0.7, **running(rng, 3)}
    out, _ = cs.spatial_batchnorm_forward(x, gamma, beta, bn_param)
    return {"out": out, **averages(bn_param)}


@case(points=1, exercise="spatial_batchnorm_forward")
def spatial_batchnorm_forward_test(cs, rng):
    """from the start, spread near √eps: x (3, 3, 3, 3), then a test of one picture (1, 3, 2, 3)"""
    x, gamma, beta = pictures(rng, 3, 3, 3, 3)
    bn_param = {"mode": "train"}
    trained, _ = cs.spatial_batchnorm_forward(0.003 * x, gamma, beta, bn_param)
    modes = [bn_param.get("mode"), "test"]
    bn_param["mode"] = "test"
    out, _ = cs.spatial_batchnorm_forward(0.003 * rng.randn(1, 3, 2, 3), gamma, beta, bn_param)
    modes[1] = bn_param.get("mode")
    found = {"out, training": trained, "out, test": out, **averages(bn_param)}
    return {**found, "bn_param['mode'] afterwards": np.array([str(mode) for mode in modes])}


@case(points=2, sizes={"N": 2, "C": 3, "H": 4, "W": 5})
def spatial_batchnorm_backward(cs, rng):
    """x and dout (2, 3, 4, 5), eps=0.05"""
    x, gamma, beta = pictures(rng, 2, 3, 4, 5)
    _, cache = cs.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": 0.05})
    dx, dgamma, dbeta = cs.spatial_batchnorm_backward(rng.randn(2, 3, 4, 5), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@case(points=1, exercise="spatial_batchnorm_backward", limit=1e-4)
def spatial_batchnorm_backward_cube(cs, rng):
    """x and dout (3, 3, 3, 3), float32: no shape tells the axes apart; one cache, two calls"""
    x, gamma, beta = pictures(rng, 3, 3, 3, 3, dtype=np.float32)
    _, cache = cs.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    options = {"dtype": np.float32, "names": GRADIENTS, "calls": 2}
    return called(rng, cs.spatial_batchnorm_backward, cache, (3, 3, 3, 3), **options)


@case(points=2, sizes={"N": 2, "C": 6, "G": 3})
def spatial_groupnorm_forward(cs, rng):
    """x (2, 6, 4, 5), G=3, eps=0.05; nothing is written into gn_param"""
    gn_param = {"eps": 0.05}
    out, _ = cs.spatial_groupnorm_forward(*grouped(rng, 2, 6, 4, 5), 3, gn_param)
    return {"out": out, "names in gn_param": np.array(sorted(gn_param))}


@case(points=2, exercise="spatial_groupnorm_forward", sizes={"N": 2, "C": 4})
def spatial_groupnorm_forward_extremes(cs, rng):
    """x (2, 4, 3, 2): one group of all channels (G=1), then each channel by itself (G=4)"""
    x, gamma, beta = grouped(rng, 2, 4, 3, 2)
    outs = {G: cs.spatial_groupnorm_forward(0.01 * x, gamma, beta, G, {})[0] for G in (1, 4)}
    return {f"out, G={G}": out for G, out in outs.items()}


def group_gradients(cs, rng, arrays, G, calls=1):
    """Gradients of a group norm with eps=0.05."""
    x = arrays[0]
    _, cache = cs.spatial_groupnorm_forward(*arrays, G, {"eps": 0.05})
    options = {"dtype": x.dtype, "names": GRADIENTS, "calls": calls}
    return called(rng, cs.spatial_groupnorm_backward, cache, x.shape, **options)


@case(points=3, sizes={"N": 2, "C": 6, "G": 3})
def spatial_groupnorm_backward(cs, rng):
    """x and dout (2, 6, 4, 5), G=3, eps=0.05"""
    return group_gradients(cs, rng, grouped(rng, 2, 6, 4, 5), 3)


@case(points=1, exercise="spatial_groupnorm_backward", limit=1e-4)
def spatial_groupnorm_backward_extremes(cs, rng):
    """x and dout (3, 4, 2, 2), G=1 and G=4, float32; one cache each, two calls"""
    arrays = grouped(rng, 3, 4, 2, 2, dtype=np.float32)
    found = {G: group_gradients(cs, rng, arrays, G, calls=2) for G in (1, 4)}
    return {f"{name}, G={G}": found[G][name] for G in found for name in found[G]}
