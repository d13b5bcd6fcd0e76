"""The zip holds the listed files and a manifest, is the same each time, and keeps earlier ones."""

import hashlib
import io
import json
import zipfile

import pytest

from cs231n.submission import bundle
from tests.student_folders import FILES, MODULE, NOTEBOOK, small


@pytest.fixture
def student(tmp_path):
    return small(tmp_path / "내 과제 1")


def opened(content):
    return zipfile.ZipFile(io.BytesIO(content))


def test_the_zip_holds_the_listed_files_and_the_manifest(student):
    archive = opened(bundle.pack(student))
    assert archive.namelist() == sorted([*FILES, bundle.MANIFEST]) and archive.testzip() is None
    assert archive.read(MODULE) == b"x = 1\n"


def test_the_manifest_tells_files_version_and_answers(student):
    manifest = json.loads(opened(bundle.pack(student)).read(bundle.MANIFEST))
    content = (student / NOTEBOOK).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    assert manifest["files"][NOTEBOOK] == {"sha256": sha256, "bytes": len(content)}
    assert (manifest["version"], manifest["course"]) == ("1.2", "Vision 1")
    answer = manifest["answers"][0]
    assert answer["id"] == "q1" and answer["answer"] == "Because one is too few."
    assert answer["status"] == "answered" and answer["words"] == 5 and answer["points"] == 2


def test_the_same_work_gives_the_same_bytes(student):
    first = bundle.pack(student)
    for name in FILES:
        content = (student / name).read_bytes()
        (student / name).unlink()
        (student / name).write_bytes(content)
    assert bundle.pack(student) == first
    (student / MODULE).write_text("better\n", encoding="utf-8")
    assert bundle.pack(student) != first


def test_an_earlier_zip_is_kept(tmp_path):
    path = tmp_path / bundle.NAME
    kept = [bundle.save(content, path) for content in (b"one", b"two", b"two", b"three")]
    assert [other and other.name for other in kept] == [
        None,
        "submission-1.zip",
        None,
        "submission-2.zip",
    ]
    assert {other.name: other.read_bytes() for other in tmp_path.iterdir()} == {
        "submission.zip": b"three",
        "submission-1.zip": b"one",
        "submission-2.zip": b"two",
    }


@pytest.mark.parametrize("step", ["write_bytes", "rename"])
def test_a_full_disk_loses_nothing(tmp_path, monkeypatch, step):
    path = tmp_path / bundle.NAME
    path.write_bytes(b"one")

    def full(self, *arguments):
        if step == "write_bytes":
            self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(path), step, full)
    with pytest.raises(OSError, match="No space left"):
        bundle.save(b"two", path)
    monkeypatch.undo()
    assert {other.name: other.read_bytes() for other in tmp_path.iterdir()} == {path.name: b"one"}


def test_a_folder_in_the_way_is_named(tmp_path):
    (tmp_path / bundle.NAME).mkdir()
    with pytest.raises(bundle.SubmissionError, match="is a folder"):
        bundle.save(b"one", tmp_path / bundle.NAME)


@pytest.mark.parametrize("damage", ["missing", "empty"])
def test_a_file_that_is_not_there_is_named(student, damage):
    (student / MODULE).unlink()
    if damage == "empty":
        (student / MODULE).touch()
    with pytest.raises(bundle.SubmissionError, match=r"cs231n/layers\.py"):
        bundle.pack(student)


def test_a_damaged_description_is_named(student):
    (student / "cs231n" / "assignment.json").write_text("{", encoding="utf-8")
    with pytest.raises(bundle.SubmissionError, match="fresh student kit"):
        bundle.pack(student)


def test_a_notebook_that_is_none_any_more_is_packed_as_it_is(student):
    (student / NOTEBOOK).write_text("<<<<<<< HEAD", encoding="utf-8")
    assert opened(bundle.pack(student)).read(NOTEBOOK) == b"<<<<<<< HEAD"
