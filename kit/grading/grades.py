"""Writes the table of grades: a row for every submission, a column for every exercise."""

from . import tables
from .feedback_page import totals, unmarked

TABLE = "grades.csv"
STUDENT = ("name", "student_id", "email")  # where a list of students was there
COLUMNS = (
    "submission",
    "status",
    "score",
    "out_of",
    "checks",
    "checks_out_of",
    "answers",
    "answers_out_of",
    "answers_to_mark",
    "seconds",
    "source",
    "message",
)


def writer(path, survey):
    """Write the grades: as tables.writer, with the columns that a survey has seen."""
    columns = [*COLUMNS, *map(_column, survey.exercises), *survey.asked]
    return tables.writer(path, [columns[0], *STUDENT * survey.named, *columns[1:]])


def row(result, marks, survey):
    """One submission's row, as the columns are.

    Inputs:
    - result: A stored.Result
    - marks: Question's id -> marks.Mark
    - survey: The Survey of the class
    """
    (checks, of_checks), (answers, of_answers) = totals(result, marks, survey.asked_of(result))
    earned = {}
    for check in result.checks:
        key = (check.room, check.exercise)
        earned[key] = earned.get(key, 0) + check.points
    return [
        result.id,
        *_students(result) * survey.named,
        result.status,
        checks + answers,
        of_checks + of_answers,
        checks,
        of_checks,
        answers,
        of_answers,
        len(unmarked(result, marks)),
        result.seconds,
        result.source,
        result.message,
        *(earned.get(key, 0) for key in survey.exercises),
        *_answer_points(result, marks, survey),
    ]


def _students(result):
    """The columns of STUDENT; a group's names stand in one cell."""
    return ["; ".join(filter(None, column)) for column in zip(*result.students)] or [""] * 3


def _answer_points(result, marks, survey):
    """The points of each question; None where it waits for its mark."""
    waiting = {answer.id for answer in unmarked(result, marks)}
    for question in survey.asked:
        mark = marks.get(question)
        yield None if question in waiting else (mark and mark.points) or 0


def _column(key):
    return key[1]
