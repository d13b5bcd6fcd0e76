"""Losses: how wrong the scores of a minibatch are, and which way to move them."""

import numpy as np

from .validation import require_labels


def softmax_loss(x, y):
    """Mean cross-entropy of the softmax of the scores.

    p[n, c] = exp(x[n, c]) / Σ_k exp(x[n, k]),  loss = −(1/N) Σ_n log p[n, y[n]],  in nats.

    Inputs:
    - x: Scores, shape (N, C)
    - y: Class of each example, shape (N,), integers in 0 .. C − 1

    Returns a tuple of:
    - loss: a number; finite for every finite x
    - dx: Derivative of the loss by x, shape (N, C)

    Raises TypeError if y is not of integers, ValueError if it does not fit x.
    """
    require_labels(x, y)
    # Your turn: exp overflows above about 709 (88 in float32), and log(0) is -inf. Subtract each
    # row's maximum first, and take the logarithm of the sum, not of a probability.
    ### BEGIN SOLUTION
    rows = np.arange(len(x))
    shifted = x - x.max(axis=1, keepdims=True)
    dx = np.exp(shifted)
    total = dx.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total[:, 0]) - shifted[rows, y])
    dx /= total
    dx[rows, y] -= 1
    dx /= len(x)
    ### END SOLUTION
    return loss, dx


def svm_loss(x, y):
    """Mean multiclass hinge loss with a margin of 1 (given).

    loss = (1/N) Σ_n Σ_{c ≠ y[n]} max(0, x[n, c] − x[n, y[n]] + 1).

    Inputs:
    - x: Scores, shape (N, C)
    - y: Class of each example, shape (N,), integers in 0 .. C − 1

    Returns a tuple of:
    - loss: a number
    - dx: Derivative of the loss by x, shape (N, C)

    Raises TypeError if y is not of integers, ValueError if it does not fit x.
    Source: Weston and Watkins, Support vector machines for multi-class pattern recognition, 1999.
    """
    require_labels(x, y)
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, None] + 1)
    margins[rows, y] = 0
    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)
