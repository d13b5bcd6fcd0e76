"""Layers that treat every step of a sequence alike: scores of words, and their loss (given)."""

import numpy as np

from .recurrent_validation import require_temporal, require_words_of_scores


def temporal_affine_forward(x, w, b):
    """Apply one affine layer at every step (given).

    out[n, t] = x[n, t] · w + b.

    Inputs:
    - x: shape (N, T, D)
    - w: Weights, shape (D, M)
    - b: Biases, shape (M,)

    Returns a tuple of:
    - out: shape (N, T, M)
    - cache: for temporal_affine_backward

    Raises ValueError if the shapes do not fit together.
    """
    require_temporal("x", x)
    if np.ndim(w) != 2 or len(w) != x.shape[2] or np.shape(b) != w.shape[1:]:
        raise ValueError(
            f"w and b must have shapes (D, M) and (M,) with D = {x.shape[2]}, the last axis of x, "
            f"but have {np.shape(w)} and {np.shape(b)}"
        )
    steps = x.reshape(-1, x.shape[2])  # (N · T, D)
    return (steps @ w + b).reshape(*x.shape[:2], -1), (steps, w, x.shape)


def temporal_affine_backward(dout, cache):
    """Carry the gradient back through temporal_affine_forward (given).

    Inputs:
    - dout: Derivative of the loss by out, shape (N, T, M)
    - cache: from temporal_affine_forward

    Returns a tuple of:
    - dx: shape (N, T, D)
    - dw: shape (D, M)
    - db: shape (M,)
    """
    steps, w, shape = cache
    dsteps = dout.reshape(-1, w.shape[1])
    return (dsteps @ w.T).reshape(shape), steps.T @ dsteps, dsteps.sum(axis=0)


def temporal_softmax_loss(x, y, mask, verbose=False):
    """Cross-entropy of the words at every step, where the mask says that there is one (given).

    loss = −(1/N) Σ_n Σ_t mask[n, t] · log p[n, t, y[n, t]],  p = softmax of x over V,  in nats.
    The loss of a caption is the sum over its words, so longer captions weigh more.

    Inputs:
    - x: Scores, shape (N, T, V)
    - y: The right words, shape (N, T), integers in 0 .. V − 1
    - mask: shape (N, T), True (or 1) where the word counts, False where it fills up
    - verbose: Print the shape of dx

    Returns a tuple of:
    - loss: a number; finite for every finite x
    - dx: Derivative of the loss by x, shape (N, T, V)

    Raises TypeError if y is not of integers, ValueError if y or mask does not fit x.
    """
    require_words_of_scores(x, y, mask)
    scores, words = x.reshape(-1, x.shape[2]), np.ravel(y)
    weights = np.ravel(mask).astype(scores.dtype) / len(x)
    each = np.arange(len(words))
    peak = scores.max(axis=1)
    exponentials = np.exp(scores - peak[:, None])
    sums = exponentials.sum(axis=1)
    loss = np.sum(weights * (np.log(sums) + (peak - scores[each, words])))
    dscores = exponentials
    dscores *= (weights / sums)[:, None]
    dscores[each, words] -= weights
    if verbose:
        print("dx:", x.shape)
    return loss, dscores.reshape(x.shape)
