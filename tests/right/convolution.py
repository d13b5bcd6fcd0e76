"""Right solutions of ConvolutionalNetworks that look different from ours."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cs231n import layers
from cs231n.classifiers.cnn import ThreeLayerConvNet

from . import right

# Convolution


def _grown(x, pad):
    grown = np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
    grown[:, :, pad : x.shape[2] + pad, pad : x.shape[3] + pad] = x
    return grown


def conv_forward_windows(x, w, b, conv_param):
    """All windows at once, float64 from whatever comes in."""
    s, padded = conv_param["stride"], _grown(x, conv_param["pad"])
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    out = np.einsum("nchwij,fcij->nfhw", windows, w) + b[None, :, None, None]
    return out, {"windows": windows, "w": w, "shape": x.shape, **conv_param}


def conv_backward_windows(dout, cache):
    w, s, pad = cache["w"], cache["stride"], cache["pad"]
    n, c, h, wide = cache["shape"]
    dw = np.einsum("nfhw,nchwij->fcij", dout, cache["windows"])
    dpadded = np.zeros((n, c, h + 2 * pad, wide + 2 * pad))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            part = np.einsum("nf,fcij->ncij", dout[:, :, i, j], w)
            dpadded[:, :, i * s : i * s + w.shape[2], j * s : j * s + w.shape[3]] += part
    return [dpadded[:, :, pad : h + pad, pad : wide + pad], dw, np.einsum("nfhw->f", dout)]


def conv_forward_taps(x, w, b, conv_param):
    """A loop over the filter's pixels instead of the windows."""
    s, padded = conv_param["stride"], _grown(x, conv_param["pad"])
    height = (padded.shape[2] - w.shape[2]) // s + 1
    width = (padded.shape[3] - w.shape[3]) // s + 1
    out = np.zeros((len(x), len(w), height, width)) + b.reshape(-1, 1, 1)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            pixels = padded[:, :, i : i + s * height : s, j : j + s * width : s]
            out += np.tensordot(w[:, :, i, j], pixels, axes=(1, 1)).swapaxes(0, 1)
    return out, (x, w, b, conv_param)


right("conv_forward_naive", conv_forward_naive=conv_forward_windows)
right("conv_forward_naive", conv_forward_naive=conv_forward_taps)
right("conv_forward_naive", conv_forward_naive=layers.conv_forward_fast)
right(
    "conv_backward_naive",
    conv_forward_naive=conv_forward_windows,
    conv_backward_naive=conv_backward_windows,
)
right("conv_backward_naive", conv_backward_naive=layers.conv_backward_fast)


# Pooling


def pool_forward_views(x, pool_param):
    ph, pw, s = (pool_param[key] for key in ("pool_height", "pool_width", "stride"))
    windows = sliding_window_view(x, (ph, pw), axis=(2, 3))[:, :, ::s, ::s]
    return windows.max(axis=(4, 5)), (x, windows.max(axis=-1).max(axis=-1), pool_param)


def _pool_backward(share):
    """A backward that gives each window's gradient out by `share(window)`, which sums to 1."""

    def backward(dout, cache):
        x, *_, pool_param = cache
        dx = np.zeros(x.shape)
        for n, c, i, j in np.ndindex(dout.shape):
            top, left = i * pool_param["stride"], j * pool_param["stride"]
            at = np.s_[n, c, top : top + pool_param["pool_height"],
                       left : left + pool_param["pool_width"]]  # fmt: skip
            dx[at] += dout[n, c, i, j] * share(x[at])
        return dx

    return backward


def _shared(window):
    return (window == window.max()) / np.count_nonzero(window == window.max())


def _last(window):
    share = np.zeros(window.size)
    share[np.flatnonzero(window.ravel() == window.max())[-1]] = 1
    return share.reshape(window.shape)


right("max_pool_forward_naive", max_pool_forward_naive=pool_forward_views)
right("max_pool_forward_naive", max_pool_forward_naive=layers.max_pool_forward_fast)
right("max_pool_backward_naive", max_pool_backward_naive=_pool_backward(_shared))
right("max_pool_backward_naive", max_pool_backward_naive=_pool_backward(_last))
right(
    "max_pool_backward_naive",
    max_pool_forward_naive=pool_forward_views,
    max_pool_backward_naive=_pool_backward(_shared),
)
right(
    "max_pool_backward_naive",
    max_pool_forward_naive=layers.max_pool_forward_fast,
    max_pool_backward_naive=layers.max_pool_backward_fast,
)


# Spatial normalisation, spelled out on four axes


def spatial_batchnorm_axes(x, gamma, beta, bn_param):
    axes, shape = (0, 2, 3), (1, -1, 1, 1)
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    old = [bn_param.get(f"running_{s}", np.zeros(x.shape[1])) for s in ("mean", "var")]
    test = bn_param["mode"] == "test"
    mean, var = old if test else (x.mean(axis=axes), x.var(axis=axes))
    if not test:
        old = [momentum * o + (1 - momentum) * new for o, new in zip(old, (mean, var))]
    bn_param["running_mean"], bn_param["running_var"] = old
    root = np.sqrt(var + eps).reshape(shape)
    x_hat = (x - mean.reshape(shape)) / root
    return gamma.reshape(shape) * x_hat + beta.reshape(shape), (x_hat, root, gamma)


def spatial_batchnorm_axes_back(dout, cache):
    x_hat, root, gamma = cache
    axes = (0, 2, 3)
    dgamma, dbeta = (dout * x_hat).sum(axis=axes), dout.sum(axis=axes)
    d = dout * gamma.reshape(1, -1, 1, 1)
    mean, along = d.mean(axis=axes, keepdims=True), (d * x_hat).mean(axis=axes, keepdims=True)
    return (d - mean - x_hat * along) / root, dgamma, dbeta


def groupnorm_loops(x, gamma, beta, G, gn_param):
    out, stds = np.empty(x.shape), {}
    size = x.shape[1] // G
    for n in range(len(x)):
        for g in range(G):
            group = x[n, g * size : (g + 1) * size].astype(np.float64)
            stds[n, g] = np.sqrt(group.var() + gn_param.get("eps", 1e-5))
            out[n, g * size : (g + 1) * size] = (group - group.mean()) / stds[n, g]
    return out * gamma + beta, (out, stds, gamma, size)


def groupnorm_loops_back(dout, cache):
    x_hat, stds, gamma, size = cache
    dx, d = np.empty(dout.shape), dout * gamma
    for (n, g), std in stds.items():
        at = np.s_[n, g * size : (g + 1) * size]
        dx[at] = (d[at] - d[at].mean() - x_hat[at] * (d[at] * x_hat[at]).mean()) / std
    sums = [a.sum(axis=(0, 2, 3)).reshape(gamma.shape) for a in (dout * x_hat, dout)]
    return dx, *sums


right("spatial_batchnorm_forward", spatial_batchnorm_forward=spatial_batchnorm_axes)
right(
    "spatial_batchnorm_backward",
    spatial_batchnorm_forward=spatial_batchnorm_axes,
    spatial_batchnorm_backward=spatial_batchnorm_axes_back,
)
right("spatial_groupnorm_forward", spatial_groupnorm_forward=groupnorm_loops)
right(
    "spatial_groupnorm_backward",
    spatial_groupnorm_forward=groupnorm_loops,
    spatial_groupnorm_backward=groupnorm_loops_back,
)


# The network: other layers, float64 inside; initial weights from a stream of its own


class PlainConvNet(ThreeLayerConvNet):
    """Naive layers one by one, ReLU before the pool, gradients collected at the end."""

    def loss(self, X, y=None):
        p = {key: value.astype(np.float64) for key, value in self.params.items()}
        a1, c1 = conv_forward_windows(X, p["W1"], p["b1"], self.conv_param)
        a2, c2 = layers.max_pool_forward_naive(np.maximum(a1, 0), self.pool_param)
        a3 = a2.reshape(len(X), -1) @ p["W2"] + p["b2"]
        scores = np.maximum(a3, 0) @ p["W3"] + p["b3"]
        if y is None:
            return scores
        loss, d = layers.softmax_loss(scores, y)
        penalty = sum(np.linalg.norm(p[key].ravel()) ** 2 for key in ("W1", "W2", "W3"))
        dW3, db3 = np.maximum(a3, 0).T @ d, d.sum(axis=0)
        d = d @ p["W3"].T * (a3 > 0)
        dW2, db2 = a2.reshape(len(X), -1).T @ d, d.sum(axis=0)
        d = layers.max_pool_backward_naive((d @ p["W2"].T).reshape(a2.shape), c2) * (a1 > 0)
        _, dW1, db1 = conv_backward_windows(d, c1)
        grads = {"b3": db3, "b2": db2, "b1": db1, "W1": dW1, "W2": dW2, "W3": dW3}
        grads |= {key: grads[key] + self.reg * p[key] for key in ("W1", "W2", "W3")}
        return loss + 0.5 * self.reg * penalty, grads


class OwnDraws(ThreeLayerConvNet):
    """Initial weights from another stream, last layer first."""

    def __init__(self, *args, weight_scale=1e-3, rng=None, **kwargs):
        super().__init__(*args, **kwargs)
        own = np.random.RandomState(5)
        for key in ("W3", "W2", "W1"):
            draws = own.normal(0, weight_scale, self.params[key].shape)
            self.params[key] = draws.astype(self.dtype)


right("ThreeLayerConvNet.loss", ThreeLayerConvNet=PlainConvNet)
right("ThreeLayerConvNet.__init__", ThreeLayerConvNet=OwnDraws)
