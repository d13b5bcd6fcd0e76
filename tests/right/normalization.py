"""Other right solutions of BatchNormalization: loops, Jacobians, one long loss."""

import numpy as np

from cs231n import layers
from cs231n.classifiers.fc_net import FullyConnectedNet

from . import right

# Layers


def batchnorm_forward_loops(x, gamma, beta, bn_param):
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean = bn_param.setdefault("running_mean", np.zeros(x.shape[1]))
    var = bn_param.setdefault("running_var", np.zeros(x.shape[1]))
    if bn_param["mode"] == "test":
        scale = gamma / np.sqrt(var + eps)
        return x * scale + (beta - mean * scale), None
    out, hats, stds = np.zeros(x.shape), np.zeros(x.shape), np.zeros(x.shape[1])
    for d in range(x.shape[1]):
        column = x[:, d].astype(np.float64)
        stds[d] = (column.var() + eps) ** 0.5
        hats[:, d] = (column - column.mean()) / stds[d]
        out[:, d] = gamma[d] * hats[:, d] + beta[d]
        mean[d] += (1 - momentum) * (column.mean() - mean[d])
        var[d] += (1 - momentum) * (column.var() - var[d])
    return out, {"gamma": gamma, "x_hat": hats, "std": stds}


def batchnorm_backward_jacobian(dout, cache):
    n, hats = len(dout), cache["x_hat"]
    dx = np.zeros(dout.shape)
    for d in range(dout.shape[1]):
        jacobian = np.eye(n) - 1 / n - np.outer(hats[:, d], hats[:, d]) / n
        dx[:, d] = jacobian @ (dout[:, d] * cache["gamma"][d]) / cache["std"][d]
    return dx, np.sum(hats * dout, axis=0), np.ones(n) @ dout


def batchnorm_forward_square_root(x, gamma, beta, bn_param):
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean = bn_param.get("running_mean", np.zeros(x.shape[1], dtype=x.dtype))
    var = bn_param.get("running_var", np.zeros(x.shape[1], dtype=x.dtype))
    if bn_param["mode"] == "train":
        batch_mean, batch_var = np.mean(x, axis=0), np.mean((x - np.mean(x, axis=0)) ** 2, axis=0)
        bn_param["running_mean"] = momentum * mean + (1 - momentum) * batch_mean
        bn_param["running_var"] = momentum * var + (1 - momentum) * batch_var
        mean, var = batch_mean, batch_var
    return (x - mean) * (var + eps) ** -0.5 * gamma + beta, (x, mean, var, eps, gamma)


def batchnorm_backward_textbook(dout, cache):
    x, mean, var, eps, gamma = cache
    n, centred = len(x), x - mean
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * centred, axis=0) * -0.5 * (var + eps) ** -1.5
    dmean = -np.sum(dx_hat, axis=0) / np.sqrt(var + eps) - 2 * dvar * centred.mean(axis=0)
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * centred / n + dmean / n
    return dx, np.sum(dout * centred / np.sqrt(var + eps), axis=0), np.sum(dout, axis=0)


LOOPS = {"batchnorm_forward": batchnorm_forward_loops}
ROOTS = {"batchnorm_forward": batchnorm_forward_square_root}
for _others in (LOOPS, ROOTS):
    right("batchnorm_forward", **_others)
for _name in ("batchnorm_backward", "batchnorm_backward_alt"):
    right(_name, **LOOPS, **{_name: batchnorm_backward_jacobian})
    right(_name, **ROOTS, **{_name: batchnorm_backward_textbook})


def layernorm_forward_direct(x, gamma, beta, ln_param):
    mean = np.mean(x, axis=1, keepdims=True)
    std = np.sqrt(np.var(x, axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
    return gamma * ((x - mean) / std) + beta, (x - mean, std, gamma)


def layernorm_backward_direct(dout, cache):
    centred, std, gamma = cache
    x_hat, d = centred / std, dout * gamma
    dx = (d - d.mean(1, keepdims=True) - x_hat * (d * x_hat).mean(1, keepdims=True)) / std
    return dx, (dout * x_hat).sum(0), dout.sum(0)


def layernorm_forward_rows(x, gamma, beta, ln_param):
    eps = ln_param.get("eps", 1e-5)
    hats = np.array([(row - row.mean()) / (row.var() + eps) ** 0.5 for row in x])
    stds = [(row.var() + eps) ** 0.5 for row in x]
    return hats * gamma + beta, [hats, stds, gamma]


def layernorm_backward_rows(dout, cache):
    hats, stds, gamma = cache
    dx = np.empty(dout.shape)
    for n, (hat, std) in enumerate(zip(hats, stds, strict=True)):
        count = len(hat)
        jacobian = (np.eye(count) - 1 / count - np.outer(hat, hat) / count) / std
        dx[n] = jacobian @ (gamma * dout[n])
    return dx, sum(hats * dout), sum(dout)


DIRECT = {"layernorm_forward": layernorm_forward_direct}
ROWS = {"layernorm_forward": layernorm_forward_rows}
right("layernorm_forward", **DIRECT)
right("layernorm_forward", **ROWS)
right("layernorm_backward", **DIRECT, layernorm_backward=layernorm_backward_direct)
right("layernorm_backward", **ROWS, layernorm_backward=layernorm_backward_rows)


# Networks: parameters filled in by the constructor, and everything in one loss


class OwnParameters(FullyConnectedNet):
    def __init__(self, hidden_dims, *args, normalization=None, **kwargs):
        super().__init__(hidden_dims, *args, normalization=normalization, **kwargs)
        for i, size in enumerate(hidden_dims):
            self.params[f"gamma{i + 1}"] = np.full(size, 1.0, self.dtype)
            self.params[f"beta{i + 1}"] = np.zeros((size,), self.dtype)

    def initial_norm(self, i, size):
        return {}


class LongLoss(FullyConnectedNet):
    """Everything in loss(), layer by layer, without the methods that were given for it."""

    def loss(self, X, y=None):
        mode = "train" if y is not None else "test"
        h, caches = X.reshape(len(X), -1), []
        for i in range(1, self.num_layers):
            h, affine = layers.affine_forward(h, self.params[f"W{i}"], self.params[f"b{i}"])
            scale = [self.params.get(f"{name}{i}") for name in ("gamma", "beta")]
            norm = relu = drop = None
            if self.normalization == "batchnorm":
                self.bn_params[i - 1]["mode"] = mode
                h, norm = layers.batchnorm_forward(h, *scale, self.bn_params[i - 1])
            elif self.normalization:
                h, norm = layers.layernorm_forward(h, *scale, self.bn_params[i - 1])
            h, relu = layers.relu_forward(h)
            if self.use_dropout:
                h, drop = layers.dropout_forward(h, {**self.dropout_param, "mode": mode})
            caches.append((affine, norm, relu, drop))
        last = self.num_layers
        h, affine = layers.affine_forward(h, self.params[f"W{last}"], self.params[f"b{last}"])
        return h if y is None else self.back(h, y, affine, caches)

    def back(self, scores, y, affine, caches):
        loss, d = layers.softmax_loss(scores, y)
        grads, last = {}, self.num_layers
        d, grads[f"W{last}"], grads[f"b{last}"] = layers.affine_backward(d, affine)
        for i in reversed(range(1, last)):
            affine, norm, relu, drop = caches[i - 1]
            d = layers.dropout_backward(d, drop)
            d = layers.relu_backward(d, relu)
            if norm is not None:
                rule = {"batchnorm": layers.batchnorm_backward}
                back = rule.get(self.normalization, layers.layernorm_backward)
                d, grads[f"gamma{i}"], grads[f"beta{i}"] = back(d, norm)
            d, grads[f"W{i}"], grads[f"b{i}"] = layers.affine_backward(d, affine)
        for key in [key for key in self.params if key[0] == "W"]:
            loss += self.reg / 2 * np.vdot(self.params[key], self.params[key])
            grads[key] = grads[key] + self.reg * self.params[key]
        return loss, grads


right("FullyConnectedNet.initial_norm", FullyConnectedNet=OwnParameters)
right("FullyConnectedNet.normalized_forward", FullyConnectedNet=LongLoss)
right("FullyConnectedNet.normalized_backward", FullyConnectedNet=LongLoss)
right("FullyConnectedNet.loss", FullyConnectedNet=LongLoss)
right("FullyConnectedNet.hidden_forward", FullyConnectedNet=LongLoss)
right("FullyConnectedNet.hidden_backward", FullyConnectedNet=LongLoss)
