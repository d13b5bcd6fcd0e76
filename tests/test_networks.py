"""Networks: numeric slopes with and without the regulariser, a second oracle, clear refusals."""

import numpy as np
import pytest

from cs231n.classifiers import FullyConnectedNet, TwoLayerNet


def two_layers(reg=0.0, **options):
    return TwoLayerNet(12, 8, 4, weight_scale=0.3, reg=reg, rng=0, **options)


def deep(hidden):
    def build(reg=0.0):
        return FullyConnectedNet(hidden, 12, 4, reg=reg, weight_scale="he", dtype=np.float64, rng=0)

    return build


NETWORKS = {"two": two_layers, "none": deep([]), "one": deep([9]), "four": deep([9, 8, 7, 6])}


def batch(rng, count=6):
    return rng.standard_normal((count, 3, 2, 2)), rng.integers(4, size=count)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_gradient_along_a_random_direction(network, reg):
    rng = np.random.default_rng(5)
    model, (X, y) = NETWORKS[network](reg), batch(rng)
    _, grads = model.loss(X, y)
    assert grads.keys() == model.params.keys()
    steps = {k: rng.standard_normal(v.shape) for k, v in model.params.items()}
    losses = []
    for sign in (1e-6, -1e-6):
        moved = NETWORKS[network](reg)
        moved.params = {k: v + sign * steps[k] for k, v in model.params.items()}
        losses.append(moved.loss(X, y)[0])
    slope = sum(np.sum(grads[k] * steps[k]) for k in grads)
    assert slope == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-6)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_regulariser_counts_every_weight_once_and_no_bias(network):
    X, y = batch(np.random.default_rng(5))
    plain, regularised = NETWORKS[network](0.0), NETWORKS[network](0.5)
    for model in (plain, regularised):
        for key in model.params:
            if key.startswith("b"):
                model.params[key] += 3.0
    weights = sum(np.sum(v**2) for k, v in plain.params.items() if k.startswith("W"))
    extra = regularised.loss(X, y)[0] - plain.loss(X, y)[0]
    assert extra == pytest.approx(0.25 * weights)


def test_float32_through_and_through():
    model = FullyConnectedNet([9, 8], 12, 4, reg=np.float64(0.1), rng=0)
    X, y = batch(np.random.default_rng(0))
    _, grads = model.loss(X, y)
    assert model.loss(X).dtype == np.float32
    assert {g.dtype for g in grads.values()} == {np.dtype(np.float32)}


def test_same_generator_same_weights_and_the_global_stream_reproduces():
    a, b = (FullyConnectedNet([5], 12, 4, rng=3).params["W1"] for _ in range(2))
    np.testing.assert_array_equal(a, b)
    np.random.seed(0)
    a = TwoLayerNet(12, 8, 4).params["W1"]
    np.random.seed(0)
    np.testing.assert_array_equal(a, TwoLayerNet(12, 8, 4).params["W1"])


REFUSED = [
    ({"dropout_keep_ratio": 1.5}, ValueError, "at most 1"),
    ({"dropout_keep_ratio": 0}, ValueError, "above 0"),
    ({"normalization": "batch"}, ValueError, "'layernorm'"),
    ({"weight_scale": "kaiming"}, ValueError, "'he'"),
]


@pytest.mark.parametrize(("options", "error", "message"), REFUSED)
def test_what_it_cannot_do_is_said(options, error, message):
    with pytest.raises(error, match=message):
        FullyConnectedNet([5], **options)


def test_pictures_of_another_size_are_named():
    with pytest.raises(ValueError, match="holds 10 numbers"):
        two_layers().loss(np.ones((2, 10)))


def test_torch_agrees():
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    model, (X, y) = NETWORKS["four"](0.3), batch(np.random.default_rng(2))
    params = {k: torch.tensor(v, requires_grad=True) for k, v in model.params.items()}
    hidden = torch.tensor(X).flatten(1)
    for i in range(1, model.num_layers + 1):
        hidden = hidden @ params[f"W{i}"] + params[f"b{i}"]
        hidden = torch.relu(hidden) if i < model.num_layers else hidden
    expected = torch.nn.functional.cross_entropy(hidden, torch.tensor(y))
    expected = expected + 0.15 * sum((v**2).sum() for k, v in params.items() if k[0] == "W")
    expected.backward()
    loss, grads = model.loss(X, y)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for key, value in params.items():
        np.testing.assert_allclose(grads[key], value.grad.numpy(), atol=1e-13)
