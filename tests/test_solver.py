"""The solver: what it records, how it stops, and that going on is as if it had never stopped."""

import numpy as np
import pytest

from cs231n import progress as progress_module
from cs231n.classifiers import FullyConnectedNet
from cs231n.solver import DivergenceWarning, Solver, progress
from tests.interrupts import interrupt_at


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((90, 6)).astype(np.float32)
    X[:, :2] *= 4  # what decides the class stands out, so that 60 examples are enough
    y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
    return {"X_train": X[:60], "y_train": y[:60], "X_val": X[60:], "y_val": y[60:]}


KINDS = pytest.mark.parametrize(
    "kind",
    [{}, {"normalization": "batchnorm"}, {"normalization": "batchnorm", "dropout_keep_ratio": 0.7}],
    ids=["plain", "batchnorm", "batchnorm and dropout"],
)


def solver(data, kind=None, **options):
    model = FullyConnectedNet([20], 6, 3, weight_scale="he", rng=0, **(kind or {}))
    options = {"batch_size": 20, "num_epochs": 6, "verbose": False, **options}
    return Solver(model, data, **{"update_rule": "adam", "optim_config": {}, **options})


def test_it_learns_and_records(data):
    s = solver(data, num_epochs=40, optim_config={"learning_rate": 1e-2}, lr_decay=0.9)
    s.train()
    assert s.best_val_acc > 0.75
    assert (len(s.loss_history), len(s.val_acc_history), s.epoch) == (120, 41, 40)
    assert s.optim_configs["W1"]["learning_rate"] == pytest.approx(1e-2 * 0.9**40)
    assert (
        s.check_accuracy(data["X_val"], data["y_val"]) == s.best_val_acc == max(s.val_acc_history)
    )
    assert s.model.params["W1"].dtype == np.float32


def test_the_best_parameters_come_with_their_running_averages(data):
    s = solver(data, {"normalization": "batchnorm"}, optim_config={"learning_rate": 0.3})
    s.train()
    assert s.val_acc_history[-1] < s.best_val_acc  # so that something is swapped in
    assert s.check_accuracy(data["X_val"], data["y_val"]) == s.best_val_acc
    kept = {key: value for key, value in s.model.bn_params[0].items() if key != "mode"}
    assert kept.keys() == s.best_averages["0"].keys()
    assert all(np.array_equal(kept[key], s.best_averages["0"][key]) for key in kept)


def test_the_best_parameters_are_kept_even_when_nothing_is_right(data):
    s = solver({**data, "y_val": np.full(30, 99)}, num_epochs=1)
    s.train()
    assert s.best_val_acc == 0 and set(s.model.params) == {"W1", "b1", "W2", "b2"}


def test_an_epoch_shows_every_example_once(data):
    s = solver(data)
    drawn = []
    for s.iteration in range(3):
        drawn.append(s.draw_batch()[0])
    drawn = np.concatenate(drawn)
    np.testing.assert_array_equal(np.sort(drawn[:, 0]), np.sort(data["X_train"][:, 0]))
    assert not np.array_equal(drawn, data["X_train"])


def test_the_global_stream_is_left_alone(data):
    before = np.random.get_state()[1].copy()
    solver(data).train()
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_printed_lines(data, monkeypatch, capsys):
    monkeypatch.setenv("CS231N_RECORDING", "1")  # no bar between them
    solver(data, verbose=True, num_epochs=2, print_every=3).train()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("(Epoch 0 / 2) train acc: ") and "; val_acc: " in lines[0]
    assert lines[1].startswith("(Iteration 1 / 6) loss: ")
    assert [line.split(")")[0] for line in lines if "Iteration" in line] == [
        "(Iteration 1 / 6",
        "(Iteration 4 / 6",
    ]


@KINDS
@pytest.mark.parametrize("iteration", [0, 4, 9])
def test_going_on_after_an_interrupt_is_as_if_nothing_had_happened(data, iteration, kind):
    whole, cut = solver(data, kind), solver(data, kind)
    whole.train()
    interrupt_at(cut, iteration)
    with pytest.raises(KeyboardInterrupt):
        cut.train()
    assert len(cut.loss_history) == iteration
    assert cut.check_accuracy(data["X_val"], data["y_val"]) == cut.best_val_acc
    cut.train()
    assert cut.loss_history == whole.loss_history
    assert cut.val_acc_history == whole.val_acc_history
    for key, value in whole.model.params.items():
        np.testing.assert_array_equal(cut.model.params[key], value)


@KINDS
@pytest.mark.parametrize("rule", ["sgd", "sgd_momentum", "adam"])
def test_a_checkpoint_carries_everything(data, tmp_path, rule, kind):
    name = tmp_path / "folder with spaces" / "net"
    whole, cut = (solver(data, kind, update_rule=rule, checkpoint_name=name) for _ in range(2))
    interrupt_at(cut, 10)
    with pytest.raises(KeyboardInterrupt):
        cut.train()
    fresh = solver(data, kind, update_rule=rule, checkpoint_name=name)
    fresh.resume()
    assert (fresh.epoch, fresh.iteration) == (3, 9)
    fresh.train()
    whole.train()
    assert fresh.loss_history == whole.loss_history
    assert fresh.val_acc_history == whole.val_acc_history
    np.testing.assert_array_equal(fresh.best_params["W1"], whole.best_params["W1"])


def test_a_checkpoint_of_another_network_or_none_is_refused(data, tmp_path):
    s = solver(data, checkpoint_name=tmp_path / "net")
    with pytest.raises(FileNotFoundError, match="no checkpoint"):
        s.resume()
    with pytest.raises(ValueError, match="checkpoint_name"):
        solver(data).resume()
    s.train()
    other = Solver(FullyConnectedNet([5], 6, 3), data, checkpoint_name=tmp_path / "net")
    with pytest.raises(ValueError, match="but the model has"):
        other.resume()
    with pytest.raises(ValueError, match="batch_size"):
        solver(data, checkpoint_name=tmp_path / "net", batch_size=10).resume()


def test_divergence_is_named_and_training_stops(data):
    s = solver(data, update_rule="sgd", optim_config={"learning_rate": 1e30})
    with np.errstate(all="ignore"), pytest.warns(DivergenceWarning, match="learning rate"):
        s.train()
    assert s.diverged and s.iteration < s.num_iterations
    assert np.isfinite(s.model.params["W1"]).all()


REFUSED = [
    ({"update_rule": "np"}, ValueError, "choose one of .*adagrad"),
    ({"lerning_rate": 1}, TypeError, "unknown option 'lerning_rate'; choose from .*'lr_decay'"),
    ({"batch_size": 0}, ValueError, "batch_size"),
    ({"num_epochs": 0}, ValueError, "num_epochs"),
]


@pytest.mark.parametrize(("options", "error", "message"), REFUSED)
def test_bad_options_are_named(data, options, error, message):
    with pytest.raises(error, match=message):
        solver(data, **options)


@pytest.mark.parametrize("key", ["X_train", "y_val"])
def test_unfit_data_is_named(data, key):
    with pytest.raises(ValueError, match=key):
        solver({k: v for k, v in data.items() if k != key})
    with pytest.raises(ValueError, match=key):
        solver({**data, key: data[key][:-1]})


def test_a_study_shows_one_bar_to_somebody_who_watches(data, monkeypatch, capsys):
    monkeypatch.setattr(progress_module, "somebody_watches", lambda: True)
    for _ in progress([1, 2], "trainings"):
        solver(data, num_epochs=1, show_progress=False).train()
    seen = "".join(capsys.readouterr())
    assert "trainings" in seen and "0/2" in seen and "loss" not in seen


def test_a_recording_shows_no_bar(data, monkeypatch, capsys):
    monkeypatch.setenv("CS231N_RECORDING", "1")
    assert list(progress([1, 2], "trainings")) == [1, 2]
    solver(data, num_epochs=1).train()
    assert capsys.readouterr().err == ""
