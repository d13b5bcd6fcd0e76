"""Columns are what NumPy says they are, however rows are taken together."""

import numpy as np
import pytest

from cs231n.layers.columns import MANY, by_column, column_products, column_sums

SHAPES = [(7, 3), (MANY // 8, 8), (MANY // 5, 5), (3, 4, 6), (2, MANY // 16, 16), (0, 4)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums_and_products(shape, dtype):
    rng = np.random.default_rng(0)
    x, y = (rng.standard_normal(shape).astype(dtype) for _ in range(2))
    # The order of summation differs: what n sums of about 1 leave is about √n roundings.
    near = {"rtol": 0, "atol": 100 * np.finfo(dtype).eps * max(1, x.size) ** 0.5}
    for got, want in (
        (column_sums(x), x.sum(axis=-2)),
        (column_products(x, y), (x * y).sum(axis=-2)),
        (column_products(x, y.copy(order="F")), (x * y).sum(axis=-2)),
    ):
        assert got.dtype == dtype
        np.testing.assert_allclose(got, want, **near)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("operation", [np.add, np.subtract, np.multiply])
def test_a_number_for_each_column(shape, operation):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape)
    numbers = rng.standard_normal((*shape[:-2], 1, shape[-1]) if len(shape) > 2 else shape[-1])
    want = operation(x, numbers)
    np.testing.assert_array_equal(by_column(operation, x, numbers), want)
    flipped = np.moveaxis(np.moveaxis(x, -1, -2).copy(), -1, -2)  # columns side by side in memory
    np.testing.assert_array_equal(by_column(operation, flipped, numbers), want)
    by_column(operation, x, numbers, out=x)
    np.testing.assert_array_equal(x, want)
