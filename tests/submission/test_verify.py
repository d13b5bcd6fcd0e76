"""A submission is opened again in a clean folder; what only works at home is told."""

import shutil
import subprocess
import sys
import zipfile

import pytest

from cs231n.assignment import load
from cs231n.submission import __main__ as command
from cs231n.submission import bundle, verify
from kit import release, workspace
from tests.student_folders import NOTEBOOK, ROOT, small


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """The student kit with the solved package in it, as somebody hands it in who did it all."""
    root = tmp_path_factory.mktemp("학생") / "my kit"
    workspace.write_workspace(root, files=release.build())
    for name in load(root).files:
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
def student(released, tmp_path):
    return shutil.copytree(released, tmp_path / "work")


def verdict(root):
    path = root / bundle.NAME
    bundle.save(bundle.pack(root), path)
    return "\n".join(verify.verify(path, root, load(root)))


def total(root):
    return sum(load(root).exercises.values())


def test_solved_work_gets_all_points(student):
    assert (
        verdict(student) == f"In a clean folder: {total(student)} of {total(student)} points "
        "by the checks."
    )


def test_what_imports_a_file_that_stays_at_home_is_told(student):
    (student / "cs231n" / "mine.py").write_text("half = 0.5\n", encoding="utf-8")
    path = student / "cs231n" / "optim.py"
    path.write_text("import cs231n.mine\n" + path.read_text("utf-8"), encoding="utf-8")
    text = verdict(student)
    assert "cs231n.optim stops: ModuleNotFoundError: No module named 'cs231n.mine'" in text
    assert f"of {total(student)} points" in text


@pytest.mark.parametrize("line", ["print('debug')", "import sys; sys.exit(3)", "1 / 0"])
def test_a_file_that_prints_or_stops_costs_its_own_points_only(student, line):
    path = student / "cs231n" / "optim.py"
    path.write_text(f"{line}\n{path.read_text('utf-8')}", encoding="utf-8")
    assert f"of {total(student)} points" in verdict(student)


def test_an_endless_loop_ends(student, monkeypatch):
    monkeypatch.setattr(verify, "MINUTES", 0.05)
    path = student / "cs231n" / "optim.py"
    path.write_text("while True:\n    pass\n", encoding="utf-8")
    assert "did not end within" in verdict(student)


def test_a_process_that_is_killed_from_inside_is_told(student):
    path = student / "cs231n" / "optim.py"
    path.write_text("import os\nos._exit(0)\n", encoding="utf-8")
    assert "could not be run" in verdict(student)


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


def run(root, *options, cwd=None):
    command = ["bash", str(root / "collect_submission.sh"), *options]
    environment = {"PATH": f"{sys.prefix}/bin:/usr/bin:/bin", "PYTHONIOENCODING": "cp1252"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, timeout=100)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_the_script_works_from_anywhere(student, tmp_path):
    done = run(student, cwd=tmp_path)
    out = done.stdout.decode("cp1252")
    assert done.returncode == 0 and not done.stderr, done.stderr
    assert f"{total(student)} of {total(student)} points" in out and "hand in this file" in out
    before = (student / bundle.NAME).read_bytes()
    (student / "cs231n" / "optim.py").unlink()
    done = run(student, cwd=tmp_path)
    assert done.returncode == 1 and b"cs231n/optim.py" in done.stderr
    assert b"Traceback" not in done.stderr
    assert (student / bundle.NAME).read_bytes() == before


def test_an_unwritable_folder_is_a_sentence(tmp_path, monkeypatch, capsys):
    def refused(self, content):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(type(tmp_path), "write_bytes", refused)
    root = small(tmp_path / "work")
    assert command.main(["--no-verify"], root) == 1
    assert "No submission was written: [Errno 13] Permission denied" in capsys.readouterr().err


def test_the_advice_stands_before_the_last_line(tmp_path, capsys):
    root = small(tmp_path / "work")
    (root / NOTEBOOK).write_text("{", encoding="utf-8")
    assert command.main(["--no-verify"], root) == 0
    out = capsys.readouterr().out
    assert out.index("no notebook any more") < out.index("hand in this file")
    assert zipfile.ZipFile(root / bundle.NAME).read(NOTEBOOK) == b"{"


def test_the_pdf_is_told_of_and_never_in_the_zip_s_way(tmp_path, monkeypatch, capsys):
    from cs231n.submission import pdf

    root, asked = small(tmp_path / "work"), []

    def written(notebooks, target, answers, title=None):
        asked.append((notebooks, target, answers, title))
        return pdf.Printed(target, "browser", ["q1"], ["typst is not installed"])

    monkeypatch.setattr(pdf, "write_pdf", written)
    assert command.main(["--no-verify", "--pdf"], root) == 0
    out = capsys.readouterr().out
    answers = [("q1", "Because one is too few.")]
    assert asked == [([root / NOTEBOOK], root / "submission.pdf", answers, "Vision 1")]
    assert "typst is not installed" in out and "by browser" in out
    assert "The answer to q1 was not found in submission.pdf" in out

    def broken(*arguments, **options):
        raise RuntimeError("no ink")

    monkeypatch.setattr(pdf, "write_pdf", broken)
    (root / bundle.NAME).unlink()
    assert command.main(["--no-verify", "--pdf"], root) == 0
    assert "No PDF was written (RuntimeError: no ink)" in capsys.readouterr().out
    assert (root / bundle.NAME).is_file()
