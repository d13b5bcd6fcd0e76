"""Normalisation of pictures: channels over the minibatch, or groups of channels by themselves."""

import numpy as np

from .normalization import batchnorm_backward_alt, batchnorm_forward
from .validation import require_channels, require_groups


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise each channel over the minibatch and all pixels, then scale and shift it.

    Batch normalisation of the N·H·W pixels as if they were examples with C features:
    mean[c] = (1/(N·H·W)) Σ_n Σ_i Σ_j x[n, c, i, j], and so on as in batchnorm_forward.

    Inputs:
    - x: Pictures, shape (N, C, H, W)
    - gamma, beta: Scale and shift, shape (C,)
    - bn_param: as in batchnorm_forward; running averages have shape (C,)

    Returns a tuple of:
    - out: shape (N, C, H, W)
    - cache: for spatial_batchnorm_backward; None in test mode

    Writes running_mean and running_var into bn_param. Raises as batchnorm_forward does.
    """
    require_channels(x, gamma, beta)
    # Your turn: batchnorm_forward does it, once the channels are the last of two axes.
    ### BEGIN SOLUTION
    channels_last = x.transpose(0, 2, 3, 1)
    rows, cache = batchnorm_forward(channels_last.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    out = rows.reshape(channels_last.shape).transpose(0, 3, 1, 2)
    ### END SOLUTION
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    """Carry the gradient back through spatial_batchnorm_forward.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, C, H, W)
    - cache: from spatial_batchnorm_forward in training mode

    Returns a tuple of:
    - dx: shape (N, C, H, W)
    - dgamma, dbeta: shape (C,)
    """
    # Your turn: the same change of shape, there and back.
    ### BEGIN SOLUTION
    channels_last = dout.transpose(0, 2, 3, 1)
    rows, dgamma, dbeta = batchnorm_backward_alt(channels_last.reshape(-1, dout.shape[1]), cache)
    dx = rows.reshape(channels_last.shape).transpose(0, 3, 1, 2)
    ### END SOLUTION
    return dx, dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Normalise each group of channels of each picture, then scale and shift each channel.

    The channels are divided, in order, into G groups of C / G. With M = C/G · H · W numbers in a
    group,  mean[n, g] = (1/M) Σ x over group g of picture n,  var likewise,
    x_hat = (x − mean) / √(var + eps),  out = gamma · x_hat + beta.

    Pictures do not meet each other, so training and testing are alike.

    Inputs:
    - x: Pictures, shape (N, C, H, W)
    - gamma, beta: Scale and shift of each channel, shape (1, C, 1, 1)
    - G: Number of groups, a divisor of C; 1 normalises whole pictures, C each channel by itself
    - gn_param: Dictionary with
      - eps: Added to the variance, 1e-5 by default

    Returns a tuple of:
    - out: shape (N, C, H, W)
    - cache: for spatial_groupnorm_backward

    Raises ValueError if the shapes do not fit together or G does not divide C.
    Source: Wu and He, Group normalization, 2018.
    """
    require_groups(x, gamma, beta, G)
    eps = gn_param.get("eps", 1e-5)
    # Your turn: x.sum(axis=(2, 3)) and _group_mean give a mean that fits beside x.
    ### BEGIN SOLUTION
    pixels = x.shape[2] * x.shape[3]
    centred = x - _group_mean(np.einsum("nchw->nc", x), G, pixels)
    var = _group_mean(np.einsum("nchw,nchw->nc", centred, centred), G, pixels)
    inverse_std = 1 / np.sqrt(var + eps)
    out = centred * (inverse_std * gamma)
    out += beta
    cache = centred, inverse_std, gamma, G
    ### END SOLUTION
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    """Carry the gradient back through spatial_groupnorm_forward.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, C, H, W)
    - cache: from spatial_groupnorm_forward

    Returns a tuple of:
    - dx: shape (N, C, H, W)
    - dgamma, dbeta: shape (1, C, 1, 1)
    """
    # Your turn: from dx_hat to dx it is batch norm's way back, with means over a group.
    ### BEGIN SOLUTION
    # Big arrays are touched as seldom as can be: all else is worked out on sums over the pixels.
    centred, inverse_std, gamma, G = cache
    pixels = dout.shape[2] * dout.shape[3]
    sums = np.einsum("nchw->nc", dout)
    products = np.einsum("nchw,nchw->nc", dout, centred) * inverse_std[:, :, 0, 0]
    dgamma, dbeta = (each.sum(axis=0)[None, :, None, None] for each in (products, sums))
    scale = gamma[0, :, 0, 0]
    dx = dout * (gamma * inverse_std)
    dx -= centred * (_group_mean(products * scale, G, pixels) * inverse_std**2)
    dx -= _group_mean(sums * scale, G, pixels) * inverse_std
    ### END SOLUTION
    return dx, dgamma, dbeta


def _group_mean(sums, G, pixels):
    """Mean of each group of channels, from the sums over the pixels of each channel, (N, C).

    Returns shape (N, C, 1, 1): channels of the same group have the same mean.
    """
    count, channels = sums.shape
    means = sums.reshape(count, G, -1).mean(axis=2) / pixels
    return np.repeat(means, channels // G, axis=1)[:, :, None, None]
