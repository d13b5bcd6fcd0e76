"""Records what the checks hold results against: right arrays, and what mistakes look like."""

import warnings

import numpy as np

from cs231n.checks import answers
from cs231n.checks.cases import CASES, EXERCISES
from cs231n.checks.fingerprints import alike
from cs231n.checks.judge import judge
from cs231n.checks.package import local
from cs231n.checks.report import examine
from cs231n.checks.runner import PUBLIC_SEED, Outcome, run
from kit import KitError
from tests.wrong import WRONG


def record(path=answers.ANSWERS):
    """Run every case on the solved package and on every wrong solution, and keep the results.

    What is within its case's limit of the recording stays as it was, so that another machine's
    rounding makes no change; the file is written only where something did change.

    Returns what changed: names of cases, and "mistakes in" an exercise. Raises KitError where the
    solved package stops, or where a wrong solution passes.
    """
    new, old = computed(), _recorded(path)
    changed = changes(new, old)
    if changed:
        for name in new["cases"].keys() - set(changed):
            new["cases"][name] = old["cases"][name]
        for name in new["mistakes"]:
            if f"mistakes in {name}" not in changed:
                new["mistakes"][name] = old["mistakes"][name]
        answers.save(new, path)
    return changed


def stale(path=answers.ANSWERS):
    """What `record` would change, without changing it; the same errors."""
    return changes(computed(), _recorded(path))


def computed():
    """A fresh recording; see checks.answers.load for its form. Raises KitError as `record` does."""
    for wrong in WRONG:
        if wrong.exercise not in EXERCISES:
            raise KitError(f"tests/wrong: {wrong.cause!r} is of {wrong.exercise!r}, no exercise")
    cases = right_arrays(PUBLIC_SEED)
    found = {exercise: mistakes(exercise, PUBLIC_SEED, cases) for exercise in EXERCISES}
    return {"seed": PUBLIC_SEED, "cases": cases, "mistakes": found}


def right_arrays(seed):
    """Case -> name -> array, as the solved package in this process computes them.

    Raises KitError where it stops.
    """
    return {name: _right(case, seed) for name, case in CASES.items()}


def mistakes(exercise, seed, cases, *, lenient=False):
    """What the known mistakes in an exercise look like: a list of {"cause", "signature"}.

    Inputs:
    - exercise: Its name
    - seed: Of the cases' random numbers
    - cases: right_arrays(seed)
    - lenient: Leave out mistakes that no case refuses with this seed, which else is a KitError
    """
    recorded, found = {"seed": seed, "cases": cases, "mistakes": {}}, []
    for wrong in WRONG:
        if wrong.exercise == exercise:
            traces = _traces(wrong, recorded)
            if traces or not lenient:
                found.append({"cause": wrong.cause, "signature": _require(traces, wrong)})
    return found


def changes(new, old):
    """What differs between two recordings beyond the limits, as `record` returns it."""
    changed = [name for name, arrays in new["cases"].items() if not _same(name, arrays, old)]
    changed += [name for name in old["cases"] if name not in new["cases"]]
    for exercise in new["mistakes"] | old["mistakes"]:
        pair = [recording["mistakes"].get(exercise) for recording in (new, old)]
        if None in pair or not _same_mistakes(*pair):
            changed.append(f"mistakes in {exercise}")
    return changed


def _recorded(path):
    try:
        return answers.load(path)
    except FileNotFoundError:
        return {"cases": {}, "mistakes": {}}


def _right(case, seed):
    outcome = run(case, local(), seed)
    trouble = outcome.error or outcome.blank or "; ".join(outcome.writes)
    if trouble:
        raise KitError(f"case {case.name} fails on the solved package: {trouble}")
    return {name: np.asarray(value) for name, value in outcome.arrays.items()}


def _traces(wrong, recorded):
    resolve = local({wrong.target: wrong.solution})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = examine(EXERCISES[wrong.exercise], resolve, recorded)
    return {key: value for verdict in report.failed for key, value in verdict.signature.items()}


def _require(traces, wrong):
    if not traces:
        raise KitError(f"{wrong.exercise}: no case refuses the mistake {wrong.cause!r}")
    return traces


def _same(name, arrays, old):
    """Whether the judge takes new arrays for the recorded ones."""
    want = old["cases"].get(name)
    if want is None:
        return False
    verdict = judge(CASES[name], Outcome(arrays=arrays), want)
    return verdict.passed and not verdict.advice


def _same_mistakes(new, old):
    """Whether two lists hold the same causes, each with the same traces up to rounding."""
    outlines = [[(m["cause"], list(m["signature"])) for m in mistakes] for mistakes in (new, old)]
    return outlines[0] == outlines[1] and all(
        alike(trace, before["signature"][key])
        for after, before in zip(new, old, strict=True)
        for key, trace in after["signature"].items()
    )
