"""Layers that are often used together, as one forward and one backward function."""

from .layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward_alt,
    batchnorm_forward,
    conv_backward_fast,
    conv_forward_fast,
    layernorm_backward,
    layernorm_forward,
    max_pool_backward_fast,
    max_pool_forward_fast,
    relu_backward,
    relu_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
)


def affine_relu_forward(x, w, b):
    """An affine layer followed by a ReLU.

    out = max(0, rows · w + b)

    Inputs:
    - x: Examples, shape (N, d1, ..., dk)
    - w: Weights, shape (D, M)
    - b: Biases, shape (M,)

    Returns a tuple of:
    - out: shape (N, M)
    - cache: for affine_relu_backward
    """
    hidden, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(hidden)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache, need_dx=True):
    """Carry the gradient back through affine_relu_forward.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, M)
    - cache: from affine_relu_forward
    - need_dx: False where x is the data: dx takes half of the time, and nobody uses it

    Returns a tuple of:
    - dx: shape (N, d1, ..., dk), as x; None if it is not needed
    - dw: shape (D, M)
    - db: shape (M,)
    """
    affine_cache, relu_cache = cache
    return _affine_backward(relu_backward(dout, relu_cache), affine_cache, need_dx)


def affine_bn_relu_forward(x, w, b, gamma, beta, bn_param):
    """An affine layer, batch normalisation and a ReLU.

    out = max(0, batchnorm(rows · w + b))

    Inputs:
    - x: Examples, shape (N, d1, ..., dk)
    - w: Weights, shape (D, M)
    - b: Biases, shape (M,)
    - gamma, beta: Scale and shift, shape (M,)
    - bn_param: as in batchnorm_forward; its running averages are updated

    Returns a tuple of:
    - out: shape (N, M)
    - cache: for affine_bn_relu_backward
    """
    hidden, affine_cache = affine_forward(x, w, b)
    normalized, norm_cache = batchnorm_forward(hidden, gamma, beta, bn_param)
    out, relu_cache = relu_forward(normalized)
    return out, (affine_cache, norm_cache, relu_cache)


def affine_bn_relu_backward(dout, cache, need_dx=True):
    """Carry the gradient back through affine_bn_relu_forward, by batchnorm_backward_alt.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, M)
    - cache: from affine_bn_relu_forward in training mode
    - need_dx: as in affine_relu_backward

    Returns a tuple of:
    - dx: shape (N, d1, ..., dk), as x; None if it is not needed
    - dw: shape (D, M)
    - db, dgamma, dbeta: shape (M,)
    """
    affine_cache, norm_cache, relu_cache = cache
    dnormalized = relu_backward(dout, relu_cache)
    dhidden, dgamma, dbeta = batchnorm_backward_alt(dnormalized, norm_cache)
    return *_affine_backward(dhidden, affine_cache, need_dx), dgamma, dbeta


def affine_ln_relu_forward(x, w, b, gamma, beta, ln_param):
    """An affine layer, layer normalisation and a ReLU.

    out = max(0, layernorm(rows · w + b))

    Inputs are those of affine_bn_relu_forward, with ln_param as in layernorm_forward.

    Returns a tuple of:
    - out: shape (N, M)
    - cache: for affine_ln_relu_backward
    """
    hidden, affine_cache = affine_forward(x, w, b)
    normalized, norm_cache = layernorm_forward(hidden, gamma, beta, ln_param)
    out, relu_cache = relu_forward(normalized)
    return out, (affine_cache, norm_cache, relu_cache)


def affine_ln_relu_backward(dout, cache, need_dx=True):
    """Carry the gradient back through affine_ln_relu_forward.

    Inputs and outputs are those of affine_bn_relu_backward.
    """
    affine_cache, norm_cache, relu_cache = cache
    dnormalized = relu_backward(dout, relu_cache)
    dhidden, dgamma, dbeta = layernorm_backward(dnormalized, norm_cache)
    return *_affine_backward(dhidden, affine_cache, need_dx), dgamma, dbeta


def _affine_backward(dout, cache, need_dx):
    """affine_backward, or what is left of it without dx."""
    if need_dx:
        return affine_backward(dout, cache)
    x, w, _ = cache
    return None, x.reshape(len(x), len(w)).T @ dout, dout.sum(axis=0)


def conv_relu_forward(x, w, b, conv_param):
    """A convolution followed by a ReLU.

    Inputs:
    - x: Pictures, shape (N, C, H, W)
    - w: Filters, shape (F, C, HH, WW)
    - b: Biases, shape (F,)
    - conv_param: as in conv_forward_fast

    Returns a tuple of:
    - out: shape (N, F, H', W')
    - cache: for conv_relu_backward
    """
    hidden, conv_cache = conv_forward_fast(x, w, b, conv_param)
    out, relu_cache = relu_forward(hidden)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout, cache, need_dx=True):
    """Carry the gradient back through conv_relu_forward.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, F, H', W')
    - cache: from conv_relu_forward
    - need_dx: False saves the work for dx, which a network's first layer does not need

    Returns a tuple of:
    - dx: shape (N, C, H, W), or None
    - dw: shape (F, C, HH, WW)
    - db: shape (F,)
    """
    conv_cache, relu_cache = cache
    return conv_backward_fast(relu_backward(dout, relu_cache), conv_cache, need_dx)


def conv_bn_relu_forward(x, w, b, gamma, beta, conv_param, bn_param):
    """A convolution, spatial batch normalisation and a ReLU.

    Inputs:
    - x, w, b, conv_param: as in conv_relu_forward
    - gamma, beta: Scale and shift, shape (F,)
    - bn_param: as in spatial_batchnorm_forward; its running averages are updated

    Returns a tuple of:
    - out: shape (N, F, H', W')
    - cache: for conv_bn_relu_backward
    """
    hidden, conv_cache = conv_forward_fast(x, w, b, conv_param)
    normalized, norm_cache = spatial_batchnorm_forward(hidden, gamma, beta, bn_param)
    out, relu_cache = relu_forward(normalized)
    return out, (conv_cache, norm_cache, relu_cache)


def conv_bn_relu_backward(dout, cache, need_dx=True):
    """Carry the gradient back through conv_bn_relu_forward.

    Inputs are those of conv_relu_backward.

    Returns a tuple of:
    - dx, dw, db: as conv_relu_backward returns them
    - dgamma, dbeta: shape (F,)
    """
    conv_cache, norm_cache, relu_cache = cache
    dnormalized = relu_backward(dout, relu_cache)
    dhidden, dgamma, dbeta = spatial_batchnorm_backward(dnormalized, norm_cache)
    return *conv_backward_fast(dhidden, conv_cache, need_dx), dgamma, dbeta


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    """A convolution, a ReLU and a max pooling.

    The ReLU comes last here: the largest number of a window is the same, cut off at zero before or
    after it is chosen, and after pooling fewer are left to cut.

    Inputs:
    - x, w, b, conv_param: as in conv_relu_forward
    - pool_param: as in max_pool_forward_fast

    Returns a tuple of:
    - out: shape (N, F, H'', W'')
    - cache: for conv_relu_pool_backward
    """
    hidden, conv_cache = conv_forward_fast(x, w, b, conv_param)
    pooled, pool_cache = max_pool_forward_fast(hidden, pool_param)
    out, relu_cache = relu_forward(pooled)
    return out, (conv_cache, pool_cache, relu_cache)


def conv_relu_pool_backward(dout, cache, need_dx=True):
    """Carry the gradient back through conv_relu_pool_forward.

    Inputs and outputs are those of conv_relu_backward, with dout of shape (N, F, H'', W'').
    """
    conv_cache, pool_cache, relu_cache = cache
    dhidden = max_pool_backward_fast(relu_backward(dout, relu_cache), pool_cache)
    return conv_backward_fast(dhidden, conv_cache, need_dx)
