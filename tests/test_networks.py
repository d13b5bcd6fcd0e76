"""Networks: numeric slopes with and without the regulariser, a second oracle, clear refusals."""

import numpy as np
import pytest

from cs231n.classifiers import FullyConnectedNet, TwoLayerNet
from cs231n.layers import dropout_forward
from tests.network_properties import assert_only_weights_are_regularised, assert_slope


def two_layers(reg=0.0, **options):
    return TwoLayerNet(12, 8, 4, weight_scale=0.3, reg=reg, rng=0, **options)


def deep(hidden):
    def build(reg=0.0):
        return FullyConnectedNet(hidden, 12, 4, reg=reg, weight_scale="he", dtype=np.float64, rng=0)

    return build


def generic(hidden, **options):
    """A net whose parameters are all random, so that nothing cancels and no unit sits at 0."""

    def build(reg=0.0):
        model = FullyConnectedNet(
            hidden, 12, 4, reg=reg, weight_scale="he", dtype=np.float64, rng=0, **options
        )
        rng = np.random.default_rng(3)
        for key in model.params:
            if not key.startswith("W"):
                model.params[key] = model.params[key] + 0.4 * rng.standard_normal(
                    model.params[key].shape
                )
        return model

    return build


COMBINED = {
    f"{norm}, keep {keep}, {len(hidden)} hidden": generic(
        hidden, normalization=norm, dropout_keep_ratio=keep, seed=5
    )
    for norm in (None, "batchnorm", "layernorm")
    for keep in (1, 0.7)
    for hidden in ([], [9], [9, 8, 9, 7])
}
NETWORKS = {"two": two_layers, "none": deep([]), "one": deep([9]), "four": deep([9, 8, 7, 6])}
NETWORKS |= COMBINED


def batch(rng, count=6):
    return rng.standard_normal((count, 3, 2, 2)), rng.integers(4, size=count)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_gradient_along_a_random_direction(network, reg):
    assert_slope(lambda: NETWORKS[network](reg), *batch(np.random.default_rng(5)), 1e-6)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_regulariser_counts_every_weight_once_and_no_bias(network):
    assert_only_weights_are_regularised(NETWORKS[network], *batch(np.random.default_rng(5)))


@pytest.mark.parametrize("norm", [None, "batchnorm", "layernorm"])
@pytest.mark.parametrize("keep", [1, 0.5])
def test_float32_through_and_through(norm, keep):
    options = {"normalization": norm, "dropout_keep_ratio": keep}
    model = FullyConnectedNet([9, 8], 12, 4, reg=np.float64(0.1), rng=0, **options)
    X, y = batch(np.random.default_rng(0))
    _, grads = model.loss(X, y)
    assert model.loss(X).dtype == np.float32
    assert {g.dtype for g in grads.values()} == {np.dtype(np.float32)}


def test_what_a_net_carries_for_its_normalisation_and_dropout():
    model = FullyConnectedNet([9, 8], 12, 4, 0.5, "batchnorm", seed=2)
    assert model.bn_params == [{"mode": "train"}, {"mode": "train"}]
    assert model.dropout_param == {"mode": "train", "p": 0.5, "seed": 2}
    assert FullyConnectedNet([9, 8], normalization="layernorm").bn_params == [{}, {}]
    plain = FullyConnectedNet([9, 8])
    assert (plain.bn_params, plain.dropout_param, plain.use_dropout) == ([], {}, False)
    shapes = {key: value.shape for key, value in model.params.items() if key[:2] in ("ga", "be")}
    assert shapes == {"gamma1": (9,), "beta1": (9,), "gamma2": (8,), "beta2": (8,)}


@pytest.mark.parametrize("norm", [None, "batchnorm", "layernorm"])
def test_a_test_after_training_is_deterministic_and_changes_nothing(norm):
    model = generic([9, 8], normalization=norm, dropout_keep_ratio=0.5)()
    X, y = batch(np.random.default_rng(0))
    losses = {model.loss(X, y)[0] for _ in range(3)}
    assert len(losses) == 3  # without a seed each step draws new masks
    first, alone = model.loss(X), model.loss(X[:1])
    np.testing.assert_array_equal(first, model.loss(X))
    np.testing.assert_allclose(alone, first[:1], atol=1e-12)


def test_equal_generators_drop_alike():
    X, y = batch(np.random.default_rng(0))
    a, b = (FullyConnectedNet([9, 8], 12, 4, 0.5, rng=7) for _ in range(2))
    assert [a.loss(X, y)[0] for _ in range(2)] == [b.loss(X, y)[0] for _ in range(2)]


def test_a_seed_gives_layers_of_one_shape_different_weights():
    params = FullyConnectedNet([7, 7, 7], 7, 7, rng=3).params
    assert len({params[f"W{i}"].tobytes() for i in range(1, 5)}) == 4
    two = TwoLayerNet(7, 7, 7, rng=3).params
    assert not np.array_equal(two["W1"], two["W2"])


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


def torch_scores(torch, model, params, X, train):
    """Scores of the same net in PyTorch; masks come from our own dropout, by its seed."""
    functional, hidden = torch.nn.functional, torch.tensor(X).flatten(1)
    for i in range(1, model.num_layers):
        hidden = hidden @ params[f"W{i}"] + params[f"b{i}"]
        scale = [params.get(f"{name}{i}") for name in ("gamma", "beta")]
        if model.normalization == "layernorm":
            hidden = functional.layer_norm(hidden, hidden.shape[1:], *scale)
        if model.normalization == "batchnorm":
            kept = [torch.tensor(model.bn_params[i - 1][f"running_{s}"]) for s in ("mean", "var")]
            hidden = functional.batch_norm(hidden, *kept, *scale, training=train)
        hidden = torch.relu(hidden)
        if model.use_dropout and train:
            param = {**model.dropout_param, "mode": "train"}
            hidden = hidden * torch.tensor(dropout_forward(np.ones(hidden.shape), param)[0])
    last = model.num_layers
    return hidden @ params[f"W{last}"] + params[f"b{last}"]


@pytest.mark.parametrize("network", ["four", *COMBINED])
def test_torch_agrees(network):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    model, (X, y) = NETWORKS[network](0.3), batch(np.random.default_rng(2))
    params = {k: torch.tensor(v, requires_grad=True) for k, v in model.params.items()}
    loss, grads = model.loss(X, y)
    expected = torch.nn.functional.cross_entropy(
        torch_scores(torch, model, params, X, train=True), torch.tensor(y)
    )
    expected = expected + 0.15 * sum((v**2).sum() for k, v in params.items() if k[0] == "W")
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for key, value in params.items():
        np.testing.assert_allclose(grads[key], value.grad.numpy(), atol=1e-12)
    tested = torch_scores(torch, model, params, X, train=False).detach().numpy()
    np.testing.assert_allclose(model.loss(X), tested, rtol=1e-11, atol=1e-11)
