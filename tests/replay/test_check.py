"""start.py check: what stops a notebook and where, in words that a learner can act on."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from cs231n import assignment
from cs231n.replay import __main__ as command
from cs231n.replay import check
from tests.replay import toy_kit

TOY = """def written():
    return 1 / 0

def unwritten():
    raise NotImplementedError("unwritten")
"""
IMPORT = "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path.cwd().parent))\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    root = toy_kit.make(tmp_path / "내 과제 1")
    (root / "cs231n" / "toy.py").write_text(TOY, encoding="utf-8")
    monkeypatch.setattr(assignment, "ROOT", root)
    return root


def cells_of(root, *sources):
    """Put code cells in the place of the first notebook's only one."""
    path = root / "notebooks" / "One.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    members = [
        {"cell_type": "code", "id": f"c{number}", "source": source, "metadata": {}, "outputs": []}
        for number, source in enumerate(sources, start=1)
    ]
    content["cells"][:1] = [{**cell, "execution_count": None} for cell in members]
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_what_runs_and_is_answered_is_right_and_no_file_is_touched(root, capsys):
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert command.main([], root) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("notebooks/One.ipynb: runs through, 1 cells in ")
    assert lines[1] == "notebooks/One.ipynb: all 1 questions are answered" and len(lines) == 4
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_saved_outputs_are_not_compared(root):
    path = cells_of(root, "print(1)")
    content = json.loads(path.read_text("utf-8"))
    content["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "2"}]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert command.main(["One"], root) == 0


# cell's code -> lines of the verdict
STOPS = {
    "own error": ("1 / 0", ["ZeroDivisionError: division by zero"]),
    "in the package": (
        f"{IMPORT}from cs231n import toy\ntoy.written()",
        ["ZeroDivisionError: division by zero (cs231n/toy.py:2)"],
    ),
    "not written": (
        f"{IMPORT}from cs231n import toy\ntoy.unwritten()",
        ["not written yet: unwritten (cs231n/toy.py:5)"],
    ),
    "syntax": ("# words\nif True print(1)", ["# words", "SyntaxError: "]),
    "no message": ("raise ValueError", ["ValueError: no message"]),
    "asks": ("input('name?')", ["StdinNotImplementedError"]),
    "leaves": ("import sys\nsys.exit(3)", ["SystemExit: 3"]),
    "dies": ("import os\nos._exit(1)", ["the kernel died: out of memory"]),
}


@pytest.mark.parametrize("name", STOPS)
def test_what_stops_a_notebook_is_named(root, capsys, name):
    source, words = STOPS[name]
    cells_of(root, "x = 1", source)
    assert command.main(["One"], root) == 1
    shown = capsys.readouterr().out
    assert "notebooks/One.ipynb: stops at cell [2] c2, which begins\n" in shown
    assert source.splitlines()[0] in shown and all(word in shown for word in words)
    assert "Traceback" not in shown and len(shown.splitlines()) == 4


def test_an_error_in_a_file_that_does_not_compile_is_placed(root, capsys):
    (root / "cs231n" / "toy.py").write_text("def f(:\n    pass\n", encoding="utf-8")
    cells_of(root, f"{IMPORT}from cs231n import toy")
    assert command.main(["One"], root) == 1
    assert "(cs231n/toy.py:1)" in capsys.readouterr().out


def test_what_fails_for_want_of_a_name_is_counted_and_not_told(root, capsys):
    unwritten = f"{IMPORT}from cs231n import toy\nvalue = toy.unwritten()"
    cells_of(root, unwritten, "print(value)", "value + 1", "[][1]", "value", "raise KeyError('k')")
    assert command.main(["One"], root) == 1
    shown = capsys.readouterr().out
    assert "5 further cells failed after it" in shown and "NameError" not in shown
    assert "cell [4] c4: IndexError" in shown and "cell [6] c6: KeyError" in shown


def test_after_a_dead_kernel_no_cell_is_tried(root):
    path = cells_of(root, "import os\nos._exit(1)", "1 / 0")
    start = time.monotonic()
    run = check.run(path)
    assert [failure.number for failure in run.failures] == [1] and time.monotonic() - start < 10


def test_open_questions_are_named_and_recovered_ones_are_advice(root, capsys):
    toy_kit.edit(root, "One", 2, "**Your answer to one-q1:**")
    toy_kit.edit(root, "Two", 1, "**Question two-q1.** Why?\n\nBecause I say so.")
    toy_kit.edit(root, "Two", 2, "")
    assert command.main([], root) == 1
    shown = capsys.readouterr().out
    assert "One.ipynb: 1 of 1 questions are unanswered: one-q1\n" in shown
    assert "**Your answer to one-q1:**" in shown
    assert "two-q1: your answer was found beside the question" in shown


@pytest.mark.parametrize(
    ("content", "words"),
    [("{", "no JSON"), ('{"nbformat": 3, "worksheets": []}', "format 3"), (None, "cannot be read")],
)
def test_a_broken_notebook_is_a_sentence_and_hides_no_other(root, capsys, content, words):
    path = root / "notebooks" / "One.ipynb"
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    assert command.main([], root) == 1
    shown = capsys.readouterr()
    assert words in shown.out and "Two.ipynb: runs through" in shown.out and not shown.err


def test_large_outputs_pass_through(root):
    path = cells_of(root, "print('a' * 50_000_000)")
    content = json.loads(path.read_text("utf-8"))
    big = {"output_type": "stream", "name": "stdout", "text": "a" * 50_000_000}
    content["cells"][0]["outputs"] = [big]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert command.main(["One"], root) == 0


def test_names_paths_and_folders_choose_notebooks(root, capsys):
    one, two = (root / "notebooks" / f"{name}.ipynb" for name in ("One", "Two"))
    assert command.chosen_paths([], root) == [one, two]
    for word in ("One", "One.ipynb", "notebooks/One.ipynb", str(one)):
        assert command.chosen_paths([word, word], root) == [one]
    assert command.chosen_paths([str(root)], root) == [one, two]
    assert command.main(["Oen"], root) == 2
    assert capsys.readouterr().err == "There is no notebook Oen; did you mean One?\n"
    assert command.main(["Fourteen.ipynb"], root) == 2
    assert "there are One, Two." in capsys.readouterr().err


def test_a_submission_without_its_kit_is_not_run_but_its_answers_are_read(root, capsys, tmp_path):
    bare = tmp_path / "unzipped"
    shutil.copytree(root / "notebooks", bare / "notebooks")
    shutil.copytree(root / "cs231n", bare / "cs231n", ignore=lambda *_: ["toy.py"])
    assert command.main([str(bare)], root) == 1
    shown = capsys.readouterr().out
    assert "the rest of the kit is missing" in shown and "runs through" not in shown
    assert "One.ipynb: all 1 questions are answered" in shown
    shutil.copy(root / "cs231n" / "toy.py", bare / "cs231n")
    assert command.main([str(bare)], root) == 0


def test_a_damaged_description_is_a_sentence(root, capsys):
    (root / assignment.PATH).write_text("{", encoding="utf-8")
    assert command.main([], root) == 1
    assert "fresh student kit" in capsys.readouterr().err


def test_progress_is_for_a_terminal_only(monkeypatch, capsys):
    command._live("One")(3, 9)
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    command._live("One")(3, 9)
    assert "One: cell 3 of 9" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_ctrl_c_is_a_sentence_and_leaves_no_kernel(root):
    pid = root / "pid"
    source = f"import os, pathlib, time\npathlib.Path({str(pid)!r}).write_text(str(os.getpid()))\n"
    cells_of(root, f"{source}time.sleep(60)")
    # Tests that a shell started in the background hand down that Ctrl-C is ignored.
    code = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "import sys, pathlib\nfrom cs231n import assignment\n"
    code += f"assignment.ROOT = pathlib.Path({str(root)!r})\n"
    code += "from cs231n.replay.__main__ import main\nsys.exit(main(['One'], assignment.ROOT))"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=toy_kit.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    deadline = time.monotonic() + 60
    while not (pid.exists() and pid.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert said == "\nStopped; your files are as they were.\n" and process.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
