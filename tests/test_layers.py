"""Layers: slopes along random directions, an independent oracle, no writing into arguments."""

import numpy as np
import pytest

from cs231n import layer_utils, layers
from cs231n.gradient_check import directional_error

SHAPES = [((4, 6), 3), ((5, 2, 3, 4), 7), ((1, 1), 1)]


def affine_arguments(rng, shape, outputs):
    features = int(np.prod(shape[1:]))
    return rng.standard_normal(shape), rng.standard_normal((features, outputs)), np.ones(outputs)


@pytest.mark.parametrize(("shape", "outputs"), SHAPES)
@pytest.mark.parametrize("pair", ["affine", "affine_relu"])
def test_gradients_along_a_random_direction(pair, shape, outputs):
    room = layers if pair == "affine" else layer_utils
    forward, backward = (getattr(room, f"{pair}_{way}") for way in ("forward", "backward"))
    rng = np.random.default_rng(7)
    assert directional_error(forward, backward, affine_arguments(rng, shape, outputs), rng) < 1e-8


def test_relu_along_a_random_direction():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((6, 5)) + 0.5
    x[np.abs(x) < 1e-3] = 1
    assert directional_error(layers.relu_forward, layers.relu_backward, (x,), rng) < 1e-9


def test_a_wrong_gradient_is_refused():
    rng = np.random.default_rng(7)
    arguments = affine_arguments(rng, *SHAPES[1])

    def slightly_off(dout, cache):
        return tuple(1.01 * g for g in layers.affine_backward(dout, cache))

    assert directional_error(layers.affine_forward, slightly_off, arguments, rng) > 1e-3


@pytest.mark.parametrize("loss", [layers.softmax_loss, layers.svm_loss])
def test_losses_against_their_numeric_slope(loss):
    rng = np.random.default_rng(3)
    x, y = 3 * rng.standard_normal((7, 5)), rng.integers(5, size=7)
    step = rng.standard_normal(x.shape)
    numeric = (loss(x + 1e-6 * step, y)[0] - loss(x - 1e-6 * step, y)[0]) / 2e-6
    assert np.sum(loss(x, y)[1] * step) == pytest.approx(numeric, rel=1e-7)


@pytest.mark.parametrize("loss", [layers.softmax_loss, layers.svm_loss])
def test_losses_by_hand(loss):
    x, y = np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([0, 1])
    by_hand = {
        "softmax_loss": (np.log(1 + np.e) + np.log(2)) / 2,
        "svm_loss": (2 + 1) / 2,
    }
    assert loss(x, y)[0] == pytest.approx(by_hand[loss.__name__])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_is_finite_where_probabilities_are_not(dtype):
    x = np.array([[1e4, -1e4, 0], [-1e4, 1e4, 0]], dtype=dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        loss, dx = layers.softmax_loss(x, np.array([1, 1]))
    assert loss == 1e4
    np.testing.assert_allclose(dx, [[0.5, -0.5, 0], [0, 0, 0]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept_and_arguments_are_left_alone(dtype):
    rng = np.random.default_rng(0)
    x, w, b = (a.astype(dtype) for a in affine_arguments(rng, (4, 2, 3), 5))
    dout, y = rng.standard_normal((4, 5)).astype(dtype), np.arange(4)
    before = [a.copy() for a in (x, w, b, dout)]
    out, cache = layer_utils.affine_relu_forward(x, w, b)
    results = [out, *layer_utils.affine_relu_backward(dout, cache), layers.softmax_loss(out, y)[1]]
    assert {a.dtype for a in results} == {np.dtype(dtype)}
    for array, copy in zip((x, w, b, dout), before, strict=True):
        np.testing.assert_array_equal(array, copy)


BAD_AFFINE = [
    ((4, 6), (5, 3), (3,), "holds 6 numbers"),
    ((4, 6), (6, 3), (4,), "b must have shape"),
    ((6,), (6, 3), (3,), r"x\[None\]"),
    ((4, 6), (6,), (3,), "w must have shape"),
]


@pytest.mark.parametrize(("x", "w", "b", "message"), BAD_AFFINE)
def test_affine_names_what_does_not_fit(x, w, b, message):
    with pytest.raises(ValueError, match=message):
        layers.affine_forward(np.ones(x), np.ones(w), np.ones(b))


BAD_LABELS = [
    (np.array([0, 3]), ValueError, "0 .. 2"),
    (np.array([-1, 0]), ValueError, "0 .. 2"),
    (np.array([0.0, 1.0]), TypeError, "astype"),
    (np.array([0, 1, 2]), ValueError, "one label per row"),
    (np.array([[0], [1]]), ValueError, "one label per row"),
]


@pytest.mark.parametrize(("y", "error", "message"), BAD_LABELS)
@pytest.mark.parametrize("loss", [layers.softmax_loss, layers.svm_loss])
def test_losses_name_bad_labels(loss, y, error, message):
    with pytest.raises(error, match=message):
        loss(np.zeros((2, 3)), y)


@pytest.mark.parametrize(("scale", "std"), [(0.03, 0.03), ("xavier", 0.05), ("he", 0.0625)])
def test_initial_weights_have_their_standard_deviation(scale, std):
    w = layers.init_weights((512, 288), scale, np.random.default_rng(0))
    assert w.std() == pytest.approx(std, rel=0.02)
    assert abs(w.mean()) < 0.01 * std


def test_initial_weights_follow_the_stream_they_are_given():
    np.random.seed(5)
    first = layers.init_weights((3, 2), 1.0)
    np.testing.assert_array_equal(first, np.random.RandomState(5).standard_normal((3, 2)))
    a, b = (layers.init_weights((3, 2), "he", 4) for _ in range(2))
    np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("scale", ["kaiming", -1, float("nan")])
def test_initial_weights_refuse_an_unknown_scale(scale):
    with pytest.raises(ValueError, match="weight_scale"):
        layers.init_weights((3, 2), scale)


def test_torch_agrees():
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    rng = np.random.default_rng(11)
    x, w, b = affine_arguments(rng, (6, 2, 5), 4)
    y = rng.integers(4, size=6)
    tx, tw, tb = (torch.tensor(a, requires_grad=True) for a in (x, w, b))
    hidden = torch.relu(tx.flatten(1) @ tw + tb)
    expected = torch.nn.functional.cross_entropy(hidden, torch.tensor(y))
    expected.backward()
    out, cache = layer_utils.affine_relu_forward(x, w, b)
    loss, dout = layers.softmax_loss(out, y)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for ours, theirs in zip(
        layer_utils.affine_relu_backward(dout, cache), (tx, tw, tb), strict=True
    ):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=1e-13)


def test_forward_and_backward_are_exported_in_pairs():
    names = [n for n in vars(layers) if n.endswith(("_forward", "_backward"))]
    assert {n.rsplit("_", 1)[0] for n in names if n.endswith("_forward")} == {
        n.rsplit("_", 1)[0] for n in names if n.endswith("_backward")
    }
