"""Dropout: what share is kept, what becomes of it, where the random numbers come from."""

import numpy as np
import pytest

from cs231n.layers import dropout_backward, dropout_forward


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_kept_numbers_are_scaled_and_the_mean_stays(p, dtype):
    x = np.full((400, 500), 3, dtype)
    out, mask = dropout_forward(x, {"mode": "train", "p": p, "rng": generator()})
    assert out.dtype == mask.dtype == dtype
    assert np.unique(out).tolist() == pytest.approx([0, 3 / p])
    assert np.mean(out != 0) == pytest.approx(p, abs=0.005)
    assert out.mean() == pytest.approx(3, rel=0.03)
    np.testing.assert_array_equal(dropout_backward(out, mask), out * mask)


def test_keeping_everything_changes_nothing():
    x = generator().standard_normal((5, 4))
    out, _ = dropout_forward(x, {"mode": "train", "p": 1, "rng": generator()})
    np.testing.assert_array_equal(out, x)


def test_a_test_changes_nothing():
    x = generator().standard_normal((3, 4, 2))
    out, mask = dropout_forward(x, {"mode": "test", "p": 0.2})
    assert mask is None
    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(dropout_backward(x, mask), x)


def test_arguments_are_left_alone_and_a_cache_serves_twice():
    x, dout = generator(1).standard_normal((2, 6, 5))
    param = {"mode": "train", "p": 0.6, "seed": 4}
    before = x.copy(), dout.copy(), dict(param)
    _, cache = dropout_forward(x, param)
    first, second = (dropout_backward(dout, cache) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal([x, dout], before[:2])
    assert param == before[2]


def test_a_seed_repeats_the_mask_and_leaves_the_global_stream_alone():
    x = np.ones((20, 30))
    np.random.seed(1)
    a, b = (dropout_forward(x, {"mode": "train", "p": 0.5, "seed": 3})[0] for _ in range(2))
    drawn = np.random.rand()
    np.random.seed(1)
    np.testing.assert_array_equal(a, b)
    assert drawn == np.random.rand()


def test_a_generator_moves_on_and_an_equal_one_follows():
    x = np.ones((20, 30))
    one, other = generator(8), generator(8)
    a, b, c = (dropout_forward(x, {"mode": "train", "p": 0.5, "rng": r})[0] for r in
               (one, one, other))  # fmt: skip
    assert (a != b).any()
    np.testing.assert_array_equal(a, c)


def test_without_seed_and_generator_every_mask_is_new():
    x = np.ones((20, 30))
    a, b = (dropout_forward(x, {"mode": "train", "p": 0.5})[0] for _ in range(2))
    assert (a != b).any()


@pytest.mark.parametrize("p", [0, -0.1, 1.5, None, float("nan")])
def test_an_impossible_p_is_named(p):
    with pytest.raises(ValueError, match="probability to keep"):
        dropout_forward(np.ones(3), {"mode": "train", "p": p})
