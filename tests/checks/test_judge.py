"""The judge says no where it must, yes where it may, and names what it sees."""

import numpy as np
import pytest

from cs231n.checks.cases import Case
from cs231n.checks.fingerprints import fingerprint, matching_causes
from cs231n.checks.judge import judge, relative_error
from cs231n.checks.runner import Outcome

WANT = np.arange(1.0, 13.0).reshape(3, 4) ** 1.5
SQUARE = np.arange(1.0, 10.0).reshape(3, 3) ** 1.5


def verdict(got, want=WANT, limit=1e-7, sizes=None, inputs=None, **others):
    case = Case("toy", "toy", 1, limit, sizes or {}, lambda cs, rng: None)
    outcome = Outcome(arrays={"a": got}, inputs=inputs or {})
    for name in others:
        outcome.arrays[name] = others[name]
    return judge(case, outcome, {"a": want, **others})


def told(got, *args, **kwargs):
    """Everything the judge says of a wrong array."""
    found = verdict(got, *args, **kwargs)
    assert not found.passed and found.points == 0
    return " ".join([*found.findings[0].lines, found.findings[0].hint])


@pytest.mark.parametrize(
    "got",
    [
        WANT,
        WANT.copy(order="F"),
        WANT + 1e-9,
        WANT * (1 + 1e-9),
        np.ma.masked_array(WANT),
        WANT.astype(np.longdouble),
    ],
)
def test_right_numbers_pass(got):
    assert verdict(got).passed


@pytest.mark.parametrize(
    ("got", "want", "says"),
    [
        (None, WANT, "got None, wanted shape (3, 4)"),
        ((WANT, WANT), WANT, "a tuple of 2"),
        (WANT.tolist(), WANT, "a list of 3"),
        (WANT[:, :1], WANT, "got shape (3, 1), dtype float64 wanted shape (3, 4)"),
        (WANT[0][:, None], WANT[0], "another shape: reshape to (4,)"),
        (WANT.T, WANT, "the transpose"),
        (WANT.sum(axis=0), WANT, "over an axis too many"),
        (WANT.astype(int), WANT, "decimals were cut off"),
        (WANT.astype(complex), WANT, "complex128"),
        (WANT.astype(object), WANT, "object"),
        (WANT * np.nan, WANT, "12 of 12 numbers are NaN"),
        (np.where(WANT > 30, np.inf, WANT), WANT, "infinite"),
        (-WANT, WANT, "the sign is flipped"),
        (0 * WANT, WANT, "zeros"),
        (2 * WANT, WANT, "2 times the right numbers"),
        (WANT / 2, WANT, "1/2 times the right numbers"),
        (3 * WANT, WANT, "3 times the right numbers: a constant factor"),
        (WANT + 0.25, WANT, "off by the same 0.25 everywhere"),
        (SQUARE.T, SQUARE, "the transpose"),
        (WANT.reshape(3, 2, 2).swapaxes(1, 2).reshape(3, 4), WANT, "in another order"),
        (np.where(WANT > 20, -WANT, WANT), WANT, "right but for some signs"),
        (WANT * [[1], [0], [0]], WANT, "only row 0 is right, of 3"),
        (np.where(WANT[1, 2] == WANT, 0, WANT), WANT, "1 of 12 wrong, first at [1, 2]: got 0, "),
        (np.float64(1.5), np.float64(2.5), "1 of 1 wrong, first: got 1.5, wanted 2.5"),
        (np.ones((2, 4, 3)), np.ones((2, 5, 4)), "sizes that are off by one"),
        (np.zeros((2, 4, 5)), np.ones((2, 5, 4)), "axes or operands in another order"),
        (np.ones((2, 2, 5)), np.ones((2, 3, 5)), "a size taken from another array or axis"),
    ],
)
def test_a_wrong_array_is_refused_and_described(got, want, says):
    assert says in told(got, want)


def test_factors_are_named_by_the_sizes_of_the_case():
    assert "N = 7" in told(7 * WANT, sizes={"N": 7})
    assert "a sum where the mean over the batch belongs" in told(7 * WANT, sizes={"N": 7})
    assert "divided by the batch size once too often" in told(WANT / 7, sizes={"N": 7})


@pytest.mark.parametrize(
    ("failed", "causes"),
    [
        ({"wide: error": "ValueError"}, ["too wide"]),
        ({"wide: error": "KeyError"}, []),
        ({"wide: error": "ValueError", "high: error": "ValueError"}, []),
    ],
)
def test_an_exception_names_a_mistake_only_where_nothing_else_failed(failed, causes):
    mistakes = [{"cause": "too wide", "signature": {"wide: error": "ValueError"}}]
    assert matching_causes(failed, mistakes, {}) == causes


@pytest.mark.parametrize(
    ("high", "causes"), [("ValueError", ["too wide"]), ("TypeError", []), ("KeyError", [])]
)
def test_of_several_exceptions_each_must_be_the_same(high, causes):
    traces = {"wide: error": "ValueError", "high: error": "ValueError"}
    failed = {"wide: error": "ValueError", "high: error": high}
    assert matching_causes(failed, [{"cause": "too wide", "signature": traces}], {}) == causes


@pytest.mark.parametrize(("number", "causes"), [(2.0, ["unpadded"]), (3.0, [])])
def test_where_a_mistake_left_numbers_an_exception_alone_does_not_name_it(number, causes):
    traces = {"high.out": fingerprint(2.0), "wide: error": "ValueError"}
    failed = {"high.out": fingerprint(number), "wide: error": "ValueError"}
    assert matching_causes(failed, [{"cause": "unpadded", "signature": traces}], {}) == causes


def test_a_cause_explains_what_the_message_shows_first():
    mistakes = [{"cause": "underflow", "signature": {"far.loss": "inf"}}]
    assert matching_causes({"far.loss": "inf"}, mistakes, {}) == ["underflow"]
    assert matching_causes({"near.loss": "-1", "far.loss": "inf"}, mistakes, {}) == []


def test_what_was_written_into_counts_as_shown_first():
    mistakes = [{"cause": "in place", "signature": {"near: writes": ["x"]}}]
    assert matching_causes({"near.out": "1", "near: writes": ["x"]}, mistakes, {}) == ["in place"]


def test_an_array_that_is_another_one_is_recognised():
    other = np.cos(WANT)
    assert "these are the numbers of b" in told(other, b=other)
    assert "this is dout, handed on unchanged" in told(other, inputs={"dout": other})


@pytest.mark.parametrize(
    ("got", "passes"), [(1 + 0.9e-3, True), (1 + 1.1e-3, False), (np.nan, False), (np.inf, False)]
)
def test_the_limit_is_where_it_says(got, passes):
    assert verdict(np.array([0.0, got]), np.array([0.0, 1.0]), limit=1e-3).passed is passes


def test_error_is_relative_to_the_largest_value_and_zero_is_no_trap():
    assert relative_error([1e-9, 100.0], [0.0, 100.0]) == pytest.approx(1e-11)
    assert relative_error(np.full(3, 1e-17), np.zeros(3)) < 1e-9
    assert relative_error(np.empty((0, 3)), np.empty((0, 3))) == 0
    assert not relative_error([np.nan], [1.0]) <= 1e9


def test_an_array_that_equals_everything_does_not():
    class Agreeable(np.ndarray):
        def __eq__(self, other):
            return True

        def __sub__(self, other):
            return np.zeros(self.shape)

        __rsub__ = __sub__

    assert not verdict((WANT + 1).view(Agreeable)).passed


def test_single_precision_where_double_came_in_is_refused():
    rounded = WANT.astype(np.float32)
    assert relative_error(rounded, WANT) < 1e-7
    assert "digits are lost: float32 where float64 came in" in told(rounded)
    assert verdict(np.float64(1.5), np.float32(1.5)).passed


def test_double_precision_where_single_would_do_is_advice():
    found = verdict(WANT, WANT.astype(np.float32), limit=1e-5)
    assert found.passed
    assert "a is float64 where the input is float32" in found.advice[0]


def test_a_count_may_be_a_float():
    assert verdict(np.float64(4), np.int64(4)).passed
    assert not verdict(np.float64(5), np.int64(4)).passed


def test_names_are_compared_as_names():
    want = np.array(["W1 (2, 3)", "b1 (3,)"])
    assert verdict(want, want).passed
    assert "missing: b1 (3,)" in told(want[:1], want)
    assert "not wanted: b2 (1,)" in told(np.array([*want, "b2 (1,)"]), want)
