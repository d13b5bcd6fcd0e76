"""Pictures as columns, for submissions that convolve by a matrix product.

The columns of a picture's windows follow each other by place, and at each place by picture; a
column holds a window's numbers by channel, row and column.
"""

import numpy as np


def im2col_indices(x, field_height, field_width, padding=1, stride=1):
    """The windows of pictures x (N, C, H, W) as columns: shape (C·field, places·N)."""
    edge = (padding, padding)
    padded = np.pad(x, [(0, 0), (0, 0), edge, edge])
    fields = np.lib.stride_tricks.sliding_window_view(
        padded, (field_height, field_width), axis=(2, 3)
    )
    fields = fields[:, :, ::stride, ::stride]  # (N, C, H', W', field_height, field_width)
    return fields.transpose(1, 4, 5, 2, 3, 0).reshape(x.shape[1] * field_height * field_width, -1)


def col2im_indices(cols, x_shape, field_height=3, field_width=3, padding=1, stride=1):
    """Pictures of shape x_shape in which each pixel is the sum of its places in the columns."""
    N, C, H, W = x_shape
    height = (H + 2 * padding - field_height) // stride + 1
    width = (W + 2 * padding - field_width) // stride + 1
    fields = cols.reshape(C, field_height, field_width, height, width, N)
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), cols.dtype)
    for i, j in np.ndindex(field_height, field_width):
        rows = slice(i, i + stride * height, stride)
        columns = slice(j, j + stride * width, stride)
        padded[:, :, rows, columns] += fields[:, i, j].transpose(3, 0, 1, 2)
    return padded[:, :, padding : padding + H, padding : padding + W]
