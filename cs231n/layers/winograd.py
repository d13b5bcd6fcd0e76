"""Convolution by 3 × 3 filters at stride 1 with fewer multiplications: Winograd's algorithm.

A 2 × 2 tile of the output sees a 4 × 4 patch of the picture. Done directly, it takes 4 · 9 = 36
multiplications for each channel and filter. Winograd's algorithm takes 16: it transforms patch d
and filter g so that their convolution becomes a product of single numbers.

    tile = Aᵀ · [(G · g · Gᵀ) ∘ (Bᵀ · d · B)] · A

B and A hold nothing but 0, 1 and −1, so these transforms only add and subtract. The products ∘,
summed over the channels, are 16 matrix products: one for each place in the 4 × 4 patch.

Every step is linear, so the way back takes the same steps in reverse, each matrix transposed.
Arrays are laid out (place in the patch, row and column of the tile, picture, channel).

Source: Lavin and Gray, Fast algorithms for convolutional neural networks, 2016.
"""

import numpy as np

from .blocks import pictures_at_a_time

G = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
G_BOTH = np.kron(G, G)  # (16, 9): does G · g · Gᵀ to the 9 numbers of g, row by row


def suits(filter_shape, stride):
    """Whether the algorithm applies and saves more than its transforms cost.

    Inputs:
    - filter_shape: (F, C, HH, WW)
    - stride: in pixels
    """
    return filter_shape[2:] == (3, 3) and stride == 1 and min(filter_shape[:2]) >= 32


def convolve(images, filters, size, pad, dtype):
    """The convolution without a bias.

    Inputs:
    - images: shape (N, H, W, C)
    - filters: shape (3, 3, C, F)
    - size: (H', W') of the output
    - pad: Zeros around each picture, in pixels
    - dtype: to compute in

    Returns:
    - out: shape (N, H', W', F)
    """
    u = _transformed(filters, dtype)
    tiles = _Tiles(images.shape, filters.shape, size, pad, dtype)
    out = np.empty((len(images), *size, filters.shape[-1]), dtype)
    for block in tiles.blocks():
        v = tiles.patches(images[block])
        np.matmul(v, u, out=tiles.products.reshape(16, -1, u.shape[-1]))
        out[block] = tiles.output(out[block].shape)
    return out


def gradients(douts, images, filters, pad, dtype):
    """Derivatives of the loss by images and filters, from that by the output.

    Inputs:
    - douts: shape (N, H', W', F)
    - images, filters, pad, dtype: as convolve takes them

    Returns a tuple of:
    - dimages: shape (N, H, W, C)
    - dfilters: shape (3, 3, C, F)
    """
    u = _transformed(filters, dtype)
    ut = np.ascontiguousarray(u.swapaxes(1, 2))
    tiles = _Tiles(images.shape, filters.shape, douts.shape[1:3], pad, dtype)
    dimages, du = np.empty(images.shape, dtype), np.zeros_like(u)
    for block in tiles.blocks():
        v = tiles.patches(images[block])
        dproducts = tiles.output_backward(douts[block])
        du += v.swapaxes(1, 2) @ dproducts
        np.matmul(dproducts, ut, out=v)  # the buffer now holds dv
        dimages[block] = tiles.patches_backward(dimages[block].shape)
    dfilters = G_BOTH.T.astype(dtype) @ du.reshape(16, -1)
    return dimages, dfilters.reshape(filters.shape)


def _transformed(filters, dtype):
    """G · g · Gᵀ of every filter, shape (16, C, F)."""
    u = G_BOTH.astype(dtype) @ np.ascontiguousarray(filters, dtype).reshape(9, -1)
    return u.reshape(16, *filters.shape[2:])


class _Tiles:
    """Buffers for a few pictures at a time, and the transforms between them."""

    def __init__(self, image_shape, filter_shape, size, pad, dtype):
        self.count, height, width, channels = image_shape
        down, right = (-(-length // 2) for length in size)
        outputs = filter_shape[-1]
        self.step = pictures_at_a_time(self.count, 16 * down * right * max(channels, outputs))
        self.size, self.grid = size, (down, right)
        # Tiles of an odd-sized output reach one pixel beyond it, so the picture needs one more.
        padded = (max(2 * down + 2, height + 2 * pad), max(2 * right + 2, width + 2 * pad))
        self.padded = np.zeros((*padded, self.step, channels), dtype)
        self.inside = self.padded[pad : pad + height, pad : pad + width]
        self.half = np.empty((4, down, padded[1], self.step, channels), dtype)
        self.v = np.empty((4, 4, down, right, self.step, channels), dtype)
        self.products = np.empty((4, 4, down, right, self.step, outputs), dtype)
        self.half_out = np.empty((2, 4, down, right, self.step, outputs), dtype)
        self.out = np.zeros((2 * down, 2 * right, self.step, outputs), dtype)

    def blocks(self):
        """Slices of the batch."""
        return [slice(i, i + self.step) for i in range(0, self.count, self.step)]

    def patches(self, images):
        """Bᵀ · d · B of every 4 × 4 patch d, shape (16, patches, C)."""
        self.padded[...] = 0
        self.inside[:, :, : len(images)] = images.transpose(1, 2, 0, 3)
        _combine_patch(_four(self.padded, 0, self.grid[0]), self.half)
        _combine_patch(_four(self.half, 2, self.grid[1]), self.v.swapaxes(0, 1))
        return self.v.reshape(16, -1, self.v.shape[-1])

    def patches_backward(self, shape):
        """dd of v, which holds the derivative of the loss by itself; overlapping patches add up."""
        self.half[...] = 0
        _spread_patch(self.v.swapaxes(0, 1), _four(self.half, 2, self.grid[1]))
        self.padded[...] = 0
        _spread_patch(self.half, _four(self.padded, 0, self.grid[0]))
        return self.inside[:, :, : shape[0]].transpose(2, 0, 1, 3)

    def output(self, shape):
        """Aᵀ · m · A of the products m, put together to pictures of that shape."""
        _combine_products(self.products, self.half_out)
        for i in (0, 1):
            row = self.out[i::2]
            _combine_products(self.half_out[i], (row[:, 0::2], row[:, 1::2]))
        height, width = self.size
        return self.out[:height, :width, : shape[0]].transpose(2, 0, 1, 3)

    def output_backward(self, douts):
        """The derivative of the loss by the products, shape (16, tiles, F)."""
        height, width = self.size
        self.out[...] = 0
        self.out[:height, :width, : len(douts)] = douts.transpose(1, 2, 0, 3)
        for i in (0, 1):
            row = self.out[i::2]
            _spread_products((row[:, 0::2], row[:, 1::2]), self.half_out[i])
        _spread_products(self.half_out, self.products)
        return self.products.reshape(16, -1, self.products.shape[-1])


def _four(x, axis, tiles):
    """The four numbers that each tile needs along an axis: views of every second one."""
    front = (slice(None),) * axis
    return [x[(*front, slice(i, i + 2 * tiles - 1, 2))] for i in range(4)]


def _combine_patch(d, out):
    """Bᵀ · d"""
    np.subtract(d[0], d[2], out=out[0])
    np.add(d[1], d[2], out=out[1])
    np.subtract(d[2], d[1], out=out[2])
    np.subtract(d[1], d[3], out=out[3])


def _spread_patch(v, d):
    """d += B · v"""
    d[0] += v[0]
    d[1] += v[1]
    d[1] -= v[2]
    d[1] += v[3]
    d[2] -= v[0]
    d[2] += v[1]
    d[2] += v[2]
    d[3] -= v[3]


def _combine_products(m, out):
    """Aᵀ · m"""
    np.add(m[1], m[2], out=out[0])
    np.add(out[0], m[0], out=out[0])
    np.subtract(m[1], m[2], out=out[1])
    np.subtract(out[1], m[3], out=out[1])


def _spread_products(out, m):
    """A · out"""
    m[0][...] = out[0]
    np.add(out[0], out[1], out=m[1])
    np.subtract(out[0], out[1], out=m[2])
    np.negative(out[1], out=m[3])
