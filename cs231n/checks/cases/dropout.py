"""Cases of the notebook Dropout: its masks, known by their properties, and networks that drop."""

import numpy as np

from .inputs import away_from_zero, forward_only, hidden_net, with_averages
from .registry import case, room

room(
    "Dropout",
    {
        "dropout_forward": "",
        "dropout_backward": "dropout_forward",
        "FullyConnectedNet.hidden_forward": "FullyConnectedNet.__init__ FullyConnectedNet.loss "
        "FullyConnectedNet.normalized_forward dropout_forward",
        "FullyConnectedNet.hidden_backward": "FullyConnectedNet.__init__ FullyConnectedNet.loss "
        "FullyConnectedNet.normalized_backward dropout_forward dropout_backward "
        "FullyConnectedNet.hidden_forward",
    },
)

NORMS = (None, "batchnorm", "layernorm")


def training(rng, p, **more):
    """A dropout_param that draws from a generator of the seed."""
    return {"mode": "train", "p": p, "rng": np.random.default_rng(rng.randint(2**31 - 1)), **more}


def factors(out, x):
    """The different factors by which x was multiplied."""
    return np.unique(np.round(np.asarray(out, np.float64) / x, 6))


def spares_global_stream(cs, call, state):
    """Whether NumPy's global stream, put into a state for the call, is left in it."""
    before = cs.swap_global_stream(state)
    try:
        call()
    finally:
        after = cs.swap_global_stream(before)
    return np.array(all(map(np.array_equal, state[1:3], after[1:3])))


# Layers. The limits of shares leave room for chance: six standard deviations and more.


@case(points=3, limit=0.03)
def dropout_forward(cs, rng):
    """training: x (400, 500), p=0.3: how many numbers are kept, and what becomes of them"""
    x = away_from_zero(rng, 400, 500)
    out, _ = cs.dropout_forward(x, training(rng, 0.3))
    kept = np.asarray(out) != 0
    uneven = [np.max(np.abs(kept.mean(axis=axis) - kept.mean())) for axis in (0, 1)]
    pairs = [(kept[1:], kept[:-1]), (kept[:, 1:], kept[:, :-1]), (kept[200:], kept[:200])]
    return {
        "shape": np.array(np.shape(out)),
        "factors out / x": factors(out, x),
        "share of numbers kept": kept.mean(),
        "is a column, is a row far from that share": np.round(uneven),
        "equal fates below, beside, half an array away": np.array(
            [np.mean(a == b) for a, b in pairs]
        ),
    }


@case(points=1, exercise="dropout_forward", limit=0.03)
def dropout_forward_draws(cs, rng):
    """training: p=0.6, x (400, 300), then 200 times (5, 4, 3): the same mask for the same source"""
    x, small = away_from_zero(rng, 400, 300), away_from_zero(rng, 5, 4, 3)
    seeded, free = training(rng, 0.6, seed=0), training(rng, 0.6)
    equal = [{**free, "rng": np.random.default_rng(3)} for _ in range(2)]
    kept = [cs.dropout_forward(x, q)[0] != 0 for q in (seeded, seeded, *equal, free, free)]
    same = [np.mean(one == other) for one, other in zip(kept[::2], kept[1::2], strict=True)]
    many = np.array([cs.dropout_forward(small, free)[0] for _ in range(200)])
    spread = np.std(np.mean(many != 0, axis=(1, 2, 3))) / np.sqrt(0.6 * 0.4 / small.size)
    return {
        "share of the mask that is the same in a second call, seed given": same[0],
        "share of the mask that is the same from an equal rng": same[1],
        "share of the mask that is the same in a second call, same rng": same[2],
        "factors out / x, 200 calls": factors(many, small),
        "spread of the share kept, 200 calls, over that of independent draws": np.round(spread),
        "NumPy's global stream is as before": spares_global_stream(
            cs, lambda: cs.dropout_forward(small, seeded), rng.get_state()
        ),
    }


@case(points=2, exercise="dropout_forward")
def dropout_forward_test(cs, rng):
    """testing: x (3, 4), p=0.3; and what training multiplies x (30, 20) by, to all digits"""
    out, _ = cs.dropout_forward(rng.randn(3, 4), {"mode": "test", "p": 0.3})
    x = away_from_zero(rng, 30, 20)
    trained, _ = cs.dropout_forward(x, training(rng, 0.3))
    return {"out": out, "factors out / x in training": factors(trained, x)}


@case(points=2)
def dropout_backward(cs, rng):
    """training: x (30, 5, 4), p from 0.5 to 0.9: dx against what became of x; one cache, two calls

    A third of x is 0, as behind a ReLU, and another layer drops before the way back.
    """
    x, dout = away_from_zero(rng, 30, 5, 4), away_from_zero(rng, 30, 5, 4)
    x[10:20], rest = 0, np.r_[:10, 20:30]
    dropout_param = training(rng, round(0.5 + 0.4 * rng.rand(), 2))
    out, cache = cs.dropout_forward(x, dropout_param)
    cs.dropout_forward(dout, dropout_param)
    scales, found = out[rest] / x[rest], {}
    for call in ("first", "second"):
        ratios = np.asarray(cs.dropout_backward(dout, cache)) / dout
        found[f"factors dx / dout, {call} call"] = factors(ratios, 1)
        fits = (ratios[rest] != 0) == (scales != 0)
        found[f"share that fits the mask, {call} call"] = np.mean(fits)
        found[f"largest |dx / dout - out / x|, {call} call"] = np.max(np.abs(ratios[rest] - scales))
    share = np.mean(ratios[10:20] != 0) / dropout_param["p"]
    return found | {"share of dx kept where x is 0, over p": np.round(share)}


@case(points=1, exercise="dropout_backward")
def dropout_backward_test(cs, rng):
    """testing: x and dout (3, 4), p=0.3"""
    _, cache = cs.dropout_forward(rng.randn(3, 4), {"mode": "test", "p": 0.3})
    return {"dx": cs.dropout_backward(rng.randn(3, 4), cache)}


# Networks. Everybody's masks are their own, but a seed makes them known.


def normalizations(cs):
    """None, and each normalisation that is written: they belong to another notebook.

    What stands for one that is not written is None; so all that is returned about a net is held
    against the same net without dropout.
    """
    found = {}
    for norm in NORMS:
        try:
            net, X, y = hidden_net(cs, np.random.RandomState(0), [3], normalization=norm)
            net.loss(X, y)
            found[norm] = norm
        except NotImplementedError:
            found[norm] = None
    return found.items()


def without_dropout(cs, net, hidden_dims):
    """A net that has the parameters and running averages of another, and drops nothing."""
    plain, _, _ = hidden_net(
        cs, np.random.RandomState(0), hidden_dims, normalization=net.normalization
    )
    plain.params, plain.bn_params = net.params, net.bn_params
    return plain


def dropping_net(cs, rng, norm, hidden_dims, **more):
    """A net that keeps 60 % of its hidden units (another share until it was built), X and y."""
    options = {"normalization": norm, "dropout_keep_ratio": 0.9, "seed": 5, **more}
    net, X, y = hidden_net(cs, rng, hidden_dims, **options)
    net.dropout_param["p"] = 0.6
    return net, X, y


@case(points=2, exercise="FullyConnectedNet.hidden_forward", sizes={"N": 5})
def dropout_net_scores(cs, rng):
    """hidden_dims=[7, 5], keep ratio 0.6, each normalisation: scores without labels"""
    found = {}
    for name, norm in normalizations(cs):
        net, X, _ = dropping_net(cs, rng, norm, [7, 5])
        plain = without_dropout(cs, with_averages(net, rng), [7, 5])
        scores = net.loss(X)
        found[f"scores over those without dropout, normalization={name}"] = scores / plain.loss(X)
        if name is None:
            found["scores, normalization=None"] = scores
    return found


def loss_of_kept_units(cs, net, plain, X, y):
    """The loss as each example sees it: a net without dropout, its weights times the masks."""
    ones = [np.ones((len(X), net.params[f"b{i}"].size)) for i in range(1, net.num_layers)]
    masks = [cs.dropout_forward(array, {**net.dropout_param, "mode": "train"})[0] for array in ones]
    losses = []
    for n in range(len(X)):
        plain.params = dict(net.params)
        for i, mask in enumerate(masks, start=2):
            plain.params[f"W{i}"] = mask[n][:, None] * net.params[f"W{i}"]
        losses.append(cs.softmax_loss(plain.loss(X[n : n + 1]), y[n : n + 1])[0])
    weights = [net.params[f"W{i}"] for i in range(1, net.num_layers + 1)]
    return np.mean(losses) + 0.5 * net.reg * sum(np.sum(w**2) for w in weights)


@case(points=3, exercise="FullyConnectedNet.hidden_forward", sizes={"N": 5})
def dropout_net_training(cs, rng):
    """hidden_dims=[7, 5], keep ratio 0.6, reg=0.6, each normalisation: a training step, a test"""
    found = {}
    for name, norm in normalizations(cs):
        net, X, y = dropping_net(cs, rng, norm, [7, 5], reg=0.6)
        for bn_param in net.bn_params:
            bn_param["momentum"] = 0.0  # the running averages are then the minibatch's own
        loss, _ = forward_only(net).loss(X, y)
        plain = without_dropout(cs, net, [7, 5])
        ratio = loss / loss_of_kept_units(cs, net, plain, X, y)
        found[f"loss over that of the units kept, normalization={name}"] = ratio
        plain.params = with_averages(net, rng).params
        ratio = net.loss(X) / plain.loss(X)
        found[f"scores afterwards over those without dropout, normalization={name}"] = ratio
    net, X, y = dropping_net(cs, rng, None, [7, 5], seed=None)
    losses = [forward_only(net).loss(X, y)[0] for _ in range(2)]
    return found | {"losses of two steps are the same, no seed": np.array(losses[0] == losses[1])}


def away_from_kinks(net):
    """Choose gamma and beta such that each normalised unit is clearly above or below zero."""
    for key, value in net.params.items():
        if key.startswith("gamma"):
            net.params[key] = 0.3 * np.sign(value)
        if key.startswith("beta"):
            net.params[key] = np.where(value < -0.6, -1.0, 1.0)
    return net


def loss_with_masks(net, X, y):
    """Loss and gradients with the same masks at each call, but other masks if drawn again."""
    net.dropout_param["rng"] = np.random.default_rng(5)
    return net.loss(X, y)


def slope_ratios(net, X, y, rng):
    """The loss's slope along a random direction over the one that grads gives, layer by layer."""
    _, grads = loss_with_masks(net, X, y)
    start, ratios, h = net.params, [], 1e-6
    for i in range(1, net.num_layers + 1):
        steps = {key: rng.randn(*start[key].shape) for key in start if key.endswith(str(i))}
        losses = []
        for sign in (h, -h):
            net.params = start | {key: start[key] + sign * steps[key] for key in steps}
            losses.append(loss_with_masks(net, X, y)[0])
        slope = (losses[0] - losses[1]) / (2 * h)
        by_grads = sum(np.sum(grads[key] * steps[key]) for key in steps if key in grads)
        ratios.append(slope / by_grads)
    net.params = start
    return np.array(ratios)


@case(points=4, exercise="FullyConnectedNet.hidden_backward", limit=1e-4)
def dropout_net_gradients(cs, rng):
    """hidden_dims=[9, 8, 9], reg=0.6, keep ratio 0.6, each normalisation: slopes"""
    found = {}
    for name, norm in normalizations(cs):
        net, X, y = dropping_net(cs, rng, norm, [9, 8, 9], reg=0.6, seed=None)
        _, grads = net.loss(X, y)
        share = np.mean([key in grads for key in net.params])
        found[f"share of params with a gradient, normalization={name}"] = share
        ratios = slope_ratios(away_from_kinks(net), X, y, rng)
        found[f"slope over that of grads, each layer, normalization={name}"] = ratios
    return found
