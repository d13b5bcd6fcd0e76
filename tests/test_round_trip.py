"""The whole way: released, blank, solved again, collected, unzipped, and all checks pass there."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import PurePosixPath

import pytest

from cs231n.assignment import load
from cs231n.submission import __main__ as collect
from kit import cells, gate, plan, release, workspace
from kit.manifest import ROOT


@pytest.fixture(scope="module")
def planned():
    return plan.work_out()


@pytest.fixture(scope="module")
def kit(tmp_path_factory, planned):
    """A release that passed the gate, as a zip that a student unzipped."""
    folder = tmp_path_factory.mktemp("내려받기")
    workspace.write_zip(folder / "kit.zip", gate.require(planned))
    with zipfile.ZipFile(folder / "kit.zip") as archive:
        archive.extractall(folder / "my kit")
    return folder / "my kit"


def board(folder):
    command = [sys.executable, "-m", "cs231n.checks"]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=100)
    points = re.search(r"^([\d.]+) of ([\d.]+) points$", done.stdout, re.MULTILINE)
    return done.returncode, float(points[1]), float(points[2])


def test_released_blank_solved_collected_unzipped_checked(kit, planned, tmp_path, capsys):
    whole = sum(load(kit).exercises.values())
    assert board(kit) == (1, 0, whole)

    assert collect.main(["--no-verify"], kit) == 0
    said = capsys.readouterr().out
    assert all(q.id in said for q in load(kit).questions) and "unanswered: fc-q1, " in said
    assert "not written yet" in said and "never run" in said

    for path in map(PurePosixPath, load(kit).files):
        solved = release.solved_text(path, ROOT, planned)
        text = gate.refill((kit / path).read_text(encoding="utf-8"), solved, path)
        assert text == (ROOT / path).read_text(encoding="utf-8")
        (kit / path).write_text(text, encoding="utf-8", newline="\n")
    assert board(kit) == (0, whole, whole)

    assert collect.main([], kit) == 0
    said = capsys.readouterr().out
    assert f"In a clean folder: {whole} of {whole} points" in said
    assert "Look at these" not in said and "kept as submission-1.zip" in said

    content = (kit / "submission.zip").read_bytes()
    fresh = tmp_path / "grader"
    workspace.write_workspace(fresh, files=release.build(planned))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted([*load(kit).files, "manifest.json"]) == archive.namelist()
        answers = json.loads(archive.read("manifest.json"))["answers"]
        archive.extractall(fresh)
    assert {answer["status"] for answer in answers} == {"answered"}
    assert board(fresh) == (0, whole, whole)


def test_a_solved_notebook_is_the_source_s_byte_for_byte(planned):
    files = release.build(planned)
    for path in (path for path in planned.editable if path.suffix == ".ipynb"):
        blank = cells.parse(files[path].decode("utf-8"))
        filled = cells.fill(blank, cells.read(ROOT / path))
        assert cells.text_of(filled) == (ROOT / path).read_text(encoding="utf-8")
