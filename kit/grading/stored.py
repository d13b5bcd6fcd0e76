"""Reads what grading stored: one result after another, however many there are."""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from kit import KitError

from .roster import Student

UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Check:
    """One check of a submission.

    - points, worth: What it earned and could earn
    - status: "passed", "failed", "blank", "error", "timeout", "killed"
    - lines: What was got, in sentences of the judge
    - carried_on: Names of the functions that were ours instead of the student's; True if the
      names are not known
    """

    name: str
    exercise: str
    room: str
    title: str
    points: float
    worth: float
    passed: bool
    status: str
    lines: tuple
    hint: str
    advice: tuple
    carried_on: tuple | bool


@dataclass(frozen=True)
class Answer:
    """One inline answer: to which question, its text, how it was found, its worth."""

    id: str
    notebook: str
    question: str
    text: str
    state: str
    worth: float

    @property
    def blank(self):
        """Whether there is nothing to mark."""
        return self.state == UNANSWERED or not self.text.strip()


@dataclass(frozen=True)
class Result:
    """What grading one submission gave; `id` is the name of its files, `out_of` of the checks.

    `students` has a roster.Student for each that is known; `layout` is "flat" where it has other
    notebooks than the kit's, and so none of its questions.
    """

    id: str
    source: str
    status: str
    message: str
    score: float
    out_of: float
    checks: tuple
    answers: tuple
    notes: tuple
    seconds: float
    students: tuple = ()
    layout: str = ""


def results(folder):
    """Yield the Results of a grading folder in the order of their names, one at a time.

    A file that is damaged is a Result too, with the status "damaged". Raises KitError where
    nothing was graded.
    """
    names = sorted(path.name for path in Path(folder, "results").glob("*.json"))
    if not names:
        raise KitError(f"{folder} holds no results; first: python -m kit grade … --out {folder}")
    return (read(Path(folder, "results", name)) for name in names)


def read(path):
    """Read one result's file as a Result; what is missing or of another type counts as empty."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError("no object")
    except (ValueError, RecursionError):
        message = "The stored result cannot be read; grade this submission again."
        data = {"status": "damaged", "message": message}
    checks, answers = (
        tuple(make(entry) for entry in _list(data.get(key)) if isinstance(entry, dict))
        for key, make in (("checks", _check), ("answers", _answer))
    )
    return Result(
        path.stem,
        *(_text(data.get(key)) for key in ("source", "status", "message")),
        *(_number(data.get(key)) for key in ("score", "out_of")),
        checks,
        answers,
        _texts(data.get("notes")),
        _number(data.get("seconds")),
        tuple(
            Student(*(_text(entry.get(key)) for key in Student._fields))
            for entry in _list(data.get("students"))
            if isinstance(entry, dict)
        ),
        _text(data.get("layout")),
    )


def _check(data):
    passed, carried = data.get("passed") is True, data.get("carried_on")
    return Check(
        *(_text(data.get(key)) for key in ("name", "exercise", "room", "title")),
        *(_number(data.get(key)) for key in ("points", "worth")),
        passed,
        _text(data.get("status")) or ("passed" if passed else "failed"),
        tuple(line for text in _texts(data.get("lines")) for line in text.splitlines()),
        _text(data.get("hint")),
        _texts(data.get("advice")),
        _texts(carried) or bool(carried),
    )


def _answer(data):
    words = (_text(data.get(key)) for key in ("id", "notebook", "question", "text", "state"))
    return Answer(*words, _number(data.get("worth")))


def _text(value):
    return value if isinstance(value, str) else "" if value is None else str(value)


def _texts(value):
    return tuple(map(_text, _list(value)))


def _list(value):
    return value if isinstance(value, list) else []


def _number(value):
    fit = isinstance(value, int | float) and math.isfinite(value) and abs(value) < 1e9
    return value if fit and not isinstance(value, bool) else 0
