"""Mistakes in dropout, and in networks that drop."""

import itertools

import numpy as np

from cs231n.classifiers.fc_net import FullyConnectedNet
from cs231n.layers import dropout_backward, dropout_forward, relu_forward

from . import wrong

# dropout_forward


def _generator(param):
    return np.random.default_rng(param.get("seed", param["rng"]))


def _right_mask(draws, p):
    return (draws < p) / p


def _forward(mask=_right_mask, test=lambda x, p: x, shape=np.shape, generator=_generator):
    def forward(x, param):
        p = param["p"]
        if param["mode"] == "test":
            return test(x, p), None
        factors = mask(generator(param).random(shape(x)), p)
        return x * factors, factors

    return forward


ALTERNATING = itertools.cycle([1, 2])


def _seedless(param):
    return np.random.default_rng(next(ALTERNATING))


for _cause, _how in [
    ("p is read as the probability to drop; it is the one to keep",
     {"mask": lambda draws, p: (draws < 1 - p) / (1 - p)}),
    ("the mask is the wrong way round: numbers are kept with probability 1 - p",
     {"mask": lambda draws, p: (draws > p) / p}),
    ("what is kept is not divided by p, so the expected value shrinks",
     {"mask": lambda draws, p: draws < p}),
    ("what is kept is multiplied with p; inverted dropout divides",
     {"mask": lambda draws, p: (draws < p) * p}),
    ("what is kept is divided by 1 - p; it is p",
     {"mask": lambda draws, p: (draws < p) / (1 - p)}),
    ("not divided by p in training, and multiplied with p in testing: dropout, not inverted",
     {"mask": lambda draws, p: draws < p, "test": lambda x, p: x * p}),
    ("the outputs are scaled by p in test mode too; testing leaves x as it is",
     {"test": lambda x, p: x * p}),
    ("the outputs are divided by p in test mode; testing leaves x as it is",
     {"test": lambda x, p: x / p}),
    ("dropout is applied in test mode too",
     {"test": lambda x, p: x * _right_mask(np.random.default_rng(2).random(x.shape), p)}),
    ("the mask is one row for the whole minibatch; each example has its own",
     {"shape": lambda x: x.shape[1:]}),
    ("the mask is one number per example; each number is dropped by itself",
     {"shape": lambda x: (len(x), *[1] * (x.ndim - 1))}),
    ("the random numbers themselves are the mask: compare them with p",
     {"mask": lambda draws, p: draws / p}),
    ("nothing is dropped in training", {"mask": lambda draws, p: np.ones_like(draws)}),
    ("the seed is not used: another mask at every call", {"generator": _seedless}),
    ("without a seed the mask is not drawn from rng; np.random would be everybody's",
     {"generator": lambda param: _generator(param) if "seed" in param else _seedless(param)}),
    ("the same mask at every call, without a seed too",
     {"generator": lambda param: np.random.default_rng(0)}),
]:  # fmt: skip
    wrong("dropout_forward", _cause)(_forward(**_how))


@wrong("dropout_forward", cause="the mask is drawn with randn, whose numbers are not from 0 to 1")
def dropout_forward_normal(x, param):
    if param["mode"] == "test":
        return x, None
    mask = _right_mask(_generator(param).standard_normal(x.shape), param["p"])
    return x * mask, mask


@wrong("dropout_forward", cause="np.random.seed and np.random.rand: everybody's stream is set anew")
def dropout_forward_reseeding(x, param):
    if param["mode"] == "train" and "seed" in param:
        np.random.seed(param["seed"])
        mask = _right_mask(np.random.rand(*x.shape), param["p"])
        return x * mask, mask
    return dropout_forward(x, param)


@wrong("dropout_forward", cause="the same count is kept each time; each number has its own chance")
def dropout_forward_counted(x, param):
    if param["mode"] == "test":
        return x, None
    ranks = _generator(param).permutation(x.size).reshape(x.shape)
    mask = _right_mask(ranks / x.size, param["p"])
    return x * mask, mask


@wrong("dropout_forward", cause="division by the share that happened to be kept; it is by p")
def dropout_forward_by_share(x, param):
    out, mask = dropout_forward(x, param)
    if mask is None:
        return out, None
    correction = param["p"] / np.mean(mask != 0)
    return out * correction, mask * correction


@wrong("dropout_forward", cause="x itself is multiplied in place; others still need it")
def dropout_forward_in_place(x, param):
    out, mask = dropout_forward(x, param)
    if mask is not None:
        x *= mask
    return out, mask


# dropout_backward


for _cause, _backward in [
    ("dout passes everywhere in training; only what was kept passes",
     lambda dout, mask: dout.copy()),
    ("the gradient is not divided by p: multiply with the mask, division included",
     lambda dout, mask: dout if mask is None else dout * (mask > 0)),
    ("the gradient is divided by p twice: the mask holds the division already",
     lambda dout, mask: dout if mask is None else dout * mask * np.max(mask)),
    ("the gradient passes where numbers were dropped",
     lambda dout, mask: dout if mask is None else dout * (np.max(mask) - mask)),
    ("the gradient is 0 in test mode; there it passes as it is",
     lambda dout, mask: 0 * dout if mask is None else dout * mask),
    ("test mode returns None: give dout back", lambda dout, mask:
     None if mask is None else dout * mask),
    ("a new mask is drawn on the way back; it is the one of the way forward", lambda dout, mask:
     dout if mask is None else dout * np.random.default_rng(3).permuted(mask)),
]:  # fmt: skip
    wrong("dropout_backward", _cause)(_backward)


@wrong("dropout_backward", cause="dout is overwritten; make a new array")
def dropout_backward_in_place(dout, mask):
    if mask is not None:
        dout *= mask
    return dout


# Networks that drop


def _network(exercise, cause, **methods):
    wrong(f"FullyConnectedNet.{exercise}", cause)(type("Wrong", (FullyConnectedNet,), methods))


def _layer(net, i, x):
    """Hidden layer i without dropout."""
    used, net.use_dropout = net.use_dropout, False
    out, (cache, _) = FullyConnectedNet.hidden_forward(net, i, x)
    net.use_dropout = used
    return out, cache


def _where_dropped(method):
    """The method for nets with dropout, the right one for others."""
    right = FullyConnectedNet.hidden_forward
    return lambda self, i, x: (method if self.use_dropout else right)(self, i, x)


def _never(self, i, x):
    return _layer(self, i, x)[0], None


def _first_only(self, i, x):
    out, _ = _layer(self, i, x)
    return dropout_forward(out, self.dropout_param)[0] if i == 1 else out, None


def _input_instead(self, i, x):
    rows = x.reshape(len(x), -1)
    return _layer(self, i, dropout_forward(rows, self.dropout_param)[0])[0], None


def _twice(self, i, x):
    out = dropout_forward(_layer(self, i, x)[0], self.dropout_param)[0]
    return dropout_forward(out, self.dropout_param)[0], None


def _always_training(self, i, x):
    return dropout_forward(_layer(self, i, x)[0], {**self.dropout_param, "mode": "train"})[0], None


def _other_share(self, i, x):
    param = {**self.dropout_param, "p": 1 - self.dropout_param["p"]}
    return dropout_forward(_layer(self, i, x)[0], param)[0], None


def _without_normalisation(self, i, x):
    w, b = (self.params[key] for key in self.layer_keys(i))
    out, _ = relu_forward(x.reshape(len(x), -1) @ w + b)
    return dropout_forward(out, self.dropout_param)[0], None


def _scaled_in_test(self, i, x):
    out = dropout_forward(_layer(self, i, x)[0], self.dropout_param)[0]
    p = self.dropout_param["p"]
    return out * p if self.dropout_param["mode"] == "test" else out, None


for _cause, _method in [
    ("dropout is never applied", _never),
    ("dropout follows the first hidden layer only; every hidden layer has one", _first_only),
    ("the input of each hidden layer is dropped; it is the output", _input_instead),
    ("dropout is applied twice in each layer", _twice),
    ("scores without labels are dropped from too; then the mode is 'test'", _always_training),
    ("the network gives its own share to drop, 1 - p; p is the share kept", _other_share),
    ("with dropout the normalisation is skipped", _without_normalisation),
    ("the network scales by p in test mode; nothing is to be done there", _scaled_in_test),
]:
    _network("hidden_forward", _cause, hidden_forward=_where_dropped(_method))


def _skipped(self, i, dout, cache):
    return FullyConnectedNet.hidden_backward(self, i, dout, (cache[0], None))


def _unscaled(self, i, dout, cache):
    mask = cache[1] > 0
    return FullyConnectedNet.hidden_backward(self, i, dout, (cache[0], mask))


def _back_twice(self, i, dout, cache):
    dout = dropout_backward(dout, cache[1])
    return FullyConnectedNet.hidden_backward(self, i, dout, cache)


def _drawn_again(self, i, dout, cache):
    dout, _ = dropout_forward(dout, self.dropout_param)
    return FullyConnectedNet.hidden_backward(self, i, dout, (cache[0], None))


def _first_layer_only(self, i, dout, cache):
    return FullyConnectedNet.hidden_backward(self, i, dout, cache if i == 1 else (cache[0], None))


def _weights_only(self, i, dout, cache):
    dx, grads = FullyConnectedNet.hidden_backward(self, i, dout, cache)
    return dx, {key: grads[key] for key in self.layer_keys(i)}


for _cause, _method in [
    ("the way back skips dropout", _skipped),
    ("the way back takes the mask without its division by p", _unscaled),
    ("the way back goes through dropout twice", _back_twice),
    ("dropout_backward takes dout and dropout_cache; no new mask is drawn on the way back",
     _drawn_again),
    ("the way back passes dropout in the first hidden layer only", _first_layer_only),
    ("with dropout the gradients of gamma and beta are lost", _weights_only),
]:  # fmt: skip
    _network("hidden_backward", _cause, hidden_backward=_method)
