"""What several cases share: how inputs are drawn and how results are named."""

import numpy as np


def away_from_zero(rng, *shape):
    """Normal draws with the neighbourhood of 0 cut out: no ReLU kink, no vanishing divisor."""
    draws = rng.randn(*shape)
    return draws + np.where(draws < 0, -0.1, 0.1)


def generator(rng):
    """A generator for initial weights; their statistics are judged, so its stream may change."""
    return np.random.default_rng(rng.randint(2**31 - 1))


def shapes_of(params):
    """The names and shapes of parameters, as text, so that a missing one is seen by its name."""
    return np.array([f"{key} {np.shape(params[key])}" for key in sorted(params)])


def spread(weights):
    """Mean and standard deviation."""
    weights = np.asarray(weights, dtype=np.float64)
    return np.array([weights.mean(), weights.std()])


def initial(params, *others):
    """What initial parameters have in common, whatever was drawn; wide matrices only.

    Where they are not wide enough, chance is made small by `others`, of networks like the first.
    """
    facts = {"names and shapes": shapes_of(params)}
    for key in sorted(params):
        if key.startswith("W"):
            drawn = [net[key] for net in (params, *others)]
            facts[f"mean and std of {key}"] = spread(drawn)
        else:
            facts[f"largest |{key}|"] = np.max(np.abs(np.asarray(params[key], np.float64)))
    return facts


def filled(rng, sizes, scale=0.6):
    """Parameters of a fully connected net from the seed, in the order of their names."""
    shapes = {}
    for i in range(1, len(sizes)):
        shapes |= {f"W{i}": sizes[i - 1 : i + 1], f"b{i}": sizes[i : i + 1]}
    return {key: scale * rng.randn(*shapes[key]) for key in sorted(shapes)}


def hidden_net(cs, rng, hidden_dims, dtype=np.float64, **options):
    """A FullyConnectedNet with parameters from the seed, X (5, 2, 3) and y."""
    net = cs.FullyConnectedNet(hidden_dims, 6, 4, dtype=dtype, **options)
    params = filled(rng, [6, *hidden_dims, 4])
    if options.get("normalization"):
        for i, size in enumerate(hidden_dims, start=1):
            params |= {f"gamma{i}": away_from_zero(rng, size), f"beta{i}": 0.6 * rng.randn(size)}
    net.params = {key: value.astype(dtype) for key, value in params.items()}
    return net, rng.randn(5, 2, 3).astype(dtype), np.array([0, 3, 1, 2, 1])


def running(rng, size):
    """Running averages as in the middle of training."""
    return {"running_mean": rng.randn(size), "running_var": 0.2 + rng.rand(size)}


def with_averages(net, rng):
    """Give each hidden layer of a net with batch norm running averages of its own."""
    if net.normalization == "batchnorm":
        for i, bn_param in enumerate(net.bn_params, start=1):
            bn_param |= running(rng, net.params[f"b{i}"].size)
    return net


def forward_only(net):
    """Let the net leave out the way back through its hidden layers: what counts is its loss."""
    net.leave_out_backward()
    return net


def loss_and_grads(net, X, y):
    """The loss and the gradient of every parameter, by name."""
    loss, grads = net.loss(X, y)
    named = {f"grads[{key!r}]": grads.get(key) for key in sorted(net.params)}
    return {"loss": loss, "names in grads": np.array(sorted(grads)), **named}
