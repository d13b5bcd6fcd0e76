"""Mistakes in networks whose hidden layers are normalised."""

import numpy as np

from cs231n import layer_utils
from cs231n.classifiers.fc_net import FullyConnectedNet
from cs231n.layers import affine_forward, batchnorm_forward, layernorm_forward, relu_forward

from . import wrong


def _network(exercise, cause, **methods):
    wrong(f"FullyConnectedNet.{exercise}", cause)(type("Wrong", (FullyConnectedNet,), methods))


# Initial scale and shift


def _initial(gamma=np.ones, beta=np.zeros, renamed=lambda initial: initial):
    def initial_norm(self, i, size):
        gamma_key, beta_key = self.norm_keys(i)
        return renamed({gamma_key: gamma(size), beta_key: beta(size)})

    return initial_norm


def _drawn(size):
    return 0.01 * np.random.default_rng(2).standard_normal(size)


def _counted_from_zero(initial):
    return {f"{key[:-1]}{int(key[-1]) - 1}": value for key, value in initial.items()}


def _swapped(initial):
    (gamma_key, gamma), (beta_key, beta) = initial.items()
    return {gamma_key: beta, beta_key: gamma}


for _cause, _how in [
    ("gamma starts at 0: every hidden layer is switched off", {"gamma": np.zeros}),
    ("gamma is drawn at random; it starts at 1", {"gamma": _drawn}),
    ("beta starts at 1; it starts at 0", {"beta": np.ones}),
    ("beta is drawn at random; it starts at 0", {"beta": _drawn}),
    ("gamma starts at 0 and beta at 1: they are exchanged", {"renamed": _swapped}),
    ("gamma and beta have two axes, (1, M); they have one, (M,)",
     {"gamma": lambda m: np.ones((1, m)), "beta": lambda m: np.zeros((1, m))}),
    ("gamma and beta are single numbers; each feature has its own",
     {"gamma": lambda m: np.ones(1), "beta": lambda m: np.zeros(1)}),
    ("layers are counted from 0; gamma1, beta1 are the first", {"renamed": _counted_from_zero}),
    ("beta is left out", {"renamed": lambda initial: dict(list(initial.items())[:1])}),
]:  # fmt: skip
    _network("initial_norm", _cause, initial_norm=_initial(**_how))


@wrong("FullyConnectedNet.initial_norm", cause="the output layer is given gamma and beta too")
class NormalisedOutput(FullyConnectedNet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        i, last = self.num_layers, self.params[f"b{self.num_layers}"]
        self.params |= {f"gamma{i}": np.ones_like(last), f"beta{i}": np.zeros_like(last)}


@wrong("FullyConnectedNet.initial_norm", cause="gamma and beta have the size of the layer's input")
class NormalisedInputs(FullyConnectedNet):
    def initial_norm(self, i, size):
        return super().initial_norm(i, len(self.params[f"W{i}"]))


# Forward


def _parts(net, i):
    keys = (*net.layer_keys(i), *net.norm_keys(i))
    return [*(net.params[key] for key in keys), net.bn_params[i - 1]]


def _norm(net):
    return batchnorm_forward if net.normalization == "batchnorm" else layernorm_forward


def _unnormalised(name):
    def forward(self, i, x):
        w, b = (self.params[key] for key in self.layer_keys(i))
        if self.normalization == name or name == "both":
            return layer_utils.affine_relu_forward(x, w, b)
        return FullyConnectedNet.normalized_forward(self, i, x)

    return forward


def _always(forward):
    def normalized_forward(self, i, x):
        w, b, gamma, beta, param = _parts(self, i)
        return forward(x, w, b, gamma, beta, {"mode": "train", **param})

    return normalized_forward


def _sandwich(order):
    def normalized_forward(self, i, x):
        w, b, gamma, beta, param = _parts(self, i)

        def norm(hidden):
            return _norm(self)(hidden, gamma, beta, param)[0]

        return order(affine_forward(x, w, b)[0], norm, lambda hidden: relu_forward(hidden)[0]), None

    return normalized_forward


def _with(change):
    """The right forward pass on changed gamma, beta and bn_param."""

    def normalized_forward(self, i, x):
        w, b, *rest = _parts(self, i)
        gamma, beta, param = change(self, i, *rest)
        hidden, _ = affine_forward(x, w, b)
        return relu_forward(_norm(self)(hidden, gamma, beta, param)[0])[0], None

    return normalized_forward


def _one_bn_param(net, i, gamma, beta, param):
    size = gamma.size
    shared = net.bn_params[0]
    if shared.get("running_mean", gamma).size != size:
        shared = {**shared, "running_mean": np.zeros(size), "running_var": np.zeros(size)}
    return gamma, beta, shared


def _of_first_layer(net, i, gamma, beta, param):
    return (
        np.resize(net.params["gamma1"], gamma.size),
        np.resize(net.params["beta1"], beta.size),
        param,
    )


for _cause, _forward in [
    ("layer norm is never built in: only 'batchnorm' is treated", _unnormalised("layernorm")),
    ("batch norm is never built in: only 'layernorm' is treated", _unnormalised("batchnorm")),
    ("no normalisation is built in; loss() must call hidden_forward, not affine_relu_forward",
     _unnormalised("both")),
    ("batch norm is used for 'layernorm' too", _always(layer_utils.affine_bn_relu_forward)),
    ("layer norm is used for 'batchnorm' too", _always(layer_utils.affine_ln_relu_forward)),
    ("the ReLU is missing behind the normalisation", _sandwich(lambda h, norm, relu: norm(h))),
    ("the ReLU stands before the normalisation; it follows it",
     _sandwich(lambda h, norm, relu: norm(relu(h)))),
    ("gamma and beta of the first layer are used in every layer", _with(_of_first_layer)),
    ("gamma and beta are not used",
     _with(lambda net, i, gamma, beta, param: (0 * gamma + 1, 0 * beta, param))),
    ("one bn_param is shared by all layers; layer i has self.bn_params[i - 1]",
     _with(_one_bn_param)),
    ("gamma and beta are handed over in each other's place",
     _with(lambda net, i, gamma, beta, param: (beta, gamma, param))),
    ("bn_params is a list, counted from 0: layer i has self.bn_params[i - 1]",
     _with(lambda net, i, gamma, beta, param: (gamma, beta, net.bn_params[i]))),
    ("bn_params are counted from the last layer; layer i has self.bn_params[i - 1]",
     _with(lambda net, i, gamma, beta, param: (gamma, beta, net.bn_params[1 - i]))),
    ("scores without labels use the minibatch's statistics: the mode is always 'train'",
     _with(lambda net, i, gamma, beta, param: (gamma, beta, param | {"mode": "train"}))),
    ("training uses the running averages: the mode is always 'test'",
     _with(lambda net, i, gamma, beta, param: (gamma, beta, param | {"mode": "test"}))),
    ("a new bn_param is made at every call, so that no running average is kept",
     _with(lambda net, i, gamma, beta, param: (gamma, beta, dict(param)))),
]:  # fmt: skip
    _network("normalized_forward", _cause, normalized_forward=_forward)


# Backward: `change(net, i, dx, grads)` after the right result


def _back(change):
    def normalized_backward(self, i, dout, cache):
        dx, grads = FullyConnectedNet.normalized_backward(self, i, dout, cache)
        return change(self, i, dx, grads)

    return normalized_backward


def _without(kind):
    return lambda net, i, dx, grads: (dx, {k: g for k, g in grads.items() if k[:-1] not in kind})


def _swap(net, i, dx, grads):
    gamma_key, beta_key = net.norm_keys(i)
    return dx, grads | {gamma_key: grads[beta_key], beta_key: grads[gamma_key]}


def _next_layer(net, i, dx, grads):
    return dx, {f"{key[:-1]}{i + 1 if 'a' in key else i}": value for key, value in grads.items()}


def _regularised(net, i, dx, grads):
    extra = {key: grads[key] + net.reg * net.params[key] for key in net.norm_keys(i)}
    return dx, grads | extra


def _gamma_regularised(net, i, dx, grads):
    key = net.norm_keys(i)[0]
    return dx, grads | {key: grads[key] + net.reg * net.params[key]}


def _averaged(net, i, dx, grads):
    return dx, grads | {key: grads[key] / 5 for key in net.norm_keys(i)}


def _skips_relu(self, i, dout, cache):
    affine_cache, norm_cache, relu_cache = cache
    opened = (affine_cache, norm_cache, np.ones_like(relu_cache))
    return FullyConnectedNet.normalized_backward(self, i, dout, opened)


def _skips_norm(self, i, dout, cache):
    _, grads = FullyConnectedNet.normalized_backward(self, i, dout, cache)
    affine_cache, _, relu_cache = cache
    dx, dw, db = layer_utils.affine_relu_backward(dout, (affine_cache, relu_cache))
    return dx, grads | dict(zip(self.layer_keys(i), (dw, db), strict=True))


for _cause, _backward in [
    ("the gradients of gamma and beta are not in grads", _back(_without(("gamma", "beta")))),
    ("the gradient of beta is not in grads", _back(_without(("beta",)))),
    ("the gradients of W and b are not in grads", _back(lambda net, i, dx, grads:
     (dx, grads | dict.fromkeys(net.layer_keys(i), 0.0)))),
    ("the gradients of gamma and beta are in each other's place", _back(_swap)),
    ("gamma and beta are regularised too; only weights are", _back(_regularised)),
    ("gamma is regularised too; only weights are", _back(_gamma_regularised)),
    ("the gradients of gamma and beta are divided by N; the batch is summed", _back(_averaged)),
    ("the gradients of gamma and beta bear the next layer's number", _back(_next_layer)),
    ("the way back skips the ReLU behind the normalisation", _skips_relu),
    ("the way back skips the normalisation", _skips_norm),
]:  # fmt: skip
    _network("normalized_backward", _cause, normalized_backward=_backward)


@wrong(
    "FullyConnectedNet.normalized_backward",
    cause="the loss regularises gamma and beta too; only weights are",
)
class RegularisedLoss(FullyConnectedNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        norms = [self.params[key] for key in self.params if key.startswith(("gamma", "beta"))]
        return loss + 0.5 * self.reg * sum(np.sum(value**2) for value in norms), grads
