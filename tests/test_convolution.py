"""Convolution and pooling: by hand, along random directions, beside PyTorch, clear refusals."""

import numpy as np
import pytest

from cs231n import layers
from cs231n.gradient_check import directional_error

CONVOLUTIONS = [
    ((2, 3, 5, 4), (4, 3, 3, 3), 1, 1),
    ((2, 1, 7, 5), (2, 1, 3, 2), 2, 0),
    ((1, 2, 4, 6), (3, 2, 1, 3), 1, 2),
    ((2, 3, 6, 7), (2, 3, 4, 4), 3, 2),
    ((2, 2, 3, 3), (2, 2, 1, 1), 1, 0),
]
POOLINGS = [(2, 2, 2), (3, 2, 1), (2, 3, 2), (1, 1, 1), (2, 2, 3)]


def pair(kind, speed):
    return (getattr(layers, f"{kind}_{way}_{speed}") for way in ("forward", "backward"))


@pytest.mark.parametrize("speed", ["naive", "fast"])
@pytest.mark.parametrize(("shape", "filters", "stride", "pad"), CONVOLUTIONS)
def test_convolution_along_a_random_direction(shape, filters, stride, pad, speed):
    forward, backward = pair("conv", speed)
    rng = np.random.default_rng(1)
    arguments = [rng.standard_normal(s) for s in (shape, filters, filters[:1])]
    param = {"stride": stride, "pad": pad}
    assert directional_error(lambda *a: forward(*a, param), backward, arguments, rng) < 1e-8


@pytest.mark.parametrize("speed", ["naive", "fast"])
@pytest.mark.parametrize(("height", "width", "stride"), POOLINGS)
def test_pooling_along_a_random_direction(height, width, stride, speed):
    forward, backward = pair("max_pool", speed)
    rng = np.random.default_rng(2)
    x = rng.permutation(2 * 3 * 7 * 6).reshape(2, 3, 7, 6) / 10.0
    param = {"pool_height": height, "pool_width": width, "stride": stride}
    assert directional_error(lambda a: forward(a, param), backward, (x,), rng) < 1e-8


@pytest.mark.parametrize("speed", ["naive", "fast"])
def test_by_hand(speed):
    forward, backward = pair("conv", speed)
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    w = np.array([[[[1.0, 0], [0, -1]]]])
    out, cache = forward(x, w, np.array([0.5]), {"stride": 1, "pad": 0})
    np.testing.assert_array_equal(out, np.full((1, 1, 2, 2), -3.5))
    dx, dw, db = backward(np.array([[[[1.0, 2], [3, 4]]]]), cache)
    np.testing.assert_array_equal(dx[0, 0], [[1, 2, 0], [3, 3, -2], [0, -3, -4]])
    np.testing.assert_array_equal(dw[0, 0], [[0 + 2 + 9 + 16, 1 + 4 + 12 + 20],
                                             [3 + 8 + 18 + 28, 4 + 10 + 21 + 32]])  # fmt: skip
    assert db == [10]


@pytest.mark.parametrize("speed", ["naive", "fast"])
def test_what_no_whole_window_covers_is_left_out(speed):
    forward, backward = pair("conv", speed)
    x, w = np.ones((1, 1, 6, 7)), np.ones((1, 1, 3, 3))
    out, cache = forward(x, w, np.zeros(1), {"stride": 2, "pad": 0})
    assert out.shape == (1, 1, 2, 3)
    dx, _, _ = backward(np.ones_like(out), cache)
    assert dx.shape == x.shape and not dx[0, 0, 5].any()
    forward, backward = pair("max_pool", speed)
    out, cache = forward(x, {"pool_height": 2, "pool_width": 2, "stride": 2})
    assert out.shape == (1, 1, 3, 3)
    assert not backward(np.ones_like(out), cache)[0, 0, :, 6].any()


@pytest.mark.parametrize(("shape", "filters", "stride", "pad"), CONVOLUTIONS)
def test_torch_agrees_on_convolution(shape, filters, stride, pad):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    rng = np.random.default_rng(3)
    arrays = [rng.standard_normal(s) for s in (shape, filters, filters[:1])]
    tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
    expected = torch.nn.functional.conv2d(*tensors, stride=stride, padding=pad)
    dout = rng.standard_normal(tuple(expected.shape))
    expected.backward(torch.tensor(dout))
    out, cache = layers.conv_forward_naive(*arrays, {"stride": stride, "pad": pad})
    np.testing.assert_allclose(out, expected.detach().numpy(), atol=1e-13)
    for ours, theirs in zip(layers.conv_backward_naive(dout, cache), tensors):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize(("height", "width", "stride"), POOLINGS)
def test_torch_agrees_on_pooling_down_to_its_choice_among_ties(height, width, stride):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    rng = np.random.default_rng(4)
    x = rng.integers(0, 3, (2, 3, 7, 6)).astype(float)
    tensor = torch.tensor(x, requires_grad=True)
    expected = torch.nn.functional.max_pool2d(tensor, (height, width), stride)
    dout = rng.standard_normal(tuple(expected.shape))
    expected.backward(torch.tensor(dout))
    param = {"pool_height": height, "pool_width": width, "stride": stride}
    out, cache = layers.max_pool_forward_fast(x, param)
    np.testing.assert_array_equal(out, expected.detach().numpy())
    dx = layers.max_pool_backward_fast(dout, cache)
    np.testing.assert_allclose(dx, tensor.grad.numpy(), atol=1e-14)


BAD_CONVOLUTIONS = [
    ((3, 5, 5), (2, 3, 3, 3), (2,), 1, 1, r"x\[None\]"),
    ((1, 3, 5, 5), (2, 4, 3, 3), (2,), 1, 1, "channels of x"),
    ((1, 3, 5, 5), (2, 3, 3, 3), (3,), 1, 1, "one for each filter"),
    ((1, 3, 5, 5), (2, 3, 3, 3), (2,), 0, 1, "stride must be a whole number, at least 1"),
    ((1, 3, 5, 5), (2, 3, 3, 3), (2,), 1.5, 1, "stride must be a whole number"),
    ((1, 3, 5, 5), (2, 3, 3, 3), (2,), 1, -1, "pad must be a whole number, at least 0"),
    ((1, 3, 5, 5), (2, 3, 6, 3), (2,), 1, 0, "6 × 3 does not fit into a picture of 5 × 5"),
]


@pytest.mark.parametrize("speed", ["naive", "fast"])
@pytest.mark.parametrize(("x", "w", "b", "stride", "pad", "message"), BAD_CONVOLUTIONS)
def test_convolution_names_what_does_not_fit(speed, x, w, b, stride, pad, message):
    forward, _ = pair("conv", speed)
    with pytest.raises(ValueError, match=message):
        forward(np.ones(x), np.ones(w), np.ones(b), {"stride": stride, "pad": pad})


@pytest.mark.parametrize("speed", ["naive", "fast"])
def test_pooling_names_what_does_not_fit(speed):
    forward, _ = pair("max_pool", speed)
    with pytest.raises(ValueError, match="pool_width is missing"):
        forward(np.ones((1, 1, 3, 3)), {"pool_height": 2, "stride": 1})
    with pytest.raises(ValueError, match="does not fit into a picture of 3 × 3"):
        forward(np.ones((1, 1, 3, 3)), {"pool_height": 2, "pool_width": 4, "stride": 1})
