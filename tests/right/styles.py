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


OWN = np.random.RandomState(11)


def init_weights_row_by_row(shape, weight_scale, rng=None):
    rows, columns = shape
    return np.array([OWN.randn(columns) * spread_of(shape, weight_scale) for _ in range(rows)])


right("init_weights", init_weights=init_weights_normal)
right("init_weights", init_weights=init_weights_row_by_row)
