"""A release is the same each time, holds the gate, and is written whole or not at all."""

import hashlib
import json
import os
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from kit import KitError, cells, manifest, plan, release, workspace
from kit.__main__ import main
from kit.assignment import Course
from kit.rubric import Rubric
from tests.kit.small_source import NOTEBOOK, PATH, troubles, write

ASSIGNMENT = PurePosixPath("cs231n/assignment.json")


@pytest.fixture
def source(tmp_path):
    return write(tmp_path / "source")


def test_two_releases_are_the_same_zip(source, tmp_path, monkeypatch):
    for name in ("one.zip", "two.zip"):
        assert workspace.write_zip(tmp_path / name, release.build(root=source))
        os.utime(source / PATH, (1e9, 1e9))
        (source / "README.md").chmod(0o600)
    first, second = ((tmp_path / name).read_bytes() for name in ("one.zip", "two.zip"))
    assert first == second
    names = zipfile.ZipFile(tmp_path / "one.zip").namelist()
    assert names == sorted([*map(str, manifest.shipped(source)), str(ASSIGNMENT)])


def test_a_zip_is_never_written_over_another(source, tmp_path):
    files, path = release.build(root=source), tmp_path / "kit.zip"
    assert workspace.write_zip(path, files) and not workspace.write_zip(path, files)
    with pytest.raises(KitError, match="is there already"):
        workspace.write_zip(path, {**files, PATH: b"x = 1\n"})
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["kit.zip", "source"]


def test_a_full_disk_is_a_sentence_and_leaves_nothing(source, tmp_path, monkeypatch):
    files = release.build(root=source)

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(KitError, match="No space left on device"):
        workspace.write_zip(tmp_path / "kit.zip", files)
    assert [entry.name for entry in tmp_path.iterdir()] == ["source"]


def test_a_zip_inside_a_file_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(KitError, match="cannot write"):
        workspace.write_zip(tmp_path / "file" / "kit.zip", {})


@pytest.mark.parametrize("words", ["\udcff", "Friday\nnoon"])
def test_a_date_that_no_readme_can_hold_is_refused(words, capsys):
    with pytest.raises(SystemExit):
        main(["release", "--check", "--due", words])
    assert "--due: write it as one line, in UTF-8" in capsys.readouterr().err


def test_a_given_exercise_loses_markers_and_hint(source):
    files = release.build(plan.work_out(plan.Wishes(("forward",)), source), source)
    text = files[PATH].decode("utf-8")
    assert "SOLUTION" not in text and "Your turn" not in text and "total = scaled" in text
    described = json.loads(files[ASSIGNMENT])
    assert described["files"] == [str(NOTEBOOK)]
    wanted = hashlib.sha256(files[PATH]).hexdigest()
    assert described["given_files"][str(PATH)] == wanted
    assert troubles(source, plan.Wishes(("forward",))) == []


def test_course_date_and_points_are_told(source):
    points = Rubric(questions={"default": 3})
    wishes = plan.Wishes(course=Course("Vision 1", "1 May", points))
    files = release.build(plan.work_out(wishes, source), source)
    readme = files[PurePosixPath("README.md")].decode("utf-8")
    assert readme == "# Toy kit\n\n**Course:** Vision 1 · **Due:** 1 May\n\nRead me.\n"
    described = json.loads(files[ASSIGNMENT])
    assert (described["course"], described["due"]) == ("Vision 1", "1 May")
    assert described["notebooks"][str(NOTEBOOK)]["questions"][0]["points"] == 3
    cell = cells.parse(files[NOTEBOOK].decode("utf-8")).cells[-1]
    assert cell.metadata.nbgrader.points == 3


def test_the_command_line(tmp_path, capsys):
    assert main(["release"]) == 1
    assert "say where to" in capsys.readouterr().err
    assert main(["release", "--check", "--solve", "afine"]) == 1
    assert "did you mean 'affine'" in capsys.readouterr().err
    path = tmp_path / "a folder" / "kit.zip"
    options = ["--solve", "affine,relu", "--notebooks", "FullyConnectedNets", "--due", "1 May"]
    assert main(["release", str(path), *options]) == 0
    assert "Wrote" in capsys.readouterr().out
    text = zipfile.ZipFile(path).read("cs231n/layers/affine.py").decode("utf-8")
    assert "NotImplementedError" not in text and "SOLUTION" not in text
    assert main(["release", str(tmp_path)]) == 1
    assert "is there already" in capsys.readouterr().err
