"""The README's table of notebooks has a row for each, with what its board and questions count."""

import re

import pytest

from cs231n import assignment, questions
from cs231n.checks.cases import registry

ROOT = assignment.ROOT
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOTEBOOKS = assignment.load().notebooks


@pytest.mark.parametrize("path", sorted(NOTEBOOKS))
def test_a_row_counts_exercises_and_questions(path):
    room = re.search(r"(\w+)\.ipynb", path)[1]
    exercises = {name for name, made in registry.EXERCISES.items() if made.room == room}
    points = sum(case.points for case in registry.CASES.values() if case.exercise in exercises)
    asked = NOTEBOOKS[path]
    wanted = f"{len(exercises)} ({points}) + "
    row = re.search(rf"^\| `{re.escape(path)}` \|.*$", README, re.MULTILINE)
    assert row, f"README.md has no row for {path}"
    assert wanted in row[0], asked
