"""The inline questions as pytest items: `notebooks/X.ipynb::fc-q1` fails while it is unanswered.

They need no kernel. The answer travels in the report's `user_properties`, as JSON under "answer":
to the controller under xdist, and into JUnit XML.
"""

import json
from pathlib import Path

import pytest

from cs231n import assignment, notebook, questions

PROPERTY = "answer"


class QuestionFile(pytest.File):
    """A notebook's questions, beside the collector that runs its cells."""

    def collect(self):
        """Yield an item for each question that the assignment knows of this notebook."""
        try:
            known, asked = described(self.path)
        except assignment.AssignmentError as error:
            yield Unreadable.from_parent(self, name="questions", reason=str(error))
            return
        for answer in answers_in(self.path, known, asked):
            yield QuestionItem.from_parent(self, name=answer.question.id, answer=answer)


class QuestionItem(pytest.Item):
    """One question: passes if an answer was found, however that was."""

    def __init__(self, *, answer, **rest):
        """Keep the Answer, and hand it to the report."""
        super().__init__(**rest)
        self.answer = answer
        data = json.dumps(answer.as_data(), ensure_ascii=False)
        self.user_properties.append((PROPERTY, data))

    def runtest(self):
        """Fail, naming the question and how to answer it, where no answer is."""
        if self.answer.status == "unanswered":
            pytest.fail(missing(self.answer), pytrace=False)

    def reportinfo(self):
        """The question's place, by its id, for the head of a failure."""
        return self.path, 0, f"{self.path.name}::{self.name}"


class Unreadable(pytest.Item):
    """Stands for a notebook that cannot be run at all."""

    def __init__(self, *, reason, **rest):
        """Keep the sentence that says why."""
        super().__init__(**rest)
        self.reason = reason

    def runtest(self):
        """Fail with that sentence."""
        pytest.fail(self.reason, pytrace=False)

    def reportinfo(self):
        """The notebook's name, for the head of the failure."""
        return self.path, 0, self.path.name


def described(path):
    """(Assignment, its questions) of a notebook, read from the folder above it, else of this kit.

    A submission without its kit has no description of its own. Raises AssignmentError where the
    description is damaged.
    """
    root = Path(path).parents[1]
    known = assignment.load(root) if (root / assignment.PATH).is_file() else assignment.load()
    return known, known.questions_of(f"{path.parent.name}/{path.name}")


def answers_in(path, known, asked):
    """Find the answers in a notebook; all are unanswered where it cannot be read.

    Inputs:
    - path: The notebook
    - known, asked: As `described` returns them

    Returns a list of questions.Answer.
    """
    if not asked:
        return []
    try:
        cells = notebook.read(path)
    except notebook.NotebookError as error:
        return [questions.Answer(question, "", "unanswered", str(error)) for question in asked]
    return questions.find(cells, asked, known.given_cells[asked[0].notebook])


def missing(answer):
    """The sentence on an unanswered question."""
    name, path = answer.question.id, answer.question.notebook
    return (
        f"{name} is unanswered ({answer.found}): write below the line "
        f"{questions.anchor(name)!r} in {path}, and save"
    )
