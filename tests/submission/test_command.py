"""The command line: its report, its exit status, and how it is called."""

import subprocess
import sys
import tempfile
import zipfile

import pytest

from cs231n.assignment import load
from cs231n.submission import __main__ as command
from cs231n.submission import bundle
from tests.student_folders import NOTEBOOK, small


def total(root):
    return sum(load(root).exercises.values())


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
    told = capsys.readouterr().err
    assert told.startswith("No submission was written: ") and "Permission denied; make room" in told
    assert not (root / bundle.NAME).exists()


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


def test_an_earlier_pdf_is_said_to_be_kept(tmp_path, monkeypatch, capsys):
    from cs231n.submission import pdf

    root = small(tmp_path / "work")
    kept = root / "submission-1.pdf"
    printed = pdf.Printed(root / "submission.pdf", "typst", [], [], kept)
    monkeypatch.setattr(pdf, "write_pdf", lambda *_, **__: printed)
    assert command.main(["--no-verify", "--pdf"], root) == 0
    assert "Your earlier submission.pdf is kept as submission-1.pdf." in capsys.readouterr().out


def test_a_full_temporary_folder_costs_the_verdict_and_not_the_zip(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    root = small(tmp_path / "work")
    assert command.main([], root) == 0
    out, err = capsys.readouterr()
    assert "no clean folder could be made" in out and "hand in this file" in out and not err
    assert (root / bundle.NAME).is_file()


def test_a_zip_that_does_not_read_back_is_not_to_be_handed_in(tmp_path, monkeypatch, capsys):
    root, save = small(tmp_path / "work"), bundle.save
    monkeypatch.setattr(bundle, "save", lambda content, path: save(content[:-40], path))
    assert command.main([], root) == 1
    out, err = capsys.readouterr()
    assert err.startswith("Do not hand in submission.zip: ") and "hand in this file" not in out


def test_ctrl_c_says_whether_a_zip_is_there(tmp_path, monkeypatch, capsys):
    def stopped(*arguments):
        raise KeyboardInterrupt

    root = small(tmp_path / "work")
    monkeypatch.setattr(command, "verify", stopped)
    assert command.main([], root) == 1
    assert f"{root / bundle.NAME} is written" in capsys.readouterr().err
    monkeypatch.setattr(bundle, "pack", stopped)
    assert command.main([], root) == 1
    assert "No submission was written" in capsys.readouterr().err


def test_it_runs_from_the_folder_of_the_notebooks(student):
    path = student / "cs231n" / "submission"
    line = [sys.executable, f"../{path.relative_to(student).as_posix()}", "--no-verify"]
    options = {"capture_output": True, "encoding": "utf-8", "timeout": 60}
    done = subprocess.run(line, cwd=student / "notebooks", **options)
    assert done.returncode == 0 and not done.stderr and "hand in this file" in done.stdout
    assert (student / bundle.NAME).is_file()


def test_a_file_that_asks_at_import_does_not_wait_for_an_answer(student):
    path = student / "cs231n" / "optim.py"
    path.write_text(f"input('name? ')\n{path.read_text('utf-8')}", encoding="utf-8")
    line = [sys.executable, "-m", "cs231n.submission"]
    pipes = {name: subprocess.PIPE for name in ("stdin", "stdout")}
    with subprocess.Popen(line, cwd=student, encoding="utf-8", **pipes) as process:
        try:
            process.wait(timeout=60)  # its stdin stays open, as a person's is
            assert "cs231n.optim cannot be imported: EOFError" in process.stdout.read()
        finally:
            process.kill()
