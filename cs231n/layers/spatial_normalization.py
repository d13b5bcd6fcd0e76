"""Normalisation of pictures: channels over the minibatch, or groups of channels by themselves."""

import numpy as np

from .columns import by_column, column_products, column_sums
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
    # Your turn: reshape x to (N, G, M) and back, as in the notebook. Or, faster: _pixels gives a
    # matrix of each picture, with a column for each channel; column_sums and _group_mean turn it
    # into a mean that fits beside it.
    ### BEGIN SOLUTION
    pixels = _pixels(x)
    centred = by_column(np.subtract, pixels, _group_mean(column_sums(pixels), G, pixels))
    var = _group_mean(column_products(centred, centred), G, pixels)
    inverse_std = 1 / np.sqrt(var + eps)
    gamma, beta = gamma.reshape(-1), beta.reshape(-1)
    normalised = by_column(np.multiply, centred, inverse_std * gamma)
    out = _pictures(by_column(np.add, normalised, beta, out=normalised), x.shape)
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
    pixels = _pixels(dout)
    sums = column_sums(pixels)
    products = column_products(pixels, centred) * inverse_std[:, 0]
    dgamma, dbeta = (each.sum(axis=0)[None, :, None, None] for each in (products, sums))
    through_std = _group_mean(products * gamma, G, pixels) * inverse_std**2
    through_mean = _group_mean(sums * gamma, G, pixels) * inverse_std
    rows = by_column(np.multiply, pixels, gamma * inverse_std)
    rows -= by_column(np.multiply, centred, through_std)
    dx = _pictures(by_column(np.subtract, rows, through_mean, out=rows), dout.shape)
    ### END SOLUTION
    return dx, dgamma, dbeta


def _pixels(x):
    """Pictures (N, C, H, W) as a matrix each: a row for each pixel, a column for each channel."""
    return x.transpose(0, 2, 3, 1).reshape(len(x), -1, x.shape[1])


def _pictures(pixels, shape):
    """Matrices of pixels as pictures of the given shape (N, C, H, W) again."""
    count, channels, height, width = shape
    return pixels.reshape(count, height, width, channels).transpose(0, 3, 1, 2)


def _group_mean(sums, G, pixels):
    """Mean of each group of channels, from the sums over the pixels of each channel, (N, C).

    Returns shape (N, 1, C), to stand beside `pixels` (N, H·W, C): channels of the same group have
    the same mean.
    """
    count, channels = sums.shape
    means = sums.reshape(count, G, -1).mean(axis=2) / pixels.shape[1]
    return np.repeat(means, channels // G, axis=1)[:, None, :]
