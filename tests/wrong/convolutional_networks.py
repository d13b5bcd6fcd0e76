"""Mistakes in the three-layer convolutional network."""

import numpy as np

from cs231n import layer_utils, layers
from cs231n.classifiers.cnn import ThreeLayerConvNet

from . import wrong
from .networks import REGULARISATION

# Initial parameters: `change(params)` after the right constructor, or other arguments to it


def _begun_wrong(cause, change):
    class Wrong(ThreeLayerConvNet):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            change(self.params)
            self.params = {key: p.astype(self.dtype) for key, p in self.params.items()}

    wrong("ThreeLayerConvNet.__init__", cause)(Wrong)


def _each(kind, change):
    def apply(params):
        for key in [key for key in params if key.startswith(kind)]:
            params[key] = change(params[key])

    return apply


def _only(key, change):
    return _each(key, change)


def _random_like(p):
    return 0.01 * np.random.default_rng(5).standard_normal(p.shape)


def _without_pool(w):
    return np.concatenate([w] * 4)


def _height_twice(params):
    """W2 as if pictures were as wide as high."""
    _, _, side, _ = params["W1"].shape
    rows = params["W2"]
    params["W2"] = rows[: len(rows) * 3 // 5 if side == 5 else 7 * len(rows) // 8]


def _quarter(params):
    """W2 as if an odd height, 7 of 7 × 10, made H · W / 4 pixels: 17 instead of 3 · 5."""
    filters, channels, *_ = params["W1"].shape
    if channels == 4:
        rows = filters * (7 * 10 // 4)
        params["W2"] = np.resize(params["W2"], (rows, params["W2"].shape[1]))


def _unpadded_size(params):
    filters, _, side, _ = params["W1"].shape
    height, width = (7, 10) if side == 5 else (32, 32)
    pixels = ((height - side + 1) // 2) * ((width - side + 1) // 2)
    params["W2"] = params["W2"][: filters * pixels]


def _from_zero(params):
    renamed = {f"{key[0]}{int(key[1:]) - 1}": value for key, value in params.items()}
    params.clear()
    params.update(renamed)


def _without_last(params):
    del params["W3"], params["b3"]


for _cause, _change in [
    ("biases are drawn at random; they start at zero", _each("b", _random_like)),
    ("biases start at one; they start at zero", _each("b", np.ones_like)),
    ("weights start at zero: all units of a layer stay alike", _each("W", np.zeros_like)),
    ("weights have spread 1: weight_scale is not used", _each("W", lambda w: w / w.std())),
    ("weight_scale is taken for the variance: the spread is its root",
     _each("W", lambda w: w / w.std() ** 0.5)),
    ("filters have spread 1: weight_scale is not used for W1", _only("W1", lambda w: w / w.std())),
    ("filters have their axes in another order: W1 is (F, C, k, k)",
     _only("W1", lambda w: w.transpose(2, 3, 1, 0))),
    ("W1 is a matrix, (C·k·k, F); filters are (F, C, k, k)",
     _only("W1", lambda w: w.reshape(len(w), -1).T)),
    ("W2 is made for pictures without pooling, which leaves a quarter of the pixels",
     _only("W2", _without_pool)),
    ("W2 is made for square pictures: their width is ignored", _height_twice),
    ("W2 is made for H · W / 4 pixels; the pool halves each side and rounds down", _quarter),
    ("W2 is made for half of the pixels; the pool halves height and width, a quarter is left",
     _only("W2", lambda w: np.concatenate([w] * 2))),
    ("W2 is made for pictures that the convolution shrank; its padding keeps their size",
     _unpadded_size),
    ("W1 is (C, F, k, k); filters are (F, C, k, k)", _only("W1", lambda w: w.swapaxes(0, 1))),
    ("W2 and W3 are transposed: they are (in, out)",
     lambda params: params.update(W2=params["W2"].T, W3=params["W3"].T)),
    ("b1 has one bias for each channel of the picture; it has one for each filter",
     lambda params: params.update(b1=np.zeros(params["W1"].shape[1]))),
    ("the last layer, W3 and b3, is missing", _without_last),
    ("layers are counted from 0; W1, b1 are the first", _from_zero),
]:  # fmt: skip
    _begun_wrong(_cause, _change)


# Regularisation: `change(net, loss, grads)` after the right result


def _result_wrong(cause, change):
    class Wrong(ThreeLayerConvNet):
        def loss(self, X, y=None):
            if y is None:
                return super().loss(X)
            loss, grads = super().loss(X, y)
            return change(self, loss, grads) or loss, grads

    wrong("ThreeLayerConvNet.loss", cause)(Wrong)


def _left_out(key):
    def change(net, loss, grads):
        weights = net.params[key]
        grads[key] = grads[key] - net.reg * weights
        return loss - 0.5 * net.reg * np.sum(weights**2)

    return change


for _cause, _change in REGULARISATION:
    _result_wrong(_cause, _change)
_result_wrong("regularisation leaves out the middle layer, W2", _left_out("W2"))


def _added_up(net, loss, grads):
    before = getattr(net, "kept", {})
    net.kept = {key: g + before.get(key, 0) for key, g in grads.items()}
    grads |= net.kept


_result_wrong("gradients add up from call to call; each call begins with none", _added_up)


# Forward and backward: the right network, in which each mistake changes a part

PARTS = {
    "conv": lambda net, X, W, b: layers.conv_forward_fast(X, W, b, net.conv_param),
    "relu_1": layers.relu_forward,
    "relu_2": layers.relu_forward,
    "scores": lambda scores: scores,
    "relu_1_back": layers.relu_backward,
    "relu_2_back": layers.relu_backward,
    "dscores": lambda dscores: dscores,
    "grads": lambda grads: grads,
}


def _loss_with(**changed):
    parts = {**PARTS, **changed}

    def loss(self, X, y=None):
        X, p = X.astype(self.dtype), self.params
        hidden, conv_cache = parts["conv"](self, X, p["W1"], p["b1"])
        hidden, relu_1 = parts["relu_1"](hidden)
        hidden, pool_cache = layers.max_pool_forward_fast(hidden, self.pool_param)
        hidden, affine_cache = layers.affine_forward(hidden, p["W2"], p["b2"])
        hidden, relu_2 = parts["relu_2"](hidden)
        scores, scores_cache = layers.affine_forward(hidden, p["W3"], p["b3"])
        if y is None:
            return parts["scores"](scores)
        loss, dscores = layers.softmax_loss(parts["scores"](scores), y)
        grads = {}
        d, grads["W3"], grads["b3"] = layers.affine_backward(
            parts["dscores"](dscores), scores_cache
        )
        d = parts["relu_2_back"](d, relu_2)
        d, grads["W2"], grads["b2"] = layers.affine_backward(d, affine_cache)
        d = parts["relu_1_back"](layers.max_pool_backward_fast(d, pool_cache), relu_1)
        _, grads["W1"], grads["b1"] = layers.conv_backward_fast(d, conv_cache)
        for key in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(p[key] ** 2)
            grads[key] = grads[key] + self.reg * p[key]
        return loss, parts["grads"](grads)

    return loss


def _identity(x):
    return x, x


def _straight(dout, cache):
    return dout


def _softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _padded_by_one(net, X, W, b):
    return layers.conv_forward_fast(X, W, b, {"stride": 1, "pad": 1})


def _unpadded(net, X, W, b):
    out, cache = layers.conv_forward_fast(X, W, b, {"stride": 1, "pad": 0})
    grown = np.zeros((*out.shape[:2], *X.shape[2:]), out.dtype)
    grown[:, :, : out.shape[2], : out.shape[3]] = out
    return grown, (*cache[:3], net.conv_param)


for _cause, _how in [
    ("the ReLU after the convolution is missing", {"relu_1": _identity}),
    ("the ReLU between the affine layers is missing", {"relu_2": _identity}),
    ("a ReLU follows the last layer too; scores may be negative",
     {"scores": lambda scores: np.maximum(scores, 0)}),
    ("without labels, probabilities come back; it is the scores", {"scores": _softmax}),
    ("the way back skips the ReLU after the convolution", {"relu_1_back": _straight}),
    ("the way back skips the ReLU between the affine layers", {"relu_2_back": _straight}),
    ("the convolution does not pad; self.conv_param says how much", {"conv": _unpadded}),
    ("the convolution pads by 1, whatever the filters' size", {"conv": _padded_by_one}),
    ("the bias of the convolution is not used",
     {"conv": lambda net, X, W, b: layers.conv_forward_fast(X, W, 0 * b, net.conv_param)}),
    ("gradients are divided by N once more; softmax_loss has done so",
     {"dscores": lambda dscores: dscores / len(dscores)}),
    ("the gradients of W1 and b1 are missing from grads",
     {"grads": lambda grads: {k: g for k, g in grads.items() if k[1] != "1"}}),
]:  # fmt: skip
    wrong("ThreeLayerConvNet.loss", _cause)(
        type("Wrong", (ThreeLayerConvNet,), {"loss": _loss_with(**_how)})
    )


@wrong("ThreeLayerConvNet.loss", cause="pooling comes twice: conv_relu_pool pools already")
class PooledTwice(ThreeLayerConvNet):
    def loss(self, X, y=None):
        p = self.params
        pooled, _ = layer_utils.conv_relu_pool_forward(
            X, p["W1"], p["b1"], self.conv_param, self.pool_param
        )
        again, _ = layers.max_pool_forward_fast(pooled, {**self.pool_param, "stride": 1})
        hidden, _ = layer_utils.affine_relu_forward(again, p["W2"], p["b2"])
        return layers.affine_forward(hidden, p["W3"], p["b3"])[0]


@wrong(
    "ThreeLayerConvNet.loss",
    cause="the weights of the first call are kept; training changes params",
)
class KeptWeights(ThreeLayerConvNet):
    def loss(self, X, y=None):
        now = self.params
        self.params = self.first = getattr(self, "first", dict(now))
        result = super().loss(X, y)
        self.params = now
        return result
