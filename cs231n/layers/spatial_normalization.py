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
    # Your turn: reshape splits the channels' axis into two, (G, C // G); _group_mean may help.
    ### BEGIN SOLUTION
    x_hat = x - _group_mean(x, G)
    inverse_std = 1 / np.sqrt(_group_mean(x_hat * x_hat, G) + eps)
    x_hat *= inverse_std
    out = gamma * x_hat
    out += beta
    cache = x_hat, inverse_std, gamma, G
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
    x_hat, inverse_std, gamma, G = cache
    product = dout * x_hat
    dgamma = product.sum(axis=(0, 2, 3), keepdims=True)
    dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
    product *= gamma
    dx = dout * gamma
    mean = _group_mean(dx, G)
    np.multiply(x_hat, _group_mean(product, G), out=product)
    dx -= mean
    dx -= product
    dx *= inverse_std
    ### END SOLUTION
    return dx, dgamma, dbeta


def _group_mean(x, G):
    """Mean of each group of channels of each picture, shape (N, C, 1, 1): the same for all in it.

    Pixels are summed first: that is quick in whichever order the axes lie in memory.
    """
    means = x.mean(axis=(2, 3)).reshape(len(x), G, -1).mean(axis=2)
    return np.repeat(means, x.shape[1] // G, axis=1)[:, :, None, None]
