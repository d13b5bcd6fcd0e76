"""Mistakes that a second call shows: what is kept from one to the next, or given away twice."""

import numpy as np

from cs231n import layers, optim
from cs231n.classifiers.fc_net import FullyConnectedNet, TwoLayerNet

from . import wrong


def _room(rooms, name, array):
    """The same array at every call of one shape, filled anew."""
    room = rooms.setdefault((name, array.shape, array.dtype), np.empty_like(array))
    room[...] = array
    return room


ROOMS = {}


# Layers


@wrong("affine_forward", "every call fills the same array: the out of an earlier call changes")
def affine_forward_one_array(x, w, b):
    out, cache = layers.affine_forward(x, w, b)
    return _room(ROOMS, "affine", out), cache


@wrong(
    "affine_forward", "x itself is given another shape (x.shape = ...); reshape makes a new array"
)
def affine_forward_reshapes(x, w, b):
    x.shape = (len(x), -1)
    return layers.affine_forward(x, w, b)


def _one_list(name):
    """A forward function all of whose calls share one cache, a list that is filled anew."""
    right, cache = getattr(layers, name), []

    def forward(*inputs):
        out, cache[:] = right(*inputs)
        return out, cache

    return forward


ONE_CACHE = "all calls share one cache, so that the way back is that of the latest; make new ones"
wrong("affine_backward", ONE_CACHE, "affine_forward")(_one_list("affine_forward"))
wrong("layernorm_backward", ONE_CACHE, "layernorm_forward")(_one_list("layernorm_forward"))


def _centred_room(x, gamma, beta, bn_param):
    out, cache = layers.batchnorm_forward(x, gamma, beta, bn_param)
    return out, cache and (_room(ROOMS, "centred", cache[0]), *cache[1:])


def _scaled(x, gamma, beta, bn_param):
    out, cache = layers.batchnorm_forward(x, gamma, beta, bn_param)
    return out, cache and (cache[0] * gamma, *cache[1:])


for _name in ("batchnorm_backward", "batchnorm_backward_alt"):
    wrong(_name, "x - mean is cached in an array that the next call fills again; make a new one",
          "batchnorm_forward")(_centred_room)  # fmt: skip
    wrong(_name, "x - mean is scaled by gamma in place, though it stands in the cache",
          "batchnorm_forward")(_scaled)  # fmt: skip


@wrong("dropout_backward", "layers share an array for their masks: the next layer's overwrites it",
       "dropout_forward")  # fmt: skip
def dropout_forward_one_mask(x, param):
    out, mask = layers.dropout_forward(x, param)
    return out, None if mask is None else _room(param.setdefault("masks", {}), "mask", mask)


@wrong("dropout_backward", "mask *= dout: the mask in the cache is overwritten")
def dropout_backward_writes_mask(dout, mask):
    if mask is None:
        return dout
    mask *= dout
    return mask


# Networks


class _Kept:
    """A network with a memory that it should not have."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.first_reg, self.first_params, self.rooms = self.reg, None, {}


def _moves(self, X, y=None):
    found = self.right(X, y)
    for key, gradient in found[1].items() if y is not None else ():
        self.params[key] = self.params[key] - 1e-3 * gradient
    return found


def _keeps_scores(self, X, y=None):
    self.params["scores"] = np.ones((len(X), 4))
    found = self.right(X, y)
    if y is not None:
        found[1].pop("scores", None)
    return found


def _first_reg(self, X, y=None):
    now, self.reg = self.reg, self.first_reg
    found, self.reg = self.right(X, y), now
    return found


def _first_params(self, X, y=None):
    now, self.first_params = self.params, self.first_params or dict(self.params)
    self.params = self.first_params
    found, self.params = self.right(X, y), now
    return found


def _same_arrays(self, X, y=None):
    found = self.right(X, y)
    if y is None:
        return found
    return found[0], {key: _room(self.rooms, key, value) for key, value in found[1].items()}


for _network in (TwoLayerNet, FullyConnectedNet):
    for _cause, _loss in [
        ("loss() moves the weights itself, which is the solver's to do", _moves),
        ("loss() puts scores into params, where everything is trained", _keeps_scores),
        ("reg is kept from the constructor; it may be set later: read self.reg", _first_reg),
        ("the parameters of the first call are kept; read self.params at each", _first_params),
        ("every call fills the same arrays: the gradients of an earlier call change", _same_arrays),
    ]:
        _methods = {"right": _network.loss, "loss": _loss}
        wrong(f"{_network.__name__}.loss", _cause)(type("Wrong", (_Kept, _network), _methods))


@wrong("FullyConnectedNet.__init__", "hidden_dims grows: append changes the caller's list; copy it")
class DeepAppends(FullyConnectedNet):
    def __init__(self, hidden_dims, input_dim=3072, num_classes=10, **options):
        super().__init__([*hidden_dims], input_dim, num_classes, **options)
        hidden_dims.append(num_classes)


@wrong("FullyConnectedNet.initial_norm", "beta is b's own array: what moves one moves the other")
class BetaIsBias(FullyConnectedNet):
    def initial_norm(self, i, size):
        gamma_key, beta_key = self.norm_keys(i)
        self.params[f"b{i}"] = self.params[f"b{i}"].astype(self.dtype)
        return {gamma_key: np.ones(size), beta_key: self.params[f"b{i}"]}


def _first_masks(self, i, x):
    used, self.use_dropout = self.use_dropout, False
    out, (cache, _) = FullyConnectedNet.hidden_forward(self, i, x)
    self.use_dropout = used
    if not used or self.dropout_param["mode"] == "test":
        return out, (cache, None)
    masks = self.__dict__.setdefault("masks", {})
    if (i, out.shape) not in masks:
        masks[i, out.shape] = layers.dropout_forward(np.ones_like(out), self.dropout_param)[0]
    return out * masks[i, out.shape], (cache, masks[i, out.shape])


wrong("FullyConnectedNet.hidden_forward", "the masks of the first step are kept; draw new ones")(
    type("FirstMasks", (FullyConnectedNet,), {"hidden_forward": _first_masks})
)


@wrong("FullyConnectedNet.hidden_forward", "p is kept from the constructor; dropout_param holds it")
class FirstShare(FullyConnectedNet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.keep = self.dropout_param.get("p")

    def hidden_forward(self, i, x):
        now = self.dropout_param
        self.dropout_param = {**now, "p": self.keep}
        found, self.dropout_param = super().hidden_forward(i, x), now
        return found


# Update rules


def _shared(name):
    right, config_of_all = getattr(optim, name), {}
    return lambda w, dw, config=None: right(w, dw, config_of_all if config is None else config)


def _rate_shrinks(name):
    right = getattr(optim, name)

    def rule(w, dw, config=None):
        next_w, config = right(w, dw, config)
        config["learning_rate"] *= 0.95
        return next_w, config

    return rule


for _name in ("sgd_momentum", "adam"):
    wrong(_name, "one dictionary serves all parameters that bring none")(_shared(_name))
    wrong(_name, "the learning rate shrinks by itself; the solver does that")(_rate_shrinks(_name))
