"""Cases of the notebook ConvolutionalNetworks: the three-layer network."""

import numpy as np

from .inputs import drawn_twice, generator, initial, loss_and_grads
from .registry import case


@case(points=2, exercise="ThreeLayerConvNet.__init__", limit=0.1)
def conv_net_parameters(cs, rng):
    """pictures (4, 7, 10), 40 filters of 5 × 5, 80 hidden units, 60 classes, weight_scale=0.05"""
    sizes = (4, 7, 10), 40, 5, 80, 60
    net, drawn = drawn_twice(
        lambda stream: cs.ThreeLayerConvNet(*sizes, weight_scale=0.05, rng=stream), rng
    )
    types = np.array(sorted({str(value.dtype) for value in net.params.values()}))
    return {**initial(net.params), "number type": types, **drawn}


@case(points=1, exercise="ThreeLayerConvNet.__init__", limit=0.1)
def conv_net_defaults(cs, rng):
    """no arguments but rng: pictures (3, 32, 32), 32 filters of 7 × 7, 100 units, 10 classes"""
    # W3 has 1,000 numbers: the means of two draws differ by a tenth of their spread once in forty
    # times; of five networks together, once in a million.
    return initial(*(cs.ThreeLayerConvNet(rng=generator(rng)).params for _ in range(5)))


def conv_net(cs, rng, reg, size=(2, 4, 6), filter_size=3, dtype=np.float64):
    """A small net with parameters from the seed, X and y."""
    net = cs.ThreeLayerConvNet(size, 3, filter_size, 5, 4, reg=reg, dtype=dtype)
    pooled = 3 * (size[1] // 2) * (size[2] // 2)
    shapes = {"W1": (3, size[0], filter_size, filter_size), "W2": (pooled, 5), "W3": (5, 4)}
    params = {f"b{i}": 0.6 * rng.randn(count) for i, count in ((1, 3), (2, 5), (3, 4))}
    params |= {key: 0.6 * rng.randn(*shape) for key, shape in shapes.items()}
    net.params = {key: params[key].astype(dtype) for key in sorted(params)}
    return net, rng.randn(5, *size).astype(dtype), np.array([0, 3, 1, 2, 1])


@case(points=1, exercise="ThreeLayerConvNet.loss")
def conv_net_scores(cs, rng):
    """without labels: scores of X (5, 2, 4, 6)"""
    net, X, _ = conv_net(cs, rng, reg=0.0)
    return {"scores": net.loss(X)}


@case(points=3, exercise="ThreeLayerConvNet.loss", sizes={"N": 5})
def conv_net_loss(cs, rng):
    """X (5, 2, 4, 6), reg=0: loss and gradients"""
    net, X, y = conv_net(cs, rng, reg=0.0)
    return loss_and_grads(net, X, y)


@case(points=3, exercise="ThreeLayerConvNet.loss", sizes={"N": 5, "reg": 0.6})
def conv_net_regularised(cs, rng):
    """X (5, 2, 4, 6), reg=0.6: loss and gradients of a second call, W2 and b3 being others"""
    net, X, y = conv_net(cs, rng, reg=0.6)
    net.loss(rng.randn(2, 2, 4, 6), y[:2])
    for key in ("W2", "b3"):
        net.params[key] = 1.1 * net.params[key]
    return loss_and_grads(net, X, y)


@case(points=1, exercise="ThreeLayerConvNet.loss", limit=1e-4, sizes={"N": 5, "reg": 0.6})
def conv_net_float32(cs, rng):
    """X (5, 1, 6, 4), filters of 5 × 5, reg=0.6, float32"""
    net, X, y = conv_net(cs, rng, 0.6, (1, 6, 4), filter_size=5, dtype=np.float32)
    return loss_and_grads(net, X, y)
