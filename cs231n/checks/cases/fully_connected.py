"""Cases of the notebook FullyConnectedNets: layers, loss, networks and their initial weights."""

import numpy as np

from .inputs import (
    away_from_zero,
    drawn_twice,
    filled,
    generator,
    hidden_net,
    initial,
    loss_and_grads,
    one_example_before,
    raised,
    spread,
)
from .registry import case, room

room(
    "FullyConnectedNets",
    {
        "affine_forward": "",
        "affine_backward": "affine_forward",
        "relu_forward": "",
        "relu_backward": "relu_forward",
        "softmax_loss": "",
        "TwoLayerNet.__init__": "",
        "TwoLayerNet.loss": "affine_forward affine_backward relu_forward relu_backward "
        "softmax_loss TwoLayerNet.__init__",
        "FullyConnectedNet.__init__": "",
        "FullyConnectedNet.loss": "affine_forward affine_backward relu_forward relu_backward "
        "softmax_loss FullyConnectedNet.__init__",
        "init_weights": "TwoLayerNet.__init__ FullyConnectedNet.__init__",
        "sgd_momentum": "",
        "rmsprop": "",
        "adam": "",
        "adagrad": "",
    },
)


SIZES = np.array([0.5, 10.0])  # a ReLU has no upper end

# Layers


@case(points=2, sizes={"N": 4, "D": 6})
def affine_forward(cs, rng):
    """x (4, 2, 1, 3), w (6, 5), b (5,)"""
    x, w, b = rng.randn(4, 2, 1, 3), rng.randn(6, 5), rng.randn(5)
    out, _ = cs.affine_forward(x, w, b)
    return {"out": out}


@case(points=1, exercise="affine_forward", limit=1e-5)
def affine_forward_square(cs, rng):
    """x (4, 4), w (4, 4): only the numbers tell w from its transpose; float32; then another x"""
    x, w, b = (rng.randn(*shape).astype(np.float32) for shape in [(4, 4), (4, 4), (4,)])
    out, _ = cs.affine_forward(x, w, b)
    cs.affine_forward(2 * x, w, b)  # must leave the first result alone
    return {"out": out}


@case(points=3, sizes={"N": 4, "D": 6})
def affine_backward(cs, rng):
    """x (4, 2, 1, 3), w (6, 5), dout (4, 5); two layers forward, then back"""
    x, w, b = rng.randn(4, 2, 1, 3), rng.randn(6, 5), rng.randn(5)
    caches = [cs.affine_forward(x, w, b)[1], cs.affine_forward(3 * x, 2 * w, b)[1]]
    cs.affine_backward(rng.randn(4, 5), caches[1])
    dx, dw, db = cs.affine_backward(rng.randn(4, 5), caches[0])
    return {"dx": dx, "dw": dw, "db": db}


@case(points=1, exercise="affine_backward", limit=1e-5)
def affine_backward_square(cs, rng):
    """everything (4, 4): only the numbers can tell what was transposed; float32"""
    shapes = [(4, 4), (4, 4), (4,), (4, 4)]
    x, w, b, dout = (rng.randn(*shape).astype(np.float32) for shape in shapes)
    _, cache = cs.affine_forward(x, w, b)
    dx, dw, db = cs.affine_backward(dout, cache)
    return {"dx": dx, "dw": dw, "db": db}


@case(points=1)
def relu_forward(cs, rng):
    """x (3, 4, 2), small and large, about half of it negative"""
    out, _ = cs.relu_forward(away_from_zero(rng, 3, 4, 2) * SIZES)
    return {"out": out}


@case(points=2)
def relu_backward(cs, rng):
    """x and dout (3, 4, 2), x small and large"""
    _, cache = cs.relu_forward(away_from_zero(rng, 3, 4, 2) * SIZES)
    return {"dx": cs.relu_backward(rng.randn(3, 4, 2), cache)}


@case(points=1, exercise="relu_backward", limit=1e-5)
def relu_backward_twice(cs, rng):
    """x (3, 4) float32; the same dout goes back twice, as where a network branches"""
    dout = rng.randn(3, 4).astype(np.float32)
    caches = [cs.relu_forward(away_from_zero(rng, 3, 4).astype(np.float32))[1] for _ in range(2)]
    return {f"dx of branch {i}": cs.relu_backward(dout, cache) for i, cache in enumerate(caches)}


@case(points=3, sizes={"N": 5, "C": 4})
def softmax_loss(cs, rng):
    """scores (5, 4) of a few units, each label at least once"""
    loss, dx = cs.softmax_loss(2 * rng.randn(5, 4), np.array([0, 3, 1, 2, 1]))
    return {"loss": loss, "dx": dx}


@case(points=2, exercise="softmax_loss", sizes={"N": 3, "C": 4})
def softmax_loss_large_scores(cs, rng):
    """scores (3, 4) around +10000, -10000 and 0"""
    x = rng.randn(3, 4) + np.array([[1e4], [-1e4], [0.0]])
    loss, dx = cs.softmax_loss(x, np.array([2, 0, 3]))
    return {"loss": loss, "dx": dx}


@case(points=2, exercise="softmax_loss", sizes={"N": 3, "C": 4})
def softmax_loss_underflow(cs, rng):
    """scores (3, 4) where the true class loses by 1000 or more, so that its probability is 0"""
    x = rng.randn(3, 4) + np.array([[1000.0, 0, 0, 0], [0, -2000.0, 0, 0], [1e4, -1e4, 0, 0]])
    loss, dx = cs.softmax_loss(x, np.array([1, 1, 1]))
    return {"loss": loss, "dx": dx}


@case(points=1, exercise="softmax_loss", limit=1e-5, sizes={"C": 3})
def softmax_loss_single_row(cs, rng):
    """one row of scores (1, 3), float32"""
    loss, dx = cs.softmax_loss(rng.randn(1, 3).astype(np.float32), np.array([2]))
    return {"loss": loss, "dx": dx}


# Networks


@case(points=2, exercise="TwoLayerNet.__init__", limit=0.1)
def two_layer_parameters(cs, rng):
    """input_dim=200, hidden_dim=150, num_classes=80, weight_scale=0.05"""
    net, drawn = drawn_twice(
        lambda stream: cs.TwoLayerNet(200, 150, 80, weight_scale=0.05, rng=stream), rng
    )
    return {**initial(net.params), **drawn}


def two_layer_net(cs, rng, reg):
    """A small net with parameters from the seed, X (5, 2, 3) and y; reg is set afterwards."""
    net = cs.TwoLayerNet(6, 7, 4, reg=0.25)
    net.params, net.reg = filled(rng, [6, 7, 4]), reg
    return net, rng.randn(5, 2, 3), np.array([0, 3, 1, 2, 1])


@case(points=1, exercise="TwoLayerNet.loss")
def two_layer_scores(cs, rng):
    """without labels: scores of X (5, 2, 3)"""
    net, X, _ = two_layer_net(cs, rng, reg=0.0)
    return {"scores": net.loss(X)}


@case(points=2, exercise="TwoLayerNet.loss", sizes={"N": 5})
def two_layer_loss(cs, rng):
    """reg=0: loss and gradients"""
    net, X, y = two_layer_net(cs, rng, reg=0.0)
    return loss_and_grads(net, X, y)


@case(points=2, exercise="TwoLayerNet.loss", sizes={"N": 5, "reg": 0.7})
def two_layer_regularised(cs, rng):
    """net.reg = 0.7: loss and gradients, after a call with a single example"""
    net, X, y = two_layer_net(cs, rng, reg=0.7)
    before = one_example_before(net, rng)
    return {**before, **loss_and_grads(net, X, y)}


@case(points=2, exercise="FullyConnectedNet.__init__", limit=0.1)
def deep_parameters(cs, rng):
    """hidden_dims=[120, 90, 110], input_dim=100, num_classes=80, weight_scale=0.03"""
    sizes = [120, 90, 110]
    net, drawn = drawn_twice(
        lambda stream: cs.FullyConnectedNet(sizes, 100, 80, weight_scale=0.03, rng=stream), rng
    )
    afterwards = {"hidden_dims afterwards": np.array(sizes)}
    return {**initial(net.params), **types_of(net), **afterwards, **drawn}


def types_of(net):
    """The number types of a net's parameters, by name."""
    return {"number type": np.array(sorted({str(value.dtype) for value in net.params.values()}))}


@case(points=1, exercise="FullyConnectedNet.__init__", limit=0.1)
def linear_parameters(cs, rng):
    """hidden_dims=[]: a single layer, input_dim=100, num_classes=80, weight_scale=0.2"""
    net = cs.FullyConnectedNet([], 100, 80, weight_scale=0.2, dtype=np.float64, rng=generator(rng))
    return {**initial(net.params), **types_of(net)}


@case(points=2, exercise="FullyConnectedNet.loss")
def deep_scores(cs, rng):
    """hidden_dims=[7, 5], without labels: scores of X (5, 2, 3); X and layer 1 around 100"""
    net, X, _ = hidden_net(cs, rng, [7, 5], reg=0.0)
    return {"scores": net.loss(raised(net, X))}


@case(points=2, exercise="FullyConnectedNet.loss", sizes={"N": 5})
def one_hidden_layer(cs, rng):
    """hidden_dims=[7], reg=0"""
    net, X, y = hidden_net(cs, rng, [7], reg=0.0)
    return loss_and_grads(net, X, y)


@case(points=2, exercise="FullyConnectedNet.loss", sizes={"N": 5, "reg": 0.6})
def one_hidden_layer_regularised(cs, rng):
    """hidden_dims=[7], reg=0.6"""
    net, X, y = hidden_net(cs, rng, [7], reg=0.6)
    return loss_and_grads(net, X, y)


@case(points=3, exercise="FullyConnectedNet.loss", sizes={"N": 5, "reg": 0.6})
def three_hidden_layers(cs, rng):
    """hidden_dims=[8, 5, 7], net.reg = 0.6, after a call with a single example"""
    net, X, y = hidden_net(cs, rng, [8, 5, 7], reg=0.25)
    before, net.reg = one_example_before(net, rng), 0.6
    return {**before, **loss_and_grads(net, X, y)}


@case(points=1, exercise="FullyConnectedNet.loss", sizes={"N": 5, "reg": 0.6})
def no_hidden_layer(cs, rng):
    """hidden_dims=[], reg=0.6"""
    net, X, y = hidden_net(cs, rng, [], reg=0.6)
    return loss_and_grads(net, X, y)


@case(points=1, exercise="FullyConnectedNet.loss", limit=1e-4, sizes={"N": 5, "reg": 0.6})
def deep_float32(cs, rng):
    """hidden_dims=[7, 5], reg=0.6, float32"""
    net, X, y = hidden_net(cs, rng, [7, 5], np.float32, reg=0.6)
    return loss_and_grads(net, X, y)


# Initial weights: mean and standard deviation of many draws, on matrices that are not square


def drawn(cs, rng, weight_scale):
    """Statistics of a wide and of a tall matrix."""
    source = generator(rng)
    wide = cs.init_weights((100, 900), weight_scale, source)
    tall = cs.init_weights((900, 100), weight_scale, source)
    shapes = {"wide shape": np.array(np.shape(wide)), "tall shape": np.array(np.shape(tall))}
    statistics = {"mean and std, wide": spread(wide), "mean and std, tall": spread(tall)}
    return {**shapes, **statistics, "share of different numbers": share_of_different(wide, tall)}


def share_of_different(*draws):
    """How many of all numbers are others than all before them."""
    drawn = np.concatenate([np.ravel(draw) for draw in draws])
    return len(np.unique(drawn)) / len(drawn)


@case(points=3, exercise="init_weights", limit=0.1)
def init_weights_xavier(cs, rng):
    """weight_scale="xavier", then 0.02; shapes (100, 900) and (900, 100)"""
    named = drawn(cs, rng, "xavier")
    return named | {f"{fact}, 0.02": value for fact, value in drawn(cs, rng, 0.02).items()}


@case(points=2, exercise="init_weights", limit=0.1)
def init_weights_he(cs, rng):
    """weight_scale="he", shapes (100, 900) and (900, 100)"""
    return drawn(cs, rng, "he")


@case(points=1, exercise="init_weights", limit=0.1)
def init_weights_in_networks(cs, rng):
    """TwoLayerNet(..., weight_scale="xavier") and FullyConnectedNet(..., weight_scale="he")"""
    two = cs.TwoLayerNet(300, 100, 90, weight_scale="xavier", rng=generator(rng)).params
    deep = cs.FullyConnectedNet([100], 300, 90, weight_scale="he", rng=generator(rng)).params
    networks = {"TwoLayerNet": two, "FullyConnectedNet": deep}
    return {
        f"mean and std of {network}'s {key}": spread(params[key])
        for network, params in networks.items()
        for key in ("W1", "W2")
    }
