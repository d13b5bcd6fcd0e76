"""Normalisation: give each feature (batch norm) or each example (layer norm) mean 0, variance 1."""

import numpy as np

from .columns import by_column, column_products, column_sums
from .validation import require_features, require_mode


def batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise each feature over the minibatch, then scale and shift it.

    mean[d] = (1/N) Σ_n x[n, d],  var[d] = (1/N) Σ_n (x[n, d] − mean[d])²,
    x_hat = (x − mean) / √(var + eps),  out = gamma · x_hat + beta.

    Training uses the minibatch's own mean and variance, and keeps a running average of each:
    running = momentum · running + (1 − momentum) · minibatch. Testing uses the running averages.

    Inputs:
    - x: Examples, shape (N, D)
    - gamma, beta: Scale and shift, shape (D,)
    - bn_param: Dictionary with
      - mode: "train" or "test"
      - eps: Added to the variance, 1e-5 by default
      - momentum: Share of the running averages that is kept at each step, 0.9 by default
      - running_mean, running_var: shape (D,), zeros at first

    Returns a tuple of:
    - out: shape (N, D)
    - cache: for batchnorm_backward and batchnorm_backward_alt; None in test mode

    Writes running_mean and running_var into bn_param, in both modes.

    Raises ValueError for another mode, or if the shapes do not fit together.
    Source: Ioffe and Szegedy, Batch normalization, 2015.
    """
    require_features(x, gamma, beta)
    mode = require_mode(bn_param)
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    zeros = np.zeros(x.shape[1], x.dtype)
    running_mean, running_var = (bn_param.get(f"running_{s}", zeros) for s in ("mean", "var"))
    cache = None
    if mode == "train":
        # Your turn: out, the new running_mean and running_var, and a cache of what the way back
        # needs. It serves two backward functions; x − mean, 1 / √(var + eps) and gamma are enough.
        # column_sums(x) is x.sum(axis=0), and by_column(np.subtract, x, mean) is x - mean, faster.
        ### BEGIN SOLUTION
        mean = column_sums(x) / len(x)
        centred = by_column(np.subtract, x, mean)
        var = column_products(centred, centred) / len(x)
        inverse_std = 1 / np.sqrt(var + eps)
        out = by_column(np.multiply, centred, gamma * inverse_std)
        out = by_column(np.add, out, beta, out=out)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
        cache = centred, inverse_std, gamma
        ### END SOLUTION
    else:
        # Your turn: out, from running_mean and running_var alone.
        ### BEGIN SOLUTION
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
        ### END SOLUTION
    bn_param["running_mean"], bn_param["running_var"] = running_mean, running_var
    return out, cache


def batchnorm_backward(dout, cache):
    """Carry the gradient back through batchnorm_forward, one node of its graph after the other.

    The mean and the variance depend on x as well, so x reaches x_hat along three ways: directly,
    through the mean and through the variance. Their gradients add up.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, D)
    - cache: from batchnorm_forward in training mode

    Returns a tuple of:
    - dx: shape (N, D)
    - dgamma, dbeta: shape (D,)
    """
    # Your turn: from out back to x, node by node. centred = x - mean goes into x_hat and into var.
    ### BEGIN SOLUTION
    centred, inverse_std, gamma = cache
    dbeta = dout.sum(axis=0)
    dgamma = np.sum(dout * centred * inverse_std, axis=0)
    dx_hat = dout * gamma
    dinverse_std = np.sum(dx_hat * centred, axis=0)
    dvar = -0.5 * inverse_std**3 * dinverse_std
    dcentred = dx_hat * inverse_std + centred * (2 / len(dout) * dvar)
    dmean = -dcentred.sum(axis=0)
    dx = dcentred + dmean / len(dout)
    ### END SOLUTION
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    """Carry the gradient back through batchnorm_forward by the formula that is left on paper.

    dbeta = Σ_n dout,  dgamma = Σ_n dout · x_hat; dx follows from these two sums, x_hat and dout.

    Inputs, outputs and the cache are those of batchnorm_backward.
    """
    # Your turn: simplify the derivative on paper first. No gradient of mean or var is left in it.
    ### BEGIN SOLUTION
    centred, inverse_std, gamma = cache
    dbeta = column_sums(dout)
    dgamma = column_products(dout, centred) * inverse_std
    dx = by_column(np.multiply, centred, dgamma * inverse_std / -len(dout))
    dx += dout
    by_column(np.subtract, dx, dbeta / len(dout), out=dx)
    by_column(np.multiply, dx, gamma * inverse_std, out=dx)
    ### END SOLUTION
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    """Normalise each example over its features, then scale and shift each feature.

    mean[n] = (1/D) Σ_d x[n, d],  var[n] = (1/D) Σ_d (x[n, d] − mean[n])²,
    x_hat = (x − mean) / √(var + eps),  out = gamma · x_hat + beta.

    Examples do not meet each other, so training and testing are alike.

    Inputs:
    - x: Examples, shape (N, D)
    - gamma, beta: Scale and shift, shape (D,)
    - ln_param: Dictionary with
      - eps: Added to the variance, 1e-5 by default

    Returns a tuple of:
    - out: shape (N, D)
    - cache: for layernorm_backward

    Raises ValueError if the shapes do not fit together.
    Source: Ba, Kiros and Hinton, Layer normalization, 2016.
    """
    require_features(x, gamma, beta)
    eps = ln_param.get("eps", 1e-5)
    # Your turn: x_hat is what batch norm makes of x transposed. gamma and beta are not transposed.
    ### BEGIN SOLUTION
    ones, zeros = np.ones(len(x), x.dtype), np.zeros(len(x), x.dtype)
    columns, column_cache = batchnorm_forward(x.T, ones, zeros, {"mode": "train", "eps": eps})
    x_hat = columns.T
    out = gamma * x_hat + beta
    cache = x_hat, gamma, column_cache
    ### END SOLUTION
    return out, cache


def layernorm_backward(dout, cache):
    """Carry the gradient back through layernorm_forward.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, D)
    - cache: from layernorm_forward

    Returns a tuple of:
    - dx: shape (N, D)
    - dgamma, dbeta: shape (D,), summed over the examples as in batch norm
    """
    # Your turn: from dx_hat to dx it is batch norm's way back, with the axes exchanged.
    ### BEGIN SOLUTION
    x_hat, gamma, column_cache = cache
    dbeta = column_sums(dout)
    dgamma = column_products(dout, x_hat)
    dcolumns, _, _ = batchnorm_backward_alt((dout * gamma).T, column_cache)
    dx = dcolumns.T
    ### END SOLUTION
    return dx, dgamma, dbeta
