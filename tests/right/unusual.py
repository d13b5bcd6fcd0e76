"""Right solutions that nobody expects: packed masks, closures, master copies, folded layers."""

import math

import numpy as np

from cs231n import layers
from cs231n.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from cs231n.optim import adagrad as adagrad
from cs231n.optim import adam as adam
from cs231n.optim import rmsprop as rmsprop
from cs231n.optim import sgd_momentum as sgd_momentum

from . import right

# FullyConnectedNets


def affine_forward_buffered(x, w, b):
    """A new buffer in Fortran order, filled by NumPy's out=; the cache is a function."""
    rows, out = x.reshape(len(x), len(w)), np.empty((len(x), len(b)), x.dtype, order="F")
    np.add(np.matmul(rows, w, out=out), b, out=out)

    def back(dout):
        return (w @ dout.T).T.reshape(x.shape), (dout.T @ rows).T, np.einsum("nm->m", dout)

    return out, back


def relu_forward_packed(x):
    """One bit for each number is enough for the way back; out may not be written into."""
    out = np.where(x > 0, x, 0).astype(x.dtype)
    out.flags.writeable = False
    return out, (x.shape, np.packbits(x > 0))


def relu_backward_packed(dout, cache):
    shape, bits = cache
    on = np.unpackbits(bits, count=math.prod(shape)).reshape(shape)
    return dout * on.astype(dout.dtype)


def softmax_long(x, y):
    """Sorted rows, summed from the smallest on, in long doubles."""
    wide = x.astype(np.longdouble)
    shifted = wide - np.take_along_axis(wide, y[:, None], axis=1)
    top = shifted.max(axis=1, keepdims=True)
    log_sum = top + np.log(np.sort(np.exp(shifted - top), axis=1).cumsum(axis=1)[:, -1:])
    dx = np.exp(shifted - log_sum) - (np.arange(x.shape[1]) == y[:, None])
    return float(log_sum.mean()), (dx / len(x)).astype(x.dtype)


BUFFERED = {"affine_forward": affine_forward_buffered}
PACKED = {"relu_forward": relu_forward_packed}
right("affine_forward", **BUFFERED)
right("affine_backward", **BUFFERED, affine_backward=lambda dout, back: back(dout))
right("relu_forward", **PACKED)
right("relu_backward", **PACKED, relu_backward=relu_backward_packed)
right("softmax_loss", softmax_loss=softmax_long)


def with_master_copy(name):
    """The rule in float64 on a copy of w in config; what is returned is rounded."""

    def step(w, dw, config=None):
        config = {} if config is None else config
        if not np.array_equal(config.get("rounded"), w):
            config["master"] = w.astype(np.float64)
        rule = globals()[name]  # when it is called: this one may stand in its place by now
        config["master"], _ = rule(config["master"], dw.astype(np.float64), config)
        config["rounded"] = config["master"].astype(w.dtype)
        return config["rounded"].copy(), config

    return step


for _name in ("sgd_momentum", "rmsprop", "adam", "adagrad"):
    right(_name, **{_name: with_master_copy(_name)})


class Flat(TwoLayerNet):
    """All parameters lie in one long array; params are views of it."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.lay_out()

    def lay_out(self):
        self.flat = np.concatenate([value.ravel() for value in self.params.values()])
        ends = np.cumsum([value.size for value in self.params.values()])
        parts = zip(self.params.items(), np.split(self.flat, ends[:-1]), strict=True)
        self.params = {key: part.reshape(value.shape) for (key, value), part in parts}

    def loss(self, X, y=None):
        """Backwards in one buffer, of which grads are views; a new one for each call."""
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        buffer = np.concatenate([grads[key].ravel() for key in self.params])
        ends = np.cumsum([value.size for value in self.params.values()])
        parts = zip(self.params.items(), np.split(buffer, ends[:-1]), strict=True)
        return loss, {key: part.reshape(value.shape) for (key, value), part in parts}


right("TwoLayerNet.__init__", TwoLayerNet=Flat)
right("TwoLayerNet.loss", TwoLayerNet=Flat)

# BatchNormalization


def batchnorm_forward_welford(x, gamma, beta, bn_param):
    """Row by row: mean and sum of squares are carried on as each example comes."""
    mean, squares = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for count, row in enumerate(x.astype(np.float64), start=1):
        step = row - mean
        mean = mean + step / count
        squares = squares + step * (row - mean)
    fresh, keep = (mean, squares / len(x)), bn_param.get("momentum", 0.9)
    kept = [
        bn_param.setdefault(key, np.zeros(x.shape[1], x.dtype))
        for key in ("running_mean", "running_var")
    ]
    training = bn_param["mode"] == "train"
    mean, var = fresh if training else kept
    for old, new in zip(kept, fresh if training else kept, strict=True):
        old[...] = np.average([old, new], axis=0, weights=[keep, 1 - keep])
    std = np.sqrt(var + bn_param.get("eps", 1e-5))
    centred = x.astype(np.float64) - mean
    return (centred / std * gamma + beta).astype(x.dtype), lambda: (centred, std, gamma)


def batchnorm_backward_projected(dout, cache):
    """From dout, less its mean, the part along x - mean is taken away."""
    centred, std, gamma = cache()
    away = dout - dout.mean(axis=0)
    dgamma = np.sum(away * centred, axis=0) / std
    return gamma / std * (away - centred * dgamma / std / len(dout)), dgamma, dout.sum(axis=0)


WELFORD = {"batchnorm_forward": batchnorm_forward_welford}
right("batchnorm_forward", **WELFORD)
for _name in ("batchnorm_backward", "batchnorm_backward_alt"):
    right(_name, **WELFORD, **{_name: batchnorm_backward_projected})


def layernorm_forward_matrix(x, gamma, beta, ln_param):
    """Centred by a matrix product; statistics in float64."""
    count = x.shape[1]
    centred = x.astype(np.float64) @ (np.eye(count) - 1 / count)
    std = np.sqrt(np.einsum("nd,nd->n", centred, centred) / count + ln_param.get("eps", 1e-5))
    hat = centred / std[:, None]
    return (hat * gamma + beta).astype(x.dtype), {"hat": hat, "std": std, "gamma": gamma.copy()}


def layernorm_backward_jacobians(dout, cache):
    """Each example's Jacobian as one array (N, D, D)."""
    hat, count = cache["hat"], cache["hat"].shape[1]
    jacobians = np.eye(count) - 1 / count - np.einsum("ni,nj->nij", hat, hat) / count
    d = cache["gamma"] * dout / cache["std"][:, None]
    return np.einsum("nij,nj->ni", jacobians, d), np.sum(hat * dout, 0), np.sum(dout, 0)


MATRIX = {"layernorm_forward": layernorm_forward_matrix}
right("layernorm_forward", **MATRIX)
right("layernorm_backward", **MATRIX, layernorm_backward=layernorm_backward_jacobians)


class Folded(FullyConnectedNet):
    """In test mode batch norm is folded into the weights; b, which it cancels, has gradient 0."""

    def normalized_forward(self, i, x):
        bn_param = self.bn_params[i - 1]
        if bn_param.get("mode") != "test":
            return super().normalized_forward(i, x)
        w, b, gamma, beta = (self.params[f"{kind}{i}"] for kind in ("W", "b", "gamma", "beta"))
        zeros = np.zeros_like(b)
        mean, var = (bn_param.get(f"running_{kind}", zeros) for kind in ("mean", "var"))
        scale = gamma / np.sqrt(var + bn_param.get("eps", 1e-5))
        return np.maximum(x.reshape(len(x), -1) @ (w * scale) + (b - mean) * scale + beta, 0), None

    def normalized_backward(self, i, dout, cache):
        dx, grads = super().normalized_backward(i, dout, cache)
        if self.normalization == "batchnorm":
            grads[f"b{i}"] = np.zeros_like(grads[f"b{i}"])
        return dx, grads


for _exercise in ("normalized_forward", "normalized_backward"):
    right(f"FullyConnectedNet.{_exercise}", FullyConnectedNet=Folded)

# Dropout


def generator(param):
    return np.random.default_rng(param.get("seed", param.get("rng")))


def dropout_forward_gaps(x, param):
    """Draws how many numbers lie between two that are dropped, and keeps the places of the rest."""
    if param["mode"] == "test":
        return x[...], (None, 1)
    drop, rng, kept = 1 - param["p"], generator(param), np.ones(x.size, bool)
    place = rng.geometric(drop) - 1
    while place < x.size:
        kept[place] = False
        place += rng.geometric(drop)
    places, out = np.flatnonzero(kept), np.zeros_like(x)
    out.flat[places] = x.flat[places] / param["p"]
    return out, (places, param["p"])


def dropout_backward_gaps(dout, cache):
    places, p = cache
    if places is None:
        return dout.copy()
    dx = np.zeros_like(dout)
    dx.ravel()[places] = dout.ravel()[places] / p
    return dx


def dropout_forward_bits(x, param):
    """Compares whole random numbers; the cache holds a bit for each."""
    if param["mode"] == "test":
        return x, {}
    draws = generator(param).integers(0, 2**32, size=x.shape, dtype=np.uint64)
    kept = draws < round(param["p"] * 2**32)
    return np.where(kept, x / param["p"], 0), {"bits": np.packbits(kept), "p": param["p"]}


def dropout_backward_bits(dout, cache):
    if not cache:
        return dout
    kept = np.unpackbits(cache["bits"], count=dout.size).reshape(dout.shape)
    return np.divide(dout * kept, cache["p"])


def dropout_forward_poisson(x, param):
    """A number is kept if nothing happens in a time of -log p."""
    if param["mode"] == "test":
        return 1 * x, 1.0
    events = generator(param).poisson(-math.log(param["p"]), size=x.shape)
    mask = (events == 0) * x.dtype.type(1 / param["p"])
    return mask * x, mask


def dropout_forward_coins(x, param):
    """Two coins for each number, both of which must fall right; they are thrown in testing too."""
    coins = generator(param).random((2, *x.shape)) < math.sqrt(param["p"])
    mask = coins.all(axis=0) / param["p"] if param["mode"] == "train" else np.ones(x.shape)
    return np.asfortranarray(x * mask), [mask]


for _forward, _backward in [
    (dropout_forward_gaps, dropout_backward_gaps),
    (dropout_forward_bits, dropout_backward_bits),
    (dropout_forward_poisson, np.multiply),
    (dropout_forward_coins, lambda dout, cache: cache[0] * dout),
]:
    right("dropout_forward", dropout_forward=_forward)
    right("dropout_backward", dropout_forward=_forward, dropout_backward=_backward)


class Masked(FullyConnectedNet):
    """The mask comes before the ReLU, where it does the same, and from a layer of ones."""

    def hidden_forward(self, i, x):
        if not self.use_dropout:
            return super().hidden_forward(i, x)
        self.use_dropout = False
        out, (cache, _) = super().hidden_forward(i, x)
        self.use_dropout = True
        mask, _ = layers.dropout_forward(np.ones_like(out), self.dropout_param)
        return out * mask, (cache, mask)

    def hidden_backward(self, i, dout, cache):
        if not self.use_dropout:
            return super().hidden_backward(i, dout, cache)
        self.use_dropout = False
        found = super().hidden_backward(i, dout * cache[1], (cache[0], None))
        self.use_dropout = True
        return found


for _exercise in ("hidden_forward", "hidden_backward"):
    right(f"FullyConnectedNet.{_exercise}", FullyConnectedNet=Masked)
