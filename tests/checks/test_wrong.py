"""Every wrong solution is refused, and the hint names its own mistake."""

import re
import warnings
from collections import Counter

import pytest

from cs231n.checks import answers, messages
from cs231n.checks.cases import EXERCISES
from cs231n.checks.package import local
from cs231n.checks.report import examine
from tests.wrong import WRONG

RECORDED = answers.load()


def label(wrong):
    return f"{wrong.exercise}: {wrong.cause}"


@pytest.mark.parametrize("wrong", WRONG, ids=label)
def test_a_wrong_solution_is_refused_with_its_cause(wrong):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resolve = local({wrong.target: wrong.solution})
        report = examine(EXERCISES[wrong.exercise], resolve, RECORDED)
    assert report.status == "wrong"
    assert report.causes == [wrong.cause]
    assert wrong.cause in messages.failed(report)


def test_every_exercise_has_wrong_solutions_each_with_its_own_cause():
    count = Counter(wrong.exercise for wrong in WRONG)
    assert set(count) == set(EXERCISES)
    assert min(count.values()) >= 5
    doubled = {
        key for key, n in Counter((w.exercise, w.cause, w.target) for w in WRONG).items() if n > 1
    }
    assert not doubled


def test_a_cause_is_one_readable_line():
    assert all(len(cause) <= 90 and re.fullmatch(r"[^\n]+[^.\n]", cause) for _, cause, *_ in WRONG)
