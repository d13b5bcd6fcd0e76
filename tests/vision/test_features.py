"""Features of pictures: recorded bits, layout, whole numbers that are exact, what they say."""

import hashlib

import numpy as np
import pytest

from cs231n.scenes import toycap
from cs231n.scenes.scene_graphs import COLOUR_NAMES, NAMES, SIZES
from cs231n.vision import cells, describe, network

# Of the features, then the grid, of 100 validation pictures.
SHA256 = "24675249338d9533fde0442ac8e38f05a3385cf47373cc3c8f3cddf5d5d9e011"


@pytest.fixture(scope="module")
def shown():
    return toycap.make_scenes("val", 100)


@pytest.fixture(scope="module")
def described(shown):
    return describe(shown[0])


def test_bits_are_the_recorded_ones(described):
    digest = hashlib.sha256(b"".join(part.astype("<f4").tobytes() for part in described))
    assert digest.hexdigest() == SHA256, (
        "features are other numbers than they were: undo the change of network, features or "
        "weights, or record this again"
    )


def test_shapes_and_ranges(described):
    for part, shape, least in zip(described, ((100, 512), (100, 16, 32)), (-2, -0.1)):
        assert part.shape == shape and part.dtype == np.float32
        assert part.min() >= np.float32(least) and part.max() <= np.float32(3.9)


def test_features_of_a_picture_depend_on_no_other(shown, described):
    for part, whole in zip(describe(shown[0][17:20]), described):
        assert np.array_equal(part, whole[17:20])


def test_sums_stay_exact_whatever_the_order():
    """The largest sum of products that pixels or activations can give fits into float32."""
    for layer in network.load_layers():
        assert np.array_equal(layer.w, np.rint(layer.w)) and np.array_equal(
            layer.b, np.rint(layer.b)
        )
        assert np.abs(layer.w).max() <= 127
        inputs = layer.w.shape[0] * layer.w.shape[1] * layer.w.shape[2]
        assert inputs * 127 * network.TOP < 2**24
        largest = network.TOP * np.abs(layer.w).sum(axis=(0, 1, 2)) + np.abs(layer.b)
        assert largest.max() < 2**24


def test_the_network_agrees_with_itself_in_whole_numbers(shown):
    """The same layers in int64, by plain loops over filters' pixels."""
    x = shown[0][:4].astype(np.int64) - 128
    layers = network.load_layers()
    for shape, layer in zip(network.SHAPES, layers):
        sums = exact_sums(x, shape, layer)
        if shape is network.SHAPES[-1]:
            break
        if shape.pool:
            n, height, width, channels = sums.shape
            sums = sums.reshape(n, height // 2, 2, width // 2, 2, channels).max(axis=(2, 4))
        scaled = sums.astype(np.float32) * layer.scale + np.float32(0.5)
        x = np.clip(np.floor(scaled), 0, 255).astype(np.int64)
    scores, activations = network.look(shown[0][:4])
    assert np.array_equal(activations, x)
    assert np.array_equal(scores, sums.astype(np.float32) * layers[-1].scale)


def exact_sums(x, shape, layer):
    pad = shape.size // 2
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    w, total = layer.w.astype(np.int64), layer.b.astype(np.int64)
    height, width = x.shape[1:3]
    for i in range(shape.size):
        for j in range(shape.size):
            moved = padded[:, i : i + height : shape.stride, j : j + width : shape.stride]
            total = total + moved @ w[i, j]
    return total


def test_cells_see_objects_where_they_are(shown):
    pictures, scenes = toycap.make_scenes("test", 300)
    scores, _ = network.look(pictures)
    seen = cells.accuracy(scores, *cells.cell_labels(scenes))
    assert seen["kinds"] > 0.97 and seen["sizes"] > 0.97 and seen["nothing"] > 0.97


def test_features_say_which_object_is_in_which_third(shown, described):
    """For 95 of 100 objects well inside a third, object, colour and size are seen there."""
    hits = []
    for row, scene in zip(described[0], shown[1]):
        by_region = row[80:170].reshape(5, 18) > 3.8
        for item in scene.items:
            name, colour = NAMES.index(item.name), 10 + COLOUR_NAMES.index(item.colour)
            labels = [name, colour, 16 + SIZES.index(item.size)]
            for region, inside in enumerate(
                (item.x < -0.3, item.x > 0.3, item.y < -0.3, item.y > 0.3)
            ):
                hits += [by_region[region, labels].all()] if inside else []
    assert len(hits) > 100 and np.mean(hits) > 0.95


def test_features_name_what_is_in_the_picture(shown, described):
    """In 19 of 20 pictures exactly the kinds that are there."""
    right = []
    for row, scene in zip(described[0], shown[1]):
        there = {NAMES.index(i.name) * 6 + COLOUR_NAMES.index(i.colour) for i in scene.items}
        right.append(set(np.flatnonzero(row[:60] > 3.8)) == there)
    assert np.mean(right) > 0.95


def test_empty_pictures_show_nothing():
    grey = np.full((1, 64, 64, 3), 120, np.uint8)
    assert (describe(grey)[0][0, :176] < 0).all()


def test_band_means_are_means(shown, described):
    means = shown[0].reshape(100, 8, 8 * 64, 3).mean(axis=2) / 255
    assert np.allclose(described[0][:, 176:200], 4 * means.reshape(100, 24) - 2, atol=1e-5)
    assert (described[0][:, 200:] == 0).all()


def test_the_weights_stay_small():
    assert network.WEIGHTS.stat().st_size < 64 << 10


@pytest.mark.parametrize("pictures", [np.zeros((2, 64, 64, 3)), np.zeros((2, 3, 64, 64), np.uint8)])
def test_other_pictures_are_refused(pictures):
    with pytest.raises(ValueError, match="uint8 of shape"):
        describe(pictures)
