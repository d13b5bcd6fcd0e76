"""Writes marks.csv, the table for marks to fill in, and never over what a person filled in."""

import contextlib
import hashlib
from pathlib import Path

from kit import KitError

from . import tables
from .marks import COLUMNS, flat
from .names import Names
from .page import write

TABLE, SEAL = "marks.csv", ".marks.csv.sha256"


@contextlib.contextmanager
def writer(folder, marks, names):
    """Write the table: yields a function that takes a stored.Result and its marks.

    It does nothing where a person's entries in the table are not stored yet.

    Inputs:
    - folder: The grading folder
    - marks: All marks, as marks.load gives them
    - names: names.Names
    """
    path, seal = Path(folder, TABLE), Path(folder, SEAL)
    if unstored(folder, marks):
        yield lambda result, mine: None
        return
    with tables.writer(path, [*COLUMNS, "worth"]) as add:
        yield lambda result, mine: [*map(add, _rows(result, mine, names))]
    write(seal, _seal(path))


def unstored(folder, marks):
    """Whether a person wrote something into the table that is not stored, or it is unreadable."""
    path, seal = Path(folder, TABLE), Path(folder, SEAL)
    if not path.exists() or (seal.exists() and seal.read_text("utf-8") == _seal(path)):
        return False
    try:
        rows, real = tables.read(path, COLUMNS), Names(folder).real(marks)
    except KitError:
        return True
    return any(
        (row["points"] or row["comment"])
        and _entries(marks.get(real.get(row["submission"]), {}).get(row["question"]))
        != (row["points"].replace(",", "."), flat(row["comment"]))
        for _, row in rows
    )


def _rows(result, marks, names):
    for answer in result.answers:
        mark = marks.get(answer.id)
        if mark or not answer.blank:
            value, comment = (mark.points, mark.comment) if mark else (None, "")
            yield [names.shown(result.id), answer.id, value, comment, answer.worth]


def _entries(mark):
    """What stands in a row of the table for a mark."""
    return (tables.guarded(mark.points), flat(mark.comment)) if mark else ("", "")


def _seal(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
