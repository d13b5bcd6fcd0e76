"""Networks in other styles: recursion, layers as objects, no base class, parameters by a list."""

import itertools

import numpy as np

from cs231n import layers
from cs231n.classifiers.fc_net import FullyConnectedNet, TwoLayerNet

from . import right


class Layer:
    """An affine layer that keeps what it needs for the way back."""

    def __init__(self, i, params, reg):
        self.keys, self.reg = (f"W{i}", f"b{i}"), reg
        self.w, self.b = (params[key] for key in self.keys)

    def forward(self, x):
        out, self.cache = layers.affine_forward(x=x, w=self.w, b=self.b)
        return out

    def backward(self, dout, grads):
        dx, dw, db = layers.affine_backward(dout=dout, cache=self.cache)
        grads.update(zip(self.keys, (dw + self.reg * self.w, db), strict=True))
        return dx

    @property
    def penalty(self):
        return 0.5 * self.reg * np.linalg.norm(self.w, ord="fro") ** 2


def loss_of_objects(self, X, y=None):
    stack = [Layer(i + 1, self.params, self.reg) for i in range(len(self.params) // 2)]
    h, relus = stack[0].forward(X), []
    for layer in stack[1:]:
        out, cache = layers.relu_forward(h)
        relus.append(cache)
        h = layer.forward(out)
    if y is None:
        return h
    loss, d = layers.softmax_loss(h, y)
    grads = {}
    d = stack.pop().backward(d, grads) if len(stack) == 1 else d
    while stack:
        layer = stack.pop()
        loss += layer.penalty
        d = layer.backward(d, grads)
        d = layers.relu_backward(d, relus.pop()) if relus else d
    loss += 0 if len(self.params) > 2 else Layer(1, self.params, self.reg).penalty
    return loss, grads


def through(params, i, depth, h, y, reg):
    """Loss, gradients and dh of layers i .. depth; scores alone where y is None."""
    w, b = params[f"W{i}"], params[f"b{i}"]
    rows = h.reshape(len(h), -1)
    out = rows @ w + b
    if i == depth and y is None:
        return out
    if i == depth:
        loss, dout = layers.softmax_loss(out, y)
        grads = {}
    else:
        result = through(params, i + 1, depth, np.maximum(out, 0), y, reg)
        if y is None:
            return result
        loss, grads, dout = result
        dout = np.where(out > 0, dout, 0)
    grads |= {f"W{i}": rows.T @ dout + reg * w, f"b{i}": dout.sum(0)}
    return loss + reg * np.einsum("ij,ij->", w, w) / 2, grads, dout @ w.T


def recursive_loss(self, X, y=None):
    result = through(self.params, 1, len(self.params) // 2, X, y, self.reg)
    return result if y is None else result[:2]


def concatenated_loss(self, X, y=None):
    """float64 inside, float32 outside where the data is; biases as one more row of the weights."""
    dtype, depth = X.dtype, len(self.params) // 2
    joined = [np.vstack([self.params[f"W{i}"], self.params[f"b{i}"]]) for i in range(1, depth + 1)]
    inputs, h = [], X.reshape(len(X), -1).astype(np.float64)
    for i, matrix in enumerate(joined, start=1):
        inputs.append(np.column_stack([h, np.ones(len(h))]))
        h = inputs[-1] @ matrix
        h = np.clip(h, 0, np.inf) if i < depth else h
    if y is None:
        return h.astype(dtype)
    loss, d = layers.softmax_loss(h, y)
    grads = {}
    for i in range(depth, 0, -1):
        both, w = inputs[i - 1].T @ d, self.params[f"W{i}"]
        grads[f"W{i}"] = np.asarray(both[:-1] + self.reg * w, dtype)
        grads[f"b{i}"] = np.asarray(both[-1], dtype)
        loss += self.reg * np.square(w).sum() / 2
        d = (d @ w.T) * np.sign(inputs[i - 1][:, :-1]) if i > 1 else None
    return loss, grads


for _loss in (loss_of_objects, recursive_loss, concatenated_loss):
    for _network in (TwoLayerNet, FullyConnectedNet):
        _name = _network.__name__
        right(f"{_name}.loss", **{_name: type("Own", (_network,), {"loss": _loss})})


# Constructors


class Standalone:
    """A TwoLayerNet of nobody's family."""

    def __init__(self, input_dim=3072, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0,
                 rng=None):  # fmt: skip
        sizes, draw = (input_dim, hidden_dim, num_classes), rng or np.random.default_rng(1)
        self.reg, self.params = reg, {}
        for i, (d, m) in enumerate(itertools.pairwise(sizes), 1):
            self.params.update({f"W{i}": draw.normal(scale=weight_scale, size=(d, m))})
            self.params.update({f"b{i}": np.array([0.0] * m)})

    loss = recursive_loss


class DeepStandalone(Standalone):
    """A FullyConnectedNet of nobody's family; parameters by comprehension."""

    def __init__(self, hidden_dims, input_dim=3072, num_classes=10, reg=0.0, weight_scale=1e-2,
                 dtype=np.float32, rng=None):  # fmt: skip
        draw, self.reg = rng or np.random.default_rng(1), reg
        ends = [*zip([input_dim, *hidden_dims], [*hidden_dims, num_classes], strict=True)]
        weights = {f"W{i + 1}": weight_scale * draw.normal(size=end) for i, end in enumerate(ends)}
        biases = {f"b{i + 1}": np.zeros(m) for i, (_, m) in enumerate(ends)}
        self.params = {k: np.array(v, dtype=dtype) for k, v in {**biases, **weights}.items()}


right("TwoLayerNet.__init__", TwoLayerNet=Standalone)
right("TwoLayerNet.loss", TwoLayerNet=Standalone)
right("FullyConnectedNet.__init__", FullyConnectedNet=DeepStandalone)
right("FullyConnectedNet.loss", FullyConnectedNet=DeepStandalone)
