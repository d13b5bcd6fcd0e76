"""What a person reads of a check: where a notebook stops, and which questions are open."""

import textwrap

from cs231n.questions import anchor

LINES = 10  # of one message
FURTHER = 3  # failures beyond the first, one line each
WIDTH = 100


def of_run(name, run):
    """Lines on one notebook that was run.

    Inputs:
    - name: Its path, as shown
    - run: A cs231n.replay.check.Run
    """
    seconds = f"{run.seconds:.0f} s"
    if not run.failures:
        return [f"{name}: runs through, {run.cells} cells in {seconds}"]
    first, *others = run.failures
    lines = [f"{name}: stops at {_cell(first)}, which begins"]
    lines += [f"      {_shortened(first.line)}"]
    lines += [f"  {line}" for line in _reason(first)]
    return lines + [f"  {line}" for line in _others(first, others)]


def of_answers(name, answers):
    """Lines on the questions of one notebook: what is open, then advice.

    Inputs:
    - name: The notebook's path, as shown
    - answers: List of cs231n.questions.Answer
    """
    missing = [answer for answer in answers if answer.status == "unanswered"]
    number = len(answers)
    if not answers:
        return []
    if not missing:
        lines = [f"{name}: all {number} questions are answered"]
    else:
        names = ", ".join(answer.question.id for answer in missing)
        line = anchor(missing[0].question.id)
        lines = [f"{name}: {len(missing)} of {number} questions are unanswered: {names}"]
        lines += [f"  write below the line {line} in the notebook, and save it"]
    return lines + [line for answer in answers for line in _advice(answer)]


def _advice(answer):
    if answer.status == "duplicated":
        return [f"  {answer.question.id}: {answer.found}; keep one of them"]
    if answer.status == "recovered":
        return [f"  {answer.question.id}: your answer was found {answer.found}"]
    return []


def _cell(failure):
    return f"cell [{failure.number}]" + f" {failure.id}" * bool(failure.id)


def _reason(failure):
    """The error in a few lines; the first of them says what to open."""
    where = f" ({failure.place})" if failure.place else ""
    if failure.blank:
        return [f"not written yet: {failure.blank}{where}"]
    if failure.kind == "CheckFailed":  # its message says what, where, and why perhaps
        return failure.message.splitlines()[:LINES]
    return [_shortened(f"{failure.kind}: {_first(failure.message)}") + where]


def _others(first, others):
    """The failures after the first; those that only miss a name are counted, not told."""
    if not others:
        return []
    blank = [name for name in dict.fromkeys(map(_unwritten, others)) if name]
    told = [f for f in others if f.kind != "NameError" and not _unwritten(f)]
    lines = [f"{len(others)} further cell{'s' * (len(others) > 1)} failed after it"]
    if blank and blank != [_unwritten(first)]:
        names = ", ".join(name for name in blank if name != _unwritten(first))
        lines += textwrap.wrap(
            f"not written yet, too: {names}", WIDTH, subsequent_indent="  ", break_on_hyphens=False
        )
    for failure in told[:FURTHER]:
        reason = _reason(failure)[0]
        lines.append(_shortened(f"{_cell(failure)}: {reason}"))
    return lines


def _unwritten(failure):
    """The exercise for want of which a cell failed, also where a check says so; else ""."""
    words = failure.message.split(" ")
    if failure.blank or failure.kind != "CheckFailed" or "not written yet" not in failure.message:
        return failure.blank
    return words[3].rstrip(",") if words[2:3] == ["needs"] else words[1]


def _first(message):
    return next((line for line in message.splitlines() if line.strip()), "no message")


def _shortened(text):
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
