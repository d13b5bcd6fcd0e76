"""Marks one submission: runs its cases, judges them here, adds up its points."""

import time
import warnings

import numpy as np

from cs231n.checks.cases import EXERCISES
from cs231n.checks.judge import causes_of, judge
from cs231n.checks.runner import Outcome

from .carry_on import StandIns, failed_needs
from .feedback import check_of, shown
from .inside.errors import Gone
from .material import module_of
from .remote import Shapes
from .session import Session

FATAL = ("Timeout", "Killed", "Protocol")


class Marking:
    """The checks of one submission.

    Inputs:
    - setting: A Setting
    - theirs: Path -> text of the files of the package that were handed in
    - only: Names of cases to run; all where None
    """

    def __init__(self, setting, theirs, only=None):
        self._setting, self._material, self._only = setting, setting.material, only
        self._theirs, self._fatal = {**setting.material.blank, **theirs}, {}
        self._deadline = time.monotonic() + setting.limits.submission
        self._verdicts, self._carried, self._broken = {}, set(), {}
        self.late = False  # whether the time for the whole submission was used up

    def checks(self):
        """Run everything; returns what feedback.check_of says of each case, in their order."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            self._first_run()
            self._second_run()
        self.late = time.monotonic() > self._deadline
        names = [case.name for case in self._material.cases if case.name in self._verdicts]
        return [self._check(name) for name in names]

    def troubles(self):
        """Sentences on files that cannot be imported, and that no check is of."""
        judged = {self._material.home(exercise) for exercise in self._material.exercises}
        others = [path for path in self._material.blank if module_of(path) not in judged]
        told = {path: self._broken.get(module_of(path)) for path in others}
        return [
            f"{path} cannot be imported ({shown(': '.join(w for w in words if type(w) is str))})"
            for path, words in told.items()
            if isinstance(words, tuple | list)
        ]

    def _check(self, name):
        verdict = self._verdicts[name]
        worth, exercise = self._material.worths[name], verdict.case.exercise
        known = self._setting.mistakes(exercise) if self._has_traces(exercise) else []
        causes = [] if verdict.passed else causes_of(self._of(exercise), known)
        return check_of(verdict, worth, causes, name in self._carried)

    def _has_traces(self, exercise):
        """Whether anything there could be a known mistake's; else none has to be tried."""
        return any(v.signature and v.outcome.kind not in FATAL for v in self._of(exercise))

    def _cases(self, exercise):
        return [
            c
            for c in self._material.cases_of(exercise)
            if self._only is None or c.name in self._only
        ]

    def _first_run(self):
        """Each exercise on the submission's own functions."""
        wanted = self._wanted()
        with Session(self._setting, self._theirs, self._deadline, self._fatal) as session:
            for exercise in self._material.exercises:
                fatal = [need for need in EXERCISES[exercise].needs if self._is_fatal(need)]
                for case in self._material.cases_of(exercise) if exercise in wanted else ():
                    if fatal:
                        self._verdicts[case.name] = self._waits(case, fatal[0])
                    else:
                        self._verdicts[case.name] = self._run(session, case)
            self._broken = session.broken

    def _wanted(self):
        """The exercises to run: those asked for, and what they need to be judged."""
        asked = [e for e in self._material.exercises if self._cases(e)]
        return {*asked, *(need for e in asked for need in self._material.needs(e))}

    def _run(self, session, case, axes=0):
        setting = self._setting
        shapes = Shapes(setting.shapes[case.name].seen, axes)
        outcome = session.run(case, setting.seed, shapes)
        return judge(case, outcome, setting.expected[case.name])

    def _second_run(self):
        """What failed and needs what failed, with right functions in the place of its needs.

        An exercise that passes so is right itself, and stands on its own for those that follow.
        """
        exercises = self._material.exercises
        failed = {e for e in exercises if any(not v.passed for v in self._of(e))}
        failed |= {*self._material.not_asked}  # it may be missing, which is no mistake
        with StandIns(self._setting, self._theirs, self._deadline, self._fatal) as stand_ins:
            for exercise in exercises:
                needs = self._material.needs(exercise) if exercise in failed else ()
                names = self._material.stand_ins(failed_needs(needs, failed))
                if names and self._cases(exercise) and not self._unwritten(exercise):
                    self._carry_on(stand_ins, names, exercise)
                    if all(verdict.passed for verdict in self._of(exercise)):
                        failed.discard(exercise)

    def _carry_on(self, stand_ins, names, exercise):
        for case in self._cases(exercise):
            verdict = self._verdicts[case.name]
            if verdict.passed:
                continue
            if _only_needs_write(verdict, names):
                verdict.outcome.writes.clear()
                self._carried.add(case.name)
                continue
            try:
                verdict = self._run(stand_ins.session(names, exercise), case, axes=4)
            except Gone:  # the child of the right functions, on arguments that are too much for it
                return
            if verdict.passed:
                self._verdicts[case.name] = verdict
                self._carried.add(case.name)

    def _waits(self, case, need):
        kind = self._of(need)[0].outcome.kind
        outcome = Outcome(error=f"{need}, which it runs, ended or blocked the process", kind=kind)
        return judge(case, outcome, {})

    def _of(self, exercise):
        return [
            self._verdicts[c.name]
            for c in self._material.cases_of(exercise)
            if c.name in self._verdicts
        ]

    def _is_fatal(self, exercise):
        """Whether it cost a child in every case: then so would what needs it."""
        verdicts = self._of(exercise)
        return bool(verdicts) and all(verdict.outcome.kind in FATAL for verdict in verdicts)

    def _unwritten(self, exercise):
        """Whether there is nothing of an exercise, or its file is no use."""
        if self._material.home(exercise) in self._fatal:
            return True
        return self._material.is_unwritten(exercise, self._theirs)


def _only_needs_write(verdict, needs):
    """Whether everything is right but that what it needs wrote into its arguments."""
    outcome = verdict.outcome
    writers = {sentence.partition(" wrote into ")[0] for sentence in outcome.writes}
    return outcome.arrays is not None and not verdict.findings and writers <= {*needs}
