"""Where in the student's files things stand: the region of an exercise, the line of an error."""

import linecache
import re
import traceback
from pathlib import Path

from .contract import CONTRACT

ROOT = Path(__file__).resolve().parents[2]
CHECKS = Path(__file__).resolve().parent
_HEADER = re.compile(r"( *)(?:class|(?:async )?def) +(\w+)")
_BEGIN = re.compile(r" *### BEGIN SOLUTION\s*$")


def file_of(exercise):
    """Path of the file that holds an exercise."""
    module = CONTRACT[exercise.split(".")[0]].module
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def region_line(exercise):
    """Line of the first solution region of an exercise, else of its `def`, else 1.

    Reads lines instead of parsing, so that a file with a syntax error is found in too.
    """
    header, enclosing = 1, []
    for number, line in enumerate(_lines(exercise), start=1):
        if match := _HEADER.match(line):
            indent, name = len(match[1]), match[2]
            enclosing = [outer for outer in enclosing if outer[0] < indent] + [(indent, name)]
            if _spelled(enclosing) == exercise:
                header = number
        elif _BEGIN.match(line) and _spelled(enclosing) == exercise:
            return number
    return header


def hint_of(exercise, line):
    """What the comment above the region that holds a line says after "Your turn:", or ""."""
    if exercise.split(".")[0] not in CONTRACT:
        return ""
    lines = _lines(exercise)[:line]
    begin = max((i for i, text in enumerate(lines) if _BEGIN.match(text)), default=0)
    comments = []
    for line in reversed(lines[:begin]):
        if not line.lstrip().startswith("#"):
            break
        comments.insert(0, line.strip("# \t"))
        if comments[0].startswith("Your turn"):  # "Your turn, in the notebook Dropout: ..." too
            return " ".join(comments).partition(":")[2].strip()
    return ""


def _lines(exercise):
    try:
        return file_of(exercise).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _spelled(enclosing):
    return ".".join(name for _, name in enclosing)


def shown(path):
    """A path as a person types it: relative to the folder of cs231n where it lies in it."""
    path = Path(path)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def origin(error):
    """(file, line, source text) that an exception comes from: the innermost line of the student's.

    A syntax error stands where Python says; other errors where the last frame inside the package,
    outside of the checks, of the libraries and of what only looks shapes over, was.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return shown(error.filename), error.lineno or 1, (error.text or "").strip()
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame for frame in frames if _is_students(frame.filename)] or frames[-1:]
    if not theirs:
        return "?", 0, ""
    filename, number = theirs[-1].filename, theirs[-1].lineno
    return shown(filename), number, linecache.getline(filename, number).strip()


def _is_students(filename):
    path = Path(filename)
    return (
        path.is_relative_to(ROOT)
        and not path.is_relative_to(CHECKS)
        and "site-packages" not in path.parts
        and path.name != "validation.py"  # given: it refuses what a caller handed over
    )


def call_in(error, exercise):
    """(file, line, source text) of the last line of an exercise that ran, or None."""
    method, file = exercise.rpartition(".")[2], str(file_of(exercise))
    frames = traceback.extract_tb(error.__traceback__)
    found = [frame for frame in frames if frame.filename == file and frame.name == method]
    if not found:
        return None
    return shown(file), found[-1].lineno, linecache.getline(file, found[-1].lineno).strip()
