"""Convolution and max pooling in plain loops: slow, and every step in sight."""

import numpy as np

from .validation import conv_output_size, pool_output_size


def conv_forward_naive(x, w, b, conv_param):
    """Slide every filter over every picture.

    out[n, f, i, j] = Σ window · w[f] + b[f], where window, of the shape of w[f], is cut out of
    picture n with its upper left corner at (i · stride, j · stride), after `pad` rows and columns
    of zeros were put around the picture.

    Inputs:
    - x: Pictures, shape (N, C, H, W)
    - w: Filters, shape (F, C, HH, WW)
    - b: Biases, shape (F,)
    - conv_param: Dictionary with
      - stride: Pixels between neighbouring windows, in both directions
      - pad: Zeros on each of the four sides, in pixels

    Returns a tuple of:
    - out: shape (N, F, H', W') with H' = 1 + (H + 2 · pad − HH) / stride, rounded down: pixels at
      the lower and right edge that no whole window covers are left out; W' likewise
    - cache: (x, w, b, conv_param), for conv_backward_naive

    Raises ValueError if the shapes do not fit together; leaves x as it was.
    """
    height, width = conv_output_size(x, w, b, conv_param)
    out = np.zeros((len(x), len(w), height, width), np.result_type(x, w, b))
    # Your turn: fill out. np.pad puts zeros around; look up how to pad two of four axes.
    ### BEGIN SOLUTION
    stride, pad = conv_param["stride"], conv_param["pad"]
    hh, ww = w.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    for n in range(len(x)):
        for f in range(len(w)):
            for i in range(height):
                for j in range(width):
                    top, left = i * stride, j * stride
                    window = padded[n, :, top : top + hh, left : left + ww]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    ### END SOLUTION
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    """Carry the gradient back through conv_forward_naive.

    Each out[n, f, i, j] is a weighted sum: its gradient, times the weights w[f], goes to the pixels
    of its window; times the pixels, to w[f]. A pixel in several windows gets the sum.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, F, H', W')
    - cache: (x, w, b, conv_param) from conv_forward_naive

    Returns a tuple of:
    - dx: shape (N, C, H, W): without the padding
    - dw: shape (F, C, HH, WW)
    - db: shape (F,)
    """
    x, w, _, conv_param = cache
    # Your turn: the same loops. Cutting the padding off has a trap where pad is 0.
    ### BEGIN SOLUTION
    stride, pad = conv_param["stride"], conv_param["pad"]
    (height, width), (hh, ww) = x.shape[2:], w.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    dpadded = np.zeros(padded.shape, np.result_type(dout, w))
    dw = np.zeros(w.shape, np.result_type(dout, x, w))
    db = dout.sum(axis=(0, 2, 3))
    for n, f, i, j in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        window = np.s_[n, :, top : top + hh, left : left + ww]
        dpadded[window] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * padded[window]
    dx = dpadded[:, :, pad : pad + height, pad : pad + width]
    ### END SOLUTION
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    """Keep the largest value of each pooling window.

    out[n, c, i, j] = max of x[n, c, i·s : i·s + PH, j·s : j·s + PW], with s the stride.

    Inputs:
    - x: Pictures, shape (N, C, H, W)
    - pool_param: Dictionary with
      - pool_height, pool_width: PH, PW, in pixels
      - stride: s, pixels between neighbouring windows

    Returns a tuple of:
    - out: shape (N, C, H', W') with H' = 1 + (H − PH) / s, rounded down: pixels at the lower and
      right edge that no whole window covers are left out; W' likewise
    - cache: (x, pool_param), for max_pool_backward_naive

    Raises ValueError if a window does not fit into a picture.
    """
    height, width = pool_output_size(x, pool_param)
    out = np.zeros((*x.shape[:2], height, width), x.dtype)
    # Your turn: fill out. Windows need not be square, and may overlap.
    ### BEGIN SOLUTION
    ph, pw, stride = (pool_param[key] for key in ("pool_height", "pool_width", "stride"))
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, c, top : top + ph, left : left + pw].max()
    ### END SOLUTION
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    """Carry the gradient back to the largest value of each window.

    All of dout[n, c, i, j] goes to the pixel that was the maximum; the others did not matter. Where
    maxima tie, one of them gets it (or they share it): the sum of dx is the sum of dout. A pixel
    that is the maximum of several windows gets the sum.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, C, H', W')
    - cache: (x, pool_param) from max_pool_forward_naive

    Returns:
    - dx: shape (N, C, H, W)
    """
    x, pool_param = cache
    # Your turn: find each window's maximum again. np.argmax counts through a window row by row;
    # np.unravel_index turns its count into a row and a column.
    ### BEGIN SOLUTION
    ph, pw, stride = (pool_param[key] for key in ("pool_height", "pool_width", "stride"))
    dx = np.zeros(x.shape, dout.dtype)
    for n, c, i, j in np.ndindex(dout.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + ph, left : left + pw]
        row, column = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, top + row, left + column] += dout[n, c, i, j]
    ### END SOLUTION
    return dx
