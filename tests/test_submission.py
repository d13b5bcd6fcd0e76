"""The submission holds exactly the listed files, is the same each time, and keeps earlier zips."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cs231n import submission

ROOT = Path(__file__).resolve().parents[2]
FILES = ["cs231n/layers.py", "notebooks/한글.ipynb"]


@pytest.fixture
def student(tmp_path):
    """A student's folder with two files to hand in and two that stay at home."""
    root = tmp_path / "내 과제 1"
    for name in (*FILES, "datasets/cifar.bin", "cs231n/helper.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"work in {name}\n", encoding="utf-8")
    (root / submission.LIST).write_text(json.dumps({"files": FILES}), encoding="utf-8")
    return root


def test_the_zip_holds_the_listed_files_and_nothing_else(student):
    path, kept = submission.save(submission.pack(student), student)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == FILES and archive.testzip() is None
        assert archive.read(FILES[1]).decode("utf-8") == f"work in {FILES[1]}\n"
    assert path.name == "submission.zip" and kept is None


def test_the_same_work_gives_the_same_bytes(student):
    first = submission.pack(student)
    for name in FILES:
        content = (student / name).read_bytes()
        (student / name).unlink()
        (student / name).write_bytes(content)
    assert submission.pack(student) == first
    (student / FILES[0]).write_text("better\n", encoding="utf-8")
    assert submission.pack(student) != first


def test_an_earlier_zip_is_kept(student):
    for content in (b"one", b"two", b"two", b"three"):
        submission.save(content, student)
    zips = {path.name: path.read_bytes() for path in student.glob("*.zip*")}
    assert zips == {
        "submission.zip": b"three",
        "submission-1.zip": b"one",
        "submission-2.zip": b"two",
    }


@pytest.mark.parametrize("damage", ["missing", "empty"])
def test_a_file_that_is_not_there_is_named(student, damage):
    (student / FILES[0]).unlink()
    if damage == "empty":
        (student / FILES[0]).touch()
    with pytest.raises(submission.SubmissionError, match=r"cs231n/layers\.py"):
        submission.pack(student)


def test_a_damaged_list_is_named(student):
    (student / submission.LIST).write_text("{", encoding="utf-8")
    with pytest.raises(submission.SubmissionError, match="fresh student kit"):
        submission.pack(student)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_the_script_works_from_anywhere_and_exits_with_1_when_a_file_is_missing(student, tmp_path):
    shutil.copy(ROOT / "collect_submission.sh", student)
    shutil.copy(ROOT / "cs231n" / "submission.py", student / "cs231n")
    command = ["bash", str(student / "collect_submission.sh")]
    good = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    assert (good.returncode, good.stderr) == (0, "") and FILES[0] in good.stdout
    before = (student / "submission.zip").read_bytes()
    (student / FILES[0]).unlink()
    bad = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60)
    assert bad.returncode == 1 and FILES[0] in bad.stderr and "Traceback" not in bad.stderr
    assert (student / "submission.zip").read_bytes() == before
