"""Cases of the notebook BatchNormalization: batch and layer normalisation, forward and back."""

import numpy as np

from .inputs import running
from .registry import case, room

NETWORK = "FullyConnectedNet.__init__ FullyConnectedNet.initial_norm FullyConnectedNet.loss "

room(
    "BatchNormalization",
    {
        "batchnorm_forward": "",
        "batchnorm_backward": "batchnorm_forward",
        "batchnorm_backward_alt": "batchnorm_forward",
        "layernorm_forward": "batchnorm_forward",
        "layernorm_backward": "batchnorm_forward batchnorm_backward_alt layernorm_forward",
        "FullyConnectedNet.initial_norm": "FullyConnectedNet.__init__",
        "FullyConnectedNet.normalized_forward": NETWORK + "batchnorm_forward layernorm_forward",
        "FullyConnectedNet.normalized_backward": NETWORK + "batchnorm_forward "
        "batchnorm_backward_alt layernorm_forward layernorm_backward "
        "FullyConnectedNet.normalized_forward",
    },
)


def features(rng, *shape, dtype=np.float64):
    """x with columns and rows of different mean and spread, gamma and beta."""
    x = rng.randn(*shape) * np.linspace(0.3, 2, shape[1]) + np.linspace(-2, 3, shape[0])[:, None]
    x += np.linspace(-1, 4, shape[1])
    return [a.astype(dtype) for a in (x, rng.randn(shape[1]), rng.randn(shape[1]))]


def averages(bn_param):
    """What a bn_param remembers, by name, and its mode."""
    keys = ("running_mean", "running_var")
    found = {f"bn_param[{key!r}]": bn_param.get(key) for key in keys}
    return {**found, "bn_param['mode']": np.array([str(bn_param.get("mode"))])}


# Batch norm. eps is large in most cases, so that its place can be seen.


@case(points=3, sizes={"N": 5, "D": 4})
def batchnorm_forward(cs, rng):
    """training: x (5, 4), eps=0.05, momentum=0.7, running averages given"""
    x, gamma, beta = features(rng, 5, 4)
    bn_param = {"mode": "train", "eps": 0.05, "momentum": 0.7, **running(rng, 4)}
    out, _ = cs.batchnorm_forward(x, gamma, beta, bn_param)
    return {"out": out, **averages(bn_param)}


@case(points=2, exercise="batchnorm_forward", sizes={"N": 6, "D": 3})
def batchnorm_forward_from_the_start(cs, rng):
    """bn_param={"mode": "train"}: x (6, 3), spread near √eps; (6, 3) around 1e4; (1, 3); a test"""
    bn_param, outs = {"mode": "train"}, {}
    for call, centre in (("first", 0), ("second", 1e4)):
        x, gamma, beta = features(rng, 6, 3)
        outs[f"out, {call} minibatch"], _ = cs.batchnorm_forward(
            0.003 * x + centre, gamma, beta, bn_param
        )
    outs["out, a single example"], _ = cs.batchnorm_forward(x[:1], gamma, beta, bn_param)
    bn_param["mode"] = "test"
    outs["out, test"], _ = cs.batchnorm_forward(0.003 * x, gamma, beta, bn_param)
    return {**outs, **averages(bn_param)}


@case(points=2, exercise="batchnorm_forward", sizes={"N": 3, "D": 4})
def batchnorm_forward_test(cs, rng):
    """testing: x (3, 4), eps=0.05, running averages given; they stay as they are; then without"""
    x, gamma, beta = features(rng, 3, 4)
    bn_param = {"mode": "test", "eps": 0.05, **running(rng, 4)}
    out, _ = cs.batchnorm_forward(x, gamma, beta, bn_param)
    untrained, _ = cs.batchnorm_forward(x, gamma, beta, {"mode": "test", "eps": 0.05})
    return {"out": out, **averages(bn_param), "out, before any training": untrained}


@case(points=1, exercise="batchnorm_forward", limit=1e-4)
def batchnorm_forward_square(cs, rng):
    """training: x (4, 4), as many examples as features; float32, momentum=0"""
    x, gamma, beta = features(rng, 4, 4, dtype=np.float32)
    bn_param = {"mode": "train", "momentum": 0.0, **running(rng, 4)}
    out, _ = cs.batchnorm_forward(x, gamma, beta, bn_param)
    return {"out": out, **averages(bn_param)}


def batchnorm_gradients(cs, rng, backward):
    """Gradients of a minibatch (5, 4), eps=0.05."""
    x, gamma, beta = features(rng, 5, 4)
    _, cache = cs.batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": 0.05})
    dx, dgamma, dbeta = backward(rng.randn(5, 4), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def twice(rng, forward, backward, param):
    """Gradients of two calls with one cache, float32 (4, 4); gamma[1] is 0.

    The way forward was gone once more in between, as by another layer of the same size.
    """
    x, gamma, beta = features(rng, 4, 4, dtype=np.float32)
    gamma[1] = 0
    _, cache = forward(x, gamma, beta, dict(param))
    forward(x[::-1] ** 2, beta, gamma, dict(param))
    found = {}
    for call in ("first", "second"):
        gradients = backward(10 * rng.randn(4, 4).astype(np.float32), cache)
        for name, gradient in zip(("dx", "dgamma", "dbeta"), gradients, strict=True):
            found[f"{name}, {call} call"] = gradient
    return found


def batchnorm_twice(cs, rng, backward):
    """Gradients of a minibatch whose cache is used two times."""
    return twice(rng, cs.batchnorm_forward, backward, {"mode": "train", "eps": 0.05})


@case(points=4, sizes={"N": 5, "D": 4})
def batchnorm_backward(cs, rng):
    """x and dout (5, 4), eps=0.05"""
    return batchnorm_gradients(cs, rng, cs.batchnorm_backward)


@case(points=1, exercise="batchnorm_backward", limit=1e-4)
def batchnorm_backward_twice(cs, rng):
    """x and dout (4, 4), float32, one gamma 0; one cache, two calls"""
    return batchnorm_twice(cs, rng, cs.batchnorm_backward)


@case(points=3, sizes={"N": 5, "D": 4})
def batchnorm_backward_alt(cs, rng):
    """x and dout (5, 4), eps=0.05"""
    return batchnorm_gradients(cs, rng, cs.batchnorm_backward_alt)


@case(points=1, exercise="batchnorm_backward_alt", limit=1e-4)
def batchnorm_backward_alt_twice(cs, rng):
    """x and dout (4, 4), float32, one gamma 0; one cache, two calls"""
    return batchnorm_twice(cs, rng, cs.batchnorm_backward_alt)


# Layer norm


@case(points=2, sizes={"N": 3, "D": 5})
def layernorm_forward(cs, rng):
    """x (3, 5), eps=0.05; nothing is written into ln_param"""
    x, gamma, beta = features(rng, 3, 5)
    ln_param = {"eps": 0.05}
    out, _ = cs.layernorm_forward(x, gamma, beta, ln_param)
    return {"out": out, "names in ln_param": np.array(sorted(ln_param))}


@case(points=1, exercise="layernorm_forward", limit=1e-4)
def layernorm_forward_square(cs, rng):
    """x (4, 4), as many examples as features; float32"""
    x, gamma, beta = features(rng, 4, 4, dtype=np.float32)
    return {"out": cs.layernorm_forward(x, gamma, beta, {})[0]}


@case(points=1, exercise="layernorm_forward", sizes={"D": 6})
def layernorm_forward_single_row(cs, rng):
    """a single example (1, 6) around 30000 and of a spread near √eps, eps left at 1e-5"""
    x, gamma, beta = features(rng, 1, 6)
    return {"out": cs.layernorm_forward(0.003 * x + 3e4, gamma, beta, {})[0]}


@case(points=3, sizes={"N": 3, "D": 5})
def layernorm_backward(cs, rng):
    """x and dout (3, 5), eps=0.05"""
    x, gamma, beta = features(rng, 3, 5)
    _, cache = cs.layernorm_forward(x, gamma, beta, {"eps": 0.05})
    dx, dgamma, dbeta = cs.layernorm_backward(rng.randn(3, 5), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@case(points=1, exercise="layernorm_backward", limit=1e-4)
def layernorm_backward_twice(cs, rng):
    """x and dout (4, 4), float32, one gamma 0; one cache, two calls"""
    return twice(rng, cs.layernorm_forward, cs.layernorm_backward, {"eps": 0.05})


@case(points=1, exercise="layernorm_backward", sizes={"D": 6})
def layernorm_backward_single_row(cs, rng):
    """a single example (1, 6)"""
    x, gamma, beta = features(rng, 1, 6)
    _, cache = cs.layernorm_forward(x, gamma, beta, {})
    dx, dgamma, dbeta = cs.layernorm_backward(rng.randn(1, 6), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}
