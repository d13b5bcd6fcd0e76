"""What layers say of input that does not fit: the shapes they got, and the way out."""

import math

import numpy as np


def require_affine_shapes(x, w, b):
    """Raise ValueError unless x (N, d1..dk), w (D, M) and b (M,) fit together, D = d1·…·dk."""
    if np.ndim(w) != 2:
        raise ValueError(f"w must have shape (D, M), but has shape {np.shape(w)}")
    if np.ndim(x) < 2:
        raise ValueError(
            f"x must have shape (N, d1, ..., dk), but has shape {np.shape(x)}; "
            "a single example needs a batch axis: x[None]"
        )
    features = math.prod(x.shape[1:])
    if features != len(w):
        raise ValueError(
            f"each example of x, shape {x.shape}, holds {features} numbers, but w, "
            f"shape {w.shape}, has a row for each of {len(w)}"
        )
    if np.shape(b) != w.shape[1:]:
        raise ValueError(
            f"b must have shape {w.shape[1:]}, one number per column of w, but has {np.shape(b)}"
        )


def require_labels(scores, y):
    """Raise unless y holds a class index for each row of scores (N, C).

    Raises TypeError if y is not of integers, ValueError if a shape or a label is out of range.
    """
    y = np.asarray(y)
    if np.ndim(scores) != 2 or len(scores) == 0:
        raise ValueError(f"scores must have shape (N, C), N >= 1, but have {np.shape(scores)}")
    if y.shape != scores.shape[:1]:
        raise ValueError(
            f"y must have shape {scores.shape[:1]}, one label per row of scores, but has {y.shape}"
        )
    if not np.issubdtype(y.dtype, np.integer):
        raise TypeError(f"labels must be integers, but y is {y.dtype}; use y.astype(np.int64)")
    low, high = y.min(), y.max()
    if low < 0 or high >= scores.shape[1]:
        raise ValueError(
            f"labels must lie in 0 .. {scores.shape[1] - 1} for {scores.shape[1]} classes, "
            f"but y runs from {low} to {high}"
        )


def require_features(x, gamma, beta):
    """Raise ValueError unless x (N, D), gamma (D,) and beta (D,) fit together."""
    if np.ndim(x) != 2:
        raise ValueError(f"x must have shape (N, D), but has shape {np.shape(x)}")
    for name, value in (("gamma", gamma), ("beta", beta)):
        if np.shape(value) != x.shape[1:]:
            raise ValueError(
                f"{name} must have shape {x.shape[1:]}, one number per column of x, "
                f"but has {np.shape(value)}"
            )


def require_mode(param):
    """The mode of a bn_param or dropout_param; ValueError unless it is "train" or "test"."""
    mode = param.get("mode")
    if mode not in ("train", "test"):
        raise ValueError(f"unknown mode {mode!r}; choose 'train' or 'test'")
    return mode


def require_keep_probability(dropout_param):
    """The p of a dropout_param; ValueError unless it is a probability to keep something."""
    p = dropout_param.get("p")
    if p is None or not 0 < p <= 1:
        raise ValueError(
            f"p is the probability to keep a number, above 0 and at most 1, but is {p}"
        )
    return p
