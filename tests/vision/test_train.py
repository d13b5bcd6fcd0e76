"""Training: labels by hand, gradients, a loss that falls, rounding, and the file it writes."""

import numpy as np
import pytest

from cs231n.scenes import toycap
from cs231n.scenes.scene_graphs import COLOUR_NAMES, NAMES, Item, Scene
from cs231n.vision import cells, describe, network, train


@pytest.fixture(scope="module")
def shown():
    return toycap.make_scenes("vision", 100)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_cells_at_an_object_should_see_it_and_the_ones_beside_it_may():
    """Cells' centres are at ±0.125, ±0.375 …: here 0.075 and 0.175 from the object's height."""
    scene = Scene("road", (Item("car", "blue", "small", -0.375, 0.05),))
    kind, sized = (labels[0] for labels in cells.cell_labels([scene]))
    assert kind[4, 2] == NAMES.index("car") * 6 + COLOUR_NAMES.index("blue")
    assert sized[4, 2] == NAMES.index("car") * 2
    assert kind[3, 2] == cells.either(kind[4, 2]) and sized[3, 2] == cells.either(sized[4, 2])
    kind[3:5, 2], sized[3:5, 2] = network.KINDS, network.SIZED
    assert (kind == network.KINDS).all() and (sized == network.SIZED).all()


def test_accuracy_counts_objects_and_empty_cells_apart():
    kind = np.array([[[3, network.KINDS, cells.either(3), 5]]])
    sized = np.array([[[1, network.SIZED, cells.either(1), 2]]])
    scores = np.zeros((1, 1, 4, network.SCORES))
    for place, (seen, large) in enumerate([(3, 2), (network.KINDS, 0), (7, 7), (4, 2)]):
        scores[0, 0, place, [seen, network.KINDS + 1 + large]] = 1
    expected = {"kinds": 0.5, "sizes": 0.5, "nothing": 1.0}
    assert cells.accuracy(scores, kind, sized) == expected


def test_gradients_are_those_of_the_loss(shown, rng):
    pictures, scenes = (part[:3] for part in shown)
    x = train.prepare(pictures).astype(np.float64)
    labels = cells.cell_labels(scenes)
    params = {name: p.astype(np.float64) for name, p in train.initial_params(rng).items()}
    _, grads = train.loss(params, x, *labels)
    for name, grad in grads.items():
        step = 1e-6 * rng.standard_normal(grad.shape)
        values = [
            train.loss({**params, name: params[name] + sign * step}, x, *labels)[0]
            for sign in (1, -1)
        ]
        assert (values[0] - values[1]) / 2 == pytest.approx(np.sum(grad * step), rel=2e-3), name


def test_a_few_steps_make_the_loss_fall(shown, rng):
    lines = []
    _, losses = train.train(*shown, rng, epochs=8, batch_size=20, report=lines.append)
    assert len(losses) == 40 and len(lines) == 8
    assert np.mean(losses[-3:]) < 0.5 * losses[0]


def test_rounding_changes_scores_a_little(shown, rng):
    params, _ = train.train(*shown, rng, epochs=2, batch_size=20, report=lambda line: None)
    before = train.scores(params, shown[0])
    after, _ = network.look(shown[0], train.quantize(params))
    assert np.abs(after - before).mean() < 0.02 * np.abs(before).mean()


def test_the_command_writes_weights_that_can_be_used(tmp_path, capsys, shown):
    file = tmp_path / "weights.npz"
    train.main([str(file), "--pictures", "50", "--epochs", "1"])
    said = capsys.readouterr().out
    assert "float32: kinds" in said and "rounded: kinds" in said
    layers = network.load_layers(file)
    features, grid = describe(shown[0][:3], layers)
    assert features.shape == (3, 512) and grid.shape == (3, 16, 32)
    with np.load(file) as stored:
        assert all(stored[f"{shape.name}_w"].dtype == np.int8 for shape in network.SHAPES)
