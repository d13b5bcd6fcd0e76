"""Hidden layers in other styles: plain NumPy in float64; steps written down to go back along."""

import numpy as np

from cs231n import layers
from cs231n.classifiers.fc_net import FullyConnectedNet

from . import right


def statistics(net, i, hidden):
    """Mean and variance that hidden layer i is normalised with; running averages are kept."""
    if net.normalization == "layernorm":
        return hidden.mean(axis=1, keepdims=True), hidden.var(axis=1, keepdims=True)
    param, found = net.bn_params[i - 1], []
    for kind, now in (("running_mean", hidden.mean(axis=0)), ("running_var", hidden.var(axis=0))):
        old = param.setdefault(kind, np.zeros(hidden.shape[1]))
        if param["mode"] == "train":
            keep = param.get("momentum", 0.9)
            param[kind] = keep * old + (1 - keep) * now
        found.append(now if param["mode"] == "train" else old)
    return found


class PlainHidden(FullyConnectedNet):
    """A normalised layer without the package's layers."""

    def initial_norm(self, i, size):
        return {
            "gamma" + str(i): np.full(size, 1),
            "beta" + str(i): np.full(shape=size, fill_value=0),
        }

    def normalized_forward(self, i, x):
        w, b, gamma, beta = (
            np.float64(self.params[f"{kind}{i}"]) for kind in ("W", "b", "gamma", "beta")
        )
        rows = np.float64(x).reshape(len(x), -1)
        hidden = np.einsum("nd,dm->nm", rows, w) + b
        mean, var = statistics(self, i, hidden)
        root = np.sqrt(var + self.bn_params[i - 1].get("eps", 1e-5))
        out = gamma * (hidden - mean) / root + beta
        cache = {"rows": rows, "hat": (hidden - mean) / root, "more": (root, out > 0)}
        return np.where(out > 0, out, 0).astype(self.dtype), cache

    def normalized_backward(self, i, dout, cache):
        (root, on), hat = cache["more"], cache["hat"]
        dout = dout * on
        axis = 1 if self.normalization == "layernorm" else 0
        d = dout * self.params[f"gamma{i}"]
        along = hat * np.mean(d * hat, axis=axis, keepdims=True)
        d = (d - np.mean(d, axis=axis, keepdims=True) - along) / root
        grads = {f"W{i}": np.einsum("nd,nm->dm", cache["rows"], d), f"b{i}": np.add.reduce(d)}
        grads |= {f"gamma{i}": np.einsum("nm,nm->m", dout, hat), f"beta{i}": np.add.reduce(dout)}
        return np.einsum("nm,dm->nd", d, self.params[f"W{i}"]), grads


class Tape(FullyConnectedNet):
    """Writes down each step of a hidden layer, and goes back along the list."""

    def steps(self, i):
        """(name, keys of parameters, further options by name) of each step."""
        yield "affine", self.layer_keys(i), {}
        if self.normalization == "batchnorm":
            yield "batchnorm", self.norm_keys(i), {"bn_param": self.bn_params[i - 1]}
        if self.normalization == "layernorm":
            yield "layernorm", self.norm_keys(i), {"ln_param": self.bn_params[i - 1]}
        yield "relu", (), {}
        if self.use_dropout:
            yield "dropout", (), {"dropout_param": self.dropout_param}

    def hidden_forward(self, i, x):
        tape = []
        for name, keys, options in self.steps(i):
            forward = getattr(layers, f"{name}_forward")
            x, cache = forward(x, *(self.params[key] for key in keys), **options)
            tape.append((name, keys, cache))
        return x, tape

    def hidden_backward(self, i, dout, cache):
        grads = {}
        for name, keys, kept in reversed(cache):
            found = getattr(layers, f"{name}_backward")(dout=dout, cache=kept)
            dout, *own = found if keys else [found]
            grads.update(zip(keys, own, strict=True))
        return dout, grads


for _exercise in ("initial_norm", "normalized_forward", "normalized_backward"):
    right(f"FullyConnectedNet.{_exercise}", FullyConnectedNet=PlainHidden)
for _exercise in ("hidden_forward", "hidden_backward"):
    right(f"FullyConnectedNet.{_exercise}", FullyConnectedNet=PlainHidden)
    right(f"FullyConnectedNet.{_exercise}", FullyConnectedNet=Tape)
for _exercise in ("normalized_forward", "normalized_backward", "loss"):
    right(f"FullyConnectedNet.{_exercise}", FullyConnectedNet=Tape)
