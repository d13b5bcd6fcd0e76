"""Lays the answers of a class side by side, question by question, with fields for their marks."""

import json
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from cs231n import notebook
from cs231n.questions import anchor
from kit import KitError

from . import script
from .page import apart, known_prose, page, plain, points, prose, write

FOLDER, INDEX = "answers", "answers.html"
GROUPS = 1000  # on one page
NAMED = 6  # submissions of a group, before the others are folded
STYLE = """
.top { background: var(--soft); border-radius: .4rem; padding: .2rem 1rem .6rem }
article { border-top: 1px solid var(--line); padding: .7rem 0; content-visibility: auto;
  contain-intrinsic-size: auto 14rem }
article header { display: flex; gap: 1rem; justify-content: space-between; color: var(--faint) }
form { display: flex; gap: .6rem; align-items: baseline } label { white-space: nowrap }
label.comment { flex: 1; display: flex; gap: .4rem; align-items: baseline }
article header > :last-child { white-space: nowrap }
input { font: inherit; color: inherit; background: var(--paper); padding: .15rem .4rem;
  border: 1px solid var(--faint); border-radius: .25rem } input.points { width: 4.5rem }
input.comment { flex: 1; min-width: 4rem } input:invalid { border-color: var(--bad) }
.save { position: sticky; bottom: 0; background: var(--paper); padding: .6rem 0; display: flex;
  gap: 1rem; align-items: baseline; border-top: 1px solid var(--line) }
button { font: inherit; padding: .25rem .8rem } nav { margin: .8rem 0 }
@media print { form, .save { display: none } }
"""


@dataclass
class Tally:
    """What an answers.html says of one question."""

    asked: object
    pages: int = 1
    answers: int = 0
    groups: int = 0
    marked: int = 0
    changed: int = 0
    earned: float = 0
    unanswered: int = 0


@dataclass
class Marking:
    """What the pages for marking know beside the answers.

    - names: names.Names
    - marks: As marks.load gives them
    - models: Question's id -> the model answer
    - formula: As page.prose takes it
    - digests: (submission, question) -> digest, of the answers that are marked
    - above: How many marks are higher than what their question is worth by now
    """

    names: object
    marks: dict
    models: dict
    formula: object = None
    digests: dict = field(default_factory=dict)
    above: int = 0


def write_pages(folder, asked, spool, marking, submissions):
    """Write answers.html and the pages of every question; returns the Tallies.

    Inputs:
    - folder: The grading folder
    - asked: One Answer for each question, in the order of the assignment
    - spool: A Spool with all answers
    - marking: A Marking
    - submissions: How many there are
    """
    home = Path(folder, FOLDER)
    home.mkdir(exist_ok=True)
    for stale in home.glob("question-*.html"):
        stale.unlink()
    tallies = [_question(home, i, answer, spool, marking) for i, answer in enumerate(asked)]
    for tally in tallies:
        tally.unanswered = submissions - tally.answers
    write(Path(folder, INDEX), _index(tallies))
    return tallies


def models(folder):
    """The model answers of the notebooks of a solved source: question's id -> Markdown."""
    found = {}
    for path in sorted(Path(folder, "notebooks").glob("*.ipynb")):
        try:
            cells = notebook.read(path)
        except notebook.NotebookError as error:
            raise KitError(str(error)) from None
        for cell in cells:
            if cell.id.endswith("-answer"):
                name = cell.id.removesuffix("-answer")
                found[name] = cell.source.removeprefix(anchor(name)).strip()
    return found


def _question(home, number, asked, spool, marking):
    """Write the pages of one question; returns its Tally."""
    tally, groups = Tally(asked, pages=0), spool.groups(asked.id)
    chunk = list(islice(groups, GROUPS))
    while chunk or not tally.pages:
        following = list(islice(groups, GROUPS))
        tally.pages += 1
        articles = [_article(group, asked, marking, tally) for group in chunk]
        body = [*_top(asked, marking, tally, bool(following), number), *articles, script.BAR]
        name = f"Answers to {asked.id}" + (f", page {tally.pages}" if tally.pages > 1 else "")
        text = page(name, "\n".join(body), STYLE, script.SCRIPT)
        write(home / file_of(number, tally.pages), text)
        chunk = following
    return tally


def file_of(number, part=1):
    """The name of a page of a question's."""
    return f"question-{number + 1}" + (f"-{part}" if part > 1 else "") + ".html"


def _top(asked, marking, tally, more, number):
    model = marking.models.get(asked.id)
    part = tally.pages
    links = [f'<a href="../{INDEX}">all questions</a>']
    links += [f'<a href="{file_of(number, part - 1)}">answers before</a>'] * (part > 1)
    links += [f'<a href="{file_of(number, part + 1)}">more answers</a>'] * more
    yield f"<h1>{plain(asked.id, 80)}<small>worth {points(asked.worth)}</small></h1>"
    yield f"<nav class=small>{' · '.join(links)}</nav>"
    yield f'<div class="top">{known_prose(asked.question, marking.formula)}'
    if model:
        text = known_prose(model, marking.formula)
        yield f"<details open><summary>Model answer</summary>{text}</details>"
    yield "</div>"


def _article(group, asked, marking, tally):
    submissions = [submission for submission, _ in group.members]
    given = [marking.marks.get(name, {}).get(asked.id) for name in submissions]
    marked = [mark for mark in given if mark and mark.points is not None]
    changed = [
        name
        for name, mark in zip(submissions, given)
        if mark and mark.of != marking.digests.get((name, asked.id), mark.of)
    ]
    tally.answers += len(submissions)
    tally.groups += 1
    tally.marked += len(marked)
    tally.changed += len(changed)
    tally.earned += sum(mark.points for mark in marked)
    shown = [marking.names.shown(name) for name in submissions]
    states = sorted({state for _, state in group.members} - {"answered", ""})
    facts = [f"{len(shown)} the same"] * (len(shown) > 1)
    facts += [plain(", ".join(states), 100)] * bool(states)
    facts += ['<span class="part">changed since it was marked</span>'] * bool(changed)
    return "\n".join(
        [
            f'<article data-submissions="{plain(json.dumps(shown), 10**8)}"'
            f' data-question="{plain(asked.id, 80)}">',
            f"<header class=small><span>{_named(shown)}</span>",
            f"<span>{' · '.join(facts)}</span></header>",
            f'<div class="text">{prose(group.text, marking.formula)}</div>',
            f"{_fields(given, asked)}</article>",
        ]
    )


def _named(shown):
    first = ", ".join(map(apart, shown[:NAMED]))
    if len(shown) <= NAMED:
        return first
    rest = ", ".join(map(apart, shown[NAMED:]))
    return f"<details><summary>{first}, and {len(shown) - NAMED} more</summary>{rest}</details>"


def _fields(given, asked):
    """Where the mark goes; filled where all of the group have the same one."""
    values = {(mark.points, mark.comment) if mark else (None, "") for mark in given}
    value, comment = values.pop() if len(values) == 1 else (None, "")
    value = "" if value is None else points(value)
    hint = ' placeholder="various"' if values else ""
    return (
        f'<form><label>Points <input class="points" inputmode="decimal" value="{value}"{hint}'
        f' pattern="[0-9]*[.,]?[0-9]*" data-worth="{points(asked.worth)}"></label> of '
        f"{points(asked.worth)} <label class=comment>Comment <input class=comment"
        f' value="{plain(comment)}"></label></form>'
    )


def _index(tallies):
    rows = "\n".join(_index_row(number, tally) for number, tally in enumerate(tallies))
    head = "<th>Question<th class=number>Answers<th class=number>Different<th class=number>"
    head += "Unanswered<th class=number>Marked<th class=number>Mean mark"
    body = f"""<h1>Answers</h1>
<p>Give points on a question's page and save them there, or fill in <code>marks.csv</code>; then
<code>python -m kit marks DIR marks.csv</code> stores them, and the grades and feedback follow.</p>
<table><tr>{head}</tr>
{rows}</table>"""
    return page("Answers", body)


def _index_row(number, tally):
    asked, mean = tally.asked, tally.earned / tally.marked if tally.marked else None
    mark = "–" if mean is None else f"{points(mean)} of {points(asked.worth)}"
    kind = "good" if tally.marked == tally.answers else "part"
    changed = f" ({tally.changed} changed since)" if tally.changed else ""
    return (
        f'<tr><td><a href="{FOLDER}/{file_of(number)}">{plain(asked.id, 80)}</a>'
        f"<td class=number>{tally.answers}<td class=number>{tally.groups}"
        f"<td class=number>{tally.unanswered}"
        f'<td class="number {kind}">{tally.marked}{changed}<td class=number>{mark}</tr>'
    )
