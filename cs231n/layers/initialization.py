"""Where weights begin: random, with a spread that keeps signals alive through many layers."""

import math

import numpy as np


def init_weights(shape, weight_scale, rng=None):
    """Draw a weight matrix from a normal distribution around zero.

    The standard deviation is
    - weight_scale itself, if that is a number;
    - "xavier": sqrt(2 / (D + M)), which suits layers followed by tanh or sigmoid;
    - "he": sqrt(2 / D), which suits layers followed by ReLU.

    Inputs:
    - shape: (D, M)
    - weight_scale: a number >= 0, "xavier" or "he"
    - rng: np.random.Generator or a seed; without one, NumPy's global stream is drawn from, so that
      a notebook that calls np.random.seed gets the same weights again

    Returns:
    - w: shape (D, M), float64

    Raises ValueError if weight_scale is none of these.
    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural
    networks, 2010 ("xavier"); He et al., Delving deep into rectifiers, 2015 ("he").
    """
    fan_in, fan_out = shape
    std = weight_scale
    if isinstance(weight_scale, str):
        if weight_scale not in ("xavier", "he"):
            raise ValueError(
                f"unknown weight_scale {weight_scale!r}; give a number, 'xavier' or 'he'"
            )
        # Your turn: the standard deviation for "xavier" and for "he".
        ### BEGIN SOLUTION
        variance = {"xavier": 2 / (fan_in + fan_out), "he": 2 / fan_in}
        std = math.sqrt(variance[weight_scale])
        ### END SOLUTION
    if not std >= 0:
        raise ValueError(f"weight_scale must be at least 0, but is {std}")
    return std * _stream(rng).standard_normal(shape)


def _stream(rng):
    """The random numbers to draw from: NumPy's global ones, a generator, or one made of a seed."""
    if rng is None:
        return np.random
    return rng if hasattr(rng, "standard_normal") else np.random.default_rng(rng)
