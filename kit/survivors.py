"""Runs the checks on every mutant of the package, and says which mutants no check refuses."""

import contextlib
import importlib
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cs231n.checks import answers
from cs231n.checks.cases import EXERCISES, cases_of
from cs231n.checks.judge import judge
from cs231n.checks.package import local
from cs231n.checks.runner import run
from kit import KitError, manifest
from kit.mutants import mutants

STEPS = 1_000_000  # lines and calls in one case; the solved package needs a tenth of it at most


class TooManySteps(Exception):
    """A mutant that would perhaps never end."""


@dataclass
class Result:
    """What became of one file's mutants: all of them, and those that no check refused."""

    path: object
    mutants: list
    survivors: list


def examine(path, root=manifest.ROOT, exercises=EXERCISES):
    """Run the checks on every mutant of one shipped file.

    Inputs:
    - path: Of the file, relative to the root
    - root: The solved source; the checks' package is the one that is imported
    - exercises: Names of the exercises whose regions are changed; all by default

    Returns a Result. Raises KitError for a region that is no exercise.
    """
    text = (Path(root) / path).read_text(encoding="utf-8")
    found = [mutant for mutant in mutants(text) if _known(mutant, path) in exercises]
    module, recorded = module_of(path), answers.load()
    survivors = [mutant for mutant in found if survives(mutant, module, recorded)]
    return Result(path, found, survivors)


def module_of(path):
    """The imported module of a file, whose path is relative to the root."""
    return importlib.import_module(".".join(Path(path).with_suffix("").parts))


def files(root=manifest.ROOT):
    """The shipped modules that hold solution regions, relative to the root."""
    return [path for path in manifest.editable(root) if path.suffix == ".py"]


def survives(mutant, module, recorded, cases=None):
    """Whether every case lets a mutant pass: those of its exercise, then of what needs it.

    Inputs:
    - mutant: A kit.mutants.Mutant
    - module: The imported module whose text was changed
    - recorded: the recording, as checks.answers.load gives it
    - cases: List of Case to run in place of these
    """
    cases = concerned(mutant.region) if cases is None else cases
    code = _code(compile(mutant.text, module.__file__, "exec"), mutant.region)
    with _in_place(_function(module, mutant.region), code), _quiet():
        return all(_passes(case, recorded) for case in cases)


def concerned(region):
    """The cases that run a region's code, its own exercise's first."""
    needing = [name for name, exercise in EXERCISES.items() if region in exercise.needs]
    return [case for name in [region, *needing] for case in cases_of(name)]


def _known(mutant, path):
    if mutant.region not in EXERCISES:
        raise KitError(f"{path}:{mutant.line}: no check is called {mutant.region!r}")
    return mutant.region


def _function(module, region):
    """The function that a region's name stands for."""
    found = module
    for name in region.split("."):
        found = getattr(found, name)
    return found


def _code(code, region):
    """The compiled body of a function, found by its dotted name."""
    for name in region.split("."):
        code = next(c for c in code.co_consts if getattr(c, "co_name", "") == name)
    return code


@contextlib.contextmanager
def _in_place(function, code):
    """Let everybody who holds the function run another body; a body that loops is stopped."""
    solved, tracer = function.__code__, sys.gettrace()
    function.__code__ = code
    try:
        yield
    finally:
        function.__code__ = solved
        sys.settrace(tracer)


@contextlib.contextmanager
def _quiet():
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _passes(case, recorded):
    """Whether a case finds nothing wrong, within the steps that it may take."""
    sys.settrace(_counter())
    outcome = run(case, local(), recorded["seed"])
    sys.settrace(None)
    return judge(case, outcome, recorded["cases"][case.name]).passed


def _counter():
    """A trace function that raises after too many steps, wherever they are taken."""
    steps = 0

    def count(frame, event, arg):
        nonlocal steps
        steps += 1
        if steps > STEPS:
            raise TooManySteps(f"stopped after {STEPS} steps; does it end?")
        return count

    return count
