"""Mistakes that small and tidy inputs hide: large numbers, single examples, lost digits, zeros."""

import numpy as np

from cs231n import layers, optim
from cs231n.classifiers.cnn import ThreeLayerConvNet
from cs231n.classifiers.fc_net import FullyConnectedNet, TwoLayerNet

from . import wrong

# Layers


@wrong("affine_forward", "out is made as float32; it takes the number type of x")
def affine_forward_single(x, w, b):
    out, cache = layers.affine_forward(x, w, b)
    return out.astype(np.float32), cache


@wrong("relu_forward", "inputs above 6 are cut off (ReLU6); a ReLU has no upper end")
def relu_forward_six(x):
    return np.clip(x, 0, 6), x


@wrong("relu_backward", "nothing passes where x is above 6 (ReLU6); a ReLU has no upper end")
def relu_backward_six(dout, cache):
    return dout * ((cache > 0) & (cache < 6))


@wrong("relu_backward", "negative gradients are stopped as well (guided backpropagation)")
def relu_backward_guided(dout, cache):
    return np.maximum(dout, 0) * (cache > 0)


@wrong("softmax_loss", "the scores are cast to float32, which loses half of their digits")
def softmax_single(x, y):
    return layers.softmax_loss(x.astype(np.float32), y)


# Update rules


def _matrices_alone(name):
    def rule(w, dw, config=None):
        w.shape[1]
        return getattr(optim, name)(w, dw, config)

    return rule


def _clipped(name):
    return lambda w, dw, config=None: getattr(optim, name)(w, np.clip(dw, -5, 5), config)


for _name in ("sgd_momentum", "rmsprop", "adam", "adagrad"):
    wrong(_name, "only matrices are handled; biases have one axis, filters four")(
        _matrices_alone(_name)
    )
for _name in ("sgd_momentum", "rmsprop"):
    wrong(_name, "large gradients are clipped at 5, which is no part of the rule")(_clipped(_name))

# Networks


def _squeezed(self, X, y=None):
    found = self.right(X, y)
    return np.squeeze(found) if y is None else found


def _zeros_for_none(self, X, y=None):
    return self.right(X, y if y is not None and np.any(y) else None)


def _mean_penalty(self, X, y=None):
    if y is None:
        return self.right(X)
    now, self.reg = self.reg, self.reg / len(X)
    found, self.reg = self.right(X, y), now
    return found


for _network in (TwoLayerNet, FullyConnectedNet):
    for _cause, _loss in [
        ("the scores of a single example lose their batch axis (squeeze)", _squeezed),
        ("labels that are all 0 are taken for none; ask whether y is None", _zeros_for_none),
        ("the regulariser is divided by N as well; only the data's loss is a mean", _mean_penalty),
    ]:
        _methods = {"right": _network.loss, "loss": _loss}
        wrong(f"{_network.__name__}.loss", _cause)(type("Wrong", (_network,), _methods))

    def _same_seed(self, *args, right=_network.__init__, **options):
        right(self, *args, **options)
        for key in [key for key in self.params if key.startswith("W")]:
            draws = np.random.default_rng(0).standard_normal(self.params[key].shape)
            self.params[key] = (options["weight_scale"] * draws).astype(self.params[key].dtype)

    _alike = "each layer draws from the same seed, so that all begin with the same numbers"
    wrong(f"{_network.__name__}.__init__", _alike)(
        type("Wrong", (_network,), {"__init__": _same_seed})
    )


def _unseeded(network):
    """A network that draws from NumPy's global stream whatever rng is."""

    def begin(self, *args, rng=None, **options):
        network.__init__(self, *args, **options)

    cause = "rng is not used: init_weights(shape, scale, rng) draws from it"
    wrong(f"{network.__name__}.__init__", cause)(type("Wrong", (network,), {"__init__": begin}))


for _network in (TwoLayerNet, FullyConnectedNet, ThreeLayerConvNet):
    _unseeded(_network)


@wrong("FullyConnectedNet.loss", "X is cast to float32; self.dtype says what to compute with")
class DeepSingle(FullyConnectedNet):
    def loss(self, X, y=None):
        return super().loss(X.astype(np.float32), y)


@wrong("FullyConnectedNet.__init__", "dtype is not used: parameters are float32, whatever it says")
class DeepAlwaysSingle(FullyConnectedNet):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.params = {key: value.astype(np.float32) for key, value in self.params.items()}


@wrong("init_weights", "one column is drawn and repeated: all units of a layer are alike")
def init_weights_repeated(shape, weight_scale, rng=None):
    column = layers.init_weights(shape, weight_scale, rng)[:, :1]
    return np.repeat(column, shape[1], axis=1)


@wrong("init_weights", "the same numbers at every call: rng is not used, but a fixed seed")
def init_weights_fixed(shape, weight_scale, rng=None):
    return layers.init_weights(shape, weight_scale, 0)


# Normalisation


def _variance_of_differences(x, axis):
    mean = x.mean(axis=axis, keepdims=True)
    return mean, np.maximum((x**2).mean(axis=axis, keepdims=True) - mean**2, 0)


@wrong("batchnorm_forward", "mean of x² less mean² loses all digits where the mean is large")
def batchnorm_forward_cancels(x, gamma, beta, bn_param):
    out, cache = layers.batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        mean, var = _variance_of_differences(x, axis=0)
        out = gamma * (x - mean) / np.sqrt(var + bn_param.get("eps", 1e-5)) + beta
    return out, cache


@wrong("layernorm_forward", "mean of x² less mean² loses all digits where the mean is large")
def layernorm_forward_cancels(x, gamma, beta, ln_param):
    mean, var = _variance_of_differences(x, axis=1)
    return gamma * (x - mean) / np.sqrt(var + ln_param.get("eps", 1e-5)) + beta, None


def _back(change):
    def normalized_backward(self, i, dout, cache):
        dx, grads = FullyConnectedNet.normalized_backward(self, i, dout, cache)
        return dx, grads | change(self, grads, *self.layer_keys(i))

    return type("Wrong", (FullyConnectedNet,), {"normalized_backward": normalized_backward})


wrong("FullyConnectedNet.normalized_backward", "W is regularised here; loss() does it once more")(
    _back(lambda net, grads, w, b: {w: grads[w] + net.reg * net.params[w]})
)
wrong("FullyConnectedNet.normalized_backward", "b gets no gradient; with layer norm it has one")(
    _back(lambda net, grads, w, b: {b: 0 * grads[b]})
)


@wrong("FullyConnectedNet.initial_norm", "the running averages are in params, as if to be trained")
class AveragesInParams(FullyConnectedNet):
    def initial_norm(self, i, size):
        return super().initial_norm(i, size) | {f"running_mean{i}": np.zeros(size)}


@wrong(
    "FullyConnectedNet.normalized_forward", "the scores are normalised too; only hidden layers are"
)
class NormalisedScores(FullyConnectedNet):
    def loss(self, X, y=None):
        found = super().loss(X, y)
        if y is not None or self.normalization is None:
            return found
        spread = np.sqrt(found.var(axis=1, keepdims=True) + 1e-5)
        return (found - found.mean(axis=1, keepdims=True)) / spread


# Dropout


@wrong("dropout_backward", "the mask is read off out, which is 0 where x was 0 as well",
       "dropout_forward")  # fmt: skip
def dropout_forward_mask_of_out(x, param):
    out, mask = layers.dropout_forward(x, param)
    return out, None if mask is None else (out != 0) / param["p"]


def _undropped(net, i, x):
    used, net.use_dropout = net.use_dropout, False
    out, (cache, _) = FullyConnectedNet.hidden_forward(net, i, x)
    net.use_dropout = used
    return out, cache


def _last_alone(self, i, x):
    out, cache = _undropped(self, i, x)
    return out if i < self.num_layers - 1 else layers.dropout_forward(out, self.dropout_param)[0], (
        cache, None
    )  # fmt: skip


def _before_norm(self, i, x):
    if self.normalization is None:
        return FullyConnectedNet.hidden_forward(self, i, x)
    w, b, gamma, beta = (self.params[f"{kind}{i}"] for kind in ("W", "b", "gamma", "beta"))
    hidden, _ = layers.affine_forward(x, w, b)
    hidden, _ = layers.dropout_forward(hidden, self.dropout_param)
    norm = {"batchnorm": layers.batchnorm_forward}.get(self.normalization, layers.layernorm_forward)
    hidden, _ = norm(hidden, gamma, beta, self.bn_params[i - 1])
    return np.maximum(hidden, 0), None


def _one_mask(self, i, x):
    out, _ = _undropped(self, i, x)
    return out * layers.dropout_forward(np.ones_like(out[:1]), self.dropout_param)[0], None


def _own_generator(self, i, x):
    out, _ = _undropped(self, i, x)
    param = {**self.dropout_param, "seed": i}
    return layers.dropout_forward(out, param)[0], None


for _cause, _method in [
    ("dropout follows the last hidden layer only; every hidden layer has one", _last_alone),
    ("dropout stands before the normalisation; it comes last in a layer", _before_norm),
    ("one mask serves the whole minibatch; each example has its own", _one_mask),
    ("the seed in dropout_param is overruled; hand the dictionary on as it is", _own_generator),
]:

    def _hidden(self, i, x, method=_method):
        right = FullyConnectedNet.hidden_forward
        return (method if self.use_dropout else right)(self, i, x)

    wrong("FullyConnectedNet.hidden_forward", _cause)(
        type("Wrong", (FullyConnectedNet,), {"hidden_forward": _hidden})
    )


@wrong("FullyConnectedNet.hidden_forward", "with dropout the regulariser is left out; it stays")
class DroppingUnregularised(FullyConnectedNet):
    def loss(self, X, y=None):
        now, self.reg = self.reg, 0.0 if self.use_dropout else self.reg
        found, self.reg = super().loss(X, y), now
        return found


@wrong("dropout_forward", "1/p is rounded, or kept in too few digits (float16)")
def dropout_forward_half_precision(x, param):
    out, mask = layers.dropout_forward(x, param)
    return (out, None) if mask is None else (x * mask.astype(np.float16), mask)


@wrong("dropout_forward", "one draw decides for two neighbours; each number has a draw of its own")
def dropout_forward_in_pairs(x, param):
    if param["mode"] == "test":
        return x, None
    draws = np.random.default_rng(param.get("seed", param["rng"])).random(x.shape)
    pairs = np.arange(x.shape[-1]) // 2 * 2
    mask = (draws[..., pairs] < param["p"]) / param["p"]
    return x * mask, mask


def _weights_by_p(self, i, dout, cache):
    dx, grads = FullyConnectedNet.hidden_backward(self, i, dout, cache)
    if self.use_dropout:
        grads[f"W{i}"] = grads[f"W{i}"] * self.dropout_param["p"]
    return dx, grads


wrong("FullyConnectedNet.hidden_backward", "the gradient of W is multiplied with p: leave it")(
    type("Wrong", (FullyConnectedNet,), {"hidden_backward": _weights_by_p})
)
