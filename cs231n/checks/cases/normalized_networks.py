"""Cases of the notebook BatchNormalization: networks whose hidden layers are normalised."""

import numpy as np

from .inputs import (
    forward_only,
    generator,
    hidden_net,
    loss_and_grads,
    raised,
    shapes_of,
    with_averages,
    with_settings,
)
from .registry import case


@case(points=2, exercise="FullyConnectedNet.initial_norm")
def initial_norms(cs, rng):
    """two hidden layers of 7 to 9 units, "batchnorm" and "layernorm", float32"""
    facts, sizes = {}, [int(rng.randint(7, 10))] * 2
    for norm in ("batchnorm", "layernorm"):
        net = cs.FullyConnectedNet(sizes, 6, 4, normalization=norm, rng=generator(rng))
        facts[f"names and shapes, {norm}"] = shapes_of(net.params)
        for key in sorted(net.params):
            if key.startswith(("gamma", "beta")):
                value = net.params[key]
                facts[f"{key}, {norm}"] = np.array([np.min(value), np.max(value)], np.float64)
        facts[f"largest change when each parameter moves by 1, {norm}"] = moved_by_one(net.params)
    return facts


def moved_by_one(params):
    """How far a parameter moves when each is moved by 1 in place; more if two are one array."""
    before = {key: value.copy() for key, value in params.items()}
    for value in params.values():
        value += 1
    moved = max(np.max(np.abs(params[key] - before[key])) for key in params)
    return round(float(moved), 3)  # float32 loses digits where a parameter is large


def remembered(net):
    """The running averages of each layer, by name."""
    return {
        f"bn_params[{i}][{key!r}]": bn_param.get(key)
        for i, bn_param in enumerate(net.bn_params)
        for key in ("running_mean", "running_var")
    }


@case(points=2, exercise="FullyConnectedNet.normalized_forward", sizes={"N": 5})
def batchnorm_net_scores(cs, rng):
    """batchnorm, hidden_dims=[7, 7, 7], eps=0.05, without labels: running averages given"""
    net, X, _ = hidden_net(cs, rng, [7, 7, 7], normalization="batchnorm")
    return {"scores": with_averages(with_settings(net, eps=0.05), rng).loss(raised(net, X))}


@case(points=2, exercise="FullyConnectedNet.normalized_forward", sizes={"N": 5})
def batchnorm_net_training(cs, rng):
    """batchnorm, hidden_dims=[7, 7], reg=0.6, momentum=0.7: a training step, then a test"""
    net, X, y = hidden_net(cs, rng, [7, 7], normalization="batchnorm", reg=0.6)
    loss, _ = forward_only(with_settings(net, momentum=0.7)).loss(X, y)
    return {"loss": loss, **remembered(net), "scores": net.loss(X)}


@case(points=2, exercise="FullyConnectedNet.normalized_forward", sizes={"N": 5})
def layernorm_net_scores(cs, rng):
    """layernorm, hidden_dims=[7, 5], reg=0.6, eps=0.05: scores, and loss of a training step"""
    net, X, y = hidden_net(cs, rng, [7, 5], normalization="layernorm", reg=0.6)
    X = raised(with_settings(net, eps=0.05), X)
    return {"scores": net.loss(X), "loss": forward_only(net).loss(X, y)[0]}


@case(points=2, exercise="FullyConnectedNet.normalized_backward", sizes={"N": 5, "reg": 0.6})
def batchnorm_net_one_hidden_layer(cs, rng):
    """batchnorm, hidden_dims=[7], reg=0.6"""
    net, X, y = hidden_net(cs, rng, [7], normalization="batchnorm", reg=0.6)
    return loss_and_grads(net, X, y)


@case(points=3, exercise="FullyConnectedNet.normalized_backward", sizes={"N": 5, "reg": 0.6})
def batchnorm_net_three_hidden_layers(cs, rng):
    """batchnorm, hidden_dims=[8, 5, 7], reg=0.6, the second of two training steps; a test"""
    net, X, y = hidden_net(cs, rng, [8, 5, 7], normalization="batchnorm", reg=0.6)
    net.loss(rng.randn(3, 6), y[:3])
    return {**loss_and_grads(net, X, y), "scores": net.loss(X)}


@case(points=3, exercise="FullyConnectedNet.normalized_backward", sizes={"N": 5, "reg": 0.6})
def layernorm_net_three_hidden_layers(cs, rng):
    """layernorm, hidden_dims=[8, 5, 7], reg=0.6, the second of two training steps"""
    net, X, y = hidden_net(cs, rng, [8, 5, 7], normalization="layernorm", reg=0.6)
    net.loss(rng.randn(3, 6), y[:3])
    return loss_and_grads(net, X, y)


@case(points=1, exercise="FullyConnectedNet.normalized_backward", limit=1e-3)
def layernorm_net_float32(cs, rng):
    """layernorm, hidden_dims=[7, 5], reg=0.6, float32"""
    net, X, y = hidden_net(cs, rng, [7, 5], np.float32, normalization="layernorm", reg=0.6)
    return loss_and_grads(net, X, y)
