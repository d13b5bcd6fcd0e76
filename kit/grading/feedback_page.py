"""Shows a student what a submission got: a page per submission, with nothing of it hidden there."""

from itertools import groupby
from operator import attrgetter

from .page import apart, bar, known_prose, page, plain, points, prose

STATUS = {
    "failed": "not right yet",
    "blank": "not written yet",
    "error": "stopped with an error",
    "timeout": "took too long",
    "killed": "was ended: it crashed, or took too much memory",
}
STATES = {
    "recovered": "found outside its own cell",
    "duplicated": "several cells hold different answers: the marker reads all of them",
}
STYLE = """
.score { font-size: 2.6rem; line-height: 1.1; margin: .2rem 0 } .score small { font-size: 1.1rem }
.total .bar { width: 100%; max-width: none; height: .8rem; border-radius: .4rem }
.check { margin: .5rem 0 .5rem 1.5rem; text-indent: -1.5rem } .check > * { text-indent: 0 }
.check b { display: inline-block; width: 1.5rem } .check > p, .check > pre { margin-left: 0 }
.check p { margin: .25rem 0 } h3 code { font-size: 1em } h3 small { font-size: .88rem }
.exercises td:nth-child(1) { width: 44% } .exercises td:nth-child(2) { width: 22% }
.mark { font-weight: 600 }
"""


def feedback(result, marks, asked=(), formula=None):
    """The feedback on one submission as a page.

    Inputs:
    - result: A stored.Result
    - marks: Question's id -> marks.Mark, what was marked of it
    - asked: Answers of other submissions, one for each question of the assignment; those that
      this one has no answer to count as unanswered
    - formula: As page.prose takes it
    """
    answers = {answer.id: answer for answer in result.answers}
    missing = [answer for answer in asked if answer.id not in answers]
    body = [_head(result, marks, missing)]
    for room, checks in groupby(result.checks, key=attrgetter("room")):
        body.append(_room(room, list(checks)))
    if result.answers or missing:
        body.append("<h2>Inline answers</h2>")
        body += [_answer(answer, marks.get(answer.id), formula) for answer in result.answers]
        body += [_answer(answer, marks.get(answer.id), formula, absent=True) for answer in missing]
    return page(f"Feedback: {result.id}", "\n".join(body), STYLE)


def totals(result, marks, asked=()):
    """What a submission has: (points, worth) of its checks, and of its answers."""
    known = {answer.id: answer.worth for answer in (*asked, *result.answers)}
    earned = sum(mark.points or 0 for name, mark in marks.items() if name in known)
    return (result.score, result.out_of), (earned, sum(known.values()))


def unmarked(result, marks):
    """The answers that wait for a mark."""
    given = {name for name, mark in marks.items() if mark.points is not None}
    return [answer for answer in result.answers if not answer.blank and answer.id not in given]


def _head(result, marks, missing):
    (checks, of_checks), (answers, of_answers) = totals(result, marks, missing)
    score, worth, waiting = checks + answers, of_checks + of_answers, unmarked(result, marks)
    parts = [f"checks {points(checks)} of {points(of_checks)}"] * bool(of_answers)
    parts += [f"inline answers {points(answers)} of {points(of_answers)}"] * bool(of_answers)
    parts += [f'<span class="part">{len(waiting)} not marked yet</span>'] * bool(waiting)
    notes = "".join(f"<li>{plain(note, 500)}</li>" for note in result.notes[:50])
    return "\n".join(
        [
            f"<header><h1>Feedback <small>{apart(result.id)}</small></h1>",
            f'<p class="score"><b>{points(score)}</b> <small>of {points(worth)} points</small></p>',
            f'<div class="total">{bar(score / worth if worth else 0)}</div>',
            f'<p class="small faint">{" · ".join(parts)}</p>',
            f"<p>{plain(result.message or result.status, 1000)}</p>",
            f'<ul class="small">{notes}</ul></header>' if notes else "</header>",
        ]
    )


def _room(room, checks):
    exercises = {}
    for check in checks:
        exercises.setdefault(check.exercise, []).append(check)
    rows = "\n".join(_row(name, group) for name, group in exercises.items())
    open_ones = {name: group for name, group in exercises.items() if not _done(group)}
    details = [_exercise(name, group) for name, group in open_ones.items()]
    return "\n".join(
        [
            f"<h2>{plain(room, 100)}<small>{_share(checks)}</small></h2>",
            "<table class=exercises><tr><th>Exercise<th>Checks<th><th class=number>Points</tr>",
            f"{rows}</table>",
            *details,
        ]
    )


def _row(name, checks):
    passed = sum(check.passed for check in checks)
    kind, sign = ("good", "✔") if passed == len(checks) else ("bad", "✘")
    words = "passed" if passed == len(checks) else f"{passed} of {len(checks)} passed"
    words = STATUS["blank"] if _unwritten(checks) else words
    share = _sum(checks, "points") / (_sum(checks, "worth") or 1)
    return (
        f"<tr><td><code>{plain(name, 100)}</code><td class={kind}>{sign} {words}"
        f"<td>{bar(share)}<td class=number>{_share(checks)}</tr>"
    )


def _done(checks):
    """Whether there is nothing to add to the exercise's row."""
    plain_pass = all(c.passed and not c.advice and not c.carried_on for c in checks)
    return plain_pass or _unwritten(checks)


def _unwritten(checks):
    """Whether an exercise is blank, and not held up by another that is."""
    return all(check.status == "blank" and not _told(check) for check in checks)


def _told(check):
    """The lines of a check that failed, without what its status says already."""
    lines = () if check.passed else check.lines
    return [line for line in lines if line != f"{check.exercise} is not written"]


def _exercise(name, checks):
    head = f"<h3><code>{plain(name, 100)}</code><small>{_share(checks)}</small></h3>"
    return "\n".join([head, *map(_check, checks)])


def _check(check):
    kind, sign = ("good", "✔") if check.passed else ("bad", "✘")
    status = "" if check.passed else STATUS.get(check.status, check.status)
    lines = "\n".join(_told(check))
    hint = "" if check.passed else check.hint
    said = [_carried_on(check.carried_on)] if check.carried_on else []
    said += [f"Advice: {plain(line, 500)}" for line in check.advice]
    return "\n".join(
        [
            f'<div class="check keep"><b class={kind}>{sign}</b>{plain(check.title, 200)} '
            f'<small class="faint">{points(check.points)} of {points(check.worth)}'
            f"{' · ' * bool(status)}<span class={kind}>{plain(status, 100)}</span></small>",
            f"<pre>{plain(lines)}</pre>" if lines else "",
            f"<p>Looks like: {plain(hint, 500)}</p>" if hint else "",
            *(f'<p class="small">{sentence}</p>' for sentence in said),
            "</div>",
        ]
    )


def _carried_on(names):
    """Why a mistake elsewhere did not count here."""
    if names is True:
        ours, yours = "our versions of functions that it calls", "yours do not pass their own"
    else:
        listed = ", ".join(f"<code>{plain(name, 80)}</code>" for name in names)
        ours, yours = f"our {listed}", "yours does not pass its own"
    return (
        f"Carried on with ours: this check ran on {ours}, because {yours} checks; a mistake there "
        "costs points there, and none here."
    )


def _answer(answer, mark, formula, absent=False):
    blank = absent or answer.blank
    state = "" if blank else STATES.get(answer.state, "")
    text = '<p class="faint">No answer was found.</p>' if blank else prose(answer.text, formula)
    comment = (
        f'<div class="text">{prose(mark.comment, formula)}</div>' if mark and mark.comment else ""
    )
    return "\n".join(
        [
            f"<section><h3>{plain(answer.id, 80)}",
            f"<small>{_marked(answer, mark, blank)}</small></h3>",
            f'<div class="small faint">{known_prose(answer.question, formula)}</div>',
            f'<p class="small part">{state}</p>' if state else "",
            f'<div class="text">{text}</div>',
            f"<p class=mark>The marker's comment</p>{comment}" if comment else "",
            "</section>",
        ]
    )


def _marked(answer, mark, blank):
    if mark and mark.points is not None:
        return f"{points(mark.points)} of {points(answer.worth)}"
    if blank:
        return f"0 of {points(answer.worth)}, unanswered"
    return f"not marked yet, worth {points(answer.worth)}"


def _share(checks):
    return f"{points(_sum(checks, 'points'))} of {points(_sum(checks, 'worth'))}"


def _sum(checks, field):
    return sum(getattr(check, field) for check in checks)
