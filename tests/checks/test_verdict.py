"""check() in a notebook: one line when right, a helpful message when not."""

import io
import sys

import numpy as np
import pytest

import cs231n.checks.verdict as verdict_module
from cs231n.checks import CheckFailed, UnknownCheck, check, messages
from cs231n.checks.cases import EXERCISES, cases_of
from cs231n.checks.package import local
from cs231n.checks.places import region_line


@pytest.fixture
def replaced(monkeypatch):
    """Make check() see other solutions than the package's own."""

    def replace(**overrides):
        monkeypatch.setattr(verdict_module, "local", lambda: local(overrides))

    return replace


def refused(*names):
    with pytest.raises(CheckFailed) as caught:
        check(*names)
    return str(caught.value)


def blank(name):
    def function(*args, **kwargs):
        raise NotImplementedError(name)

    return function


def test_right_prints_a_line_without_figures_that_vary(capsys):
    check("affine_backward", "relu_forward")
    assert capsys.readouterr().out == (
        "✔ affine_backward: 4/4 points, 2 cases right within 1e-07 to 1e-05\n"
        "✔ relu_forward: 1/1 points, 1 case right within 1e-07\n"
    )


def test_a_class_stands_for_its_methods(capsys):
    check("TwoLayerNet")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["TwoLayerNet.__init__:", "TwoLayerNet.loss:"]


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solved_package_is_right_and_needs_no_advice(name, capsys, recwarn):
    check(name)
    assert "advice" not in capsys.readouterr().out
    assert not recwarn.list


def test_a_terminal_without_the_sign_gets_letters(monkeypatch):
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="")
    monkeypatch.setattr(sys, "stdout", narrow)
    check("relu_forward")
    messages.say("한글 √")
    narrow.seek(0)
    assert narrow.read() == "OK relu_forward: 1/1 points, 1 case right within 1e-07\n" + (
        "\\ud55c\\uae00 root of \n"
    )


def test_wrong_says_what_where_how_much_and_why(replaced):
    def flipped(dout, cache):
        x, w, _ = cache
        return (dout @ w.T).reshape(x.shape), -x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)

    replaced(affine_backward=flipped)
    text = refused("affine_backward")
    for part in [
        "affine_backward is not right yet: 0/4 points",
        "case       affine_backward: x (4, 2, 1, 3), w (6, 5), dout (4, 5)",
        "wrong      dw",
        "shape (6, 5) and dtype float64, as wanted",
        "largest error 2.0e+00 of the largest wanted value; limit 1e-07",
        "30 of 30 wrong, first at [0, 0]: got ",
        "right      dx, db",
        "looks like the sign is flipped",
        "also fails affine_backward_square",
        f"cs231n/layers/affine.py, line {region_line('affine_backward')}",
    ]:
        assert part in text


def test_what_nobody_did_before_still_gets_a_next_step(replaced):
    replaced(relu_forward=lambda x: (np.cos(x), x))
    assert "hold it against the numeric gradient" in refused("relu_forward")


def test_an_argument_written_into_is_named(replaced):
    def backward(dout, cache):
        dout[cache < 0] = 0
        return dout.copy()

    replaced(relu_backward=backward)
    assert "relu_backward wrote into dout; work on a copy" in refused("relu_backward")


def test_not_started_names_the_line_to_open(replaced):
    replaced(relu_forward=blank("relu_forward"))
    assert "relu_forward is not written yet: open " in refused("relu_forward")
    assert "test_verdict.py, line " in refused("relu_forward")


def test_a_blank_prerequisite_comes_first(replaced):
    replaced(relu_forward=blank("relu_forward"))
    text = refused("relu_backward")
    assert "relu_backward needs relu_forward, which is not written yet: first open " in text


def test_half_of_a_method_written_keeps_its_points(replaced):
    right = local()("TwoLayerNet")

    class ScoresOnly(right):
        def loss(self, X, y=None):
            if y is None:
                return super().loss(X)
            raise NotImplementedError("TwoLayerNet.loss")

    replaced(TwoLayerNet=ScoresOnly)
    assert "not written yet (1/5 points so far)" in refused("TwoLayerNet.loss")


def test_a_wrong_prerequisite_is_pointed_at(replaced):
    replaced(relu_forward=lambda x: (x, x), relu_backward=lambda dout, cache: dout * 2)
    assert "mend first relu_forward" in refused("relu_backward")


def test_an_error_in_the_students_code_is_shown_with_its_line(replaced):
    def shapes_clash(x, w, b):
        return x @ np.ones((77, 1)), None

    replaced(affine_forward=shapes_clash)
    text = refused("affine_forward")
    assert "stopped    ValueError: matmul" in text
    assert "test_verdict.py, line " in text
    assert "return x @ np.ones((77, 1)), None" in text


@pytest.mark.parametrize(
    "error", [SystemExit(3), RecursionError("deep"), MemoryError(), KeyError(1)]
)
def test_whatever_the_students_code_raises_is_reported(replaced, error):
    def raising(x):
        raise error

    replaced(relu_forward=raising)
    assert type(error).__name__ in refused("relu_forward")


def test_a_forgotten_return_is_named(replaced):
    replaced(affine_backward=lambda dout, cache: None)
    text = refused("affine_backward")
    assert "affine_backward returned one value (None); it returns a tuple (dx, dw, db)" in text


def test_double_precision_is_advice_not_a_mistake(replaced, capsys):
    replaced(relu_backward=lambda dout, x: dout.astype(np.float64) * (x > 0))
    check("relu_backward")
    out = capsys.readouterr().out
    assert out.startswith("✔ relu_backward")
    assert "advice: dx of branch 0 is float64 where the input is float32" in out


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("affine", "did you mean 'affine_forward' or 'affine_backward'?"),
        ("sofmax_loss", "did you mean 'softmax_loss'?"),
        ("zzz", "There are: affine_forward, affine_backward, relu_forward"),
        (3, "no check is called 3"),
    ],
)
def test_an_unknown_name_lists_the_known(name, says):
    with pytest.raises(UnknownCheck) as caught:
        check(name)
    assert says in str(caught.value)


def test_no_name_at_all_lists_the_known():
    with pytest.raises(ValueError, match="Give at least one name"):
        check()


def test_jupyter_shows_the_message_alone(replaced, capsys):
    interactive = pytest.importorskip("IPython.core.interactiveshell")
    shell = interactive.InteractiveShell()
    replaced(relu_forward=blank("relu_forward"))
    shell.run_cell("from cs231n.checks import check\ncheck('relu_forward')")
    shown = capsys.readouterr()
    text = (shown.out + shown.err).strip()
    assert text.startswith("✘ relu_forward is not written yet")
    assert "Traceback" not in text


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_has_a_region_to_open(name):
    assert cases_of(name)
    assert region_line(name) > 1
