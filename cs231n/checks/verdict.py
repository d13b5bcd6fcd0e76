"""check(): the verdict on an exercise, printed when it is right and raised when it is not."""

from . import answers, messages
from .package import local
from .report import Readable, examine_with_needs, expand


class CheckFailed(Readable, AssertionError):
    """An exercise is not right yet; `report` is its Report (status, verdicts, points)."""

    def __init__(self, report):
        super().__init__(messages.failed(report))
        self.report = report


def check(*names):
    """Judge exercises: `check("affine_backward")`, `check("TwoLayerNet")` for all its methods.

    Prints a line for each exercise that is right, and stops at the first that is not.

    Raises CheckFailed, whose message says what differs and what it looks like; UnknownCheck, a
    ValueError, for a name that no exercise has.
    """
    exercises, recorded, resolve = expand(names), answers.load(), local()
    for exercise in exercises:
        report = examine_with_needs(exercise, resolve, recorded)
        if report.failed:
            raise CheckFailed(report)
        messages.say(messages.passed(report))
