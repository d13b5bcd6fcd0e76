"""--record-answers keeps what students wrote, whatever a run looks like, and overwrites no file."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

from cs231n.replay import recording, sheet
from cs231n.replay.recording import Memory, recorded, refusal, save
from tests.replay import toy_kit

KEPT = "kept 기록.json"


@pytest.fixture
def root(tmp_path):
    return toy_kit.make(tmp_path / "내 과제 1")


def kept(root):
    return json.loads((root / KEPT).read_text(encoding="utf-8"))


def test_a_full_disk_leaves_no_half_file(tmp_path, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recording.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        save(tmp_path / KEPT, {"course": "", "version": "1", "answers": []})
    assert not [*tmp_path.iterdir()]


def test_workers_and_one_process_keep_the_same_and_time_their_cells(root):
    for options in (["-n", "0"], ["-n", "2", "--dist", "loadfile"]):
        run = toy_kit.replay(root, "--record-answers", KEPT, *options)
        assert run.returncode == 0, run.stdout
        assert re.search(r"One\.ipynb: 0\.\d s in 1 cells; slowest: one-run 0\.\d", run.stdout)
        assert "Two.ipynb" in run.stdout.split("time of the notebooks' cells")[1]
        files = {path.name: path.read_bytes() for path in root.glob("kept*")}
        assert len(files) == 3
        if options[1] == "0":
            alone = files
    assert files == alone
    data = kept(root)
    assert [answer["id"] for answer in data["answers"]] == ["one-q1", "two-q1"]
    assert [answer["answer"] for answer in data["answers"]] == list(toy_kit.ANSWERS.values())
    assert {"course", "version", "format"} < data.keys()


def test_an_emptied_answer_fails_by_its_question_s_id_and_stands_on_top(root):
    toy_kit.edit(root, "One", 2, "**Your answer to one-q1:**\n\n")
    run = toy_kit.replay(root, "--record-answers", KEPT, "--junitxml=out.xml", "-k", "q1")
    assert run.returncode == 1
    assert re.search(r"^FAILED notebooks/One\.ipynb::one-q1 - .*unanswered", run.stdout, re.M)
    assert "write below the line '**Your answer to one-q1:**' in notebooks/One.ipynb" in run.stdout
    assert [answer["status"] for answer in kept(root)["answers"]] == ["unanswered", "answered"]
    for ending in (".md", ".html"):
        head = (root / KEPT).with_suffix(ending).read_text("utf-8").split("Why?")[0]
        assert "1 of 2 questions answered; unanswered: one-q1" in head
    found = ElementTree.parse(root / "out.xml").iter("property")
    told = [json.loads(node.get("value")) for node in found if node.get("name") == "answer"]
    assert [answer["answer"] for answer in told] == ["", toy_kit.ANSWERS["Two"]]


def test_a_selection_keeps_only_its_questions_and_starts_no_kernel(root):
    run = toy_kit.replay(root, "--record-answers", KEPT, "-k", "two-q1")
    assert run.returncode == 0 and "time of the notebooks' cells" not in run.stdout
    assert [answer["id"] for answer in kept(root)["answers"]] == ["two-q1"]


@pytest.mark.parametrize("content", ["{", '{"nbformat": 3, "worksheets": []}'])
def test_a_broken_notebook_hides_no_other(root, content):
    (root / "notebooks" / "One.ipynb").write_text(content, encoding="utf-8")
    run = toy_kit.replay(root, "--record-answers", KEPT)
    assert run.returncode == 1 and "INTERNALERROR" not in run.stdout + run.stderr
    assert "2 failed, 2 passed" in run.stdout and "Traceback" not in run.stdout
    assert "One.ipynb" in kept(root)["answers"][0]["found"]
    assert [answer["status"] for answer in kept(root)["answers"]] == ["unanswered", "answered"]


def test_double_cell_ids_are_told_apart(root):
    path = root / "notebooks" / "One.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"].insert(0, content["cells"][0])
    path.write_text(json.dumps(content), encoding="utf-8")
    run = toy_kit.replay(root, "-v")
    assert run.returncode == 0, run.stdout
    assert "::one-run PASSED" in run.stdout and "::one-run[2] PASSED" in run.stdout


def test_a_workspace_inside_a_clone_is_replayed_by_itself(root):
    (root.parent / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", encoding="utf-8")
    run = toy_kit.replay(root, "--record-answers", KEPT, "-k", "q1", rootdir=root.parent)
    assert run.returncode == 0 and "2 passed, 2 deselected" in run.stdout
    assert [answer["id"] for answer in kept(root)["answers"]] == ["one-q1", "two-q1"]


def test_only_the_notebooks_of_a_submission_are_enough(root):
    (root / "cs231n" / "assignment.json").unlink()
    assert toy_kit.replay(root).returncode == 0, "this kit's own description knows neither notebook"
    (root / "cs231n" / "assignment.json").write_text("{", encoding="utf-8")
    run = toy_kit.replay(root)
    assert run.returncode == 1 and "fresh student kit" in run.stdout


def test_a_file_of_somebody_else_s_is_refused_at_the_start(root):
    (root / KEPT).write_text('{"marks": [1]}', encoding="utf-8")
    run = toy_kit.replay(root, "--record-answers", KEPT)
    assert run.returncode == 4 and "no recording of answers" in run.stderr
    assert (root / KEPT).read_text("utf-8") == '{"marks": [1]}' and "Traceback" not in run.stderr


def test_what_cannot_be_written_at_the_end_is_said_in_a_sentence(root):
    (root / f"{KEPT}.partial").mkdir()
    run = toy_kit.replay(root, "--record-answers", KEPT, "-k", "q1")
    assert run.returncode == 1 and "No answers recorded: " in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


REFUSED = {
    "sheet.md": "end it in .json",
    "sheet.html": "end it in .json",
    "nowhere/x.json": "make it first",
    "folder": "is a folder",
    "notes.json": "no recording",
    "beside.json": "no recording",
}


@pytest.mark.parametrize("name", REFUSED)
def test_names_that_are_refused(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "notes.json").write_bytes(b"\xff\xfe")
    (tmp_path / "beside.md").write_text("my notes", encoding="utf-8")
    assert REFUSED[name] in refusal(tmp_path / name)


def test_a_folder_without_leave_to_write_is_refused(tmp_path, monkeypatch):
    assert refusal(tmp_path / "x.json") == ""
    monkeypatch.setattr(recording.os, "access", lambda path, mode: False)
    assert "cannot be written" in refusal(tmp_path / "x.json")


def test_our_own_recording_is_written_anew(tmp_path):
    path, data = tmp_path / "x.json", recorded({})
    assert [file.suffix for file in save(path, data)] == [".json", ".md", ".html"]
    assert refusal(path) == "" and all(
        sheet.MARK in f.read_text()[:300] for f in tmp_path.iterdir()
    )


def test_an_interrupted_run_leaves_the_recording_as_it_was(tmp_path):
    memory = Memory(tmp_path / "x.json")
    memory.pytest_sessionfinish(None, pytest.ExitCode.INTERRUPTED)
    assert "did not finish" in memory.told and not list(tmp_path.iterdir())
