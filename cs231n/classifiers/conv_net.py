"""Convolutional networks of any depth, put together from a list: what depth buys (given)."""

import numpy as np

from ..layers import (
    affine_backward,
    affine_forward,
    conv_backward_fast,
    conv_forward_fast,
    dropout_backward,
    dropout_forward,
    init_weights,
    max_pool_backward_fast,
    max_pool_forward_fast,
    relu_backward,
    relu_forward,
    softmax_loss,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
    spatial_groupnorm_backward,
    spatial_groupnorm_forward,
)
from . import settings

POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


class ConvNet:
    """{conv – [norm] – ReLU – [dropout] – [pool]} × n – [mean over pixels] – affine – softmax.

    `params` holds W1, b1, ..., Wn, bn of the convolutions, gamma1, beta1, ... where there is a
    normalisation, and W{n+1}, b{n+1} of the affine layer.

        ConvNet([32, "pool", 64, "pool", 128], normalization="batchnorm")

    `steps` lists what is done to a picture, in order: pairs of a name and the number of its layer.
    """

    def __init__(
        self,
        layers=(32, "pool", 64, "pool", 128),
        input_dim=(3, 32, 32),
        filter_size=3,
        num_classes=10,
        normalization=None,
        num_groups=8,
        dropout_keep_ratio=1,
        average=True,
        reg=0.0,
        weight_scale="he",
        dtype=np.float32,
        rng=None,
    ):
        """Draw the weights; biases and shifts start at zero, scales at one.

        Inputs:
        - layers: Number of filters for a convolution, "pool" for a 2 × 2 max pooling; in order
        - input_dim: (C, H, W) of a picture, which need not be square
        - filter_size: k of all convolutions; odd, and height and width stay as they are
        - num_classes: How many scores come out
        - normalization: None, "batchnorm" or "groupnorm"
        - num_groups: Groups of channels for "groupnorm"; must divide every number of filters
        - dropout_keep_ratio: Probability to keep a number after each ReLU; 1, no dropout
        - average: Whether the affine layer sees each channel's mean over the pixels, or all pixels
        - reg: Strength of the L2 regularisation, >= 0
        - weight_scale: Standard deviation of the weights, or "xavier" or "he" (see init_weights)
        - dtype: Number type of parameters and of all computation; float64 for gradient checks
        - rng: np.random.Generator or a seed for weights and dropout; without one, NumPy's global
          stream for the weights, a fresh generator for dropout

        Raises ValueError for an unknown normalization or layer, an impossible dropout_keep_ratio.
        """
        settings.require_known(normalization, ("batchnorm", "groupnorm"), dropout_keep_ratio)
        self.params, self.steps = {}, []
        self.reg, self.dtype = float(reg), dtype
        self.normalization, self.num_groups = normalization, num_groups
        self.conv_param = {"stride": 1, "pad": (filter_size - 1) // 2}
        self.bn_params = []
        self.dropout_param = {"mode": "train", "p": dropout_keep_ratio}
        rng = rng if rng is None else np.random.default_rng(rng)
        self.dropout_param["rng"] = np.random.default_rng(rng)
        channels, size = input_dim[0], input_dim[1:]
        for layer in layers:
            if layer == "pool":
                self.steps.append(("pool", self._convolutions))
                size = [length // 2 for length in size]
                continue
            size = [length + 2 * self.conv_param["pad"] - filter_size + 1 for length in size]
            self._add_convolution(_filters(layer), channels, filter_size, weight_scale, rng)
            channels = layer
        if average:
            self.steps.append(("average", self._convolutions + 1))
        features = channels if average else channels * size[0] * size[1]
        self._add_affine(features, num_classes, weight_scale, rng)

    @property
    def _convolutions(self):
        return sum(kind == "conv" for kind, _ in self.steps)

    def _add_convolution(self, filters, channels, size, weight_scale, rng):
        i = self._convolutions + 1
        weights = init_weights((channels * size**2, filters), weight_scale, rng)
        self._enter(f"W{i}", weights.reshape(filters, channels, size, size))
        self._enter(f"b{i}", np.zeros(filters))
        self.steps.append(("conv", i))
        if self.normalization is not None:
            shape = filters if self.normalization == "batchnorm" else (1, filters, 1, 1)
            self._enter(f"gamma{i}", np.ones(shape))
            self._enter(f"beta{i}", np.zeros(shape))
            self.bn_params.append(settings.norm_param(self.normalization))
            self.steps.append((self.normalization, i))
        self.steps.append(("relu", i))
        if self.dropout_param["p"] != 1:
            self.steps.append(("dropout", i))

    def _add_affine(self, features, num_classes, weight_scale, rng):
        i = self._convolutions + 1
        self._enter(f"W{i}", init_weights((features, num_classes), weight_scale, rng))
        self._enter(f"b{i}", np.zeros(num_classes))
        self.steps.append(("affine", i))

    def _enter(self, name, value):
        self.params[name] = value.astype(self.dtype)

    def loss(self, X, y=None):
        """Scores of a minibatch; given its labels, the loss and its gradients.

        loss = softmax loss + 0.5 · reg · Σ_i ΣW_i²: only weights are regularised.
        Without labels the network is tested: running averages, no dropout.

        Inputs:
        - X: Pictures, shape (N, C, H, W); computed with as self.dtype
        - y: Labels, shape (N,), integers in 0 .. classes − 1, or None

        Returns, if y is None:
        - scores: shape (N, classes)
        Otherwise a tuple of:
        - loss: a number
        - grads: Dictionary with the keys of self.params, each of its parameter's shape

        Sets the mode in bn_params and dropout_param; batch norm updates its running averages.
        """
        done = []
        for step, out, cache in self._forward(X, mode="test" if y is None else "train"):
            scores = out
            done.append((step, cache))
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        grads = {}
        for (kind, i), cache in reversed(done):
            dout, *gradients = BACKWARD[kind](self, i, dout, cache)
            grads.update(zip(self.names(kind, i), gradients, strict=True))
        for name, weights in self.params.items():
            if name.startswith("W"):
                loss += self.reg / 2 * np.vdot(weights, weights)
                grads[name] += self.reg * weights
        return loss, grads

    def activations(self, X):
        """Yield ((kind, layer), out) after each step of a test on pictures X (N, C, H, W)."""
        for step, out, _ in self._forward(X, mode="test"):
            yield step, out

    def _forward(self, X, mode):
        """Yield ((kind, layer), out, cache) after each step."""
        for param in (*self.bn_params, self.dropout_param):
            if "mode" in param:
                param.update(mode=mode)
        out = X.astype(self.dtype, copy=False)
        for kind, i in self.steps:
            out, cache = FORWARD[kind](self, i, out)
            yield (kind, i), out, cache

    @staticmethod
    def names(kind, i):
        """Names in params of what layer i's step of that kind learns; () where it learns nothing.

        Inputs:
        - kind: Of the step, as in `steps`
        - i: Number of its layer, from 1
        """
        if kind in ("conv", "affine"):
            return f"W{i}", f"b{i}"
        return (f"gamma{i}", f"beta{i}") if kind in ("batchnorm", "groupnorm") else ()

    def values(self, kind, i):
        """The parameters themselves, in the order of names()."""
        return [self.params[name] for name in self.names(kind, i)]


def _filters(layer):
    if isinstance(layer, str) or layer < 1:
        raise ValueError(f"unknown layer {layer!r}; give a number of filters, or 'pool'")
    return layer


# What each kind of step does: (net, layer, x) -> (out, cache), and back: (dx, gradients ...)
FORWARD = {
    "conv": lambda net, i, x: conv_forward_fast(x, *net.values("conv", i), net.conv_param),
    "batchnorm": lambda net, i, x: spatial_batchnorm_forward(
        x, *net.values("batchnorm", i), net.bn_params[i - 1]
    ),
    "groupnorm": lambda net, i, x: spatial_groupnorm_forward(
        x, *net.values("groupnorm", i), net.num_groups, net.bn_params[i - 1]
    ),
    "relu": lambda net, i, x: relu_forward(x),
    "dropout": lambda net, i, x: dropout_forward(x, net.dropout_param),
    "pool": lambda net, i, x: max_pool_forward_fast(x, POOL),
    "average": lambda net, i, x: (x.mean(axis=(2, 3)), x.shape),
    "affine": lambda net, i, x: affine_forward(x, *net.values("affine", i)),
}
BACKWARD = {
    "conv": lambda net, i, dout, cache: conv_backward_fast(dout, cache, need_dx=i > 1),
    "batchnorm": lambda net, i, dout, cache: spatial_batchnorm_backward(dout, cache),
    "groupnorm": lambda net, i, dout, cache: spatial_groupnorm_backward(dout, cache),
    "relu": lambda net, i, dout, cache: (relu_backward(dout, cache),),
    "dropout": lambda net, i, dout, cache: (dropout_backward(dout, cache),),
    "pool": lambda net, i, dout, cache: (max_pool_backward_fast(dout, cache),),
    "average": lambda net, i, dout, shape: (_spread_evenly(dout, shape),),
    "affine": lambda net, i, dout, cache: affine_backward(dout, cache),
}


def _spread_evenly(dout, shape):
    """Give each pixel its share of the gradient of the mean over all of them."""
    share = (dout / (shape[2] * shape[3]))[:, None, None, :]
    return np.broadcast_to(share, (shape[0], *shape[2:], shape[1])).transpose(0, 3, 1, 2)
