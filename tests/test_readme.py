"""The README's table of notebooks has a row for each, with what the board and questions count."""

import re
from pathlib import PurePosixPath

import pytest

from cs231n import assignment
from cs231n.checks import cases  # noqa: F401  fills the tables
from cs231n.checks.cases import registry

README = (assignment.ROOT / "README.md").read_text(encoding="utf-8")
KIT = assignment.load()


@pytest.mark.parametrize("path", KIT.notebooks)
def test_a_row_counts_exercises_and_questions(path):
    room = PurePosixPath(path).stem
    exercises = {name for name, made in registry.EXERCISES.items() if made.room == room}
    points = sum(case.points for case in registry.CASES.values() if case.exercise in exercises)
    asked = KIT.questions_of(path)
    marks = sum(question.points for question in asked)
    row = re.search(rf"^\| `{re.escape(path)}` \|.*$", README, re.MULTILINE)
    assert row, f"README.md has no row for {path}"
    assert f"| {len(exercises)} ({points}) + {len(asked)} ({marks}) |" in row[0]
