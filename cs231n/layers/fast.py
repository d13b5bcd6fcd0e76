"""Convolution for training: the numbers of the naive layer, hundreds of times faster.

One output of a convolution is the scalar product of a window of the picture with a filter. Lay
every window out as a row, every filter as a column, and all the scalar products together are one
matrix product, the operation that a computer does fastest:

    rows (windows, HH·WW·C)  ·  filters (HH·WW·C, F)  =  out (windows, F)

Windows overlap, so the rows hold each pixel up to HH·WW times. They are therefore built for a few
pictures at a time, in a buffer that stays in the processor's cache and is used again.

On the way back, dw = rowsᵀ · dout, and drows = dout · filtersᵀ, whose windows add up in dx where
they overlap. At stride 1 there is a shorter way to dx: it is itself a convolution, of dout with
the filters turned by 180°; and the rows of dout that it needs give dw too, as xᵀ · rows.

In pictures of few channels, copying takes a good part of the time. There a row serves two outputs
side by side: it is one column wider, and each filter stands in the matrix twice, the second time
shifted by a column. At 7 × 7 that is 8/7 of the multiplications for 8/14 of the copying.

Memory. Results have the shape (N, C, H, W), but lie in memory with the channels of a pixel side by
side, as (N, H, W, C): the rows are then copied in long runs, and the matrix product writes into
out. Only code that asks for `.strides` or `.flags` sees a difference.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from . import winograd
from .blocks import blocks, number_type, pictures_at_a_time
from .validation import conv_output_size


def conv_forward_fast(x, w, b, conv_param):
    """Slide every filter over every picture; see conv_forward_naive for the formula.

    Inputs:
    - x: Pictures, shape (N, C, H, W)
    - w: Filters, shape (F, C, HH, WW)
    - b: Biases, shape (F,)
    - conv_param: Dictionary with stride and pad, in pixels

    Returns a tuple of:
    - out: shape (N, F, H', W'); float32 where all inputs are
    - cache: (x, w, b, conv_param), for conv_backward_fast or conv_backward_naive

    Raises ValueError if the shapes do not fit together.
    """
    size = conv_output_size(x, w, b, conv_param)
    stride, pad = conv_param["stride"], conv_param["pad"]
    images, filters = _channels_last(x), w.transpose(2, 3, 1, 0)
    dtype = number_type(x, w, b)
    if winograd.suits(w.shape, stride):
        out = winograd.convolve(images, filters, size, pad, dtype)
        out += b
    else:
        out = _convolve(images, filters, b, size, stride, pad, dtype)
    return _channels_first(out), (x, w, b, conv_param)


def conv_backward_fast(dout, cache, need_dx=True):
    """Carry the gradient back through conv_forward_fast.

    Inputs:
    - dout: Derivative of the loss by out, shape (N, F, H', W')
    - cache: from conv_forward_fast or conv_forward_naive
    - need_dx: False saves the work for dx, which a network's first layer does not need

    Returns a tuple of:
    - dx: shape (N, C, H, W), or None
    - dw: shape (F, C, HH, WW)
    - db: shape (F,)
    """
    x, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    images, filters, douts = _channels_last(x), w.transpose(2, 3, 1, 0), _channels_last(dout)
    dtype = number_type(dout, x, w)
    channels, outputs = filters.shape[2:]
    if need_dx and winograd.suits(w.shape, stride):
        dx, dw = winograd.gradients(douts, images, filters, pad, dtype)
    elif need_dx and stride == 1 and outputs <= 2 * channels:
        dx, dw = _gradients_at_stride_1(douts, images, filters, pad, dtype)
    else:
        dx, dw = _gradients(douts, images, filters, stride, pad, dtype, need_dx)
    db = _sum_over_pixels(douts, dtype)
    return None if dx is None else _channels_first(dx), dw.transpose(3, 2, 0, 1), db


class _Rows:
    """The windows of a batch (N, H, W, C) as rows of a matrix, a few pictures at a time."""

    def __init__(self, images, filters, size, strides, pads, dtype):
        # A negative pad cuts pixels off: those that no window of the output reaches.
        top, left = (max(0, -pad) for pad in pads)
        self.images = images[:, top : images.shape[1] - top, left : images.shape[2] - left]
        count, height, width, channels = self.images.shape
        (above, beside), (hh, ww) = (max(0, pad) for pad in pads), filters.shape[:2]
        self.windows, self.length = size[0] * size[1], hh * ww * channels
        self.step = pictures_at_a_time(count, self.windows * self.length)
        padded = (self.step, height + 2 * above, width + 2 * beside, channels)
        self.padded = np.zeros(padded, dtype)
        self.middle = slice(above, above + height), slice(beside, beside + width)
        self.strides = strides
        # WW neighbouring pixels of all channels are one run of WW·C numbers.
        n, i, j, c = self.padded.strides
        shape = (self.step, *size, hh, ww * channels)
        self.view = as_strided(self.padded, shape, (n, i * strides[0], j * strides[1], i, c))
        self.buffer = np.empty(shape, dtype)

    def __iter__(self):
        """Yield (slice of the batch, matrix of its windows); the matrix is overwritten next."""
        for start in range(0, len(self.images), self.step):
            images = self.images[start : start + self.step]
            many = len(images)
            self.padded[(slice(many), *self.middle)] = images
            self.buffer[:many] = self.view[:many]
            matrix = self.buffer[:many].reshape(many * self.windows, self.length)
            yield slice(start, start + many), matrix


def _convolve(images, filters, b, size, stride, pad, dtype):
    """out (N, H', W', F) of images and filters (HH, WW, C, F)."""
    out = np.empty((len(images), *size, len(b)), dtype)
    rows, wide, group = _rows_for_outputs(images, filters, size, stride, pad, dtype)
    matrix, biases = _matrix(wide, dtype), np.tile(b, group)
    for block, windows in rows:
        part = out[block].reshape(-1, len(biases))
        np.matmul(windows, matrix, out=part)
        part += biases
    return out


def _gradients(douts, images, filters, stride, pad, dtype, need_dx):
    """dx (N, H, W, C) or None, and dw (HH, WW, C, F), from the windows of the pictures."""
    size = douts.shape[1:3]
    rows, wide, group = _rows_for_outputs(images, filters, size, stride, pad, dtype)
    matrix = _matrix(wide, dtype)
    dmatrix = np.zeros_like(matrix)
    dx = np.empty(images.shape, dtype) if need_dx else None
    for block, windows in rows:
        dpart = _pixels(douts[block], dtype).reshape(-1, matrix.shape[1])
        dmatrix += windows.T @ dpart
        if need_dx:
            np.matmul(dpart, matrix.T, out=windows)  # the buffer now holds drows
            dx[block] = _added_up(windows, wide.shape, rows)
    return dx, _laid_on_top(dmatrix, filters.shape, group)


def _rows_for_outputs(images, filters, size, stride, pad, dtype):
    """The rows, the filters as wide as they are, and how many neighbouring outputs a row serves."""
    pays = stride == 1 and filters.shape[2] < 8 and size[1] % 2 == 0
    group = 2 if pays else 1
    wide = _side_by_side(filters, group)
    size, strides = (size[0], size[1] // group), (stride, stride * group)
    return _Rows(images, wide, size, strides, (pad, pad), dtype), wide, group


def _side_by_side(filters, group):
    """Filters (HH, WW + group − 1, C, group · F): each one `group` times, shifted by a column."""
    hh, ww, channels, outputs = filters.shape
    wide = np.zeros((hh, ww + group - 1, channels, group, outputs), filters.dtype)
    for k in range(group):
        wide[:, k : k + ww, :, k] = filters
    return wide.reshape(hh, ww + group - 1, channels, group * outputs)


def _laid_on_top(dwide, shape, group):
    """The gradient of filters of that shape, from that of _side_by_side's."""
    hh, ww, channels, outputs = shape
    dwide = dwide.reshape(hh, ww + group - 1, channels, group, outputs)
    return sum(dwide[:, k : k + ww, :, k] for k in range(group))


def _added_up(drows, filter_shape, rows):
    """Pictures whose pixels are the sums of all the numbers that their windows hold of them."""
    hh, ww, channels, _ = filter_shape
    height, width = rows.buffer.shape[1:3]
    drows = drows.reshape(-1, height, width, hh, ww, channels)
    sums = np.zeros((len(drows), *rows.padded.shape[1:]), drows.dtype)
    down, across = rows.strides
    for i in range(hh):
        for j in range(ww):
            bottom, right = i + down * height, j + across * width
            sums[:, i:bottom:down, j:right:across] += drows[:, :, :, i, j]
    return sums[(slice(None), *rows.middle)]


def _gradients_at_stride_1(douts, images, filters, pad, dtype):
    """dx and dw as _gradients returns them, both from the windows of dout."""
    hh, ww, channels, outputs = filters.shape
    turned = filters[::-1, ::-1].swapaxes(2, 3)
    pads, size = (hh - 1 - pad, ww - 1 - pad), images.shape[1:3]
    rows = _Rows(douts, turned, size, (1, 1), pads, dtype)
    matrix = _matrix(turned, dtype)
    dx = np.empty(images.shape, dtype)
    dw = np.zeros((channels, len(matrix)), dtype)
    for block, windows in rows:
        np.matmul(windows, matrix, out=dx[block].reshape(-1, channels))
        dw += _pixels(images[block], dtype).T @ windows
    dw = dw.reshape(channels, hh, ww, outputs)[:, ::-1, ::-1]
    return dx, dw.transpose(1, 2, 0, 3)


def _channels_last(x):
    return x.transpose(0, 2, 3, 1)


def _channels_first(x):
    return x.transpose(0, 3, 1, 2)


def _matrix(filters, dtype):
    """Filters (HH, WW, C, F) as columns of a matrix (HH·WW·C, F)."""
    return np.ascontiguousarray(filters, dtype).reshape(-1, filters.shape[-1])


def _pixels(images, dtype):
    """Pictures (n, H, W, C) as a matrix with a row for each pixel."""
    return np.ascontiguousarray(images, dtype).reshape(-1, images.shape[-1])


def _sum_over_pixels(douts, dtype):
    """The sum over all axes but the last, as a product with ones: faster than np.sum."""
    total = np.zeros(douts.shape[-1], dtype)
    for block in blocks(douts.shape):
        pixels = _pixels(douts[block], dtype)
        total += np.ones(len(pixels), dtype) @ pixels
    return total
