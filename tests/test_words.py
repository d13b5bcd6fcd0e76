"""Word embedding, temporal affine and temporal softmax: by hand, slopes, PyTorch, errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs231n import layers
from cs231n.gradient_check import directional_error


@given(st.data())
def test_embedding_backward_sums_over_every_occurrence(data):
    V, N, T, D = (data.draw(st.integers(1, 4)) for _ in range(4))
    word = st.integers(0, V - 1)
    x = np.array(data.draw(st.lists(word, min_size=N * T, max_size=N * T))).reshape(N, T)
    rng = np.random.default_rng(0)
    W, dout = rng.standard_normal((V, D)), rng.standard_normal((N, T, D))
    out, cache = layers.word_embedding_forward(x, W)
    wanted = np.zeros_like(W)
    for n, t in np.ndindex(x.shape):
        np.testing.assert_array_equal(out[n, t], W[x[n, t]])
        wanted[x[n, t]] += dout[n, t]
    for _ in range(2):
        np.testing.assert_allclose(layers.word_embedding_backward(dout, cache), wanted, atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("words", [np.int32, np.int64, np.uint8])
def test_embedding_keeps_dtype_arguments_and_the_words(dtype, words):
    x, W = np.array([[0, 2, 2]], words), np.arange(6, dtype=dtype).reshape(3, 2)
    out, cache = layers.word_embedding_forward(x, W)
    assert out.tolist() == [[[0, 1], [4, 5], [4, 5]]]
    before = out.copy()
    dW = layers.word_embedding_backward(out, cache)
    assert dW.tolist() == [[0, 1], [0, 0], [8, 10]]
    np.testing.assert_array_equal(out, before)
    assert out.dtype == dW.dtype == dtype
    dW += 1
    assert W.ravel().tolist() == list(range(6))


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([[0, 3]], ValueError, r"words must lie in 0 \.\. 2 .* runs from 0 to 3"),
        ([[-1, 0]], ValueError, "runs from -1 to 0"),
        ([[0.0, 1.0]], TypeError, r"use x\.astype\(np\.int64\)"),
        ([0, 1], ValueError, r"x\[None\]"),
    ],
)
def test_words_that_have_no_row_are_named(x, error, message):
    with pytest.raises(error, match=message):
        layers.word_embedding_forward(np.array(x), np.ones((3, 2)))


def test_an_embedding_matrix_has_two_axes():
    with pytest.raises(ValueError, match=r"W must have shape \(V, D\)"):
        layers.word_embedding_forward(np.zeros((1, 1), int), np.ones(3))


def scores(dtype=np.float64):
    rng = np.random.default_rng(4)
    x, y = 3 * rng.standard_normal((3, 4, 5)), rng.integers(5, size=(3, 4))
    return x.astype(dtype), y, np.array([[1, 1, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]], bool)


def test_temporal_affine_along_a_random_direction():
    rng = np.random.default_rng(1)
    args = [rng.standard_normal(shape) for shape in ((3, 4, 5), (5, 2), (2,))]
    pair = layers.temporal_affine_forward, layers.temporal_affine_backward
    assert directional_error(*pair, args, rng) < 1e-9
    out, _ = pair[0](*args)
    np.testing.assert_allclose(out[1, 2], args[0][1, 2] @ args[1] + args[2])
    time_first, _ = pair[0](args[0].swapaxes(0, 1).copy().swapaxes(0, 1), *args[1:])
    np.testing.assert_allclose(time_first, out)


def test_temporal_softmax_along_a_random_direction():
    x, y, mask = scores()

    def forward(x):
        loss, dx = layers.temporal_softmax_loss(x, y, mask)
        return np.array(loss), dx

    assert (
        directional_error(forward, lambda dloss, dx: dloss * dx, [x], np.random.default_rng(0))
        < 1e-8
    )


@pytest.mark.parametrize("kind", [bool, float, int])
def test_temporal_softmax_is_the_masked_sum_over_time_and_the_mean_over_captions(kind):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    x, y, mask = scores()
    tx = torch.tensor(x, requires_grad=True)
    each = torch.nn.functional.cross_entropy(
        tx.flatten(0, 1), torch.tensor(y).flatten(), reduction="none"
    )
    expected = (each * torch.tensor(mask).flatten()).sum() / len(x)
    expected.backward()
    loss, dx = layers.temporal_softmax_loss(x, y, mask.astype(kind))
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(dx, tx.grad.numpy(), atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_temporal_softmax_is_stable_keeps_its_dtype_and_its_arguments(dtype, recwarn, capsys):
    x, y, mask = scores(dtype)
    x *= 1e4
    before = x.copy()
    loss, dx = layers.temporal_softmax_loss(x, y, mask)
    assert np.isfinite(loss) and np.isfinite(dx).all() and not recwarn.list
    assert dx.dtype == loss.dtype == dtype
    np.testing.assert_array_equal(x, before)
    assert capsys.readouterr().out == ""
    layers.temporal_softmax_loss(x, y, mask, verbose=True)
    assert "(3, 4, 5)" in capsys.readouterr().out


def test_untrained_scores_cost_log_v_a_word():
    loss, _ = layers.temporal_softmax_loss(
        np.zeros((4, 10, 7)), np.zeros((4, 10), int), np.ones((4, 10))
    )
    assert loss == pytest.approx(10 * np.log(7))


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda x, y, m: (x[0], y, m), ValueError, r"\(N, T, V\)"),
        (lambda x, y, m: (x, y[:, :3], m), ValueError, "y must have shape"),
        (lambda x, y, m: (x, y, m[:2]), ValueError, "mask must have shape"),
        (lambda x, y, m: (x, y + 1.0, m), TypeError, "words must be integers"),
        (lambda x, y, m: (x, y + 5, m), ValueError, "words must lie in 0"),
    ],
)
def test_words_that_do_not_fit_the_scores_are_named(change, error, message):
    with pytest.raises(error, match=message):
        layers.temporal_softmax_loss(*change(*scores()))


@pytest.mark.parametrize(
    ("x", "w", "b"), [((2, 3), (3, 4), (4,)), ((2, 3, 4), (3, 4), (4,)), ((2, 3, 4), (4, 2), (4,))]
)
def test_temporal_affine_names_shapes_that_do_not_fit(x, w, b):
    with pytest.raises(ValueError, match="must have shape"):
        layers.temporal_affine_forward(np.ones(x), np.ones(w), np.ones(b))
