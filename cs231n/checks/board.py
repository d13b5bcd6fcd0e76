"""The board: every exercise in the order of work, what it is worth, and what to do next."""

import contextlib
import io
import itertools
import textwrap
import warnings

from . import answers, messages, worth
from .cases import EXERCISES
from .package import local
from .places import file_of, region_line, shown
from .report import UnknownCheck, examine, expand, suspect


def main(names=(), rows=False):
    """Print the board, or the details of the exercises named; with `rows`, their part of the board.

    That part leaves out the files in which nothing is begun: who saves a layer need not read of
    every network that will use it one day.

    Returns the exit status: 0 if all is done, 1 if not, 2 for an unknown name.
    """
    if not (exercises := chosen(names)):
        return 2
    reports = reports_of(_with_needs(exercises))
    shown_ones = [reports[exercise.name] for exercise in exercises]
    if rows:
        messages.say(board(_begun(shown_ones) or shown_ones, whole=False))
    else:
        messages.say("\n\n".join(map(details, shown_ones)) if names else board(shown_ones))
    return 1 if any(report.failed for report in shown_ones) else 0


def chosen(names):
    """The exercises of some names, all that students write where none is given.

    Says so and returns an empty list where a name is unknown.
    """
    try:
        return expand(names) if names else [EXERCISES[name] for name in worth.asked()]
    except UnknownCheck as error:
        messages.say(str(error))
        return []


def reports_of(exercises, resolve=None, recorded=None):
    """Examine exercises quietly; returns a dictionary exercise name -> Report."""
    resolve, recorded = resolve or local(), recorded or answers.load()
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reports = {e.name: examine(e, resolve, recorded) for e in exercises}
    for report in reports.values():
        if report.status == "wrong":
            suspect(report, [reports[n] for n in report.exercise.needs if n in reports])
    return reports


def board(reports, whole=True):
    """The board as text; `whole` tells whether these are all exercises."""
    lines = []
    for notebook, group in itertools.groupby(reports, key=lambda report: report.exercise.room):
        lines += [notebook, *map(row, group), ""]
    points, total = (f"{sum(getattr(r, key) for r in reports):g}" for key in ("points", "total"))
    score = f"{points} of {total} points" + ("" if whole else " here")
    return "\n".join([*lines, score, *_next_step(reports, whole)])


def row(report):
    """One exercise: status, points, where it stands, what stops it."""
    name = report.exercise.name
    where = f"{shown(file_of(name))}:{region_line(name)}"
    line = f"  {report.status:<12}{name:<38}{report.points:>2}/{report.total:<3} {where}"
    note = _note(report)
    return f"{line:<96}  {note}".rstrip()


def details(report):
    """Everything there is to say of one exercise: the verdict, then each case."""
    head = _unfinished(report) if report.failed else messages.passed(report)
    cases = [
        f"  {'✔' if verdict.passed else '✘'} {verdict.points}/{verdict.case.points}"
        f"  {verdict.case.name}: {verdict.case.title}"
        for verdict in report.verdicts
    ]
    return "\n".join([head, *cases])


def _note(report):
    if report.status == "blocked":
        return f"by {report.blank}"
    if report.status != "wrong":
        return ""
    if report.suspects:
        return f"see {report.suspects[0]} first"
    outcome = report.failed[0].outcome
    where = f"{outcome.place[0]}:{outcome.place[1]}: " if outcome.place else ""
    return where + textwrap.shorten(outcome.error, 60, placeholder=" ...") if outcome.error else ""


def _begun(reports):
    """The reports of files in which something is done, or wrong."""
    files = {file_of(r.exercise.name) for r in reports if r.status in ("done", "wrong")}
    return [report for report in reports if file_of(report.exercise.name) in files]


def _next_step(reports, whole):
    undone = [report for report in reports if report.failed]
    if not undone:
        return ["All done." if whole else "All right; python -m cs231n.checks tells what is next."]
    return ["", f"Next: {undone[0].exercise.name}", _unfinished(undone[0])]


def _unfinished(report):
    return "\n".join([messages.failed(report), *messages.hint(report)])


def _with_needs(exercises):
    """The exercises and what they need, without doubles."""
    names = [name for e in exercises for name in (*e.needs, e.name)]
    return [EXERCISES[name] for name in dict.fromkeys(names)]
