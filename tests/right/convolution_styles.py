"""ConvolutionalNetworks in other styles: Fourier, indices, other caches, other norms put to use."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cs231n import layer_utils, layers
from cs231n.classifiers.cnn import ThreeLayerConvNet

from . import right


def padded(x, pad):
    return np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])


# Convolution


def conv_forward_fourier(x, w, b, conv_param):
    """A product of spectra; of all places, those of the stride are kept."""
    stride, grown = conv_param["stride"], padded(x.astype(np.float64), conv_param["pad"])
    size, (hh, ww) = grown.shape[2:], w.shape[2:]
    spectra = np.fft.rfft2(grown), np.conj(np.fft.rfft2(w, size))
    full = np.fft.irfft2(np.einsum("nchw,fchw->nfhw", *spectra), size)
    whole = full[:, :, : size[0] - hh + 1 : stride, : size[1] - ww + 1 : stride]
    return np.asfortranarray(whole + b[:, None, None]), (x, w, b, conv_param)


def conv_backward_turned(dout, cache):
    """dx as a convolution of dout, spread out by the stride, with filters turned by 180°."""
    x, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    (height, width), (hh, ww) = x.shape[2:], w.shape[2:]
    grown = padded(x, pad)
    size = [length - side + 1 for length, side in zip(grown.shape[2:], (hh, ww), strict=True)]
    spread = np.zeros((*dout.shape[:2], *size), dout.dtype)
    spread[:, :, ::stride, ::stride][:, :, : dout.shape[2], : dout.shape[3]] = dout
    spread = np.pad(spread, [(0, 0), (0, 0), (hh - 1, hh - 1), (ww - 1, ww - 1)])
    turned = sliding_window_view(spread, (hh, ww), axis=(2, 3))
    dx = np.einsum("nfhwij,fcij->nchw", turned, w[:, :, ::-1, ::-1])
    windows = sliding_window_view(grown, (hh, ww), axis=(2, 3))[:, :, ::stride, ::stride]
    dw = np.tensordot(dout, windows, axes=([0, 2, 3], [0, 2, 3]))
    return dx[:, :, pad : pad + height, pad : pad + width], dw, dout.sum((0, 2, 3))


def conv_forward_indices(x, w, b, conv_param):
    """Columns by three arrays of indices; the padded picture takes the name of x, in the cache."""
    stride, x = conv_param["stride"], padded(x, conv_param["pad"])
    F, C, hh, ww = w.shape
    height, width = (1 + (x.shape[2] - hh) // stride, 1 + (x.shape[3] - ww) // stride)
    c, i, j = (each.reshape(-1, 1) for each in np.indices((C, hh, ww)))
    top, left = (stride * each.ravel() for each in np.indices((height, width)))
    places = np.s_[:, c, i + top, j + left]
    columns = x[places]  # (N, C · HH · WW, H' · W')
    out = w.reshape(F, -1) @ columns + b[:, None]
    return out.reshape(-1, F, height, width), (x, w, columns, places, conv_param["pad"])


def conv_backward_indices(dout, cache):
    x, w, columns, places, pad = cache
    rows = dout.reshape(*dout.shape[:2], -1)
    dw = np.einsum("nfp,nkp->fk", rows, columns).reshape(w.shape)
    dx = np.zeros_like(x)
    np.add.at(dx, places, w.reshape(len(w), -1).T @ rows)
    return dx if pad == 0 else dx[:, :, pad:-pad, pad:-pad], dw, rows.sum(axis=(0, 2))


right("conv_forward_naive", conv_forward_naive=conv_forward_fourier)
right("conv_forward_naive", conv_forward_naive=conv_forward_indices)
right("conv_backward_naive", conv_backward_naive=conv_backward_turned)
right(
    "conv_backward_naive",
    conv_forward_naive=conv_forward_indices,
    conv_backward_naive=conv_backward_indices,
)

# Pooling: the places of the maxima are kept, and not x


def pool_forward_places(x, pool_param):
    ph, pw, s = (pool_param[key] for key in ("pool_height", "pool_width", "stride"))
    windows = sliding_window_view(x, (ph, pw), axis=(2, 3))[:, :, ::s, ::s]
    flat = windows.reshape(*windows.shape[:4], -1)
    row, column = np.divmod(flat.argmax(axis=4), pw)
    n, c, i, j = np.indices(row.shape)
    return flat.max(axis=4), ((n, c, s * i + row, s * j + column), x.shape)


def pool_backward_places(dout, cache):
    places, shape = cache
    dx = np.zeros(shape)
    np.add.at(dx, places, dout)
    return dx


right(
    "max_pool_backward_naive",
    max_pool_forward_naive=pool_forward_places,
    max_pool_backward_naive=pool_backward_places,
)

# Normalisation: channels first, and each group as an example of layer norm


def spatial_batchnorm_channels_first(x, gamma, beta, bn_param):
    rows = x.swapaxes(0, 1)
    out, cache = layers.batchnorm_forward(rows.reshape(len(rows), -1).T, gamma, beta, bn_param)
    return out.T.reshape(rows.shape).swapaxes(0, 1), cache


def spatial_batchnorm_channels_first_back(dout, cache):
    rows = dout.swapaxes(0, 1)
    dx, *others = layers.batchnorm_backward(rows.reshape(len(rows), -1).T, cache)
    return dx.T.reshape(rows.shape).swapaxes(0, 1), *others


def groupnorm_of_layernorm(x, gamma, beta, G, gn_param):
    groups = x.reshape(len(x) * G, -1)
    ones, zeros = np.ones(groups.shape[1], x.dtype), np.zeros(groups.shape[1], x.dtype)
    x_hat, cache = layers.layernorm_forward(groups, ones, zeros, gn_param)
    x_hat = x_hat.reshape(x.shape)
    return gamma * x_hat + beta, (x_hat, gamma, G, cache)


def groupnorm_of_layernorm_back(dout, cache):
    x_hat, gamma, G, cache = cache
    dx, *_ = layers.layernorm_backward((dout * gamma).reshape(len(dout) * G, -1), cache)
    sums = [each.sum(axis=(0, 2, 3), keepdims=True) for each in (dout * x_hat, dout)]
    return dx.reshape(dout.shape), *sums


right("spatial_batchnorm_forward", spatial_batchnorm_forward=spatial_batchnorm_channels_first)
right(
    "spatial_batchnorm_backward",
    spatial_batchnorm_forward=spatial_batchnorm_channels_first,
    spatial_batchnorm_backward=spatial_batchnorm_channels_first_back,
)
right("spatial_groupnorm_forward", spatial_groupnorm_forward=groupnorm_of_layernorm)
right(
    "spatial_groupnorm_backward",
    spatial_groupnorm_forward=groupnorm_of_layernorm,
    spatial_groupnorm_backward=groupnorm_of_layernorm_back,
)

# The network: layers in loops, what they keep on the model itself


class KeepingConvNet(ThreeLayerConvNet):
    """What the way back needs is kept on the model, and so are the gradients of the last call."""

    def scores(self, X):
        p = self.params
        hidden, self.conv = layers.conv_forward_naive(X, p["W1"], p["b1"], self.conv_param)
        hidden, self.relu = layers.relu_forward(hidden)
        hidden, self.pool = layers.max_pool_forward_naive(hidden, self.pool_param)
        hidden, self.hidden = layer_utils.affine_relu_forward(hidden, p["W2"], p["b2"])
        scores, self.last = layers.affine_forward(hidden, p["W3"], p["b3"])
        return scores

    def loss(self, X, y=None):
        if y is None:
            return self.scores(X)
        loss, d = layers.softmax_loss(self.scores(X), y)
        self.grads = g = {}
        d, g["W3"], g["b3"] = layers.affine_backward(d, self.last)
        d, g["W2"], g["b2"] = layer_utils.affine_relu_backward(d, self.hidden)
        d = layers.relu_backward(layers.max_pool_backward_naive(d, self.pool), self.relu)
        _, g["W1"], g["b1"] = layers.conv_backward_naive(d, self.conv)
        for key in filter(lambda key: key[0] == "W", g):
            loss = loss + self.reg / 2 * np.square(self.params[key]).sum()
            g[key] = g[key] + self.reg * self.params[key]
        return loss, g


right("ThreeLayerConvNet.loss", ThreeLayerConvNet=KeepingConvNet)
