"""Batch and layer normalisation: slopes, PyTorch as an oracle, modes, numbers types, arguments."""

import numpy as np
import pytest

from cs231n import layer_utils, layers
from cs231n.gradient_check import directional_error

SHAPES = [(7, 5), (5, 5), (3, 9), (2, 1)]
BATCH = (layers.batchnorm_forward, layers.batchnorm_backward)
ALT = (layers.batchnorm_forward, layers.batchnorm_backward_alt)
LAYER = (layers.layernorm_forward, layers.layernorm_backward)
PAIRS = pytest.mark.parametrize("pair", [BATCH, ALT, LAYER], ids=["batch", "alt", "layer"])


def arguments(shape, dtype=np.float64, seed=3):
    rng = np.random.default_rng(seed)
    x = 3 * rng.standard_normal(shape) + rng.standard_normal(shape[1])
    drawn = x, rng.standard_normal(shape[1]), rng.standard_normal(shape[1])
    return [a.astype(dtype) for a in drawn]


def trained(forward, eps=1e-5):
    return lambda x, gamma, beta: forward(x, gamma, beta, {"mode": "train", "eps": eps})


@pytest.mark.parametrize("eps", [1e-5, 0.3])
@pytest.mark.parametrize("shape", SHAPES)
@PAIRS
def test_gradients_along_a_random_direction(pair, shape, eps):
    forward, backward = pair
    if shape[1] == 1 and pair is LAYER:
        shape = (3, 2)  # a single feature is always its own mean
    rng = np.random.default_rng(7)
    assert directional_error(trained(forward, eps), backward, arguments(shape), rng) < 1e-8


def test_a_wrong_gradient_is_refused():
    def slightly_off(dout, cache):
        return tuple(1.01 * g for g in layers.batchnorm_backward(dout, cache))

    rng = np.random.default_rng(7)
    forward = trained(layers.batchnorm_forward)
    assert directional_error(forward, slightly_off, arguments((7, 5)), rng) > 1e-3


def test_the_two_ways_back_agree():
    x, gamma, beta = arguments((50, 20))
    _, cache = layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
    dout = np.random.default_rng(0).standard_normal(x.shape)
    for a, b in zip(BATCH[1](dout, cache), ALT[1](dout, cache), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


def test_a_trained_minibatch_has_mean_beta_and_spread_gamma():
    x, gamma, beta = arguments((200, 4))
    out, _ = layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
    np.testing.assert_allclose(out.mean(axis=0), beta, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=0), np.abs(gamma), rtol=1e-5)


def test_running_averages_by_hand():
    x, ones, bn_param = np.array([[1.0], [3.0]]), np.ones(1), {"mode": "train", "momentum": 0.75}
    layers.batchnorm_forward(x, ones, 0 * ones, bn_param)
    assert (bn_param["running_mean"], bn_param["running_var"]) == (0.5, 0.25)
    layers.batchnorm_forward(x, ones, 0 * ones, bn_param)
    assert (bn_param["running_mean"], bn_param["running_var"]) == (0.875, 0.4375)
    bn_param |= {"mode": "test", "eps": 0.5625}
    out, cache = layers.batchnorm_forward(x + 0.875, ones, 0 * ones, bn_param)
    assert out.tolist() == [[1.0], [3.0]] and cache is None


def test_a_test_before_any_training_leaves_averages_of_zero():
    x, gamma, beta = arguments((3, 2))
    bn_param = {"mode": "test", "eps": 4.0}
    out, _ = layers.batchnorm_forward(x, gamma, beta, bn_param)
    np.testing.assert_allclose(out, gamma * x / 2 + beta)
    assert not bn_param["running_mean"].any() and not bn_param["running_var"].any()


@PAIRS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_arguments_and_cache_are_kept(pair, dtype):
    forward, backward = pair
    x, gamma, beta = arguments((6, 4), dtype)
    dout = np.ones_like(x) + x
    before = [a.copy() for a in (x, gamma, beta, dout)]
    param = {"mode": "train", "eps": 1e-5, "momentum": 0.9}
    out, cache = forward(x, gamma, beta, param)
    first, second = backward(dout, cache), backward(dout, cache)
    kept = [value for key, value in param.items() if key.startswith("running")]
    assert {a.dtype for a in (out, *first, *kept)} == {np.dtype(dtype)}
    for one, other in zip([*first, x, gamma, beta, dout], [*second, *before], strict=True):
        np.testing.assert_array_equal(one, other)


def test_layer_norm_remembers_nothing_and_sees_each_example_alone():
    x, gamma, beta = arguments((5, 6))
    ln_param = {}
    out, _ = layers.layernorm_forward(x, gamma, beta, ln_param)
    alone = [layers.layernorm_forward(row[None], gamma, beta, {})[0][0] for row in x]
    assert ln_param == {}
    np.testing.assert_allclose(out, alone, atol=1e-12)


@pytest.mark.parametrize("mode", [None, "eval", "TRAIN"])
@pytest.mark.parametrize("forward", ["batchnorm", "dropout"])
def test_an_unknown_mode_lists_the_known(forward, mode):
    x, gamma, beta = arguments((3, 2))
    with pytest.raises(ValueError, match=r"unknown mode .*; choose 'train' or 'test'"):
        if forward == "batchnorm":
            layers.batchnorm_forward(x, gamma, beta, {"mode": mode})
        else:
            layers.dropout_forward(x, {"mode": mode, "p": 0.5})


@pytest.mark.parametrize("pair", [BATCH, LAYER], ids=["batch", "layer"])
@pytest.mark.parametrize(
    ("x", "gamma", "beta", "message"),
    [
        ((3, 2, 2), (2,), (2,), r"shape \(N, D\)"),
        ((3, 2), (3,), (2,), "gamma must have shape"),
        ((3, 2), (2,), (1, 2), "beta must have shape"),
    ],
)
def test_shapes_that_do_not_fit_are_named(pair, x, gamma, beta, message):
    with pytest.raises(ValueError, match=message):
        pair[0](np.ones(x), np.ones(gamma), np.ones(beta), {"mode": "train"})


@pytest.mark.parametrize("norm", ["bn", "ln"])
@pytest.mark.parametrize("need_dx", [True, False])
def test_sandwiches_along_a_random_direction(norm, need_dx):
    forward, backward = (
        getattr(layer_utils, f"affine_{norm}_relu_{w}ward") for w in ("for", "back")
    )
    rng = np.random.default_rng(2)
    x, w, b = rng.standard_normal((6, 2, 3)), rng.standard_normal((6, 5)), rng.standard_normal(5)
    scale = 0.3 * np.ones(5), np.array([1.0, -1, 1, 1, -1])  # far from the ReLU's kink

    def run(*changed):
        return forward(*((x, *changed) if not need_dx else changed), {"mode": "train"})

    def back(dout, cache):
        gradients = backward(dout, cache, need_dx)
        assert need_dx or gradients[0] is None
        return gradients if need_dx else gradients[1:]

    varied = (x, w, b, *scale) if need_dx else (w, b, *scale)
    assert directional_error(run, back, varied, rng) < 1e-7


@PAIRS
def test_torch_agrees(pair):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    x, gamma, beta = arguments((6, 4))
    dout = np.random.default_rng(9).standard_normal(x.shape)
    tensors = [torch.tensor(a, requires_grad=True) for a in (x, gamma, beta)]
    tx, tgamma, tbeta = tensors
    if pair is LAYER:
        expected = torch.nn.functional.layer_norm(tx, (4,), tgamma, tbeta, eps=0.02)
    else:
        expected = torch.nn.functional.batch_norm(
            tx, None, None, tgamma, tbeta, training=True, eps=0.02
        )
    expected.backward(torch.tensor(dout))
    out, cache = trained(pair[0], eps=0.02)(x, gamma, beta)
    np.testing.assert_allclose(out, expected.detach().numpy(), atol=1e-13)
    for ours, theirs in zip(pair[1](dout, cache), tensors, strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=1e-13)
