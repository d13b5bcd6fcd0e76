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
    starts = {float(np.ravel(params[key])[0]) for key in params if key.startswith("W")}
    facts = {"names and shapes": shapes_of(params), "different first weights": len(starts)}
    for key in sorted(params):
        if key.startswith("W"):
            drawn = [net[key] for net in (params, *others)]
            facts[f"mean and std of {key}"] = spread(drawn)
        else:
            facts[f"largest |{key}|"] = np.max(np.abs(np.asarray(params[key], np.float64)))
    return facts


def drawn_twice(build, rng):
    """A network that build(generator) makes, and in how many weights a second one is the same."""
    seed = rng.randint(2**31 - 1)
    net, again = (build(np.random.default_rng(seed)) for _ in range(2))
    weights = [key for key in net.params if key.startswith("W")]
    same = [key for key in weights if np.array_equal(net.params[key], again.params[key])]
    return net, {"weights that an equal rng draws again": len(same)}


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


def one_example_before(net, rng):
    """Scores of a single example, and its gradient by the last bias, which is held until later.

    Then the net gets other parameters, as training gives it.
    """
    X, label = rng.randn(1, 6), np.array([0])
    found = {"scores of a single example before": net.loss(X)}
    last = max(key for key in net.params if key.startswith("b"))
    found[f"its grads[{last!r}]"] = net.loss(X, label)[1].get(last)
    net.params = {key: 0.9 * value for key, value in net.params.items()}
    return found


def running(rng, size):
    """Running averages as in the middle of training."""
    return {"running_mean": rng.randn(size), "running_var": 0.2 + rng.rand(size)}


def with_settings(net, **settings):
    """Give each hidden layer's normalisation other settings than the defaults."""
    for param in net.bn_params:
        param |= settings
    return net


def raised(net, X):
    """X + 100, for a net changed so that X and its first units lie around 100: digits count."""
    params, first = dict(net.params), "beta1" if "beta1" in net.params else "b1"
    for i in (1, 2):
        params[f"b{i}"] = params[f"b{i}"] - 100 * params[f"W{i}"].sum(axis=0)
    params[first] = params[first] + 100
    net.params = params
    return X + 100


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


LARGE = 100  # how large derivatives are: a gradient that is cut to some length shows


def called(rng, backward, cache, *shapes, names, calls=1, dtype=np.float64):
    """Gradients by name, of the last of one or more calls with derivatives of the given shapes."""
    for _ in range(calls):
        derivatives = (LARGE * rng.randn(*shape).astype(dtype) for shape in shapes)
        gradients = backward(*derivatives, cache)
    label = "" if calls == 1 else f", call {calls}"
    return {f"{name}{label}": each for name, each in zip(names, gradients, strict=True)}
