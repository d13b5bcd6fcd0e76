"""Writes all pages and tables of a grading folder, from its stored results and marks."""

import contextlib
from dataclasses import replace
from pathlib import Path

from kit import manifest

from . import grades, marks, summary, template
from .answer_sheet import Marking, models, write_pages
from .feedback_page import feedback
from .formulas import Formulas
from .names import Names
from .page import cleaned, write
from .spool import Spool
from .stored import results
from .survey import Survey

FEEDBACK, SUMMARY = "feedback", "summary.html"


def write_all(folder, anonymous=None, source=manifest.ROOT):
    """Write feedback/, answers.html, grades.csv, marks.csv and summary.html.

    Two passes over the results hold one of them in memory at a time.

    Inputs:
    - folder: The grading folder
    - anonymous: Whether the pages and the table for marking show other names; as before where None
    - source: The solved source, whose notebooks hold the model answers

    Returns the Survey and sentences on what a person should know. Raises KitError.
    """
    given, names = marks.load(folder), Names(folder, anonymous)
    marking = Marking(names, given, models(source))
    with contextlib.closing(Spool()) as spool:
        survey = _surveyed(folder, spool, marking)
        left = _rows(folder, survey, marking)
        asked = list(survey.asked.values())
        tallies = write_pages(folder, asked, spool, marking, survey.submissions)
    left += _unwritten(survey)
    changed = sum(tally.changed for tally in tallies)
    if changed:
        left += [f"{changed} answers changed since they were marked; answers.html shows where"]
    if marking.above:
        left += [
            f"{marking.above} marks are above what their question is worth now: mark them again"
        ]
    write(Path(folder, SUMMARY), summary.html(survey, left))
    return survey, left


def _unwritten(survey):
    """A sentence on what nobody wrote, where somebody wrote something."""
    shares = survey.exercises.values()
    names = [share.name for share in shares if share.blank == share.counted]
    told = f"nobody wrote {', '.join(names)}; what was not asked for is left out by --without"
    return [told] * (0 < len(names) < len(shares))


def _surveyed(folder, spool, marking):
    """The first pass: count the results, spool the answers, set the formulas."""
    survey, formulas = Survey(), Formulas()
    for result in results(folder):
        mine = marking.marks.get(result.id, {})
        survey.add(result, mine)
        spool.add(result)
        for answer in result.answers:
            formulas.collect(cleaned(answer.text))
            if answer.id in mine:
                marking.digests[result.id, answer.id] = marks.digest(answer.text)
                marking.above += (mine[answer.id].points or 0) > answer.worth
    texts = [answer.question for answer in survey.asked.values()]
    texts += [mark.comment for mine in marking.marks.values() for mark in mine.values()]
    for text in [*texts, *marking.models.values()]:
        formulas.collect(cleaned(text))
    formulas.typeset()
    marking.formula = formulas.html
    return survey


def _rows(folder, survey, marking):
    """The second pass: write what has a row or a page for each submission; returns sentences."""
    given = marking.marks
    home = Path(folder, FEEDBACK)
    home.mkdir(exist_ok=True)
    kept = template.unstored(folder, given)
    with (
        grades.writer(Path(folder, grades.TABLE), survey) as add_grades,
        template.writer(folder, given, marking.names) as add_marks,
    ):
        for result in results(folder):
            result = replace(result, out_of=result.out_of or survey.out_of)
            mine = given.get(result.id, {})
            asked = survey.asked_of(result)
            write(home / f"{result.id}.html", feedback(result, mine, asked, marking.formula))
            add_grades(grades.row(result, mine, survey))
            add_marks(result, mine)
    path = Path(folder, template.TABLE)
    remedy = f"python -m kit marks {folder} {path}"
    return [f"{path} holds marks that are not stored, and is left as it is: {remedy}"] * kept
