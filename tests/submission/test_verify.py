"""A submission is opened again in a clean folder; what only works at home is told."""

import sys
import zipfile

import pytest

from cs231n.assignment import load
from cs231n.submission import bundle, verify
from cs231n.submission.review import review
from tests.student_folders import small


def verdict(root):
    path = root / bundle.NAME
    bundle.save(bundle.pack(root), path)
    return "\n".join(verify.verify(path, root, load(root)))


def edit(root, name, first="", last=""):
    path = root / name
    path.write_text(f"{first}\n{path.read_text('utf-8')}\n{last}\n", encoding="utf-8")


def total(root):
    return sum(load(root).exercises.values())


def test_solved_work_gets_all_points_and_no_advice(student):
    (student / "cs231n" / "__pycache__").mkdir(exist_ok=True)
    assert review(student, load(student)) == []
    assert (
        verdict(student) == f"In a clean folder: {total(student)} of {total(student)} points "
        "by the checks."
    )


def test_what_imports_a_file_that_stays_at_home_is_told(student):
    (student / "cs231n" / "layers" / "mine.py").write_text("half = 0.5\n", encoding="utf-8")
    edit(student, "cs231n/layers/affine.py", first="from .mine import half")
    lines = verdict(student).splitlines()
    assert "cs231n.layers.affine, " in lines[0]  # the others of its folder stop with it: one line
    why = "cannot be imported: ModuleNotFoundError: No module named 'cs231n.layers.mine'"
    assert lines[0].endswith(why)
    assert lines[1].startswith("In your folder these earn more") and "affine_forward" in lines[1]
    assert f"of {total(student)} points" in lines[2] and len(lines) == 3


def test_what_is_found_by_pythonpath_only_is_told(student, tmp_path, monkeypatch):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "elsewhere.py").write_text("half = 0.5\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
    edit(student, "cs231n/optim.py", first="import elsewhere")
    assert "cs231n.optim cannot be imported: ModuleNotFoundError" in verdict(student)


READS = """
_adam = adam
def adam(w, dw, config=None):
    with open(__file__.replace("optim.py", "rate.txt")):
        return _adam(w, dw, config)
"""


def test_what_reads_a_file_that_stays_at_home_is_told_by_name(student):
    edit(student, "cs231n/optim.py", last=READS)
    (student / "cs231n" / "rate.txt").write_text("0.1", encoding="utf-8")
    assert "In your folder these earn more than in a clean one: adam. " in verdict(student)
    (student / "cs231n" / "rate.txt").unlink()
    assert "In your folder" not in verdict(student)


def test_points_that_hang_on_a_changed_given_file_are_told(student):
    edit(student, "cs231n/layer_utils.py", last="# mine")
    text = f"{total(student)} points by the checks, with cs231n/layer_utils.py as you changed it"
    assert text in verdict(student)


STOPS = ["print('debug')", "import sys; sys.exit(3)", "1 / 0"]


@pytest.mark.parametrize("line", STOPS)
def test_a_file_that_prints_or_stops_costs_its_own_points_only(student, line):
    edit(student, "cs231n/optim.py", first=line)
    got = float(verdict(student).splitlines()[-1].split(": ")[1].split()[0])
    rules = ("sgd_momentum", "rmsprop", "adam", "adagrad")
    own = sum(load(student).exercises[name] for name in rules)
    assert got == total(student) - (0 if "print" in line else own)


def test_an_endless_loop_ends_and_is_named(student, monkeypatch):
    monkeypatch.setattr(verify, "MINUTES", 0.05)
    edit(student, "cs231n/optim.py", first="while True:\n    print('still')")
    assert verdict(student).endswith("is there a loop without end in cs231n.optim?")


def test_a_thread_that_never_ends_is_not_waited_for(student):
    waits = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()"
    edit(student, "cs231n/optim.py", first=waits)
    assert f"{total(student)} of" in verdict(student)


def test_a_process_that_is_killed_from_inside_is_told(student):
    edit(student, "cs231n/optim.py", first="import os; os._exit(0)")
    assert "could not be run: they ended at cs231n.optim" in verdict(student)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_without_numpy_the_environment_of_start_py_is_used(student, monkeypatch):
    python = student / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho used > used\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(verify.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(verify.tempfile, "TemporaryDirectory", lambda **_: Kept(student / "clean"))
    assert f"{total(student)} of" in verdict(student)
    assert (student / "clean" / "used").exists()


class Kept:
    """A folder in the place of a temporary one."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        return str(self.path)

    def __exit__(self, *exception):
        pass


def test_without_numpy_the_reason_is_told(student, monkeypatch):
    monkeypatch.setattr(verify.importlib.util, "find_spec", lambda name: None)
    assert "this Python has no NumPy" in verdict(student)


def test_a_zip_that_changed_meanwhile_is_refused(tmp_path):
    root = small(tmp_path)
    path = root / bundle.NAME
    path.write_bytes(bundle.pack(root))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("cs231n/extra.py", "x = 1\n")
    with pytest.raises(bundle.SubmissionError, match=r"extra\.py is not what was packed"):
        verify.verify(path, root, load(root))
    path.write_bytes(b"PK")
    with pytest.raises(bundle.SubmissionError, match="cannot be read back"):
        verify.verify(path, root, load(root))
