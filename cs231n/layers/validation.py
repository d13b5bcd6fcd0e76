"""What layers say of input that does not fit: the shapes they got, and the way out."""

import math
import numbers

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


def conv_output_size(x, w, b, conv_param):
    """Return (H', W') of a convolution; rows and columns that no whole window covers are left out.

    Raises ValueError unless x (N, C, H, W), w (F, C, HH, WW) and b (F,) fit together, stride is an
    integer >= 1 and pad one >= 0.
    """
    _require_pictures(x)
    if np.ndim(w) != 4 or w.shape[1] != x.shape[1]:
        raise ValueError(
            f"w must have shape (F, C, HH, WW) with C = {x.shape[1]}, the channels of x, "
            f"but has {np.shape(w)}"
        )
    if np.shape(b) != w.shape[:1]:
        raise ValueError(
            f"b must have shape {w.shape[:1]}, one for each filter of w, but has {np.shape(b)}"
        )
    stride, pad = _at_least(1, "stride", conv_param), _at_least(0, "pad", conv_param)
    height, width = (length + 2 * pad for length in x.shape[2:])
    return _windows_that_fit((height, width), w.shape[2:], stride)


def pool_output_size(x, pool_param):
    """Return (H', W') of a pooling; rows and columns that no whole window covers are left out.

    Raises ValueError unless x is (N, C, H, W) and all sizes are integers >= 1.
    """
    _require_pictures(x)
    window = [_at_least(1, key, pool_param) for key in ("pool_height", "pool_width")]
    return _windows_that_fit(x.shape[2:], window, _at_least(1, "stride", pool_param))


def _require_pictures(x):
    if np.ndim(x) != 4:
        raise ValueError(
            f"x must have shape (N, C, H, W), but has {np.shape(x)}; "
            "a single picture needs a batch axis: x[None]"
        )


def _at_least(least, key, param):
    if key not in param:
        raise ValueError(f"{key} is missing; there is only {sorted(param)}")
    value = param[key]
    if not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{key} must be a whole number, at least {least}, but is {value}")
    return int(value)


def _windows_that_fit(picture, window, stride):
    for length, side in zip(picture, window):
        if side > length:
            raise ValueError(
                f"a window of {window[0]} × {window[1]} does not fit into a picture of "
                f"{picture[0]} × {picture[1]} pixels, padding included"
            )
    return tuple(1 + (length - side) // stride for length, side in zip(picture, window))


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


def require_channels(x, gamma, beta):
    """Raise ValueError unless x is (N, C, H, W), gamma and beta (C,)."""
    _require_pictures(x)
    for name, value in (("gamma", gamma), ("beta", beta)):
        if np.shape(value) != x.shape[1:2]:
            raise ValueError(
                f"{name} must have shape {x.shape[1:2]}, one for each channel of x, "
                f"but has {np.shape(value)}"
            )


def require_groups(x, gamma, beta, G):
    """Raise ValueError unless x is (N, C, H, W), gamma and beta (1, C, 1, 1), and G divides C."""
    _require_pictures(x)
    channels = x.shape[1]
    for name, value in (("gamma", gamma), ("beta", beta)):
        if np.shape(value) != (1, channels, 1, 1):
            raise ValueError(
                f"{name} must have shape {(1, channels, 1, 1)}, one for each channel of x, "
                f"but has {np.shape(value)}"
            )
    if not isinstance(G, numbers.Integral) or not 1 <= G <= channels or channels % G:
        raise ValueError(f"G must divide the {channels} channels of x, but is {G}")
