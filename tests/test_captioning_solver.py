"""The captioning solver: what it draws, measures and keeps; the rest is Solver's."""

import numpy as np
import pytest

from cs231n import solver as solver_module
from cs231n.captioning_solver import CaptioningSolver
from cs231n.classifiers.rnn import CaptioningRNN
from tests.interrupts import interrupt_at

VOCABULARY = {word: i for i, word in enumerate(["<NULL>", "<START>", "<END>", "a", "b", "c"])}


@pytest.fixture
def data():
    """Pictures of 6 features; the larger of the first three decides on the word of each caption."""
    rng = np.random.default_rng(0)
    found = {}
    for split, pictures, captions in (("train", 12, 30), ("val", 6, 12)):
        features = rng.standard_normal((pictures, 6)).astype(np.float32)
        image_idxs = rng.integers(pictures, size=captions)
        words = 3 + features[image_idxs, :3].argmax(axis=1)
        rows = [[1, word, *[word] * (i % 2), 2, *[0] * (1 - i % 2)] for i, word in enumerate(words)]
        found |= {
            f"{split}_captions": np.array(rows, np.int32),
            f"{split}_image_idxs": image_idxs.astype(np.int32),
            f"{split}_features": features,
            f"{split}_grid": np.stack([features, -features], axis=1),
        }
    return found


def solver(data, kind="rnn", **options):
    model = CaptioningRNN(VOCABULARY, 6, 5, 8, kind, rng=0)
    defaults = {"update_rule": "adam", "optim_config": {"learning_rate": 1e-2}}
    options = {**defaults, "batch_size": 10, "num_epochs": 4, "verbose": False, **options}
    return CaptioningSolver(model, data, **options)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "attention"])
def test_it_learns(data, kind):
    features = "grid" if kind == "attention" else "features"
    s = solver(data, kind, num_epochs=60, lr_decay=0.98, features=features)
    s.train()
    assert (len(s.loss_history), s.epoch) == (180, 60)
    assert s.loss_history[-1] < 0.3 * s.loss_history[0]
    assert s.optim_configs["Wx"]["learning_rate"] == pytest.approx(1e-2 * 0.98**60)
    rows = data["train_image_idxs"]
    captions = s.model.sample(data[f"train_{features}"][rows], 2)
    assert np.mean(captions[:, 0] == data["train_captions"][:, 1]) > 0.9
    assert s.model.params["Wx"].dtype == np.float32


def test_an_epoch_shows_every_caption_once_with_its_picture(data):
    data["train_features"][:, 5] = np.arange(12)  # which picture it is
    data["train_captions"][:, 3] = np.arange(30)  # which caption
    s = solver(data)
    seen = []
    for s.iteration in range(3):
        features, captions = s.draw_batch()
        np.testing.assert_array_equal(features[:, 5], data["train_image_idxs"][captions[:, 3]])
        seen += captions[:, 3].tolist()
    assert sorted(seen) == list(range(30)) != seen


def test_the_same_generator_draws_the_same_and_the_global_stream_is_left_alone(data):
    before = np.random.get_state()[1].copy()
    losses = []
    for rng in (None, None, 1):
        s = solver(data, rng=rng)
        s.train()
        losses.append(s.loss_history)
    assert losses[0] == losses[1] != losses[2]
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_without_being_asked_it_measures_nothing_and_keeps_the_last_parameters(data):
    train_alone = {key: value for key, value in data.items() if key.startswith("train")}
    s = solver(train_alone)
    s.train()
    assert s.train_loss_history == s.val_loss_history == [] and s.best_params == {}
    assert s.check_loss("train") < s.loss_history[0]


def test_with_validation_the_best_parameters_are_kept(data):
    s = solver(data, num_epochs=80, num_train_samples=None, num_val_samples=None)
    s.train()
    assert len(s.val_loss_history) == len(s.train_loss_history) == 81
    assert s.val_loss_history[-1] > s.best_val_loss == min(s.val_loss_history)
    assert s.check_loss("val") == pytest.approx(s.best_val_loss)


def test_the_loss_measured_is_the_mean_over_captions(data):
    s = solver(data)
    pairs = data["val_features"][data["val_image_idxs"]], data["val_captions"]
    assert s.check_loss("val", batch_size=5) == pytest.approx(s.model.loss(*pairs)[0], rel=1e-5)
    assert s.check_loss("val", 3) == s.check_loss("val", 3) != s.check_loss("val")


def test_measuring_changes_no_minibatch(data):
    plain, measured = solver(data), solver(data, num_train_samples=7, num_val_samples=5)
    plain.train()
    measured.train()
    assert plain.loss_history == measured.loss_history


def test_fewer_captions_than_a_minibatch_are_enough(data):
    small = {
        k: v[:4] if k in ("train_captions", "train_image_idxs") else v for k, v in data.items()
    }
    s = solver(small, batch_size=25, num_epochs=3)
    s.train()
    assert len(s.loss_history) == 3


def test_printed_lines(data, capsys):
    solver(data, verbose=True, num_epochs=1, print_every=2).train()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(")")[0] for line in lines] == ["(Iteration 1 / 3", "(Iteration 3 / 3"]
    solver(data, verbose=True, num_epochs=1, num_train_samples=5, num_val_samples=5).train()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("(Epoch 0 / 1) train loss: ") and "; val loss: " in lines[0]


def test_a_recording_shows_no_bar_but_somebody_who_watches_sees_one(data, monkeypatch, capsys):
    monkeypatch.setenv("CS231N_RECORDING", "1")
    solver(data).train()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(solver_module, "_somebody_watches", lambda: True)
    solver(data).train()
    assert "0/12" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [0, None], ids=["plain", "validated"])
def test_going_on_after_an_interrupt_or_from_a_checkpoint_is_as_if_nothing_had_happened(
    data, tmp_path, asked
):
    options = {"checkpoint_name": tmp_path / "net", "num_val_samples": asked}
    whole, cut, fresh = (solver(data, **options) for _ in range(3))
    interrupt_at(cut, 7)
    with pytest.raises(KeyboardInterrupt):
        cut.train()
    fresh.resume()
    assert (fresh.epoch, fresh.iteration) == (2, 6)
    cut.train()
    fresh.train()
    whole.train()
    for other in (cut, fresh):
        assert other.loss_history == whole.loss_history
        assert other.val_loss_history == whole.val_loss_history
        for key, value in whole.model.params.items():
            np.testing.assert_array_equal(other.model.params[key], value)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"lerning_rate": 1}, TypeError, "'lerning_rate'; choose from .*'features'.*'lr_decay'"),
        ({"update_rule": "np"}, ValueError, "choose one of .*adagrad"),
        ({"features": "grids"}, ValueError, "no .*'train_grids'.*'train_grid'"),
    ],
)
def test_bad_options_are_named(data, options, error, message):
    with pytest.raises(error, match=message):
        solver(data, **options)


@pytest.mark.parametrize("key", ["train_captions", "train_image_idxs", "val_captions"])
def test_unfit_data_is_named(data, key):
    with pytest.raises(ValueError, match=key):
        solver({k: v for k, v in data.items() if k != key}, num_val_samples=3)
    with pytest.raises(ValueError, match=key):
        solver({**data, key: data[key][:-1]}, num_val_samples=3)


def test_a_picture_that_is_not_there_is_named(data):
    with pytest.raises(ValueError, match=r"train_image_idxs must lie in 0 \.\. 2"):
        solver({**data, "train_features": data["train_features"][:3]})


def test_there_is_no_accuracy(data):
    with pytest.raises(TypeError, match="check_loss"):
        solver(data).check_accuracy(None, None)
