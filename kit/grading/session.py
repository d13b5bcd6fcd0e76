"""Runs cases on one package in children, one after the other as they die."""

import time

from cs231n.checks.runner import Outcome, run

from .inside.errors import Failure, Gone
from .material import module_of
from .process import Dead, Late, Process
from .remote import Resolver, Shapes

STARTS = 25  # children for one submission and set of stand-ins


class Session:
    """A submission's package at work.

    Inputs:
    - setting: A Setting, which says how children are started
    - theirs: Path -> text of the files that were handed in
    - deadline: On time.monotonic()'s clock
    - fatal: Module -> what ended the child that imported it; found here, for others to know
    - stand_ins: Contract names and methods that the parent answers for; see carry_on
    - serve: What answers for them
    """

    def __init__(self, setting, theirs, deadline, fatal, stand_ins=(), serve=None):
        self._setting, self._theirs, self._deadline = setting, theirs, deadline
        self._stand_ins, self._serve = tuple(stand_ins), serve
        self._child, self._starts, self._fatal, self.broken = None, 0, fatal, {}
        self.shapes = Shapes()
        self.admit = lambda array: self.shapes.admit(array)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def run(self, case, seed, shapes):
        """The Outcome of a case; the child's death or silence is one too."""
        self.shapes = shapes
        try:
            self.ready().forget()
        except (Gone, Failure) as error:  # it can raise where nothing of its own was to run
            self.close()
            return Outcome(error=str(error), kind=error.kind)
        outcome = run(case, self._resolve, seed)
        if self._child.link.gone or outcome.kind == "WrongShape":
            self.close()
        return outcome

    @property
    def _resolve(self):
        return Resolver(self._child.link, self._fatal, self._setting.material.home)

    def ready(self):
        """The child, its package loaded; raises Gone where none can be had."""
        while self._child is None:
            if self._starts == STARTS:
                raise Dead(f"the process ended {STARTS} times; it was not started again")
            if time.monotonic() > self._deadline:
                raise Late("the time for the whole submission is used up")
            self._starts += 1
            self._start()
        return self._child

    def _start(self):
        """Start a child; where a file ends it while it is imported, go on without that file."""
        setting, material = self._setting, self._setting.material
        theirs = {p: t for p, t in self._theirs.items() if module_of(p) not in self._fatal}
        files = (material.given, theirs, material.blank, material.names)
        self._child = Process(*setting.command, setting.limits, self._deadline, self._serve)
        child = self._child
        try:
            limits = setting.limits.of_process()
            child.ask("start", files, limits, self._stand_ins, material.layout)
        except Gone as error:
            said = child.said()
            self.close()
            raise setting.no_child(said or str(error)) from None
        try:
            child.forget()
            told = child.ask("load", [module_of(path) for path in material.blank])
            self.broken = told if isinstance(told, dict) else {}
        except (Gone, Failure) as error:
            fault = child.link.noted
            self.close()
            paths = [path for path in theirs if module_of(path) == fault]
            if not paths:
                raise
            self._fatal[fault] = (error.kind, f"while {paths[0]} was imported, {error}", None)
            return
        child.link.table.admit = self.admit

    def close(self):
        """End the child that runs, if any."""
        if self._child is not None:
            self._child.close()
        self._child = None
