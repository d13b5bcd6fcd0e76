"""Layers that are often used together, as one forward and one backward function."""

from .layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward_alt,
    batchnorm_forward,
    layernorm_backward,
    layernorm_forward,
    relu_backward,
    relu_forward,
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


def affine_relu_backward(dout, cache):
    """Carry the gradient back through affine_relu_forward.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, M)
    - cache: from affine_relu_forward

    Returns a tuple of:
    - dx: shape (N, d1, ..., dk), as x
    - dw: shape (D, M)
    - db: shape (M,)
    """
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache)


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


def affine_bn_relu_backward(dout, cache):
    """Carry the gradient back through affine_bn_relu_forward, by batchnorm_backward_alt.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, M)
    - cache: from affine_bn_relu_forward in training mode

    Returns a tuple of:
    - dx: shape (N, d1, ..., dk), as x
    - dw: shape (D, M)
    - db, dgamma, dbeta: shape (M,)
    """
    affine_cache, norm_cache, relu_cache = cache
    dnormalized = relu_backward(dout, relu_cache)
    dhidden, dgamma, dbeta = batchnorm_backward_alt(dnormalized, norm_cache)
    return *affine_backward(dhidden, affine_cache), dgamma, dbeta


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


def affine_ln_relu_backward(dout, cache):
    """Carry the gradient back through affine_ln_relu_forward.

    Inputs and outputs are those of affine_bn_relu_backward.
    """
    affine_cache, norm_cache, relu_cache = cache
    dnormalized = relu_backward(dout, relu_cache)
    dhidden, dgamma, dbeta = layernorm_backward(dnormalized, norm_cache)
    return *affine_backward(dhidden, affine_cache), dgamma, dbeta
