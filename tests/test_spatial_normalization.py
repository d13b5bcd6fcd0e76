"""Spatial batch norm and group norm: statistics, slopes, PyTorch, any layout, clear refusals."""

import numpy as np
import pytest

from cs231n import layers
from cs231n.gradient_check import directional_error

SHAPE = (3, 6, 4, 5)


def pictures(rng, shape=SHAPE):
    return 3 * rng.standard_normal(shape) + 5


def test_batch_norm_gives_each_channel_mean_0_and_variance_1():
    x, param = pictures(np.random.default_rng(0)), {"mode": "train"}
    out, _ = layers.spatial_batchnorm_forward(x, np.ones(6), np.zeros(6), param)
    np.testing.assert_allclose(out.mean(axis=(0, 2, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=(0, 2, 3)), 1, atol=1e-5)
    np.testing.assert_allclose(param["running_mean"], 0.1 * x.mean(axis=(0, 2, 3)))
    param["mode"] = "test"
    out, _ = layers.spatial_batchnorm_forward(x, np.full(6, 2.0), np.ones(6), param)
    mean, var = (param[f"running_{s}"].reshape(1, 6, 1, 1) for s in ("mean", "var"))
    np.testing.assert_allclose(out, 2 * (x - mean) / np.sqrt(var + 1e-5) + 1)


@pytest.mark.parametrize("G", [1, 2, 3, 6])
def test_group_norm_gives_each_group_of_each_picture_mean_0_and_variance_1(G):
    x, ones = pictures(np.random.default_rng(0)), np.ones((1, 6, 1, 1))
    out, _ = layers.spatial_groupnorm_forward(x, ones, 0 * ones, G, {})
    groups = out.reshape(3, G, -1)
    np.testing.assert_allclose(groups.mean(axis=2), 0, atol=1e-12)
    np.testing.assert_allclose(groups.std(axis=2), 1, atol=1e-5)


@pytest.mark.parametrize("eps", [1e-5, 2.0])
def test_slopes_along_a_random_direction(eps):
    rng = np.random.default_rng(1)
    gamma, beta = rng.standard_normal((2, 6))

    def batchnorm(*arrays):
        return layers.spatial_batchnorm_forward(*arrays, {"mode": "train", "eps": eps})

    backward = layers.spatial_batchnorm_backward
    assert directional_error(batchnorm, backward, (pictures(rng), gamma, beta), rng) < 1e-8
    gamma, beta = rng.standard_normal((2, 1, 6, 1, 1))
    for G in (1, 3, 6):

        def groupnorm(*arrays, G=G):
            return layers.spatial_groupnorm_forward(*arrays, G, {"eps": eps})

        backward = layers.spatial_groupnorm_backward
        assert directional_error(groupnorm, backward, (pictures(rng), gamma, beta), rng) < 1e-8


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("channels_last", [False, True])
def test_torch_agrees(dtype, channels_last):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    rng = np.random.default_rng(2)
    x, dout = (pictures(rng).astype(dtype) for _ in range(2))
    if channels_last:
        x, dout = (a.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2) for a in (x, dout))
    gamma, beta = rng.standard_normal((2, 6)).astype(dtype)
    wide = (gamma[None, :, None, None], beta[None, :, None, None])
    batch = layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    group = layers.spatial_groupnorm_forward(x, *wide, 3, {})
    for kind, (out, cache) in (("batch", batch), ("group", group)):
        backward = getattr(layers, f"spatial_{kind}norm_backward")
        tensors = [torch.tensor(a.copy(), requires_grad=True) for a in (x, gamma, beta)]
        tx, *affine = tensors
        expected = (
            torch.nn.functional.batch_norm(tx, None, None, *affine, training=True)
            if kind == "batch"
            else torch.nn.functional.group_norm(tx, 3, *affine)
        )
        expected.backward(torch.tensor(dout.copy()))
        room = {"atol": 1e-4 if dtype == np.float32 else 1e-12, "rtol": 1e-5}
        np.testing.assert_allclose(out, expected.detach().numpy(), **room)
        for ours, theirs in zip(backward(dout, cache), tensors):
            assert ours.dtype == dtype
            np.testing.assert_allclose(ours.reshape(theirs.shape), theirs.grad.numpy(), **room)


def test_arguments_are_left_alone():
    rng = np.random.default_rng(3)
    x, dout = pictures(rng), pictures(rng)
    gamma = np.ones((1, 6, 1, 1))
    before = [a.copy() for a in (x, dout)]
    _, cache = layers.spatial_groupnorm_forward(x, gamma, gamma, 2, {})
    layers.spatial_groupnorm_backward(dout, cache)
    _, cache = layers.spatial_batchnorm_forward(x, gamma.ravel(), gamma.ravel(), {"mode": "train"})
    layers.spatial_batchnorm_backward(dout, cache)
    for array, copy in zip((x, dout), before):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("G", [0, 4, 7, 2.0])
def test_groups_that_do_not_divide_the_channels_are_named(G):
    gamma = np.ones((1, 6, 1, 1))
    with pytest.raises(ValueError, match="divide the 6 channels"):
        layers.spatial_groupnorm_forward(np.ones(SHAPE), gamma, gamma, G, {})


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"\(1, 6, 1, 1\)"):
        layers.spatial_groupnorm_forward(np.ones(SHAPE), np.ones(6), np.ones(6), 2, {})
    with pytest.raises(ValueError, match="one for each channel"):
        layers.spatial_batchnorm_forward(np.ones(SHAPE), np.ones(4), np.ones(6), {"mode": "train"})
