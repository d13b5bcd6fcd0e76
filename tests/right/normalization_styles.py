"""Normalisation and dropout in other styles: helpers, nested caches, einsum, float64 inside."""

import numpy as np

from . import right


def moments(x, axis):
    """Mean and variance by the mean of squares, in float64."""
    x64 = x.astype(np.float64)
    mean = np.add.reduce(x64, axis=axis, keepdims=True) / x.shape[axis]
    return mean, np.linalg.norm(x64 - mean, axis=axis, keepdims=True) ** 2 / x.shape[axis]


def batchnorm_forward_nested(x, gamma, beta, bn_param):
    eps, keep = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    old = [bn_param.get(f"running_{kind}", np.zeros_like(gamma)) for kind in ("mean", "var")]
    training = bn_param["mode"] == "train"
    mean, var = moments(x, axis=0) if training else old
    new = [keep * a + (1 - keep) * b.ravel() for a, b in zip(old, (mean, var), strict=True)]
    bn_param.update(zip(("running_mean", "running_var"), new if training else old, strict=True))
    hat = np.divide(np.subtract(x, mean), np.sqrt(var + eps))
    cache = {"normalised": (hat, {"scale": (gamma, np.sqrt(var + eps))})}
    return np.add(np.multiply(hat, gamma), beta).astype(x.dtype), cache


def batchnorm_backward_nested(dout, cache):
    hat, inner = cache["normalised"]
    (gamma, std), n = inner["scale"], len(dout)
    dbeta, dgamma = np.einsum("nd->d", dout), np.einsum("nd,nd->d", hat, dout)
    dx = gamma / (n * std) * (n * dout - dbeta - hat * dgamma)
    return [part.astype(dout.dtype) for part in (dx, dgamma, dbeta)]


def layernorm_forward_moments(x, gamma, beta, ln_param):
    mean, var = moments(x, axis=-1)
    hat = (x - mean) / np.sqrt(var + ln_param.get("eps", 1e-5))
    return (gamma * hat + beta).astype(x.dtype), (hat, var, gamma, ln_param.get("eps", 1e-5))


def layernorm_backward_projected(dout, cache):
    hat, var, gamma, eps = cache
    d, count = dout * gamma, dout.shape[1]
    along = np.einsum("nd,nd->n", d, hat)[:, None] / count
    dx = (d - np.average(d, axis=1)[:, None] - along * hat) / np.sqrt(var + eps)
    return dx, np.einsum("nd,nd->d", hat, dout), np.ones(len(dout)) @ dout


def dropout_forward_choice(x, dropout_param):
    p, seed = dropout_param["p"], dropout_param.get("seed")
    if dropout_param["mode"] == "test":
        return np.array(x), {}
    rng = dropout_param["rng"] if seed is None else np.random.RandomState(seed)
    mask = rng.choice([0.0, 1 / p], size=x.shape, p=[1 - p, p]).astype(x.dtype)
    return np.multiply(x, mask), {"mask": mask}


def dropout_backward_get(dout, cache):
    return dout * cache.get("mask", 1)


NESTED = {"batchnorm_forward": batchnorm_forward_nested}
right("batchnorm_forward", **NESTED)
right("batchnorm_backward", **NESTED, batchnorm_backward=batchnorm_backward_nested)
right("batchnorm_backward_alt", **NESTED, batchnorm_backward_alt=batchnorm_backward_nested)
MOMENTS = {"layernorm_forward": layernorm_forward_moments}
right("layernorm_forward", **MOMENTS)
right("layernorm_backward", **MOMENTS, layernorm_backward=layernorm_backward_projected)
CHOICE = {"dropout_forward": dropout_forward_choice}
right("dropout_forward", **CHOICE)
right("dropout_backward", **CHOICE, dropout_backward=dropout_backward_get)
