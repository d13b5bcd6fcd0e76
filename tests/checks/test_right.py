"""Solutions that are right pass, whatever they look like and whatever the seed."""

import numpy as np
import pytest

from cs231n.checks.cases import CASES, EXERCISES, cases_of
from cs231n.checks.judge import judge
from cs231n.checks.package import local
from cs231n.checks.runner import run
from tests.right import RIGHT


def verdicts(exercise, overrides, seed):
    for case in cases_of(exercise):
        want = {k: np.asarray(v) for k, v in run(case, local(), seed).arrays.items()}
        yield judge(case, run(case, local(overrides), seed), want)


def label(entry):
    return f"{entry.exercise}-{RIGHT.index(entry)}"


@pytest.mark.parametrize("seed", [231, 7])
@pytest.mark.parametrize("entry", RIGHT, ids=label)
def test_right_but_different_passes(entry, seed):
    for verdict in verdicts(entry.exercise, entry.overrides, seed):
        assert verdict.passed, (verdict.case.name, verdict.outcome, verdict.findings)


def test_every_exercise_has_a_solution_of_another_kind():
    assert {entry.exercise for entry in RIGHT} == set(EXERCISES)


@pytest.mark.parametrize("seed", [1, 22, 333, 4444, 55555])
def test_the_solved_package_passes_on_any_seed_twice(seed):
    for name in EXERCISES:
        assert all(verdict.passed for verdict in verdicts(name, {}, seed)), name


def test_a_case_is_the_same_twice():
    for case in CASES.values():
        first, second = (run(case, local(), 3).arrays for _ in range(2))
        assert all(np.array_equal(first[name], second[name]) for name in first), case.name


def test_a_seed_changes_every_case():
    for case in CASES.values():
        one, other = (run(case, local(), seed).arrays for seed in (1, 2))
        assert any(not np.array_equal(one[name], other[name]) for name in one), case.name
