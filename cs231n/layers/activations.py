"""Activations: the nonlinearities between affine layers, applied to each number by itself."""

import numpy as np


def relu_forward(x):
    """Cut off everything below zero.

    out = max(0, x), element by element.

    Inputs:
    - x: Any shape

    Returns a tuple of:
    - out: the shape and dtype of x
    - cache: x, for relu_backward
    """
    # Your turn: a new array, element by element. np.max is the largest number of one array; which
    # function of NumPy's compares two, and takes a number for one of them?
    ### BEGIN SOLUTION
    out = np.maximum(x, 0)
    ### END SOLUTION
    return out, x


def relu_backward(dout, cache):
    """Let the gradient through where the input was positive.

    dx = dout where x > 0, and 0 elsewhere.

    Inputs:
    - dout: Derivative of the loss by out, any shape
    - cache: x, from relu_forward

    Returns:
    - dx: the shape of x; dout is left as it was
    """
    x = cache
    # Your turn: return a new array. Others still need dout.
    ### BEGIN SOLUTION
    dx = dout * (x > 0)
    ### END SOLUTION
    return dx


def sigmoid(x):
    """Squash every number into 0 .. 1 (given).

    out = 1 / (1 + exp(−x)) = (1 + tanh(x / 2)) / 2; the second form overflows nowhere.

    Inputs:
    - x: Any shape

    Returns:
    - out: the shape of x; float32 stays float32
    """
    return 0.5 + 0.5 * np.tanh(0.5 * x)
