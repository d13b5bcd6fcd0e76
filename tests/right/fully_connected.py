"""Other right solutions of FullyConnectedNets: layers, initial weights, networks."""

import math

import numpy as np

from cs231n.classifiers.fc_net import FullyConnectedNet, TwoLayerNet

from . import right

# Layers


def affine_forward_loops(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    for n in range(x.shape[0]):
        for m in range(w.shape[1]):
            out[n, m] = np.sum(x[n].ravel() * w[:, m]) + b[m]
    return out, {"x": x, "w": w}


def affine_backward_loops(dout, cache):
    x, w = cache["x"], cache["w"]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for n in range(len(x)):
        dx[n] = (w @ dout[n]).reshape(x.shape[1:])
        dw += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dw, db


def affine_forward_einsum(x, w, b):
    x64 = x.reshape(x.shape[0], -1).astype(np.float64)
    return np.einsum("nd,dm->nm", x64, w) + b, (x, w, b, "more")


def affine_backward_list(dout, cache):
    x, w, _, _ = cache
    flat = x.reshape(x.shape[0], -1)
    return [np.dot(dout, w.T).reshape(x.shape), np.dot(flat.T, dout), np.ones(len(x)) @ dout]


right("affine_forward", affine_forward=affine_forward_loops)
right("affine_forward", affine_forward=affine_forward_einsum)
right("affine_backward", affine_forward=affine_forward_loops, affine_backward=affine_backward_loops)
right("affine_backward", affine_forward=affine_forward_einsum, affine_backward=affine_backward_list)
right("relu_forward", relu_forward=lambda x: (x * (x > 0), None))
right("relu_forward", relu_forward=lambda x: ((np.abs(x) + x) / 2, x))
right("relu_forward", relu_forward=lambda x: (np.where(x >= 0, x, 0.0), (x, x >= 0)))
right("relu_backward", relu_backward=lambda dout, x: np.where(x >= 0, dout, 0))
right("relu_backward", relu_forward=lambda x: (x, x > 0), relu_backward=lambda d, mask: d * mask)


def relu_backward_copy(dout, cache):
    dx = dout.astype(np.float64)
    dx[cache < 0] = 0
    return dx


right("relu_backward", relu_backward=relu_backward_copy)


def softmax_loops(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for i, row in enumerate(x.astype(np.float64)):
        top = max(row)
        total = math.log(sum(math.exp(s - top) for s in row)) + top
        loss += (total - row[y[i]]) / len(x)
        dx[i] = np.exp(row - total) / len(x)
        dx[i, y[i]] -= 1 / len(x)
    return loss, dx


def softmax_one_hot(x, y):
    shifted = x - np.max(x, axis=-1)[:, np.newaxis]
    log_p = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    hot = np.eye(x.shape[1])[y]
    return -(hot * log_p).sum() / len(x), (np.exp(log_p) - hot) / len(x)


right("softmax_loss", softmax_loss=softmax_loops)
right("softmax_loss", softmax_loss=softmax_one_hot)


# Initial weights: another stream, other functions


OWN_STREAM = np.random.default_rng(17)


def spread_by_name(shape, weight_scale):
    d, m = shape
    return {"xavier": (2 / (d + m)) ** 0.5, "he": (2 / d) ** 0.5}.get(weight_scale, weight_scale)


def init_weights_global(shape, weight_scale, rng=None):
    std = spread_by_name(shape, weight_scale)
    return OWN_STREAM.normal(0, std, size=shape).astype(np.float32)


def init_weights_uniform(shape, weight_scale, rng=None):
    end = np.sqrt(3) * spread_by_name(shape, weight_scale)
    return rng.uniform(-end, end, shape)


right("init_weights", init_weights=init_weights_global)
right("init_weights", init_weights=init_weights_uniform)


class OwnDraws(FullyConnectedNet):
    """Draws last layers first, from a stream of its own."""

    def __init__(self, hidden_dims, input_dim, num_classes, weight_scale=0.01, rng=None, **more):
        super().__init__(hidden_dims, input_dim, num_classes, **more)
        own = np.random.RandomState(5)
        for key in sorted(self.params, reverse=True):
            if key[0] == "W":
                draws = weight_scale * own.randn(*self.params[key].shape)
                self.params[key] = draws.astype(self.dtype)
            else:
                self.params[key] = np.zeros(self.params[key].shape, self.dtype)


class OwnDrawsOfTwo(TwoLayerNet):
    def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=0.01, rng=None):
        super().__init__(input_dim, hidden_dim, num_classes)
        own = np.random.RandomState(6)
        self.params["W2"] = own.normal(0, weight_scale, (hidden_dim, num_classes))
        self.params["W1"] = own.normal(0, weight_scale, (input_dim, hidden_dim))


right("FullyConnectedNet.__init__", FullyConnectedNet=OwnDraws)
right("TwoLayerNet.__init__", TwoLayerNet=OwnDrawsOfTwo)


# Networks: no layers, caches in a dictionary, float64 inside


def plain_loss(self, X, y=None):
    depth = len(self.params) // 2
    h = {0: X.reshape(len(X), -1).astype(np.float64)}
    for i in range(1, depth + 1):
        h[i] = h[i - 1] @ self.params[f"W{i}"] + self.params[f"b{i}"]
        h[i] = h[i] if i == depth else np.maximum(0, h[i])
    if y is None:
        return h[depth]
    loss, d = softmax_one_hot(h[depth], y)
    grads = {}
    for i in reversed(range(1, depth + 1)):
        w = self.params[f"W{i}"]
        loss = loss + self.reg / 2 * np.linalg.norm(w) ** 2
        grads[f"b{i}"], grads[f"W{i}"] = d.sum(0), h[i - 1].T @ d + w * self.reg
        d = (d @ w.T) * (h[i - 1] > 0)
    return np.float64(loss), grads


right("TwoLayerNet.loss", TwoLayerNet=type("Plain", (TwoLayerNet,), {"loss": plain_loss}))
right(
    "FullyConnectedNet.loss",
    FullyConnectedNet=type("Plain", (FullyConnectedNet,), {"loss": plain_loss}),
)
