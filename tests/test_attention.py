"""Attention and the LSTM that uses it: slopes, PyTorch as an oracle, steps against sequences."""

import numpy as np
import pytest

from cs231n import layers
from cs231n.gradient_check import directional_error

SIZES = [(3, 4, 5, 2, 6), (1, 1, 1, 1, 1), (2, 3, 2, 4, 1)]  # N, T, D, H, P
ANY_SIZE = pytest.mark.parametrize("sizes", SIZES, ids=str)


def arguments(sizes, dtype=np.float64):
    """x, grid, Wx, Wh, Wattn, b."""
    N, T, D, H, P = sizes
    rng = np.random.default_rng(6)
    shapes = (N, T, D), (N, P, H), (D, 4 * H), (H, 4 * H), (H, 4 * H), (4 * H,)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def attention(query, grid):
    context, _, cache = layers.dot_product_attention_forward(query, grid)
    return context, cache


@ANY_SIZE
def test_attention_along_a_random_direction(sizes):
    _, grid, *_ = arguments(sizes)
    query = np.cos(9 * grid[:, 0])
    backward = layers.dot_product_attention_backward
    assert directional_error(attention, backward, [query, grid], np.random.default_rng(0)) < 1e-7


@ANY_SIZE
def test_the_sequence_along_a_random_direction(sizes):
    def forward(*args):
        h, _, cache = layers.attention_lstm_forward(*args)
        return h, cache

    args, rng = arguments(sizes), np.random.default_rng(0)
    assert directional_error(forward, layers.attention_lstm_backward, args, rng) < 1e-7


@ANY_SIZE
def test_a_step_along_a_random_direction(sizes):
    x, grid, *weights = arguments(sizes)
    h, c = np.cos(5 * grid[:, 0]), np.sin(4 * grid[:, 0])

    def forward(*args):
        h, c, _, cache = layers.attention_lstm_step_forward(*args)
        return np.stack([h, c]), cache

    def backward(dstates, cache):
        return layers.attention_lstm_step_backward(*dstates, cache)

    args = [x[:, 0], h, c, grid, *weights]
    assert directional_error(forward, backward, args, np.random.default_rng(0)) < 1e-7


def test_the_sequence_starts_at_the_mean_of_the_grid_and_is_its_steps():
    x, grid, *weights = arguments((3, 4, 5, 2, 6))
    hs, looks, _ = layers.attention_lstm_forward(x, grid, *weights)
    h = c = grid.mean(axis=1)
    for t in range(4):
        h, c, look, _ = layers.attention_lstm_step_forward(x[:, t], h, c, grid, *weights)
        np.testing.assert_allclose(hs[:, t], h, atol=1e-13)
        np.testing.assert_allclose(looks[:, t], look, atol=1e-13)


def test_without_attention_weights_it_is_an_lstm_step():
    x, grid, Wx, Wh, Wattn, b = arguments((3, 4, 5, 2, 6))
    h, c = grid[:, 0], grid[:, 1]
    with_grid = layers.attention_lstm_step_forward(x[:, 0], h, c, grid, Wx, Wh, 0 * Wattn, b)
    without = layers.lstm_step_forward(x[:, 0], h, c, Wx, Wh, b)
    for one, other in zip(with_grid[:2], without[:2], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-14)


def test_torch_agrees():
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    _, grid, *_ = arguments((3, 4, 5, 2, 6))
    query = np.cos(9 * grid[:, 0])
    tq, tg = (torch.tensor(a, requires_grad=True) for a in (query, grid))
    expected = torch.nn.functional.scaled_dot_product_attention(tq[:, None], tg, tg)[:, 0]
    context, cache = attention(query, grid)
    np.testing.assert_allclose(context, expected.detach().numpy(), atol=1e-13)
    expected.backward(torch.tensor(query))
    dquery, dgrid = layers.dot_product_attention_backward(query, cache)
    np.testing.assert_allclose(dquery, tq.grad.numpy(), atol=1e-13)
    np.testing.assert_allclose(dgrid, tg.grad.numpy(), atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_arguments_and_cache_are_kept(dtype):
    args = arguments((3, 4, 5, 2, 6), dtype)
    before = [a.copy() for a in args]
    h, looks, cache = layers.attention_lstm_forward(*args)
    dh = np.cos(h)
    first, second = (layers.attention_lstm_backward(dh, cache) for _ in range(2))
    assert {a.dtype for a in (h, looks, *first)} == {np.dtype(dtype)}
    np.testing.assert_allclose(looks.sum(axis=2), 1, rtol=1e-6)
    for one, other in zip([*first, *args], [*second, *before], strict=True):
        np.testing.assert_array_equal(one, other)


def test_large_scores_do_not_overflow(recwarn):
    grid = np.array([[[1e4, 0], [0, 1e4]]], np.float32)
    context, weights, _ = layers.dot_product_attention_forward(grid[:, 1], grid)
    assert weights.tolist() == [[0, 1]] and context.tolist() == [[0, 1e4]]
    assert not recwarn.list


@pytest.mark.parametrize(
    ("query", "grid"), [((2, 3), (2, 3)), ((2, 3), (2, 4, 5)), ((2, 3), (2, 0, 3))]
)
def test_a_grid_that_does_not_fit_is_named(query, grid):
    with pytest.raises(ValueError, match=r"grid \(N, P, H\), P >= 1"):
        layers.dot_product_attention_forward(np.ones(query), np.ones(grid))


@pytest.mark.parametrize(
    ("position", "shape", "message"),
    [
        (0, (3, 5), r"x must have shape \(N, T, D\)"),
        (1, (3, 2), r"grid must have shape \(N, P, H\), P >= 1, with N = 3"),
        (1, (2, 6, 2), "with N = 3, as x"),
        (2, (4, 8), r"Wx must have shape \(D, 4H\) = \(5, 8\)"),
        (4, (5, 8), "Wattn must have the shape of Wh"),
    ],
)
def test_shapes_that_do_not_fit_are_named(position, shape, message):
    args = arguments((3, 4, 5, 2, 6))
    args[position] = np.ones(shape)
    with pytest.raises(ValueError, match=message):
        layers.attention_lstm_forward(*args)
    x, grid, *weights = args
    h = np.ones((3, 2))
    with pytest.raises(ValueError, match=message if position else "must have shape"):
        layers.attention_lstm_step_forward(x[:, 0], h, h, grid, *weights)
