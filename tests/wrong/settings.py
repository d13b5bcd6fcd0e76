"""Mistakes with settings: taken for missing, required, replaced, or given back incomplete."""

import numpy as np

from cs231n import layer_utils, layers, optim
from cs231n.classifiers.fc_net import FullyConnectedNet

from . import wrong
from .update_rules import DEFAULTS, MEMORY

# Update rules


def _zero_is_missing(name):
    def rule(w, dw, config=None):
        config = {} if config is None else config
        for key, value in DEFAULTS[name].items():
            config[key] = config.get(key) or value
        return getattr(optim, name)(w, dw, config)

    return rule


def _all_or_none(name):
    def rule(w, dw, config=None):
        config = dict(DEFAULTS[name], t=0) if config is None else config
        settings = {key: config[key] for key in DEFAULTS[name]}
        config.update(settings)
        return getattr(optim, name)(w, dw, config)

    return rule


def _memory_alone(name):
    def rule(w, dw, config=None):
        next_w, config = getattr(optim, name)(w, dw, config)
        return next_w, {
            key: config[key] for key in [*MEMORY.get(name, ["cache"]), "t"] if key in config
        }

    return rule


for _name in DEFAULTS:
    wrong(_name, "a setting of 0 is taken for a missing one (`or`)")(_zero_is_missing(_name))
    wrong(_name, "the config given back holds the memory alone: settings get lost")(
        _memory_alone(_name)
    )
for _name in ("sgd_momentum", "rmsprop", "adagrad"):
    wrong(_name, "settings are filled in only where config is None; any of them may be missing")(
        _all_or_none(_name)
    )


# Normalisation


@wrong("batchnorm_forward", "a momentum of 0 is taken for a missing one (`or`)")
def batchnorm_forward_zero_is_missing(x, gamma, beta, bn_param):
    bn_param["momentum"] = bn_param.get("momentum") or 0.9
    return layers.batchnorm_forward(x, gamma, beta, bn_param)


@wrong("batchnorm_forward", "test mode needs running averages to be there; they are zeros at first")
def batchnorm_forward_needs_averages(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test":
        bn_param["running_mean"], bn_param["running_var"]
    return layers.batchnorm_forward(x, gamma, beta, bn_param)


@wrong(
    "batchnorm_forward", "before any training, test mode falls back on the minibatch's statistics"
)
def batchnorm_forward_falls_back(x, gamma, beta, bn_param):
    if bn_param["mode"] == "test" and "running_mean" not in bn_param:
        return layers.batchnorm_forward(x, gamma, beta, {**bn_param, "mode": "train"})
    return layers.batchnorm_forward(x, gamma, beta, bn_param)


@wrong("batchnorm_forward", "the mode in bn_param is overwritten; it is the caller's")
def batchnorm_forward_sets_mode(x, gamma, beta, bn_param):
    found = layers.batchnorm_forward(x, gamma, beta, bn_param)
    bn_param["mode"] = "train"
    return found


@wrong(
    "batchnorm_forward", "a single example is normalised by the running averages in training too"
)
def batchnorm_forward_of_one(x, gamma, beta, bn_param):
    if len(x) > 1:
        return layers.batchnorm_forward(x, gamma, beta, bn_param)
    return layers.batchnorm_forward(x, gamma, beta, {**bn_param, "mode": "test"})


def _begins(**start):
    def forward(x, gamma, beta, bn_param):
        for key, first in start.items():
            bn_param.setdefault(key, first(x))
        return layers.batchnorm_forward(x, gamma, beta, bn_param)

    return forward


wrong("batchnorm_forward", "running_var starts at 1, as in PyTorch; here it starts at 0")(
    _begins(running_var=lambda x: np.ones_like(x[0]))
)
wrong("batchnorm_forward", "the first minibatch fills the running averages; they start at 0")(
    _begins(running_mean=lambda x: x.mean(axis=0), running_var=lambda x: x.var(axis=0))
)


@wrong(
    "batchnorm_forward", "the averages weigh by 1/t, the count of steps; momentum stays the same"
)
def batchnorm_forward_counts(x, gamma, beta, bn_param):
    kept = bn_param.get("momentum", 0.9)
    bn_param["steps"] = bn_param.get("steps", 0) + 1
    bn_param["momentum"] = 1 - 1 / bn_param["steps"]
    found, bn_param["momentum"] = layers.batchnorm_forward(x, gamma, beta, bn_param), kept
    return found


@wrong("batchnorm_forward", "running_var holds eps as well; add it under the root alone")
def batchnorm_forward_keeps_eps(x, gamma, beta, bn_param):
    found = layers.batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        share = 1 - bn_param.get("momentum", 0.9)
        bn_param["running_var"] = bn_param["running_var"] + share * bn_param.get("eps", 1e-5)
    return found


def _parts(net, i):
    return [net.params[key] for key in (*net.layer_keys(i), *net.norm_keys(i))]


def _of_kind(name, method):
    """The method for nets with the normalisation named, the right one for others."""
    right = FullyConnectedNet.normalized_forward
    return lambda self, i, x: (method if self.normalization == name else right)(self, i, x)


def _empty_param(self, i, x):
    return layer_utils.affine_ln_relu_forward(x, *_parts(self, i), {})


def _new_param(self, i, x):
    param = {"running_mean": 0 * self.params[f"b{i}"], "running_var": 0 * self.params[f"b{i}"]}
    param = {key: self.bn_params[i - 1].get(key, value) for key, value in param.items()}
    param["mode"] = self.bn_params[i - 1]["mode"]
    found = layer_utils.affine_bn_relu_forward(x, *_parts(self, i), param)
    self.bn_params[i - 1] |= param
    return found


def _without_b(self, i, x):
    w, b, gamma, beta = _parts(self, i)
    return layer_utils.affine_bn_relu_forward(x, w, 0 * b, gamma, beta, self.bn_params[i - 1])


def _twice(self, i, x):
    FullyConnectedNet.normalized_forward(self, i, x)
    return FullyConnectedNet.normalized_forward(self, i, x)


def _not_layer(which):
    def normalized_forward(self, i, x):
        if i != which % self.num_layers:
            return FullyConnectedNet.normalized_forward(self, i, x)
        return layer_utils.affine_relu_forward(x, *_parts(self, i)[:2])

    return normalized_forward


for _cause, _method in [
    ("layer norm is given {}; its eps stands in self.bn_params[i - 1]",
     _of_kind("layernorm", _empty_param)),
    ("batch norm is given a new dictionary, without eps and momentum of self.bn_params[i - 1]",
     _of_kind("batchnorm", _new_param)),
    ("b is left out, as batch norm takes it off again; but running_mean holds it",
     _of_kind("batchnorm", _without_b)),
    ("each layer runs twice, so that its running averages move twice",
     _of_kind("batchnorm", _twice)),
    ("the first hidden layer is not normalised", _not_layer(1)),
    ("the last hidden layer is not normalised", _not_layer(-1)),
]:  # fmt: skip
    wrong("FullyConnectedNet.normalized_forward", _cause)(
        type("Wrong", (FullyConnectedNet,), {"normalized_forward": _method})
    )


# Dropout


@wrong("dropout_forward", "a seed of 0 is taken for none: ask whether it is None")
def dropout_forward_zero_is_none(x, param):
    return layers.dropout_forward(x, {**param, "seed": param.get("seed") or None})


@wrong("dropout_forward", "p is always 0.5; take it from dropout_param")
def dropout_forward_half(x, param):
    return layers.dropout_forward(x, {**param, "p": 0.5})
