"""The zip holds the listed files and a manifest, is the same each time, and keeps earlier ones."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest

from cs231n.assignment import load
from cs231n.submission import bundle
from tests.student_folders import FILES, MODULE, NOTEBOOK, ROOT, small


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


@pytest.mark.parametrize("step", ["write_bytes", "rename", "replace"])
def test_a_full_disk_loses_nothing(tmp_path, monkeypatch, step):
    path = tmp_path / bundle.NAME
    path.write_bytes(b"one")

    def full(first, *arguments):
        if step == "write_bytes":
            first.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bundle.os if step == "replace" else type(path), step, full)
    with pytest.raises(OSError, match="No space left"):
        bundle.save(b"two", path)
    monkeypatch.undo()
    assert {other.name: other.read_bytes() for other in tmp_path.iterdir()} == {path.name: b"one"}


# The system itself stops the writing here, in the middle of the file.
LIMITED = """
import resource, sys
from cs231n.submission.__main__ import main, Path
root = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
sys.exit(main(["--no-verify"], root))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix's limits")
def test_a_disk_that_takes_no_more_is_a_sentence_and_loses_nothing(student):
    (student / bundle.NAME).write_bytes(b"one")
    before = sorted(student.rglob("*"))
    command = [sys.executable, "-c", LIMITED, str(student)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 1 and done.stderr.startswith("No submission was written: ")
    assert "make room" in done.stderr and "Traceback" not in done.stderr
    assert (student / bundle.NAME).read_bytes() == b"one"
    assert sorted(student.rglob("*")) == before


def test_a_folder_in_the_way_is_named(tmp_path):
    (tmp_path / bundle.NAME).mkdir()
    with pytest.raises(bundle.SubmissionError, match="is a folder"):
        bundle.save(b"one", tmp_path / bundle.NAME)


@pytest.mark.parametrize("content", [None, b"", b"\r\n \n"], ids=["missing", "empty", "blank"])
def test_a_file_that_is_not_there_is_named(student, content):
    (student / MODULE).unlink()
    if content is not None:
        (student / MODULE).write_bytes(content)
    with pytest.raises(bundle.SubmissionError, match=r"cs231n/layers\.py"):
        bundle.pack(student)


def test_a_damaged_description_is_named(student):
    (student / "cs231n" / "assignment.json").write_text("{", encoding="utf-8")
    with pytest.raises(bundle.SubmissionError, match="fresh student kit"):
        bundle.pack(student)


def test_a_notebook_that_is_none_any_more_is_packed_as_it_is(student):
    (student / NOTEBOOK).write_text("<<<<<<< HEAD", encoding="utf-8")
    assert opened(bundle.pack(student)).read(NOTEBOOK) == b"<<<<<<< HEAD"


def test_any_damage_is_refused_or_touches_no_content(student):
    good, path, refused = bundle.pack(student), student / bundle.NAME, 0
    path.write_bytes(good)
    contents = bundle.opened(path, load(student))
    assert contents == {name: (student / name).read_bytes() for name in FILES}
    for place in range(len(good)):
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x41]) + good[place + 1 :])
        try:
            assert bundle.opened(path, load(student)) == contents
        except bundle.SubmissionError:
            refused += 1
    assert refused > len(good) / 2


def test_a_zip_of_other_files_is_refused_whatever_its_manifest_says(student):
    kit, path = load(student), student / bundle.NAME
    for other in ("../evil.py", "cs231n/given.py"):
        contents = {name: b"x = 1\n" for name in (*FILES, other)}
        listed = {name: {"sha256": bundle.sha256(b"x = 1\n")} for name in contents}
        manifest = json.dumps({"files": listed}).encode()
        path.write_bytes(bundle.zip_bytes({**contents, bundle.MANIFEST: manifest}))
        with pytest.raises(bundle.SubmissionError, match=f"{other} is not what was packed"):
            bundle.opened(path, kit)


def test_a_name_that_stands_in_the_zip_twice_is_refused(student):
    path = student / bundle.NAME
    path.write_bytes(bundle.pack(student))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(MODULE, "x = 1\n")
    with pytest.raises(bundle.SubmissionError, match=f"{MODULE} is not what was packed"):
        bundle.opened(path, load(student))
