"""Points go to what is right, whatever stands beside it, and nothing ends but the submission."""

import json
import time
import warnings

import numpy as np
import pytest

from cs231n.checks.cases import CASES, EXERCISES
from kit.grading.marking import Marking
from kit.grading.sandbox import Limits
from tests.kit.grading.submissions import entries, solved, with_entry
from tests.right import RIGHT
from tests.wrong import WRONG


def checks(setting, theirs, only=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Marking(setting, theirs, only).checks()


def lost(found):
    return {check["exercise"] for check in found if not check["passed"]}


def sample(table):
    """The first entry of each exercise."""
    taken = {}
    for entry, module, number in entries(table):
        taken.setdefault(entry.exercise, (entry, module, number))
    return [*taken.values()]


def label(value):
    return getattr(value, "exercise", str(value))


def test_the_solved_source_has_all_points_and_its_blank_none(setting):
    found = checks(setting, solved(setting))
    assert [check["name"] for check in found] == [case.name for case in setting.material.cases]
    assert all(check["passed"] and check["points"] == check["worth"] for check in found)
    assert not any(check["carried_on"] or check["lines"] for check in found)
    blank = checks(setting, setting.material.blank)
    assert sum(check["points"] for check in blank) == 0
    assert {check["status"] for check in blank} == {"blank"}
    assert checks(setting, {}) == blank


@pytest.mark.parametrize("entry, module, number", sample(WRONG), ids=label)
def test_a_mistake_costs_its_own_exercise_only(setting, entry, module, number):
    found = checks(setting, with_entry(setting, module, number, [entry.target]))
    assert lost(found) == {entry.exercise}
    hints = {check["hint"] for check in found if not check["passed"]}
    assert any(entry.cause in hint for hint in hints)


@pytest.mark.parametrize("entry, module, number", sample(RIGHT), ids=label)
def test_right_but_different_has_full_marks(setting, entry, module, number):
    found = checks(setting, with_entry(setting, module, number, [*entry.overrides]))
    assert entry.exercise not in lost(found)


def replaced(setting, path, code):
    """The solved files with a few lines at the end of one."""
    files = solved(setting)
    files[f"cs231n/{path}.py"] += f"\n\n{code}\n"
    return files


AFFINE = {"affine_forward", "affine_backward"}
BROKEN = {
    "a syntax error": ("layers/affine", "def affine_forward(", AFFINE, "error"),
    "an import that fails": ("layers/affine", "import no_such_library", AFFINE, "error"),
    "an exit": ("layers/affine", "raise SystemExit(0)", AFFINE, "error"),
    "an end of the process": ("layers/affine", "import os; os._exit(0)", AFFINE, "killed"),
    "endless": ("layers/affine", "while True: pass", AFFINE, "timeout"),
    "a crash": (
        "layers/affine",
        "import ctypes\ndef affine_forward(x, w, b): ctypes.string_at(0)",
        {"affine_forward"},
        "killed",
    ),
    "an endless function": (
        "layers/affine",
        "def affine_forward(x, w, b):\n    while True: pass",
        {"affine_forward"},
        "timeout",
    ),
    "a deleted function": ("layers/affine", "del affine_forward", {"affine_forward"}, "blank"),
    "None": ("optim", "def adam(w, dw, config=None): pass", {"adam"}, "error"),
    "NaN": ("optim", "def adam(w, dw, config=None): return w * np.nan, {}", {"adam"}, "failed"),
    "another type": (
        "layers/activations",
        "class Same(np.ndarray):\n    def __eq__(self, other): return True\n"
        "def relu_forward(x): return x.astype(complex).view(Same), x",
        {"relu_forward"},
        "failed",
    ),
    "too large": (
        "layers/activations",
        "def relu_forward(x): return np.zeros((6000, 4, 2)), x",
        {"relu_forward"},
        "error",
    ),
    "writes into x": (
        "layers/activations",
        "def relu_forward(x):\n    np.maximum(x, 0, out=x)\n    return x, x > 0\n"
        "def relu_backward(dout, cache): return dout * cache",
        {"relu_forward"},
        "failed",
    ),
    "prints for ever": (
        "layers/activations",
        "def relu_forward(x):\n    while True: print('x' * 9999)",
        {"relu_forward"},
        "timeout",
    ),
    "a library that draws": ("optim", "import matplotlib.pyplot as plt\nplt.plot(1)", set(), ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def hasty(setting):
    """The setting with a second and a half for a call."""
    return setting.varied(limits=Limits(call=1.5))


@pytest.mark.parametrize("path, code, exercises, status", BROKEN.values(), ids=BROKEN)
def test_what_is_broken_costs_its_own_points_only(hasty, path, code, exercises, status):
    found = checks(hasty, replaced(hasty, path, code))
    assert lost(found) == exercises
    assert {check["status"] for check in found if not check["passed"]} <= {status}


def test_a_message_says_where_and_no_hidden_number(setting):
    code = "def adam(w, dw, config=None): raise ValueError(f'w is {w[0, 0]!r}')"
    found = next(
        c for c in checks(setting, replaced(setting, "optim", code)) if c["status"] == "error"
    )
    assert found["lines"][0].startswith("ValueError: w is")
    assert "…" in found["lines"][0]
    assert found["lines"][1].startswith("cs231n/optim.py, line ")


def test_no_right_number_is_told(setting):
    """What is told of a wrong result holds none of the numbers that were wanted."""
    entry, module, number = next(
        row for row in entries(WRONG) if row[0].exercise == "affine_forward"
    )
    found = checks(setting, with_entry(setting, module, number, [entry.target]))
    text = json.dumps(found)
    for case in (c for c in CASES.values() if c.exercise == "affine_forward"):
        for array in setting.expected[case.name].values():
            assert not any(f"{value:.6g}" in text for value in np.ravel(array))


def test_a_wrong_need_is_stood_in_for_but_not_the_exercise_beside_it(setting):
    """Nobody earns points by handing in a call of the function that is stood in for."""
    files = replaced(
        setting,
        "layers/normalization",
        "def batchnorm_forward(x, gamma, beta, bn_param): return x, None\n"
        "def batchnorm_backward(dout, cache): raise NotImplementedError('batchnorm_backward')\n"
        "def batchnorm_backward_alt(dout, cache): return batchnorm_backward(dout, cache)",
    )
    found = checks(setting, files)
    assert {"batchnorm_forward", "batchnorm_backward", "batchnorm_backward_alt"} <= lost(found)
    assert any(check["carried_on"] for check in found)


def test_the_time_for_a_submission_is_kept(setting):
    brief = setting.varied(limits=Limits(call=1.0, submission=3.0))
    names = {name.partition(".")[0] for name in EXERCISES}
    files = {path: text + _endless(text, names) for path, text in solved(setting).items()}
    started = time.monotonic()
    marking = Marking(brief, files)
    found = marking.checks()
    assert time.monotonic() - started < 9
    assert marking.late
    assert not any(check["passed"] for check in found)


def _endless(text, names):
    here = [name for name in names if f"def {name}(" in text or f"class {name}:" in text]
    return "".join(f"\ndef {name}(*a, **k):\n    while True: pass\n" for name in here)
