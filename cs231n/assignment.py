"""Reads assignment.json: the course, what is handed in, exercises, questions and their points."""

import json
from dataclasses import dataclass
from pathlib import Path

from .questions import Question

ROOT = Path(__file__).resolve().parents[1]
PATH = "cs231n/assignment.json"


class AssignmentError(Exception):
    """The description of the assignment is gone or damaged; the message names the remedy."""


@dataclass(frozen=True)
class Assignment:
    """What a kit is: written by a release, read by everything that shows or packs work.

    - course, due: As a teacher named them, or ""
    - version: Of the kit
    - files: Paths that a student hands in, relative to the kit's folder
    - exercises: Name -> points, of what students write (not of what is given solved)
    - questions: The inline questions, in the order of the notebooks
    - given_cells: Notebook's path -> digests of its own text cells (see cs231n.questions.digest)
    - given_files: Path -> sha256 of each file of the package that is not handed in; empty in the
      solved source
    """

    course: str
    due: str
    version: str
    files: tuple
    exercises: dict
    questions: tuple
    given_cells: dict
    given_files: dict

    @property
    def notebooks(self):
        """The paths of the notebooks, in the order of work."""
        return tuple(self.given_cells)

    def questions_of(self, notebook):
        """The questions of one notebook, by its path."""
        return [question for question in self.questions if question.notebook == notebook]


def load(root=ROOT):
    """Read the description of the kit in a folder; returns an Assignment.

    Raises AssignmentError if it is gone or damaged.
    """
    try:
        return parsed((Path(root) / PATH).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error


def parsed(text):
    """The Assignment that a description's text tells of; raises as `load` does."""
    try:
        data = json.loads(text)
        questions = [
            Question(notebook=path, **question)
            for path, notebook in data["notebooks"].items()
            for question in notebook["questions"]
        ]
        given = {path: frozenset(n["given_cells"]) for path, n in data["notebooks"].items()}
        plain = {key: data[key] for key in ("course", "due", "version", "exercises", "given_files")}
        files = tuple(data["files"])
        return Assignment(**plain, files=files, questions=tuple(questions), given_cells=given)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(error) from error


def _unreadable(error):
    return AssignmentError(f"{PATH} cannot be read ({error}); copy it from a fresh student kit")
