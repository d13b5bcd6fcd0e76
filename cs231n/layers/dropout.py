"""Dropout: in training, each unit is left out by chance, so that no unit relies on another."""

import numpy as np

from .validation import require_keep_probability, require_mode


def dropout_forward(x, dropout_param):
    """Keep each number with probability p, and divide what is kept by p (inverted dropout).

    Training: mask = 1/p with probability p, else 0, drawn anew for each number;  out = x · mask.
    Testing: out = x. Thanks to the division its expected value is that of training.

    Inputs:
    - x: Any shape
    - dropout_param: Dictionary with
      - p: Probability to keep a number, above 0 and at most 1
      - mode: "train" or "test"
      - seed: Optional; the same mask at every call, from a generator of its own
      - rng: np.random.Generator to draw from where there is no seed; without one, a fresh one

    Returns a tuple of:
    - out: the shape and dtype of x
    - cache: the mask, for dropout_backward; None in test mode

    Raises ValueError for another mode or p. Draws advance rng; nothing else changes.
    Source: Srivastava et al., Dropout, 2014.
    """
    mode, p = require_mode(dropout_param), require_keep_probability(dropout_param)
    mask = None
    if mode == "train":
        rng = _generator(dropout_param)
        # Your turn: mask and out. rng.random(shape) draws numbers evenly from 0 to 1.
        ### BEGIN SOLUTION
        kept = rng.random(x.shape, dtype=np.float32) < p
        mask = kept * x.dtype.type(1 / p)
        out = x * mask
        ### END SOLUTION
    else:
        # Your turn: out.
        ### BEGIN SOLUTION
        out = x
        ### END SOLUTION
    return out.astype(x.dtype, copy=False), mask


def dropout_backward(dout, cache):
    """Carry the gradient back through dropout_forward, in either mode.

    Inputs:
    - dout: Derivative of the loss by out, any shape
    - cache: the mask from dropout_forward; None in test mode

    Returns:
    - dx: the shape of x; dout is left as it was
    """
    mask = cache
    # Your turn: dx, for a mask and for None.
    ### BEGIN SOLUTION
    dx = dout if mask is None else dout * mask
    ### END SOLUTION
    return dx


def _generator(dropout_param):
    """The random numbers to draw from: a new generator made of the seed, the one given, or any."""
    if dropout_param.get("seed") is not None:
        return np.random.default_rng(dropout_param["seed"])
    return np.random.default_rng(dropout_param.get("rng"))
