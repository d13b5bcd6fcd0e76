"""Mistakes in the networks of FullyConnectedNets: parameters, scores, loss and gradients."""

import numpy as np

from cs231n import layers
from cs231n.classifiers.fc_net import FullyConnectedNet, TwoLayerNet

from . import wrong

NETWORKS = {"TwoLayerNet": TwoLayerNet, "FullyConnectedNet": FullyConnectedNet}


def _weights(net):
    return [key for key in net.params if key.startswith("W")]


# Initial parameters: `change(params)` after the right constructor


def _begun_wrong(name, cause, change):
    class Wrong(NETWORKS[name]):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            change(self.params)
            self.params = {key: p.astype(self._type()) for key, p in self.params.items()}

        def _type(self):
            return getattr(self, "dtype", np.float64)

    wrong(f"{name}.__init__", cause)(Wrong)


def _each(kind, change):
    def apply(params):
        for key in params:
            if key.startswith(kind):
                params[key] = change(params[key])

    return apply


def _random_like(p):
    return 0.01 * np.random.default_rng(5).standard_normal(p.shape)


def _drop_last(params):
    last = max(int(key[1:]) for key in params)
    if last > 1:
        params.pop(f"b{last}")


def _from_zero(params):
    renamed = {f"{key[0]}{int(key[1:]) - 1}": value for key, value in params.items()}
    params.clear()
    params.update(renamed)


for _name in NETWORKS:
    for _cause, _change in [
        ("biases are drawn at random; they start at zero", _each("b", _random_like)),
        ("biases start at one; they start at zero", _each("b", np.ones_like)),
        ("biases have two axes, (1, M); they have one, (M,)", _each("b", lambda b: b[None])),
        ("weights start at zero: all units of a layer stay alike", _each("W", np.zeros_like)),
        ("weights have spread 1: weight_scale is not used", _each("W", lambda w: w / w.std())),
        ("weight_scale is taken for the variance: the spread is its root",
         _each("W", lambda w: w / w.std() ** 0.5)),
        ("weights come from 0 to weight_scale; they are centred on 0 (randn, not rand)",
         _each("W", lambda w: w.std() * np.random.default_rng(3).random(w.shape))),
        ("weight matrices are transposed: W is (in, out)", _each("W", np.transpose)),
        ("the last layer has no bias", _drop_last),
        ("layers are counted from 0; W1, b1 are the first", _from_zero),
    ]:  # fmt: skip
        _begun_wrong(_name, _cause, _change)


@wrong("FullyConnectedNet.__init__", cause="the output layer is missing")
class DeepWithoutOutput(FullyConnectedNet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.params[f"W{self.num_layers}"], self.params[f"b{self.num_layers}"]


@wrong("FullyConnectedNet.__init__", cause="every hidden layer gets the first one's size")
class DeepEqualSizes(FullyConnectedNet):
    def __init__(self, hidden_dims, *args, **kwargs):
        super().__init__([*hidden_dims[:1]] * len(hidden_dims), *args, **kwargs)


def _unnumbered(params):
    last = {key[0]: params.pop(key) for key in list(params)}
    params |= last


_begun_wrong("FullyConnectedNet", "names lack the layer's number, so each layer replaces the last",
             _unnumbered)  # fmt: skip


@wrong("FullyConnectedNet.__init__", cause="the spread is always 0.01; it is weight_scale")
class DeepFixedScale(FullyConnectedNet):
    def __init__(self, *args, weight_scale=1e-2, **kwargs):
        super().__init__(*args, weight_scale=1e-2, **kwargs)


@wrong(
    "FullyConnectedNet.__init__",
    cause="the depth is hard-coded: two layers, whatever hidden_dims says",
)
class DeepAlwaysTwo(FullyConnectedNet):
    def __init__(self, hidden_dims, *args, **kwargs):
        super().__init__([*hidden_dims, 100][:1], *args, **kwargs)


for _name, _network in NETWORKS.items():

    @wrong("init_weights", "a network scales its weights itself; leave that to init_weights", _name)
    class NumbersOnly(_network):
        def __init__(self, *args, weight_scale=1e-2, **kwargs):
            super().__init__(*args, weight_scale=weight_scale * 1.0, **kwargs)


# Scores: the forward pass


def _forward(net, X, activate=None, last=False, scale=1.0):
    """Scores of a net with another activation, after the last layer too if `last`."""
    activate = activate or (lambda h: np.maximum(h, 0))
    hidden = X.reshape(len(X), -1)
    depth = len(_weights(net))
    for i in range(1, depth + 1):
        hidden = hidden @ net.params[f"W{i}"] + net.params[f"b{i}"]
        if i < depth or last:
            hidden = activate(hidden)
    return hidden * scale


def _scores_wrong(name, cause, **how):
    class Wrong(NETWORKS[name]):
        def loss(self, X, y=None):
            scores = _forward(self, X, **how)
            if y is None:
                return scores
            return layers.softmax_loss(scores, y)[0], super().loss(X, y)[1]

    wrong(f"{name}.loss", cause)(Wrong)


def _probabilities(X):
    e = np.exp(X - X.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


for _name in NETWORKS:
    _scores_wrong(_name, "the ReLU between the layers is missing", activate=lambda h: h)
    _scores_wrong(_name, "a ReLU follows the last layer too; scores may be negative", last=True)
    _scores_wrong(_name, "sigmoid where ReLU belongs", activate=lambda h: 1 / (1 + np.exp(-h)))


@wrong("TwoLayerNet.loss", cause="without labels, probabilities come back; it is the scores")
class TwoProbabilities(TwoLayerNet):
    def loss(self, X, y=None):
        return _probabilities(super().loss(X)) if y is None else super().loss(X, y)


@wrong("FullyConnectedNet.loss", cause="without labels, probabilities come back; it is the scores")
class DeepProbabilities(FullyConnectedNet):
    def loss(self, X, y=None):
        return _probabilities(super().loss(X)) if y is None else super().loss(X, y)


# Regularisation: `change(net, loss, grads)` after the right result


def _result_wrong(name, cause, change):
    class Wrong(NETWORKS[name]):
        def loss(self, X, y=None):
            if y is None:
                return super().loss(X)
            loss, grads = super().loss(X, y)
            return change(self, loss, grads) or loss, grads

    wrong(f"{name}.loss", cause)(Wrong)


def _penalty(net, keys=None):
    return 0.5 * net.reg * sum(np.sum(net.params[key] ** 2) for key in keys or _weights(net))


def _pull(net, grads, factor, keys=None):
    """Add factor · reg · W to the gradients: the right ones hold it once."""
    for key in _weights(net) if keys is None else keys:
        grads[key] = grads[key] + factor * net.reg * net.params[key]


def _without_reg_in_loss(net, loss, grads):
    return loss - _penalty(net)


def _without_reg_in_grads(net, loss, grads):
    _pull(net, grads, -1)


def _without_reg(net, loss, grads):
    _pull(net, grads, -1)
    return loss - _penalty(net)


def _reg_without_half(net, loss, grads):
    return loss + _penalty(net)


def _reg_doubled(net, loss, grads):
    _pull(net, grads, 1)
    return loss + _penalty(net)


def _reg_doubled_in_grads(net, loss, grads):
    _pull(net, grads, 1)


def _reg_halved_in_grads(net, loss, grads):
    _pull(net, grads, -0.5)


def _reg_on_biases(net, loss, grads):
    biases = [key for key in net.params if key.startswith("b")]
    _pull(net, grads, 1, biases)
    return loss + _penalty(net, biases)


def _reg_misses_first(net, loss, grads):
    _pull(net, grads, -1, ["W1"])
    return loss - _penalty(net, ["W1"])


def _reg_grad_misses_first(net, loss, grads):
    _pull(net, grads, -1, ["W1"])


def _reg_misses_last(net, loss, grads):
    _pull(net, grads, -1, _weights(net)[-1:])
    return loss - _penalty(net, _weights(net)[-1:])


def _reg_grad_misses_last(net, loss, grads):
    _pull(net, grads, -1, _weights(net)[-1:])


def _reg_unsquared(net, loss, grads):
    absolute = sum(np.sum(np.abs(net.params[key])) for key in _weights(net))
    return loss - _penalty(net) + 0.5 * net.reg * absolute


def _reg_as_norm(net, loss, grads):
    return (
        loss
        - _penalty(net)
        + 0.5 * net.reg * sum(np.linalg.norm(net.params[k]) for k in _weights(net))
    )


def _reg_subtracted(net, loss, grads):
    _pull(net, grads, -2)
    return loss - 2 * _penalty(net)


def _biases_forgotten(net, loss, grads):
    for key in [key for key in grads if key.startswith("b")]:
        del grads[key]


def _flipped(net, loss, grads):
    for key in grads:
        grads[key] = -grads[key]


def _in_params(net, loss, grads):
    for key in _weights(net):
        net.params[key] *= 1 - net.reg


REGULARISATION = [
    ("regularisation is missing from the loss; the gradients have it", _without_reg_in_loss),
    ("regularisation is missing from the gradients; the loss has it", _without_reg_in_grads),
    ("regularisation is left out altogether", _without_reg),
    ("the loss lacks the half in front of reg", _reg_without_half),
    ("regularisation counts twice, in loss and gradients (or its half is missing in both)",
     _reg_doubled),
    ("the gradients regularise by 2 · reg: the half in the loss cancels the 2",
     _reg_doubled_in_grads),
    ("the gradients regularise by half of reg: differentiating the square gives a 2",
     _reg_halved_in_grads),
    ("the biases are regularised too; only weights are", _reg_on_biases),
    ("regularisation leaves out the first layer", _reg_misses_first),
    ("the gradient of W1 lacks its regularisation", _reg_grad_misses_first),
    ("regularisation leaves out the last layer", _reg_misses_last),
    ("the gradient of the last layer's weights lacks its regularisation", _reg_grad_misses_last),
    ("the loss sums |W|; it is the squares", _reg_unsquared),
    ("the loss takes the norm of W, a root; it is the sum of squares", _reg_as_norm),
    ("regularisation is subtracted", _reg_subtracted),
    ("the gradients of the biases are not in grads", _biases_forgotten),
    ("every gradient has its sign flipped", _flipped),
    ("the weights in params are shrunk; loss() must leave them alone", _in_params),
]  # fmt: skip

for _name in NETWORKS:
    for _cause, _change in REGULARISATION:
        _result_wrong(_name, _cause, _change)


# Gradients: the backward pass


def _gradients(net, X, y, masked=True, through=lambda w: w):
    """Loss and gradients without regularisation, with steps of the way back left out."""
    depth = len(_weights(net))
    hidden, before = [X.reshape(len(X), -1)], []
    for i in range(1, depth + 1):
        before.append(hidden[-1] @ net.params[f"W{i}"] + net.params[f"b{i}"])
        hidden.append(np.maximum(before[-1], 0))
    loss, d = layers.softmax_loss(before[-1], y)
    grads = {}
    for i in range(depth, 0, -1):
        grads[f"W{i}"], grads[f"b{i}"] = hidden[i - 1].T @ d, d.sum(axis=0)
        d = d @ through(net.params[f"W{i}"]).T
        if masked and i > 1:
            d = d * (before[i - 2] > 0)
    loss += _penalty(net)
    _pull(net, grads, 1)
    return loss, grads


for _name in NETWORKS:
    for _cause, _how in [
        ("the way back skips the ReLU", {"masked": False}),
        ("the way back multiplies with |W|, not with W", {"through": np.abs}),
    ]:  # fmt: skip

        def _loss(self, X, y=None, name=_name, how=_how):
            return NETWORKS[name].loss(self, X) if y is None else _gradients(self, X, y, **how)

        wrong(f"{_name}.loss", _cause)(type(_name, (NETWORKS[_name],), {"loss": _loss}))


# Depth


def _hard_coded(depth):
    class Wrong(FullyConnectedNet):
        def loss(self, X, y=None):
            self.num_layers = depth
            return super().loss(X, y)

    return Wrong


for _depth in (2, 3):
    _early = ", or the way back ends too early" if _depth == 3 else ""
    wrong("FullyConnectedNet.loss", f"the depth is hard-coded to {_depth} layers{_early}")(
        _hard_coded(_depth)
    )


@wrong("FullyConnectedNet.loss", cause="regularisation covers W1 and W2 only, whatever the depth")
class DeepRegularisesTwo(FullyConnectedNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        left_out = [key for key in _weights(self) if key not in ("W1", "W2")]
        _pull(self, grads, -1, left_out)
        return loss - sum(_penalty(self, [key]) for key in left_out), grads


@wrong(
    "FullyConnectedNet.loss", cause="gradients of an earlier call are added to; start from new ones"
)
class DeepAccumulates(FullyConnectedNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        self.sums = {key: grads[key] + getattr(self, "sums", {}).get(key, 0) for key in grads}
        return loss, self.sums
