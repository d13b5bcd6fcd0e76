"""Columns of a matrix: their sums, and one number for each, fast where columns are few and long."""

import math

import numpy as np

from .blocks import number_type

LONG = 1024  # numbers in a row, from which on starting NumPy's loop anew costs next to nothing
MANY = 1 << 16  # numbers in an array, below which looking for longer rows costs more than it saves


def column_sums(x):
    """Sum of each column: x.sum(axis=-2) as a product with ones, which BLAS does faster.

    Inputs:
    - x: shape (..., N, D)

    Returns shape (..., D); float32 stays float32.
    """
    return np.ones(x.shape[-2], number_type(x)) @ x


def column_products(x, y):
    """Sum of x · y in each column: (x * y).sum(axis=-2), without an array for the products.

    Inputs:
    - x, y: shape (..., N, D)

    Returns shape (..., D).
    """
    repeats = _repeats(x, y)
    wide = np.einsum("...nd,...nd->...d", _wide(x, repeats), _wide(y, repeats))
    return wide.reshape(*wide.shape[:-1], repeats, -1).sum(axis=-2) if repeats > 1 else wide


def by_column(operation, x, numbers, out=None):
    """operation(x, numbers), with one number for each column of x.

    NumPy's innermost loop runs along a row. Where rows are short, several of them are taken as one
    long row, which is a view, beside as many copies of the numbers.

    Inputs:
    - operation: np.add, np.multiply or another function of NumPy's for two arrays
    - x: shape (..., N, D)
    - numbers: shape (D,) or (..., 1, D)
    - out: Array to write into, of x's shape; may be x itself

    Returns an array of x's shape, or out.
    """
    repeats = _repeats(x, x if out is None else out)
    if repeats == 1:
        return operation(x, numbers, out=out)
    into = None if out is None else _wide(out, repeats)
    return operation(_wide(x, repeats), np.tile(numbers, repeats), out=into).reshape(x.shape)


def _repeats(x, y):
    """How many rows to take as one; 1 where a longer row would not be a view, or save nothing."""
    if x.size < MANY or not (x.flags.c_contiguous and y.flags.c_contiguous):
        return 1
    return math.gcd(x.shape[-2], max(1, LONG // max(1, x.shape[-1])))


def _wide(x, repeats):
    return x.reshape(*x.shape[:-2], x.shape[-2] // repeats, repeats * x.shape[-1])
