"""Max pooling for training: the numbers of the naive layer, hundreds of times faster.

Instead of visiting one window after the other, compare whole pictures: the upper left corners of
all windows with their right neighbours, and so on. That takes PH·PW strided views, whatever the
number of windows. Pictures are taken a few at a time, so that they stay in the processor's cache.
"""

import numpy as np

from .blocks import blocks, number_type
from .validation import pool_output_size


def max_pool_forward_fast(x, pool_param):
    """Keep the largest value of each pooling window; see max_pool_forward_naive.

    Inputs:
    - x: Pictures, shape (N, C, H, W)
    - pool_param: Dictionary with pool_height, pool_width and stride, in pixels

    Returns a tuple of:
    - out: shape (N, C, H', W'), dtype of x
    - cache: for max_pool_backward_fast
    """
    size = pool_output_size(x, pool_param)
    corner, *others = _places(pool_param)
    out = _view(x, corner, size, pool_param).copy(order="K")
    for block in blocks(x.shape):
        for place in others:
            np.maximum(out[block], _view(x[block], place, size, pool_param), out=out[block])
    return out, (x, out, pool_param)


def max_pool_backward_fast(dout, cache):
    """Carry the gradient back to the largest value of each window, the first one where they tie.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, C, H', W')
    - cache: from max_pool_forward_fast

    Returns:
    - dx: shape (N, C, H, W); each window's gradient goes to one place, overlaps add up
    """
    x, out, pool_param = cache
    dx = np.zeros_like(x, dtype=number_type(dout))
    *places, last = _places(pool_param)
    size = out.shape[2:]
    for block in blocks(x.shape):
        left = np.empty_like(out[block], dtype=dx.dtype)
        left[...] = dout[block]  # what has not found its place yet
        share, hit = np.empty_like(left), np.empty_like(left, dtype=bool)
        for place in places:
            np.equal(_view(x[block], place, size, pool_param), out[block], out=hit)
            np.multiply(left, hit, out=share)
            left -= share
            _give(_view(dx[block], place, size, pool_param), share, pool_param)
        _give(_view(dx[block], last, size, pool_param), left, pool_param)
    return dx


def _give(target, share, pool_param):
    """Add to a view of dx: where no windows overlap it is still zero, and writing is faster."""
    if pool_param["stride"] >= max(pool_param["pool_height"], pool_param["pool_width"]):
        target[...] = share
    else:
        target += share


def _places(pool_param):
    """Places inside a pooling window, row by row."""
    return list(np.ndindex(pool_param["pool_height"], pool_param["pool_width"]))


def _view(x, place, size, pool_param):
    """The number at one place of every window, shape (N, C, H', W')."""
    (i, j), stride = place, pool_param["stride"]
    return x[:, :, i : i + stride * size[0] : stride, j : j + stride * size[1] : stride]
