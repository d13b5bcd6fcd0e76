"""The board, on copies of the package that are blank, broken or elsewhere."""

import os
import subprocess
import sys

import pytest

from cs231n.checks.board import main
from cs231n.checks.cases import CASES, EXERCISES
from kit import regions


def board(workspace, *names, cwd=None, by_path=False, encoding="utf-8"):
    """Exit status and output of `python -m cs231n.checks`; it must never end in a traceback."""
    door = [str(workspace / "cs231n" / "checks")] if by_path else ["-m", "cs231n.checks"]
    done = subprocess.run(
        [sys.executable, *door, *names],
        cwd=cwd or workspace,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=60,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode(encoding)


def row(text, exercise):
    return next(line for line in text.splitlines() if f" {exercise} " in line)


def edit(workspace, file, old, new):
    path = workspace / "cs231n" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def strip(workspace, *files):
    for path in [workspace / "cs231n" / file for file in files]:
        text = regions.strip(path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8", newline="\n")


def strip_exercises(workspace, file, names):
    """Blank the regions of some exercises of a file."""
    path = workspace / "cs231n" / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for region in reversed(regions.regions("".join(lines))):
        if region.name in names:
            lines[region.begin : region.end - 1] = [region.blank]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


SOLVED = ["layers/affine.py", "layers/activations.py", "layers/losses.py"]
LATER = {
    "batchnorm": "layers/normalization.py",
    "layernorm": "layers/normalization.py",
    "dropout": "layers/dropout.py",
    "conv": "layers/convolution.py",
    "max": "layers/convolution.py",
    "spatial": "layers/spatial_normalization.py",
    "ThreeLayerConvNet": "classifiers/cnn.py",
    "CaptioningRNN": "classifiers/rnn.py",
    "rnn": "layers/recurrent.py",
    "word": "layers/words.py",
    "lstm": "layers/lstm.py",
    "dot": "layers/attention.py",
    "attention": "layers/attention.py",
}
NETWORKS = "classifiers/fc_net.py"
ALL = [*SOLVED, *set(LATER.values()), "layers/initialization.py", "optim.py", NETWORKS]
LATER_EXERCISES = [e.name for e in EXERCISES.values() if e.room != "FullyConnectedNets"]
TOTAL = sum(case.points for case in CASES.values())


def test_all_done(capsys):
    assert main() == 0
    out = capsys.readouterr().out
    assert f"{TOTAL} of {TOTAL} points" in out and "All done." in out
    assert [line.split()[1] for line in out.splitlines() if " done " in line] == list(EXERCISES)


def test_details_and_unknown_names(capsys):
    assert main(["TwoLayerNet"]) == 0
    assert "1/1  two_layer_scores: without labels" in capsys.readouterr().out
    assert main(["two_layer"]) == 2
    assert "no check is called 'two_layer'" in capsys.readouterr().out


def test_nothing_started(workspace):
    strip(workspace, *ALL)
    status, text = board(workspace)
    assert status == 1
    assert f"0 of {TOTAL} points" in text
    assert row(text, "softmax_loss").split()[:2] == ["not", "started"]
    assert "by affine_forward" in row(text, "affine_backward")
    assert "Next: affine_forward" in text
    assert "is not written yet: open cs231n/layers/affine.py, line " in text


def test_each_row_names_the_line_of_its_region(workspace):
    strip(workspace, *ALL)
    for line in board(workspace)[1].splitlines():
        if "cs231n/" in line and line.startswith("  "):
            place = next(word for word in line.split() if word.startswith("cs231n/"))
            file, number = place.split(":")
            source = (workspace / file).read_text(encoding="utf-8").splitlines()
            assert source[int(number) - 1].strip() == "### BEGIN SOLUTION"


def test_the_first_notebook_is_done_before_the_next_is_begun(workspace):
    strip(workspace, *set(LATER.values()))
    strip_exercises(workspace, NETWORKS, LATER_EXERCISES)
    _, text = board(workspace)
    for name in EXERCISES:
        assert (row(text, name).split()[0] == "done") is (name not in LATER_EXERCISES)
    assert "Next: batchnorm_forward" in text


def test_captions_can_be_done_without_an_lstm(workspace):
    strip(workspace, "layers/lstm.py", "layers/attention.py")
    _, text = board(workspace)
    for method in ("loss", "step", "sample"):
        assert row(text, f"CaptioningRNN.{method}").split()[0] == "done"
    assert row(text, "lstm_step_forward").split()[0] != "done"


def test_dropout_can_be_done_without_normalisation(workspace):
    rooms = {e.name: e.room for e in EXERCISES.values()}
    strip(workspace, "layers/normalization.py")
    strip_exercises(workspace, NETWORKS, [n for n in rooms if rooms[n] == "BatchNormalization"])
    _, text = board(workspace)
    names = [name for name in rooms if rooms[name] == "Dropout"]
    assert {row(text, name).split()[0] for name in names} == {"done"}
    edit(workspace, NETWORKS, "dropout_forward(out, self.dropout_param)", "(out, None)")
    spoiled = row(board(workspace)[1], "FullyConnectedNet.hidden_forward")
    assert spoiled.split()[0] == "wrong" and "normalized" not in spoiled


@pytest.mark.parametrize(
    "name", [n for n, e in EXERCISES.items() if e.room != "FullyConnectedNets"]
)
def test_a_single_blank_names_itself(workspace, name):
    file = LATER.get(name.replace(".", "_").split("_")[0], NETWORKS)
    strip_exercises(workspace, file, [name])
    assert board(workspace, name)[1].startswith(f"✘ {name} is not written yet")


def test_half_way(workspace):
    strip(workspace, "optim.py")
    edit(workspace, "layers/affine.py", "axis=0", "axis=1")
    status, text = board(workspace)
    assert status == 1
    assert row(text, "affine_backward").split()[0] == "wrong"
    assert "see affine_backward first" in row(text, "TwoLayerNet.loss")
    assert row(text, "adam").split()[:2] == ["not", "started"]
    assert "Next: affine_backward" in text
    assert "looks like db is summed over axis 1" in text


def test_a_syntax_error_costs_its_own_rows_only(workspace):
    edit(workspace, "optim.py", "import numpy", "import import numpy")
    status, text = board(workspace)
    assert status == 1
    assert "cs231n/optim.py:" in row(text, "adam") and "SyntaxError" in row(text, "adam")
    assert all(row(text, name).split()[0] == "done" for name in ("softmax_loss", "init_weights"))


def test_a_broken_layer_spares_its_neighbours(workspace):
    edit(workspace, "layers/affine.py", "from .validation", "from .nowhere")
    text = board(workspace)[1]
    assert "ModuleNotFoundError" in row(text, "affine_forward")
    for name in ("relu_forward", "softmax_loss", "adam"):
        assert row(text, name).split()[0] == "done"
    assert "layers/affine.py" in row(text, "TwoLayerNet.__init__").rpartition("fc_net.py")[2]


def test_from_any_folder_on_a_narrow_console(workspace, tmp_path):
    edit(workspace, "layers/affine.py", "axis=0", "axis=1")
    edit(
        workspace, "optim.py", "import numpy as np", 'import numpy as np\n\nprint("디버그", 1 / 3)'
    )
    status, text = board(workspace, cwd=tmp_path, by_path=True, encoding="cp1252")
    assert status == 1
    assert "X affine_backward is not right yet" in text
    assert "0.333" not in text
