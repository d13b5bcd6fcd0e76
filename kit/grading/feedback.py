"""What a result says of a check: what was got and a hint, never a hidden input or right array."""

import re

from cs231n.checks.cases import EXERCISES

from . import findings

DECIMALS = re.compile(r"\d\.\d{3,}(e[+-]?\d+)?")
STATUS = {"Timeout": "timeout", "Killed": "killed", "Protocol": "killed"}
LONG, LINES, CAUSES = 300, 12, 3  # characters of a line, lines, mistakes in a hint


def check_of(verdict, worth, causes, carried_on):
    """A check as the result file has it.

    Inputs:
    - verdict: A cs231n.checks.judge.Verdict
    - worth: Points of a passed check
    - causes: Known mistakes that the exercise looks like, likeliest first
    - carried_on: Whether right functions stood in for what it needs
    """
    case, seen = verdict.case, [f.hint for f in verdict.findings if f.hint]
    told = not (verdict.passed or verdict.outcome.blank)
    hint = "; or: ".join(causes[:CAUSES] or seen[:1]) if told else ""
    return {
        "name": case.name,
        "exercise": case.exercise,
        "room": EXERCISES[case.exercise].room,
        "title": case.title,
        "points": tidy(worth if verdict.passed else 0),
        "worth": tidy(worth),
        "passed": verdict.passed,
        "status": _status(verdict),
        "lines": _first(_lines(verdict)),
        "hint": shown(hint),
        "advice": [shown(line) for line in verdict.advice[:LINES]],
        "carried_on": carried_on,
    }


def tidy(points):
    """Rounded to a hundredth, and whole where it is whole."""
    points = round(points, 2)
    return int(points) if points == int(points) else points


def _status(verdict):
    outcome = verdict.outcome
    if verdict.passed:
        return "passed"
    if outcome.blank:
        return "blank"
    return STATUS.get(outcome.kind, "error") if outcome.error else "failed"


def _lines(verdict):
    outcome = verdict.outcome
    if outcome.blank:
        needed = outcome.blank != verdict.case.exercise
        yield f"{outcome.blank} is not written" + ", which it needs" * needed
    elif outcome.error:
        # What a submission raises is its own text, and may be long or hold numbers it was given.
        yield DECIMALS.sub("…", outcome.error)
    if outcome.place and not outcome.blank:
        file, line, source = outcome.place
        yield f"{file}, line {line}" + f": {source}" * bool(source)
    yield from outcome.writes
    for finding in verdict.findings:
        yield from findings.shown(finding)


def _first(lines):
    lines = [shown(line) for line in lines]
    more = [f"[… {len(lines) - LINES} more lines]"] if len(lines) > LINES else []
    return lines[:LINES] + more


def shown(text):
    """A line as it can be written into a file: no control characters, not too long."""
    text = "".join(c if c.isprintable() else " " for c in str(text))
    return text if len(text) <= LONG else text[:LONG] + " …"
