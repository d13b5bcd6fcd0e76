"""What a person reads: the line on an exercise that is right, the message on one that is not."""

import sys
import textwrap

from .places import file_of, hint_of, region_line, shown

NO_LOOK_ALIKE = "no mistake we know; hold it against the numeric gradient, or a 2 x 2 example"


def say(text):
    """Print, spelling out what the terminal's encoding lacks (a Windows console may be cp1252)."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    for sign, spelled in {"✔": "OK", "✘": "X", "−": "-", "√": "root of "}.items():
        try:
            sign.encode(encoding)
        except UnicodeEncodeError:
            text = text.replace(sign, spelled)
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def passed(report):
    """The verdict on an exercise that is right; no figure in it changes from run to run."""
    cases = f"{len(report.verdicts)} case" + "s" * (len(report.verdicts) > 1)
    limits = sorted({verdict.case.limit for verdict in report.verdicts})
    within = " to ".join(f"{limit:.0e}" for limit in dict.fromkeys([limits[0], limits[-1]]))
    name, points = report.exercise.name, f"{report.points}/{report.total} points"
    return "\n".join([f"✔ {name}: {points}, {cases} right within {within}", *advice(report)])


def advice(report):
    """Lines on what works but could be better."""
    sentences = dict.fromkeys(line for verdict in report.verdicts for line in verdict.advice)
    return [f"  advice: {sentence}" for sentence in sentences]


def failed(report):
    """The message on an exercise that is not right: what, where, by how much, and why perhaps."""
    if report.blank:
        return unwritten(report)
    verdict, name = report.failed[0], report.exercise.name
    lines = [f"✘ {name} is not right yet: {report.points}/{report.total} points"]
    lines += _rows("case", [f"{verdict.case.name}: {verdict.case.title}"])
    lines += _stopped(verdict.outcome) if verdict.outcome.error else _wrong(verdict)
    lines += _rows("looks like", _looks_like(report, verdict))
    lines += _rows("mend first", [", ".join(report.suspects)] if report.suspects else [])
    others = [other.case.name for other in report.failed[1:]]
    lines += _rows("also fails", [", ".join(others)] if others else [])
    lines += [] if verdict.outcome.place else _rows("open", [place(name)])
    return "\n".join([*lines, *advice(report)])


def unwritten(report):
    """The message on an exercise that is blank, or needs one that is."""
    name, blank = report.exercise.name, report.blank
    file, line, _ = report.failed[0].outcome.place
    begun = f" ({report.points}/{report.total} points so far)" if report.points else ""
    if report.status == "blocked":
        return f"✘ {name} needs {blank}, which is not written yet: first open {file}, line {line}"
    return f"✘ {name} is not written yet{begun}: open {file}, line {line}"


def hint(report):
    """Lines with the hint that stands above what is not written; none where something is."""
    if not report.blank:
        return []
    stop = report.failed[0].outcome.place
    line = stop[1] if stop else region_line(report.blank)
    return _rows("hint", textwrap.wrap(hint_of(report.blank, line), 84))


def place(exercise):
    """Where the student writes an exercise."""
    return f"{shown(file_of(exercise))}, line {region_line(exercise)}"


def _rows(label, texts):
    """Lines under a label that stands before the first of them."""
    return [f"  {label if i == 0 else '':<10} {text}" for i, text in enumerate(texts)]


def _stopped(outcome):
    lines = _rows("stopped", [outcome.error])
    lines += _rows("at", [_spelled(outcome.place)] if outcome.place else [])
    if outcome.call and outcome.call != outcome.place:
        lines += _rows("called at", [_spelled(outcome.call)])
    return lines


def _spelled(place):
    file, line, source = place
    return f"{file}, line {line}" + (f":  {source}" if source else "")


def _wrong(verdict):
    lines = _rows("changed", [f"{sentence}; work on a copy" for sentence in verdict.outcome.writes])
    for finding in verdict.findings[:1]:
        lines += _rows("wrong", [finding.name, *finding.lines])
    others = [finding.name for finding in verdict.findings[1:]]
    lines += _rows("also wrong", [", ".join(others)] if others else [])
    return lines + _rows("right", [", ".join(verdict.right)] if verdict.right else [])


def _looks_like(report, verdict):
    """Recorded causes first, then what the numbers say."""
    hints = report.causes[:3] + [f.hint for f in verdict.findings[:1] if f.hint]
    return hints or ([] if verdict.outcome.error or verdict.outcome.writes else [NO_LOOK_ALIKE])
