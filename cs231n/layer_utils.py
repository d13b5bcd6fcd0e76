"""Layers that are often used together, as one forward and one backward function."""

from .layers import affine_backward, affine_forward, relu_backward, relu_forward


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
