"""Watching: a saved file has its checks run, and those that use it; nothing else is run."""

import os
import subprocess
import sys

from cs231n.checks.watch import touched
from tests.checks.test_board import edit

CODE = "from cs231n.checks.watch import watch; watch({names}, looks={looks})"


def watching(folder, names, looks):
    return subprocess.Popen(
        [sys.executable, "-u", "-c", CODE.format(names=names, looks=looks)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )


def test_saving_a_file_runs_its_checks_and_those_that_use_it(workspace):
    names = ["affine_forward", "relu_forward", "TwoLayerNet.loss"]
    with watching(workspace, names, 4) as process:
        assert "Watching 3 files" in process.stdout.readline()
        edit(workspace, "layers/affine.py", "out += b", "out -= b")
        text = process.stdout.read()
    assert "cs231n/layers/affine.py\n" in text
    assert "wrong       affine_forward" in text and "see affine_forward first" in text
    assert "Next: affine_forward" in text and "relu_forward" not in text
    assert process.returncode == 0 and "Traceback" not in text


def test_a_file_with_a_syntax_error_or_without_a_file_does_not_end_it(workspace):
    path = workspace / "cs231n" / "layers" / "affine.py"
    with watching(workspace, ["affine_forward"], 6) as process:
        process.stdout.readline()
        kept = path.read_text(encoding="utf-8")
        path.unlink()
        assert process.poll() is None
        path.write_text(kept + "\nx = (\n", encoding="utf-8")
        text = process.stdout.read()
    assert "SyntaxError" in text and process.returncode == 0


def test_touched_keeps_the_order_of_work():
    from cs231n.checks.places import file_of

    names = ["TwoLayerNet.loss", "affine_backward", "affine_forward"]
    assert touched([file_of("affine_forward")], names) == names
    assert touched([file_of("adam")], names) == []
