"""The student workspace is written whole or not at all, and never over somebody's work."""

import shutil
from pathlib import Path

import pytest

from kit import KitError
from kit.__main__ import main
from kit.workspace import write_workspace

GOLDEN = Path(__file__).parent / "golden"


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def toy(tmp_path):
    return Path(shutil.copytree(GOLDEN / "in", tmp_path / "toy"))


def test_the_toy_kit_comes_out_byte_for_byte(tmp_path):
    target = tmp_path / "a folder" / "학생 공간"
    assert write_workspace(target, GOLDEN / "in")
    assert contents(target) == contents(GOLDEN / "out")
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_an_existing_workspace_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("my work", encoding="utf-8")
    assert main(["workspace", str(tmp_path)]) == 0
    assert contents(tmp_path) == {"mine.txt": b"my work"}
    assert "left as it is" in capsys.readouterr().out


def test_an_empty_folder_is_used(tmp_path, toy):
    (tmp_path / "student").mkdir()
    assert write_workspace(tmp_path / "student", toy)
    assert (tmp_path / "student" / "README.md").is_file()


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError(28, "No space left")])
def test_an_interrupted_run_leaves_nothing(tmp_path, toy, monkeypatch, interruption):
    def interrupted(self, content):
        raise interruption

    monkeypatch.setattr(type(tmp_path), "write_bytes", interrupted)
    with pytest.raises((KeyboardInterrupt, KitError)):
        write_workspace(tmp_path / "student", toy)
    assert [path.name for path in tmp_path.iterdir()] == ["toy"]


def test_files_of_the_machine_and_of_staff_never_ship(tmp_path, toy):
    strays = (".venv/x.py", "cs231n/__pycache__/x.py", "notebooks/.ipynb_checkpoints/x.ipynb")
    for stray in (*strays, "notes.txt", "datasets/cifar.bin", "tests/x.py", "student/start.py"):
        (toy / stray).parent.mkdir(parents=True, exist_ok=True)
        (toy / stray).write_text("secret", encoding="utf-8")
    write_workspace(tmp_path / "student", toy)
    assert contents(tmp_path / "student") == contents(GOLDEN / "out")


def test_scripts_stay_executable_and_lines_end_as_in_unix(tmp_path, toy):
    (toy / "collect_submission.sh").write_bytes(b"#!/bin/sh\r\necho\r\n")
    (toy / "collect_submission.sh").chmod(0o755)
    write_workspace(tmp_path / "student", toy)
    script = tmp_path / "student" / "collect_submission.sh"
    assert script.read_bytes() == b"#!/bin/sh\necho\n" and script.stat().st_mode & 0o111 == 0o111
    assert not (tmp_path / "student" / "README.md").stat().st_mode & 0o111


def test_a_refused_region_names_file_and_line(tmp_path, toy):
    (toy / "cs231n" / "bad.py").write_text("x = 1\n### END SOLUTION\n", encoding="utf-8")
    with pytest.raises(KitError, match=r"cs231n/bad\.py:2: END without a BEGIN"):
        write_workspace(tmp_path / "student", toy)


def test_a_refused_cell_names_notebook_and_cell(tmp_path, toy):
    path = toy / "notebooks" / "Toy.ipynb"
    text = path.read_text(encoding="utf-8").replace("### END SOLUTION", "# END")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KitError, match=r"Toy\.ipynb:2: of cell toy-train: .* never closed"):
        write_workspace(tmp_path / "student", toy)


def test_a_file_in_the_way_is_one_sentence(tmp_path, capsys):
    (tmp_path / "student").write_text("a file", encoding="utf-8")
    assert main(["workspace", str(tmp_path / "student")]) == 1
    assert "choose another name" in capsys.readouterr().err
