"""Mistakes in spatial batch norm and group norm."""

import numpy as np

from cs231n.layers import (
    batchnorm_backward_alt,
    batchnorm_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
    spatial_groupnorm_backward,
    spatial_groupnorm_forward,
)

from . import wrong

# Spatial batch norm, forward


@wrong("spatial_batchnorm_forward", "reshape(-1, C) without a transpose mixes channels and pixels")
def sbn_mixed(x, gamma, beta, bn_param):
    rows, cache = batchnorm_forward(x.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return rows.reshape(x.shape), cache


@wrong("spatial_batchnorm_forward", "the way back to (N, C, H, W) lacks its transpose")
def sbn_not_back(x, gamma, beta, bn_param):
    rows = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    out, cache = batchnorm_forward(rows, gamma, beta, bn_param)
    return out.reshape(x.shape), cache


@wrong(
    "spatial_batchnorm_forward",
    "pixels are taken for features; they are examples, and the channels are the features",
)
def sbn_flat(x, gamma, beta, bn_param):
    pixels = x[0, 0].size
    wide = [np.repeat(gamma, pixels), np.repeat(beta, pixels)]
    out, cache = batchnorm_forward(x.reshape(len(x), -1), *wide, bn_param)
    return out.reshape(x.shape), cache


@wrong("spatial_batchnorm_forward", "each pixel has statistics of its own; a channel shares them")
def sbn_per_pixel(x, gamma, beta, bn_param):
    pixels = x.shape[2] * x.shape[3]
    kept = {
        key: np.repeat(value, pixels) if np.ndim(value) else value
        for key, value in bn_param.items()
    }
    wide = (np.repeat(values, pixels) for values in (gamma, beta))
    out, cache = batchnorm_forward(x.reshape(len(x), -1), *wide, kept)
    bn_param |= {key: kept[key] for key in ("running_mean", "running_var")}
    return out.reshape(x.shape), cache


@wrong("spatial_batchnorm_forward", "each picture is normalised by itself, not over the batch")
def sbn_per_picture(x, gamma, beta, bn_param):
    outs = [
        spatial_batchnorm_forward(x[n : n + 1], gamma, beta, bn_param)[0] for n in range(len(x))
    ]
    return np.concatenate(outs), None


@wrong("spatial_batchnorm_forward", "bn_param is copied, so that running averages are lost")
def sbn_forgetful(x, gamma, beta, bn_param):
    return spatial_batchnorm_forward(x, gamma, beta, dict(bn_param))


@wrong("spatial_batchnorm_forward", "the mode is not passed on: a test uses its own statistics")
def sbn_always_training(x, gamma, beta, bn_param):
    mode = bn_param["mode"]
    result = spatial_batchnorm_forward(x, gamma, beta, bn_param | {"mode": "train"})
    bn_param |= {} if mode == "test" else _averages(x, gamma, beta, bn_param)
    return result


def _averages(x, gamma, beta, bn_param):
    new = dict(bn_param)
    spatial_batchnorm_forward(x, gamma, beta, new)
    return {key: new[key] for key in ("running_mean", "running_var")}


@wrong("spatial_batchnorm_forward", "gamma and beta are exchanged")
def sbn_swapped(x, gamma, beta, bn_param):
    return spatial_batchnorm_forward(x, beta, gamma, bn_param)


@wrong("spatial_batchnorm_forward", "height and width are exchanged in the result")
def sbn_turned(x, gamma, beta, bn_param):
    out, cache = spatial_batchnorm_forward(x, gamma, beta, bn_param)
    return out.swapaxes(2, 3).reshape(x.shape), cache


@wrong("spatial_batchnorm_forward", "testing changes the running averages; only training does")
def sbn_learns_in_tests(x, gamma, beta, bn_param):
    result = spatial_batchnorm_forward(x, gamma, beta, bn_param)
    bn_param |= {} if bn_param["mode"] == "train" else _averages(
        x, gamma, beta, bn_param | {"mode": "train"}
    )  # fmt: skip
    return result


@wrong("spatial_batchnorm_forward", "eps is 0 where bn_param has none; it is 1e-5 then")
def sbn_without_eps(x, gamma, beta, bn_param):
    bn_param.setdefault("eps", 0)
    return spatial_batchnorm_forward(x, gamma, beta, bn_param)


@wrong("spatial_batchnorm_forward", "the mode is taken out of bn_param: the next call misses it")
def sbn_mode_spent(x, gamma, beta, bn_param):
    result = spatial_batchnorm_forward(x, gamma, beta, bn_param)
    del bn_param["mode"]
    return result


# Spatial batch norm, backward


@wrong("spatial_batchnorm_backward", "reshape(-1, C) without a transpose mixes channels and pixels")
def sbn_back_mixed(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward_alt(dout.reshape(-1, dout.shape[1]), cache)
    return dx.reshape(dout.shape), dgamma, dbeta


@wrong("spatial_batchnorm_backward", "dx lacks the transpose to (N, C, H, W)")
def sbn_back_not_back(dout, cache):
    dx, dgamma, dbeta = spatial_batchnorm_backward(dout, cache)
    return dx.transpose(0, 2, 3, 1).reshape(dout.shape), dgamma, dbeta


@wrong("spatial_batchnorm_backward", "dx keeps the channels last, (N, H, W, C)")
def sbn_back_channels_last(dout, cache):
    dx, dgamma, dbeta = spatial_batchnorm_backward(dout, cache)
    return dx.transpose(0, 2, 3, 1), dgamma, dbeta


@wrong("spatial_batchnorm_backward", "dgamma and dbeta are averaged over the pixels; they are sums")
def sbn_back_averaged(dout, cache):
    dx, dgamma, dbeta = spatial_batchnorm_backward(dout, cache)
    pixels = dout.size // dout.shape[1]
    return dx, dgamma / pixels, dbeta / pixels


@wrong("spatial_batchnorm_backward", "dgamma and dbeta come back in the wrong order")
def sbn_back_swapped(dout, cache):
    dx, dgamma, dbeta = spatial_batchnorm_backward(dout, cache)
    return dx, dbeta, dgamma


@wrong("spatial_batchnorm_backward", "mean and variance are taken for constants: dx lacks two ways")
def sbn_back_constant(dout, cache):
    _, dgamma, dbeta = spatial_batchnorm_backward(dout, cache)
    _, inverse_std, gamma = cache
    return dout * (gamma * inverse_std)[:, None, None], dgamma, dbeta


@wrong("spatial_batchnorm_backward", "the cache is overwritten: a second call finds another")
def sbn_back_cache_spent(dout, cache):
    gradients = spatial_batchnorm_backward(dout, cache)
    centred, inverse_std, _ = cache
    centred *= inverse_std
    return gradients


# Group norm, forward: the right parts, of which each mistake replaces one or two


def _in_order(x, G):
    return x.reshape(len(x), G, -1)


def _scaled(x_hat, gamma, beta, G):
    return gamma * x_hat + beta


def _over_group(groups):
    return groups.mean(axis=2, keepdims=True), groups.var(axis=2, keepdims=True)


PARTS = {
    "groups": _in_order,
    "statistics": _over_group,
    "root": lambda var, eps: np.sqrt(var + eps),
    "scale": _scaled,
}


def _groupnorm(**changed):
    parts = {**PARTS, **changed}

    def forward(x, gamma, beta, G, gn_param):
        groups = parts["groups"](x, G)
        mean, var = parts["statistics"](groups)
        x_hat = (groups - mean) / parts["root"](var, gn_param.get("eps", 1e-5))
        return parts["scale"](x_hat.reshape(x.shape), gamma, beta, G), None

    return forward


def _interleaved(x, G):
    count, channels, *size = x.shape
    return x.reshape(count, channels // G, G, *size).swapaxes(1, 2).reshape(count, G, -1)


def _of_first_in_group(values, G):
    return np.repeat(values[:, :G], values.shape[1] // G, axis=1)


def _over_batch(groups):
    return groups.mean(axis=(0, 2), keepdims=True), groups.var(axis=(0, 2), keepdims=True)


def _across_groups(groups):
    return groups.mean(axis=(0, 1), keepdims=True), groups.var(axis=(0, 1), keepdims=True)


def _unbiased(groups):
    return groups.mean(axis=2, keepdims=True), groups.var(axis=2, keepdims=True, ddof=1)


for _cause, _how in [
    ("each channel is normalised by itself, whatever G is",
     {"groups": lambda x, G: _in_order(x, x.shape[1])}),
    ("each picture is normalised as a whole, whatever G is",
     {"groups": lambda x, G: _in_order(x, 1)}),
    ("G is taken for the channels in a group; it is the number of groups",
     {"groups": lambda x, G: _in_order(x, x.shape[1] // G)}),
    ("a group takes every G-th channel; groups are of neighbouring channels",
     {"groups": _interleaved, "scale": lambda x_hat, gamma, beta, G: _scaled(
         x_hat.reshape(len(x_hat), G, -1, *x_hat.shape[2:]).swapaxes(1, 2).reshape(x_hat.shape),
         gamma, beta, G)}),
    ("groups are normalised over the batch too; each picture is by itself",
     {"statistics": _over_batch}),
    ("the mean runs across groups, axis 0 of (N · G, M); it runs within each, axis 1",
     {"statistics": _across_groups}),
    ("gamma multiplies beta too; out is gamma · x_hat + beta",
     {"scale": lambda x_hat, gamma, beta, G: gamma * (x_hat + beta)}),
    ("the variance divides by M − 1; it is M", {"statistics": _unbiased}),
    ("epsilon stands outside of the root", {"root": lambda var, eps: np.sqrt(var) + eps}),
    ("epsilon is always 1e-5, whatever gn_param says",
     {"root": lambda var, eps: np.sqrt(var + 1e-5)}),
    ("epsilon is left out", {"root": lambda var, eps: np.sqrt(var)}),
    ("x is divided by the variance; it is its root", {"root": lambda var, eps: var + eps}),
    ("gamma and beta are left out", {"scale": lambda x_hat, gamma, beta, G: x_hat}),
    ("gamma and beta are one for each group; each channel has its own",
     {"scale": lambda x_hat, gamma, beta, G: _scaled(
         x_hat, _of_first_in_group(gamma, G), _of_first_in_group(beta, G), G)}),
    ("gamma and beta are exchanged",
     {"scale": lambda x_hat, gamma, beta, G: _scaled(x_hat, beta, gamma, G)}),
    ("the result keeps the axis of the groups; it has x's shape, (N, C, H, W)",
     {"scale": lambda x_hat, gamma, beta, G: _scaled(x_hat, gamma, beta, G).reshape(
         len(x_hat), G, -1, *x_hat.shape[2:])}),
]:  # fmt: skip
    wrong("spatial_groupnorm_forward", _cause)(_groupnorm(**_how))


@wrong("spatial_groupnorm_forward", "eps is written into gn_param; leave it as it was")
def gn_writes(x, gamma, beta, G, gn_param):
    result = spatial_groupnorm_forward(x, gamma, beta, G, gn_param)
    gn_param["G"] = G
    return result


# Group norm, backward


def opened(cache, dout):
    """What the cache of our group norm holds, in shapes that stand beside dout (N, C, H, W)."""
    centred, inverse_std, gamma, G = cache
    pictures = centred.swapaxes(1, 2).reshape(dout.shape)
    return pictures, inverse_std[:, 0, :, None, None], gamma[:, None, None], G


def _groupnorm_back(
    direct=1,
    mean=1,
    variance=1,
    size=None,
    gamma=None,
    groups=None,
    after=lambda *gradients: gradients,
):
    def backward(dout, cache):
        centred, inverse_std, scale, G = opened(cache, dout)
        _, dgamma, dbeta = spatial_groupnorm_backward(dout, cache)
        G = groups(G, dout.shape[1]) if groups else G
        shape = (len(dout), G, -1)
        dx_hat = (dout * (scale if gamma is None else gamma)).reshape(shape)
        x_hat = (centred * inverse_std).reshape(shape)
        count = size(dout) if size else dx_hat.shape[2]
        dx = direct * dx_hat - mean * dx_hat.sum(axis=2, keepdims=True) / count
        dx = dx - variance * x_hat * np.sum(dx_hat * x_hat, axis=2, keepdims=True) / count
        return after(dx.reshape(dout.shape) * inverse_std, dgamma, dbeta)

    return backward


for _cause, _how in [
    ("mean and variance are taken for constants: dx lacks two of its three ways",
     {"mean": 0, "variance": 0}),
    ("dx lacks the way through the variance", {"variance": 0}),
    ("dx lacks the way through the mean", {"mean": 0}),
    ("gamma is missing on the way back to x_hat", {"gamma": 1}),
    ("means divide by the pixels of one channel; a group has C / G times as many",
     {"size": lambda dout: dout.shape[2] * dout.shape[3]}),
    ("sums over a group stand where means belong", {"size": lambda dout: 1}),
    ("means on the way back are taken over single channels, whatever G is",
     {"groups": lambda G, channels: channels}),
    ("means on the way back are taken over whole pictures, whatever G is",
     {"groups": lambda G, channels: 1}),
    ("dgamma and dbeta have shape (C,); here they have gamma's, (1, C, 1, 1)",
     {"after": lambda dx, dgamma, dbeta: (dx, dgamma.ravel(), dbeta.ravel())}),
    ("dgamma and dbeta are averaged over the batch; they are summed",
     {"after": lambda dx, dgamma, dbeta: (dx, dgamma / len(dx), dbeta / len(dx))}),
    ("dgamma and dbeta come back in the wrong order",
     {"after": lambda dx, dgamma, dbeta: (dx, dbeta, dgamma)}),
    ("dx keeps the groups, (N · G, M); it has x's shape",
     {"after": lambda dx, dgamma, dbeta: (dx.reshape(len(dx), -1), dgamma, dbeta)}),
]:  # fmt: skip
    wrong("spatial_groupnorm_backward", _cause)(_groupnorm_back(**_how))


@wrong("spatial_groupnorm_backward", "dgamma is summed over groups: each channel has its own")
def gn_back_per_group(dout, cache):
    dx, *others = spatial_groupnorm_backward(dout, cache)
    G = cache[3]
    sums = [d.reshape(G, -1).sum(axis=1).repeat(d.size // G).reshape(d.shape) for d in others]
    return dx, *sums


@wrong("spatial_groupnorm_backward", "gamma stands outside of the means; it differs inside them")
def gn_back_outside(dout, cache):
    dx, dgamma, dbeta = _groupnorm_back(gamma=1)(dout, cache)
    return dx * opened(cache, dout)[2], dgamma, dbeta


@wrong("spatial_groupnorm_backward", "dout is multiplied by gamma in place; others need it")
def gn_back_in_place(dout, cache):
    result = spatial_groupnorm_backward(dout, cache)
    dout *= opened(cache, dout)[2]
    return result


@wrong("spatial_groupnorm_backward", "the cache is overwritten: a second call finds another")
def gn_back_cache_spent(dout, cache):
    gradients = spatial_groupnorm_backward(dout, cache)
    centred, inverse_std, *_ = cache
    centred *= inverse_std
    return gradients
