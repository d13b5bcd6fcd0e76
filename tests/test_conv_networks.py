"""Convolutional networks: numeric slopes, a second oracle, sizes of every kind, clear refusals."""

import numpy as np
import pytest

from cs231n import layer_utils, layers
from cs231n.classifiers import ConvNet, ThreeLayerConvNet
from cs231n.gradient_check import directional_error
from tests.network_properties import assert_only_weights_are_regularised, assert_slope


def three_layers(reg=0.0, input_dim=(3, 6, 8), filter_size=3, **options):
    options = {"weight_scale": "he", "dtype": np.float64, "rng": 0} | options
    return ThreeLayerConvNet(input_dim, 4, filter_size, 7, 5, reg=reg, **options)


def deep(*layers, **options):
    def build(reg=0.0):
        return ConvNet(
            layers, (3, 6, 8), num_classes=5, reg=reg, dtype=np.float64, rng=0, **options
        )

    return build


NETWORKS = {
    "three": three_layers,
    "linear": deep(),
    "one": deep(4, average=False),
    "pooled": deep(4, "pool", 6, "pool"),
    "batchnorm": deep(4, "pool", 6, normalization="batchnorm"),
    "groupnorm": deep(4, 6, "pool", normalization="groupnorm", num_groups=2, average=False),
    "5 x 5": deep(4, 6, filter_size=5),
    "even filters": deep(4, "pool", 6, filter_size=2, average=False),
}


def batch(rng, count=6, size=(3, 6, 8)):
    return rng.standard_normal((count, *size)), rng.integers(5, size=count)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_gradient_along_a_random_direction(network, reg):
    assert_slope(lambda: NETWORKS[network](reg), *batch(np.random.default_rng(5)), 1e-5)


@pytest.mark.parametrize("network", NETWORKS)
def test_the_regulariser_counts_every_weight_once_and_nothing_else(network):
    assert_only_weights_are_regularised(NETWORKS[network], *batch(np.random.default_rng(5)))


@pytest.mark.parametrize(("size", "filter_size"), [((3, 7, 5), 3), ((1, 8, 6), 5), ((2, 6, 9), 1)])
def test_pictures_of_any_size(size, filter_size):
    model = three_layers(input_dim=size, filter_size=filter_size)
    X, y = batch(np.random.default_rng(1), size=size)
    assert model.loss(X).shape == (6, 5)
    _, grads = model.loss(X, y)
    assert {k: g.shape for k, g in grads.items()} == {k: p.shape for k, p in model.params.items()}


def test_float32_through_and_through():
    X, y = batch(np.random.default_rng(0))
    for model in (
        ThreeLayerConvNet((3, 6, 8), 4, 3, 7, 5, reg=np.float64(0.1), rng=0),
        ConvNet([4, "pool", 6], (3, 6, 8), 3, 5, normalization="batchnorm", rng=0),
        ConvNet([8], (3, 6, 8), 3, 5, normalization="groupnorm", dropout_keep_ratio=0.9, rng=0),
    ):
        _, grads = model.loss(X, y)
        assert model.loss(X).dtype == np.float32
        assert {g.dtype for g in grads.values()} == {np.dtype(np.float32)}


def test_same_generator_same_weights_and_the_global_stream_reproduces():
    a, b = (ConvNet([4, 5], rng=3).params["W2"] for _ in range(2))
    np.testing.assert_array_equal(a, b)
    np.random.seed(0)
    a = ThreeLayerConvNet().params["W1"]
    np.random.seed(0)
    expected = 1e-3 * np.random.standard_normal((32, 3, 7, 7))
    np.testing.assert_array_equal(a, expected.astype(np.float32))


def test_scores_of_a_test_depend_on_no_neighbour_and_no_chance():
    model = ConvNet([8], (3, 6, 8), 3, 5, normalization="batchnorm", dropout_keep_ratio=0.5, rng=0)
    X, y = batch(np.random.default_rng(0))
    before = model.loss(X)
    np.testing.assert_allclose(model.loss(X[:1]), before[:1], rtol=1e-5)
    first, second = (model.loss(X, y)[0] for _ in range(2))
    assert first != second
    assert not np.allclose(model.loss(X), before)


def test_activations_are_the_steps_of_the_scores():
    model, (X, _) = NETWORKS["batchnorm"](), batch(np.random.default_rng(0))
    seen = dict(model.activations(X))
    assert [kind for kind, _ in seen][:4] == ["conv", "batchnorm", "relu", "pool"]
    np.testing.assert_array_equal(seen["affine", 3], model.loss(X))


@pytest.mark.parametrize(
    ("layers", "options", "message"),
    [([4, "pol"], {}, "'pool'"), ([0], {}, "unknown layer 0"),
     ([4], {"normalization": "layernorm"}, "'groupnorm'"),
     ([4], {"dropout_keep_ratio": 0}, "above 0")],
)  # fmt: skip
def test_what_it_does_not_know_is_said(layers, options, message):
    with pytest.raises(ValueError, match=message):
        ConvNet(layers, **options)


def positive(draw, *shape):
    """Away from kinks: distinct values, spread out, for pooling and ReLU."""
    return draw.permutation(int(np.prod(shape))).reshape(shape) / 7.0 - 3.05


@pytest.mark.parametrize("kind", ["conv_relu", "conv_relu_pool", "conv_bn_relu"])
def test_sandwiches_along_a_random_direction(kind):
    rng = np.random.default_rng(4)
    x, w, b = positive(rng, 2, 3, 6, 4), rng.standard_normal((4, 3, 3, 3)), np.ones(4)
    conv, pool = {"stride": 1, "pad": 1}, {"pool_height": 2, "pool_width": 2, "stride": 2}
    arrays = (x, w, b, np.ones(4), np.ones(4)) if "bn" in kind else (x, w, b)
    last = {"conv_relu": (conv,), "conv_relu_pool": (conv, pool),
            "conv_bn_relu": (conv, {"mode": "train"})}[kind]  # fmt: skip
    forward, backward = (getattr(layer_utils, f"{kind}_{way}") for way in ("forward", "backward"))
    assert directional_error(lambda *a: forward(*a, *last), backward, arrays, rng) < 1e-7
    out, cache = forward(*arrays, *last)
    assert backward(np.ones_like(out), cache, need_dx=False)[0] is None


def test_a_pool_before_the_relu_changes_nothing():
    rng = np.random.default_rng(4)
    x, w, b = rng.standard_normal((2, 3, 7, 5)), rng.standard_normal((4, 3, 3, 3)), np.ones(4)
    conv, pool = {"stride": 1, "pad": 1}, {"pool_height": 3, "pool_width": 2, "stride": 1}
    out, cache = layer_utils.conv_relu_pool_forward(x, w, b, conv, pool)
    hidden, conv_cache = layers.conv_forward_naive(x, w, b, conv)
    active, relu_cache = layers.relu_forward(hidden)
    want, pool_cache = layers.max_pool_forward_naive(active, pool)
    np.testing.assert_allclose(out, want, atol=1e-13)
    dout = rng.standard_normal(out.shape)
    dhidden = layers.relu_backward(layers.max_pool_backward_naive(dout, pool_cache), relu_cache)
    for ours, theirs in zip(
        layer_utils.conv_relu_pool_backward(dout, cache),
        layers.conv_backward_naive(dhidden, conv_cache),
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_torch_agrees():
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    model, (X, y) = three_layers(0.3), batch(np.random.default_rng(2))
    p = {k: torch.tensor(v, requires_grad=True) for k, v in model.params.items()}
    hidden = torch.relu(torch.conv2d(torch.tensor(X), p["W1"], p["b1"], padding=1))
    hidden = torch.nn.functional.max_pool2d(hidden, 2).flatten(1)
    hidden = torch.relu(hidden @ p["W2"] + p["b2"])
    expected = torch.nn.functional.cross_entropy(hidden @ p["W3"] + p["b3"], torch.tensor(y))
    expected = expected + 0.15 * sum((v**2).sum() for k, v in p.items() if k[0] == "W")
    expected.backward()
    loss, grads = model.loss(X, y)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for key, value in p.items():
        np.testing.assert_allclose(grads[key], value.grad.numpy(), atol=1e-13)


def test_star_imports_of_inherited_notebooks_bring_what_their_cells_use():
    seen = {}
    exec("from cs231n.classifiers.cnn import *\nfrom cs231n.fast_layers import *", seen)
    wanted = {"ThreeLayerConvNet", "softmax_loss", "svm_loss"}
    kinds = "affine relu batchnorm layernorm dropout conv_relu conv_bn_relu conv_relu_pool"
    for kind in [*kinds.split(), "spatial_batchnorm", "spatial_groupnorm"]:
        wanted |= {f"{kind}_forward", f"{kind}_backward"}
    for kind in ("conv", "max_pool"):
        for way in ("forward", "backward"):
            wanted |= {f"{kind}_{way}_naive", f"{kind}_{way}_fast"}
    assert not wanted - seen.keys()


def test_an_even_filter_is_refused_with_the_reason():
    with pytest.raises(ValueError, match=r"filter_size must be odd, .* not 4"):
        three_layers(filter_size=4)
