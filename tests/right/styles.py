"""Layers and losses in other styles: helpers, comprehensions, recursion, einsum, nested caches."""

import math

import numpy as np

from . import right

# Affine


def flat(x):
    return [list(map(float, example.ravel())) for example in x]


def affine_forward_comprehension(x, w, b):
    columns = list(zip(*w.tolist(), strict=True))
    out = [
        [sum(a * v for a, v in zip(row, column, strict=True)) + shift
         for column, shift in zip(columns, b.tolist(), strict=True)]
        for row in flat(x)
    ]  # fmt: skip
    return np.array(out, dtype=x.dtype), ((x,), {"w": w, "b": (b, "nested")})


def affine_backward_nested(dout, cache):
    (x,), inner = cache
    dw, db = np.zeros_like(inner["w"]), np.zeros_like(inner["b"][0])
    np.add.at(db, np.tile(np.arange(dout.shape[1]), (len(dout), 1)), dout)
    for row, d in zip(np.reshape(x, (len(x), -1)), dout, strict=True):
        dw += row[:, None] * d[None, :]
    return np.stack([np.inner(inner["w"], d).reshape(x[0].shape) for d in dout]), dw, db


class Rows:
    """A cache that is an object."""

    def __init__(self, x, w):
        self.x, self.w = x, w

    @property
    def rows(self):
        return self.x.reshape((self.x.shape[0], np.prod(self.x.shape[1:], dtype=int)))


def affine_forward_object(x, w, b):
    cache = Rows(x=x, w=w)
    out = np.tensordot(a=cache.rows.astype(np.float64), b=w, axes=([1], [0]))
    np.add(out, b, out=out)
    return out.astype(x.dtype), cache


def affine_backward_object(dout, cache):
    dx = np.einsum("nm,dm->nd", dout, cache.w, optimize=True).reshape(*cache.x.shape)
    dw = np.einsum("nd,nm->dm", cache.rows, dout)
    return dx, dw, np.add.reduce(array=dout, axis=0)


def with_bias_as_weight(x, w, b):
    rows = np.hstack([x.reshape(len(x), -1), np.ones((len(x), 1), x.dtype)])
    return np.linalg.multi_dot([rows, np.vstack([w, b]), np.eye(len(b))]), (x, rows, w)


def backward_of_both(dout, cache):
    x, rows, w = cache
    both = rows.T @ dout
    return np.matmul(dout, np.swapaxes(w, 0, 1)).reshape(x.shape), both[:-1], both[-1]


AFFINE = [
    (affine_forward_comprehension, affine_backward_nested),
    (affine_forward_object, affine_backward_object),
    (with_bias_as_weight, backward_of_both),
]
for _forward, _backward in AFFINE:
    right("affine_forward", affine_forward=_forward)
    right("affine_backward", affine_forward=_forward, affine_backward=_backward)

# ReLU


def relu_forward_copy(x):
    out = x.copy()
    out[out < 0] = 0
    return out, {"positive": np.nonzero(x > 0)}


def relu_backward_places(dout, cache):
    dx = np.zeros_like(dout)
    np.add.at(dx, cache["positive"], dout[cache["positive"]])
    return dx


def relu_recursive(x):
    if x.ndim == 0:
        return x if x > 0 else x * 0
    return np.stack([relu_recursive(np.asarray(part)) for part in x])


def relu_backward_filtered(dout, cache):
    dx = np.array(dout, copy=True)
    np.putmask(dx, mask=cache <= 0, values=0)
    return dx


def relu_backward_multiplied(dout, cache):
    dx = np.heaviside(cache, 0).astype(dout.dtype)
    np.multiply(dx, dout, out=dx)
    return dx


right("relu_forward", relu_forward=relu_forward_copy)
right("relu_forward", relu_forward=lambda x: (relu_recursive(x), x))
right("relu_forward", relu_forward=lambda x: (np.clip(x, a_min=0, a_max=None), [x]))
right("relu_backward", relu_forward=relu_forward_copy, relu_backward=relu_backward_places)
right("relu_backward", relu_backward=relu_backward_filtered)
right("relu_backward", relu_backward=relu_backward_multiplied)

# Softmax loss


def softmax_logaddexp(x, y):
    log_total = np.logaddexp.reduce(x, axis=1, keepdims=True)
    picked = np.take_along_axis(x - log_total, y[:, None], axis=1)
    dx = np.exp(x - log_total)
    np.subtract.at(dx, (range(len(x)), y), 1)
    return float(-np.average(picked)), np.divide(dx, x.shape[0])


def log_sum(scores):
    """log Σ exp of a list, half by half."""
    if len(scores) == 1:
        return scores[0]
    one, other = log_sum(scores[: len(scores) // 2]), log_sum(scores[len(scores) // 2 :])
    return max(one, other) + math.log1p(math.exp(-abs(one - other)))


def softmax_recursive(x, y):
    totals = [log_sum([float(s) for s in row]) for row in x]
    losses = [total - float(row[label]) for total, row, label in zip(totals, x, y, strict=True)]
    dx = [
        [(math.exp(float(s) - total) - (c == label)) / len(x) for c, s in enumerate(row)]
        for total, row, label in zip(totals, x, y, strict=True)
    ]
    return sum(losses) / len(losses), np.array(dx, dtype=x.dtype)


def softmax_by_jacobian(x, y):
    x64 = np.asarray(x, dtype=np.float64)
    p = np.exp(x64 - x64.max(axis=1)[:, None])
    p = np.einsum("nc,n->nc", p, 1 / p.sum(axis=1))
    margin = x64 - x64[np.arange(len(x)), y][:, None]
    loss = np.mean(margin.max(axis=1) + np.log(np.exp(margin - margin.max(axis=1)[:, None]).sum(1)))
    hot = (np.arange(x.shape[1]) == y[:, None]).astype(np.float64)
    return np.float32(loss) if x.dtype == np.float32 else loss, ((p - hot) / len(x)).astype(x.dtype)


for _loss in (softmax_logaddexp, softmax_recursive, softmax_by_jacobian):
    right("softmax_loss", softmax_loss=_loss)

# Initial weights


def spread_of(shape, scale):
    if scale == "xavier":
        return np.sqrt(1 / np.mean(shape))
    return math.sqrt(2) / math.sqrt(shape[0]) if scale == "he" else scale


def init_weights_normal(shape, weight_scale, rng=None):
    return rng.normal(loc=0.0, scale=spread_of(shape, weight_scale), size=shape)


def init_weights_row_by_row(shape, weight_scale, rng=None):
    own, (rows, columns) = np.random.RandomState(11), shape
    return np.array([own.randn(columns) * spread_of(shape, weight_scale) for _ in range(rows)])


right("init_weights", init_weights=init_weights_normal)
right("init_weights", init_weights=init_weights_row_by_row)


# Normalisation and dropout


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
