"""The README's table of notebooks has a row for each, with what the board and questions count."""

import re
from pathlib import PurePosixPath

import pytest

from cs231n import assignment
from cs231n.checks import cases  # noqa: F401  fills the tables
from cs231n.checks.cases import registry
from kit import release

README = (assignment.ROOT / "README.md").read_text(encoding="utf-8")
KIT = assignment.load()


@pytest.mark.parametrize("path", KIT.notebooks)
def test_a_row_counts_exercises_and_questions(path):
    room = PurePosixPath(path).stem
    exercises = [name for name, made in registry.EXERCISES.items() if made.room == room]
    points = [sum(case.points for case in registry.cases_of(name)) for name in exercises]
    asked = [{"points": question.points} for question in KIT.questions_of(path)]
    row = re.search(rf"^\| `{re.escape(path)}` \|.*$", README, re.MULTILINE)
    assert row, f"README.md has no row for {path}: add one to its table of notebooks"
    counts = release.count(points, asked)
    assert f"| {counts} |" in row[0], f"README.md counts {path} otherwise; write {counts}"
