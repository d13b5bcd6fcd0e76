"""A learner's first Run All: it works up to the first exercise, and stops there with a pointer."""

import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from cs231n.replay import kernel
from kit import workspace
from kit.manifest import ROOT


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("learner") / "my work"
    workspace.write_workspace(folder, ROOT)
    return folder


FIRST = {
    "FullyConnectedNets": ("affine.py", ["fc-setup", "fc-data", "fc-data-show"]),
    "BatchNormalization": ("normalization.py", ["bn-setup", "bn-data", "bn-why"]),
    "Dropout": ("dropout.py", ["do-setup", "do-data"]),
    "RNN_Captioning": ("recurrent.py", ["rc-setup", "rc-data", "rc-look", "rc-words"]),
    "LSTM_Captioning": ("recurrent.py", ["lc-setup"]),
}


@pytest.mark.parametrize("name", FIRST)
def test_run_all_stops_at_the_first_exercise(blank, name):
    file, works = FIRST[name]
    notebook = nbformat.read(blank / "notebooks" / f"{name}.ipynb", as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(blank / "notebooks")}},
    )
    with pytest.raises(CellExecutionError) as stopped:
        client.execute(env=kernel.environment())
    assert stopped.value.ename == "NotImplementedError"
    assert file in stopped.value.traceback and "Your turn" in stopped.value.traceback
    ran = [c.id for c in notebook.cells if c.cell_type == "code" and c.execution_count]
    assert ran[:-1] == works


def test_the_board_of_a_blank_workspace_gives_no_point(blank):
    command = [sys.executable, "-m", "cs231n.checks"]
    board = subprocess.run(command, cwd=blank, capture_output=True, text=True, encoding="utf-8")
    assert board.returncode == 1
    assert re.search(r"^0 of \d+ points$", board.stdout, re.MULTILINE)
    assert "  done  " not in board.stdout and "  wrong  " not in board.stdout


def test_start_check_says_soon_what_to_write_first(blank):
    command = [sys.executable, "-m", "cs231n.replay"]
    said = subprocess.run(command, cwd=blank, capture_output=True, text=True, encoding="utf-8")
    assert said.returncode == 1 and said.stderr == ""
    lines = said.stdout.splitlines()
    assert lines[0].endswith("stops at cell [4] fc-affine-forward, which begins")
    assert re.fullmatch(
        r"  not written yet: affine_forward \(cs231n/layers/affine\.py:\d+\)", lines[2]
    )
    assert "4 of 4 questions are unanswered: fc-q1, fc-q2, fc-q3, fc-q4" in said.stdout
    assert (
        len(lines) < 12 * len([*blank.glob("notebooks/*.ipynb")]) and "Traceback" not in said.stdout
    )
