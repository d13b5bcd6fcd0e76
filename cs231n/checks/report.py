"""Examines exercises: runs their cases, has them judged, sums up."""

import difflib
from dataclasses import dataclass, field

from . import worth
from .cases import EXERCISES, Exercise, cases_of
from .judge import causes_of, judge
from .runner import PUBLIC_SEED, run


class Readable:
    """For exceptions that Jupyter shows as their message, without a traceback."""

    def _render_traceback_(self):
        return str(self).splitlines()


class UnknownCheck(Readable, ValueError):
    """There is no exercise of that name."""


@dataclass
class Report:
    """The verdicts on all cases of one exercise."""

    exercise: Exercise
    verdicts: list
    causes: list  # recorded mistakes that it looks like
    suspects: list = field(default_factory=list)  # exercises it runs that fail by themselves

    @property
    def failed(self):
        return [verdict for verdict in self.verdicts if not verdict.passed]

    @property
    def points(self):
        """A share of the total; half an exercise of 3 points is worth 1.5."""
        whole = sum(verdict.case.points for verdict in self.verdicts)
        return _tidy(self.total * sum(verdict.points for verdict in self.verdicts) / whole)

    @property
    def total(self):
        return worth.points(self.exercise.name)

    @property
    def blank(self):
        """The exercise that is not written yet and stops this one first, or None."""
        return self.failed[0].outcome.blank if self.failed else None

    @property
    def status(self):
        """One of "done", "wrong", "not started" and "blocked"."""
        if not self.failed:
            return "done"
        if self.blank is None:
            return "wrong"
        return "not started" if self.blank == self.exercise.name else "blocked"


def examine(exercise, resolve, recorded):
    """Run and judge all cases of an exercise on the recorded seed.

    Inputs:
    - exercise: an Exercise
    - resolve: contract name -> callable, as checks.package.local gives it
    - recorded: the recording, as checks.answers.load gives it

    Returns a Report. Raises KeyError if there is no case, or one that was never recorded.
    """
    seed, verdicts = recorded.get("seed", PUBLIC_SEED), []
    if not (cases := cases_of(exercise.name)):
        raise KeyError(f"{exercise.name} has no case; write one in cs231n/checks/cases/")
    for case in cases:
        if case.name not in recorded["cases"]:
            raise KeyError(
                f"case {case.name} has no recorded answer: python -m kit record --answers"
            )
        verdicts.append(judge(case, run(case, resolve, seed), recorded["cases"][case.name]))
    mistakes = recorded["mistakes"].get(exercise.name, [])
    return Report(exercise, verdicts, causes_of(verdicts, mistakes))


def examine_with_needs(exercise, resolve, recorded):
    """A Report that also names, where the exercise is wrong, which of its needs fail themselves.

    A need that is not written is none of them: it would have stopped the exercise.
    """
    report = examine(exercise, resolve, recorded)
    if report.status == "wrong":
        suspect(report, [examine(EXERCISES[need], resolve, recorded) for need in exercise.needs])
    return report


def suspect(report, needs):
    """Note in a Report which of its exercise's needs fail themselves, given the Reports on them."""
    report.suspects = [need.exercise.name for need in needs if need.failed and not need.blank]


def expand(names):
    """The exercises that names stand for: `TwoLayerNet` means each of its methods.

    Raises UnknownCheck, listing the known names.
    """
    found = {}
    for name in names or [""]:
        matches = [e for e in EXERCISES if e == name or e.startswith(f"{name}.")]
        if not matches:
            raise UnknownCheck(_unknown(name))
        found |= {match: EXERCISES[match] for match in matches}
    return list(found.values())


def _tidy(points):
    """Rounded to a hundredth, and whole where it is whole."""
    points = round(points, 2)
    return int(points) if points == int(points) else points


def _unknown(name):
    known = list(dict.fromkeys(exercise.split(".")[0] for exercise in EXERCISES))
    near = [exercise for exercise in known if name and exercise.startswith(str(name))]
    near = near or difflib.get_close_matches(str(name), [*known, *EXERCISES], n=1)
    what = f"no check is called {name!r}" if name else "which check? Give at least one name"
    if near:
        return f"{what}; did you mean {' or '.join(map(repr, near))}?"
    return f"{what}. There are: {', '.join(known)}"
