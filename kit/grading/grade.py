"""Grades one submission: from where it lies to its result, whatever it holds."""

import time

from . import answers, intake, layouts
from .feedback import tidy
from .marking import Marking


def grade(source, setting, known=None, only=None):
    """The result of a submission, as its file has it; see results.

    Inputs:
    - source: An intake.Source, or the intake.Submission that was read of it
    - setting: A Setting
    - known: sha256 of the files that an earlier result, graded with the same, is of
    - only: Names of the cases to run; all where None

    Returns None where nothing has changed. Raises nothing: what goes wrong here becomes a result
    of status "grader error".
    """
    started = time.monotonic()
    try:
        found = source
        if isinstance(source, intake.Source):
            found = layouts.read(source, setting.material)
        if known == found.sha256:
            return None
        result = _graded(found, setting, only)
    except Exception as error:
        result = failed(source, setting, f"the grader failed ({type(error).__name__}: {error})")
    return {**result, "seconds": round(time.monotonic() - started, 3)}


def _graded(found, setting, only):
    if found.status:
        return _result(found, setting, found.status, found.message)
    material = setting.material
    found.notes += [f"{name} is missing" for name in material.expected if name not in found.files]
    found.notes += [note for note in (not_asked(material), material.remark) if note]
    theirs = {
        name: intake.text_of(name, content, found.notes)
        for name, content in found.files.items()
        if name.endswith(".py")
    }
    written = answers.read(found.files, material.assignment, found.notes)
    marking = Marking(setting, theirs, only)
    checks = marking.checks()
    found.notes += marking.troubles()
    if marking.late:
        message = f"its time of {setting.limits.submission:g} s was used up before all was run"
        return _result(found, setting, "timed out", message, checks, written)
    points = sum(check["points"] for check in checks)
    message = f"{tidy(points)} of {out_of(setting)} points by the checks"
    return _result(found, setting, "graded", message, checks, written)


def not_asked(material):
    """A sentence on what is in nobody's total; "" where all is asked for."""
    names = ", ".join(material.not_asked)
    return names and f"not asked for, and in nobody's total: {names}"


def failed(source, setting, message):
    """The result of a submission that the grader could not grade."""
    is_read = isinstance(source, intake.Submission)
    where = source.source if is_read else str(source.path.absolute())
    found = intake.Submission(source.id, where, students=source.students)
    return _result(found, setting, "grader error", message[:500])


def out_of(setting):
    """The points that the checks of an assignment give."""
    return tidy(setting.material.points)


def _result(found, setting, status, message, checks=(), written=()):
    return {
        "submission": found.id,
        "source": found.source,
        "sha256": found.sha256,
        "layout": setting.material.layout,
        "status": status,
        "message": message,
        "score": tidy(sum(check["points"] for check in checks)),
        "out_of": out_of(setting),
        "checks": [*checks],
        "answers": [*written],
        "notes": found.notes,
        "seconds": 0.0,
        "graded_with": setting.graded_with,
        **({"students": [s._asdict() for s in found.students]} if found.students else {}),
    }
