"""The board, on copies of the package that are blank, broken or elsewhere."""

import os
import subprocess
import sys

import pytest

from cs231n.checks.board import main
from cs231n.checks.cases import CASES, EXERCISES
from cs231n.checks.places import ROOT, file_of
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


NETWORKS = "classifiers/fc_net.py"
FILES = {name: file_of(name).relative_to(ROOT / "cs231n").as_posix() for name in EXERCISES}
LATER = [e.name for e in EXERCISES.values() if e.room != "FullyConnectedNets"]
SOLUTION = "out = x.reshape(len(x), -1) @ w + b"
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
    strip(workspace, *set(FILES.values()))
    status, text = board(workspace)
    assert status == 1
    assert f"0 of {TOTAL} points" in text
    assert row(text, "softmax_loss").split()[:2] == ["not", "started"]
    assert "by affine_forward" in row(text, "affine_backward")
    assert "Next: affine_forward" in text
    assert "is not written yet: open cs231n/layers/affine.py, line " in text
    assert "hint       lay each x[n] out as a row, then apply w and b." in text


def test_each_row_names_the_line_of_its_region(workspace):
    strip(workspace, *set(FILES.values()))
    for line in board(workspace)[1].splitlines():
        if "cs231n/" in line and line.startswith("  "):
            place = next(word for word in line.split() if word.startswith("cs231n/"))
            file, number = place.split(":")
            source = (workspace / file).read_text(encoding="utf-8").splitlines()
            assert source[int(number) - 1].strip() == "### BEGIN SOLUTION"


def test_the_first_notebook_is_done_before_the_next_is_begun(workspace):
    for file in set(FILES.values()):
        strip_exercises(workspace, file, LATER)
    _, text = board(workspace)
    for name in EXERCISES:
        assert (row(text, name).split()[0] == "done") is (name not in LATER)
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


@pytest.mark.parametrize("name", LATER)
def test_a_single_blank_names_itself(workspace, name):
    strip_exercises(workspace, FILES[name], [name])
    assert board(workspace, name)[1].startswith(f"✘ {name} is not written yet")


def test_the_hint_on_request_is_of_what_has_to_be_written_first(workspace):
    strip(workspace, "layers/affine.py")
    hint = "hint       lay each x[n] out as a row, then apply w and b. x keeps its own shape.\n"
    assert hint in board(workspace, "affine_forward")[1]
    assert hint in board(workspace, "affine_backward")[1]
    edit(workspace, "layers/affine.py", "# Your turn: lay", "# Lay")
    assert "hint" not in board(workspace, "affine_forward")[1]


def test_the_hint_of_an_exercise_in_another_notebook_s_file(workspace):
    strip_exercises(workspace, NETWORKS, ["FullyConnectedNet.hidden_forward"])
    text = board(workspace, "FullyConnectedNet.hidden_forward")[1]
    assert "hint       out and dropout_cache.\n" in text


def test_the_hint_is_of_the_region_that_is_not_written(workspace):
    path, second = (
        workspace / "cs231n/layers/normalization.py",
        "# Your turn: out, from running_mean",
    )
    solved = path.read_text(encoding="utf-8")
    strip(workspace, "layers/normalization.py")
    blank = path.read_text(encoding="utf-8")
    half = solved.partition(second)[0] + second + blank.partition(second)[2]
    path.write_text(half, encoding="utf-8")
    hint = "hint       out, from running_mean and running_var alone."
    assert hint in board(workspace, "batchnorm_forward")[1]


def test_an_error_in_another_file_names_the_line_that_called(workspace):
    edit(workspace, NETWORKS, "affine_relu_forward(X, W1", "affine_relu_forward(X, W1.T")
    text = board(workspace, "TwoLayerNet.loss")[1]
    assert "cs231n/layers/validation.py" not in text
    assert "called at  cs231n/classifiers/fc_net.py, line " in text
    assert "affine_relu_forward(X, W1.T" in text.partition("called at")[2].splitlines()[0]


def test_rows_leave_out_the_files_in_which_nothing_is_begun(workspace):
    strip(workspace, *set(FILES.values()))
    names = ["affine_forward", "affine_backward", "TwoLayerNet.loss"]
    assert "TwoLayerNet.loss" in board(workspace, "--rows", *names)[1]
    edit(workspace, "layers/affine.py", 'raise NotImplementedError("affine_forward")', SOLUTION)
    text = board(workspace, "--rows", *names)[1]
    assert "TwoLayerNet" not in text and "3 of 7 points here" in text
    assert "Next: affine_backward" in text and "All" not in text
    assert "All right; python" in board(workspace, "--rows", "affine_forward")[1]


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


def test_a_python_without_numpy_is_told_of_the_kit_s_own(workspace):
    command = [sys.executable, "-S", "-m", "cs231n.checks"]  # -S: without installed packages
    done = subprocess.run(command, cwd=workspace, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 1
    assert "no NumPy; the kit's own" in done.stderr.splitlines()[-1]
    assert ".venv/bin/python (Windows: .venv\\Scripts\\python)" in done.stderr


def test_from_any_folder_on_a_narrow_console(workspace, tmp_path):
    edit(workspace, "layers/affine.py", "axis=0", "axis=1")
    edit(
        workspace, "optim.py", "import numpy as np", 'import numpy as np\n\nprint("디버그", 1 / 3)'
    )
    status, text = board(workspace, cwd=tmp_path, by_path=True, encoding="cp1252")
    assert status == 1
    assert "X affine_backward is not right yet" in text
    assert "0.333" not in text
