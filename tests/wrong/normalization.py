"""Mistakes in batch and layer normalisation."""

import numpy as np

from cs231n.layers import batchnorm_forward, layernorm_forward

from . import wrong

# Batch norm, forward: the right parts, of which each mistake replaces one or two


def _statistics(x):
    return x.mean(axis=0), x.var(axis=0)


def _normalise(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


def _average(momentum, old, new):
    return momentum * old + (1 - momentum) * new


def _keep(old, new):
    return old


PARTS = {
    "statistics": _statistics,
    "train": _normalise,
    "test": _normalise,
    "average": _average,
    "remember": lambda mean, var, count: (mean, var),
    "after_test": _keep,
}


def _forward(**changed):
    parts = {**PARTS, **changed}

    def forward(x, gamma, beta, bn_param):
        eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
        zeros = np.zeros(x.shape[1], x.dtype)
        old = [bn_param.get(key, zeros) for key in ("running_mean", "running_var")]
        statistics = parts["statistics"](x)
        if bn_param["mode"] == "train":
            out = parts["train"](x, gamma, beta, *statistics, eps)
            new = parts["remember"](*statistics, len(x))
            kept = [parts["average"](momentum, *pair) for pair in zip(old, new, strict=True)]
        else:
            out = parts["test"](x, gamma, beta, *old, eps)
            kept = [parts["after_test"](*pair) for pair in zip(old, statistics, strict=True)]
        bn_param["running_mean"], bn_param["running_var"] = kept
        return out, None

    return forward


def _plain(x, gamma, beta, mean, var, eps):
    return (x - mean) / np.sqrt(var + eps)


def _eps_outside(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) / (np.sqrt(var) + eps) + beta


def _without_eps(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) / np.sqrt(np.maximum(var, 1e-30)) + beta


def _eps_fixed(x, gamma, beta, mean, var, eps):
    return _normalise(x, gamma, beta, mean, var, 1e-5)


def _by_variance(x, gamma, beta, mean, var, eps):
    return gamma * (x - mean) / (var + eps) + beta


def _exchanged(x, gamma, beta, mean, var, eps):
    return _normalise(x, beta, gamma, mean, var, eps)


def _without_beta(x, gamma, beta, mean, var, eps):
    return _normalise(x, gamma, 0 * beta, mean, var, eps)


def _shift_first(x, gamma, beta, mean, var, eps):
    return gamma * (_plain(x, gamma, beta, mean, var, eps) + beta)


def _not_centred(x, gamma, beta, mean, var, eps):
    return _normalise(x, gamma, beta, 0, var, eps)


def _of_the_batch(x, gamma, beta, mean, var, eps):
    return _normalise(x, gamma, beta, *_statistics(x), eps)


FORWARD = [
    ("gamma and beta are left out in training", {"train": _plain}),
    ("gamma and beta are left out in test mode", {"test": _plain}),
    ("gamma and beta are left out, in training and in testing", {"train": _plain, "test": _plain}),
    ("gamma and beta are exchanged: gamma multiplies, beta is added",
     {"train": _exchanged, "test": _exchanged}),
    ("beta is not added", {"train": _without_beta, "test": _without_beta}),
    ("beta is added before gamma multiplies; it comes last",
     {"train": _shift_first, "test": _shift_first}),
    ("eps is added outside of the root in training; it belongs to the variance",
     {"train": _eps_outside}),
    ("eps is added outside of the root in test mode; it belongs to the variance",
     {"test": _eps_outside}),
    ("eps is added outside of the root, in both modes",
     {"train": _eps_outside, "test": _eps_outside}),
    ("eps is left out in training", {"train": _without_eps}),
    ("eps is left out in test mode", {"test": _without_eps}),
    ("eps is always 1e-5; take it from bn_param", {"train": _eps_fixed, "test": _eps_fixed}),
    ("training divides by the variance; it is its root", {"train": _by_variance}),
    ("test mode divides by running_var; it is its root", {"test": _by_variance}),
    ("the mean is not subtracted", {"train": _not_centred}),
    ("test mode does not subtract running_mean", {"test": _not_centred}),
    ("test mode uses the minibatch's statistics; it is the running averages",
     {"test": _of_the_batch}),
    ("the running averages change in test mode; only training updates them",
     {"after_test": lambda old, new: _average(0.9, old, new)}),
    ("the variance divides by N - 1 (ddof=1); it is N",
     {"statistics": lambda x: (x.mean(axis=0), x.var(axis=0, ddof=1))}),
    ("mean and variance are of each example (axis 1); batch norm takes those of each feature",
     {"statistics": lambda x: (x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True))}),
    ("one mean and variance for the whole array; each feature has its own (axis=0)",
     {"statistics": lambda x: (x.mean() + 0 * x[0], x.var() + 0 * x[0])}),
    ("the variance is the mean of the squares of x, without taking off the mean",
     {"statistics": lambda x: (x.mean(axis=0), (x**2).mean(axis=0))}),
    ("the standard deviation stands where the variance belongs",
     {"statistics": lambda x: (x.mean(axis=0), x.std(axis=0))}),
    ("momentum weighs the minibatch; it is the share of the old average that is kept",
     {"average": lambda momentum, old, new: (1 - momentum) * old + momentum * new}),
    ("momentum is always 0.9; take it from bn_param",
     {"average": lambda momentum, old, new: _average(0.9, old, new)}),
    ("the running averages are not updated", {"average": lambda momentum, old, new: old}),
    ("the running averages are replaced by the minibatch's statistics",
     {"average": lambda momentum, old, new: new}),
    ("the running averages add up: the old one is not multiplied with momentum",
     {"average": lambda momentum, old, new: old + (1 - momentum) * new}),
    ("running_var averages the standard deviation; it is the variance",
     {"remember": lambda mean, var, count: (mean, np.sqrt(var))}),
    ("running_var takes the variance over N - 1, as PyTorch does; here it is over N",
     {"remember": lambda mean, var, count: (mean, var * count / (count - 1))}),
    ("running_mean and running_var are exchanged",
     {"remember": lambda mean, var, count: (var, mean)}),
]  # fmt: skip

for _cause, _change in FORWARD:
    wrong("batchnorm_forward", _cause)(_forward(**_change))


@wrong("batchnorm_forward", cause="x itself is centred in place; others still need it")
def batchnorm_forward_in_place(x, gamma, beta, bn_param):
    result = batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        x -= x.mean(axis=0)
    return result


@wrong("batchnorm_forward", cause="training normalises with the running averages")
def batchnorm_forward_running(x, gamma, beta, bn_param):
    before = [bn_param.get(key, np.zeros(x.shape[1])) for key in ("running_mean", "running_var")]
    batchnorm_forward(x, gamma, beta, bn_param)
    return _normalise(x, gamma, beta, *before, bn_param.get("eps", 1e-5)), None


# The way back, in terms of batch norm; layer norm's is the same with the axes exchanged


def _right_dx(d, x_hat, inverse_std):
    """d is the gradient by x_hat."""
    return inverse_std * (d - d.mean(axis=0) - x_hat * (d * x_hat).mean(axis=0))


def _dx_without_eps(d, x_hat, inverse_std):
    return _right_dx(d, x_hat, 1 / np.sqrt(np.maximum(inverse_std**-2 - 0.05, 1e-12)))


def _dx_direct(d, x_hat, inverse_std):
    return inverse_std * d


def _dx_without_mean(d, x_hat, inverse_std):
    return inverse_std * (d - x_hat * (d * x_hat).mean(axis=0))


def _dx_without_variance(d, x_hat, inverse_std):
    return inverse_std * (d - d.mean(axis=0))


def _dx_half_variance(d, x_hat, inverse_std):
    return inverse_std * (d - d.mean(axis=0) - 0.5 * x_hat * (d * x_hat).mean(axis=0))


def _dx_variance_added(d, x_hat, inverse_std):
    return inverse_std * (d - d.mean(axis=0) + x_hat * (d * x_hat).mean(axis=0))


def _dx_power(d, x_hat, inverse_std):
    return inverse_std * (d - d.mean(axis=0) - x_hat * (d * x_hat).mean(axis=0) / inverse_std)


def _dx_summed(d, x_hat, inverse_std):
    return inverse_std * (d - d.sum(axis=0) - x_hat * (d * x_hat).sum(axis=0))


def _dx_divided(d, x_hat, inverse_std):
    return _right_dx(d, x_hat, inverse_std) / len(d)


def _dx_squared(d, x_hat, inverse_std):
    return _right_dx(d, x_hat, inverse_std**2)


def _dx_unscaled(d, x_hat, inverse_std):
    return _right_dx(d, x_hat, 1)


def _dx_mean_added(d, x_hat, inverse_std):
    return inverse_std * (d + d.mean(axis=0) - x_hat * (d * x_hat).mean(axis=0))


def _dx_mean_summed(d, x_hat, inverse_std):
    return inverse_std * (d - d.sum(axis=0) - x_hat * (d * x_hat).mean(axis=0))


def _dx_variance_summed(d, x_hat, inverse_std):
    return inverse_std * (d - d.mean(axis=0) - x_hat * (d * x_hat).sum(axis=0))


def _dx_other_count(d, x_hat, inverse_std):
    count = d.shape[1]
    return inverse_std * (d - d.sum(axis=0) / count - x_hat * (d * x_hat).sum(axis=0) / count)


DX = [
    ("eps is left out on the way back: the root holds var + eps there too", _dx_without_eps),
    ("mean and variance are taken for constants; they depend on x too", _dx_direct),
    ("the way through the mean is missing", _dx_without_mean),
    ("the way through the variance is missing", _dx_without_variance),
    ("the way through the variance has half its size: the square's derivative has a 2",
     _dx_half_variance),
    ("the way through the variance has its sign flipped: d var^(-1/2) brings a minus",
     _dx_variance_added),
    ("the variance's derivative has the power -1; it is -3/2", _dx_power),
    ("sums stand where means belong: a division by the count is missing", _dx_summed),
    ("the way through the mean has its sign flipped: x - mean brings a minus", _dx_mean_added),
    ("the way through the mean lacks its division by the count", _dx_mean_summed),
    ("the way through the variance lacks its division by the count", _dx_variance_summed),
    ("sums are divided by the size of the other axis; it is how many numbers were summed",
     _dx_other_count),
    ("dx is divided by the count once too often", _dx_divided),
    ("dx is divided by the variance; it is the root", _dx_squared),
    ("dx is not divided by the root of the variance", _dx_unscaled),
]  # fmt: skip

PARAMETERS = [
    ("dgamma sums dout alone: x_hat is missing", lambda dout, x_hat, dx: (dx, dout.sum(0),
                                                                          dout.sum(0))),
    ("dgamma and dbeta are returned in each other's place",
     lambda dout, x_hat, dx: (dx, dout.sum(0), (dout * x_hat).sum(0))),
    ("dgamma and dbeta are means over the batch; they are sums",
     lambda dout, x_hat, dx: (dx, (dout * x_hat).mean(0), dout.mean(0))),
    ("dgamma and dbeta are summed over axis 1; gamma and beta meet every example, so axis 0",
     lambda dout, x_hat, dx: (dx, (dout * x_hat).sum(1), dout.sum(1))),
    ("dgamma and dbeta are not summed over the examples",
     lambda dout, x_hat, dx: (dx, dout * x_hat, dout.copy())),
    ("dgamma and dbeta keep the batch axis: (1, D) where (D,) belongs",
     lambda dout, x_hat, dx: (dx, (dout * x_hat).sum(0, keepdims=True),
                              dout.sum(0, keepdims=True))),
]  # fmt: skip


def _batch_parts(cache):
    """x_hat, inverse_std and gamma of the package's own cache."""
    centred, inverse_std, gamma = cache
    return centred * inverse_std, inverse_std, gamma


def _layer_parts(cache):
    x_hat, gamma, (_, inverse_std, _) = cache
    return x_hat, inverse_std, gamma


BACKWARDS = {
    "batchnorm_backward": _batch_parts,
    "batchnorm_backward_alt": _batch_parts,
    "layernorm_backward": _layer_parts,
}


def _gradient(name, dout, cache, dx_of=_right_dx, scaled=True):
    """dout, x_hat and dx, which the function named computes in its own axes."""
    x_hat, inverse_std, gamma = BACKWARDS[name](cache)
    d = dout * gamma if scaled else dout
    if name == "layernorm_backward":
        return dout, x_hat, dx_of(d.T, x_hat.T, inverse_std).T
    return dout, x_hat, dx_of(d, x_hat, inverse_std)


def _backward_wrong(name, cause, finish=None, **how):
    def backward(dout, cache):
        dout, x_hat, dx = _gradient(name, dout, cache, **how)
        return (finish or _finish)(dout, x_hat, dx)

    wrong(name, cause)(backward)


def _finish(dout, x_hat, dx):
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def _overwriting(name):
    def backward(dout, cache):
        result = _finish(*_gradient(name, dout, cache))
        centred = name != "layernorm_backward"
        cache[0][...] = 0.5 / cache[1] if centred else 0.5
        return result

    def scaling(dout, cache):
        result = _finish(*_gradient(name, dout, cache))
        dout *= BACKWARDS[name](cache)[2]
        return result

    wrong(name, "x_hat in the cache is overwritten; a second call needs it")(backward)
    wrong(name, "dout is scaled in place; work on a copy")(scaling)


def _dividing(name):
    def backward(dout, cache):
        dout, x_hat, dx = _gradient(name, dout, cache)
        gamma = BACKWARDS[name](cache)[2]
        with np.errstate(all="ignore"):
            return dx, (dout * gamma * x_hat).sum(axis=0) / gamma, dout.sum(axis=0)

    wrong(name, "a division by gamma, which may be 0: sum dout · x_hat instead")(backward)


for _name in BACKWARDS:
    for _cause, _dx in DX:
        _backward_wrong(_name, _cause, dx_of=_dx)
    for _cause, _change in PARAMETERS:
        _backward_wrong(_name, _cause, finish=_change)
    _backward_wrong(_name, "gamma is missing in dx: the gradient by x_hat is dout times gamma",
                    scaled=False)  # fmt: skip
    _overwriting(_name)
    _dividing(_name)


for _name, _parts in BACKWARDS.items():

    @wrong(_name, "dgamma is summed from dx_hat, which holds gamma already; it is dout · x_hat")
    def gamma_twice(dout, cache, name=_name, parts=_parts):
        dout, x_hat, dx = _gradient(name, dout, cache)
        return dx, (dout * parts(cache)[2] * x_hat).sum(axis=0), dout.sum(axis=0)


@wrong("layernorm_backward", "the sums run over the examples, as in batch norm; here over features")
def layernorm_backward_over_examples(dout, cache):
    x_hat, inverse_std, gamma = _layer_parts(cache)
    inverse_std = inverse_std.reshape(-1, 1)
    return _finish(dout, x_hat, _right_dx(dout * gamma, x_hat, inverse_std))


@wrong("layernorm_backward", "gamma stands outside of the means; it differs inside them")
def layernorm_backward_outside(dout, cache):
    dout, x_hat, dx = _gradient("layernorm_backward", dout, cache, scaled=False)
    return _finish(dout, x_hat, dx * cache[1])


# Layer norm, forward


def _layernorm(statistics, normalise=_normalise):
    def forward(x, gamma, beta, ln_param):
        return normalise(x, gamma, beta, *statistics(x), ln_param.get("eps", 1e-5)), None

    return forward


def _of_rows(x):
    return x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)


for _cause, _change in [
    ("mean and variance are over the batch (axis 0), as in batch norm; they are of each example",
     {"statistics": _statistics}),
    ("one mean and variance for the whole array; each example has its own",
     {"statistics": lambda x: (x.mean(), x.var())}),
    ("the variance divides by D - 1 (ddof=1); it is D",
     {"statistics": lambda x: (x.mean(1, keepdims=True), x.var(1, keepdims=True, ddof=1))}),
    ("the variance is the mean of the squares of x, without taking off the mean",
     {"statistics": lambda x: (x.mean(1, keepdims=True), (x**2).mean(1, keepdims=True))}),
    ("axes do not fit: statistics need keepdims, gamma and beta lie along the features",
     {"statistics": lambda x: (x.mean(axis=1), x.var(axis=1))}),
    ("gamma and beta are left out", {"normalise": _plain}),
    ("gamma and beta are exchanged: gamma multiplies, beta is added", {"normalise": _exchanged}),
    ("beta is not added", {"normalise": _without_beta}),
    ("eps is added outside of the root; it belongs to the variance", {"normalise": _eps_outside}),
    ("eps is left out", {"normalise": _without_eps}),
    ("eps is always 1e-5; take it from ln_param", {"normalise": _eps_fixed}),
    ("division by the variance; it is its root", {"normalise": _by_variance}),
    ("the mean is not subtracted", {"normalise": _not_centred}),
]:  # fmt: skip
    wrong("layernorm_forward", _cause)(_layernorm(**{"statistics": _of_rows, **_change}))


@wrong("layernorm_forward", cause="running averages are kept in ln_param; layer norm needs none")
def layernorm_forward_running(x, gamma, beta, ln_param):
    result = layernorm_forward(x, gamma, beta, ln_param)
    ln_param["running_mean"] = x.mean(axis=1)
    return result


@wrong("layernorm_forward", cause="x itself is centred in place; others still need it")
def layernorm_forward_in_place(x, gamma, beta, ln_param):
    result = layernorm_forward(x, gamma, beta, ln_param)
    x -= x.mean(axis=1, keepdims=True)
    return result
