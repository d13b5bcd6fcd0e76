"""Update rules: against formulas written out in plain Python numbers, over many steps."""

import math

import numpy as np
import pytest

from cs231n import optim


def scalar_sgd(w, g, s, t):
    return w - 1e-2 * g


def scalar_sgd_momentum(w, g, s, t):
    s["v"] = 0.9 * s.get("v", 0) - 1e-2 * g
    return w + s["v"]


def scalar_rmsprop(w, g, s, t):
    s["c"] = 0.99 * s.get("c", 0) + 0.01 * g * g
    return w - 1e-2 * g / (math.sqrt(s["c"]) + 1e-8)


def scalar_adam(w, g, s, t):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g * g
    return w - 1e-3 * s["m"] / (1 - 0.9**t) / (math.sqrt(s["v"] / (1 - 0.999**t)) + 1e-8)


def scalar_adagrad(w, g, s, t):
    s["c"] = s.get("c", 0) + g * g
    return w - 1e-2 * g / (math.sqrt(s["c"]) + 1e-8)


@pytest.mark.parametrize("rule", sorted(optim.RULES))
def test_five_steps_from_nothing_by_the_formula(rule):
    w, config, state = np.array([[0.7, -1.2]]), None, [{}, {}]
    expected = [0.7, -1.2]
    for t in range(1, 6):
        gradient = [math.sin(t), 0.3 * t]
        w, config = optim.RULES[rule](w, np.array([gradient]), config)
        expected = [
            globals()[f"scalar_{rule}"](*each, t)
            for each in zip(expected, gradient, state, strict=True)
        ]
    np.testing.assert_allclose(w, [expected], rtol=1e-12)


@pytest.mark.parametrize("rule", sorted(optim.RULES))
def test_float32_stays_and_arguments_are_left_alone(rule):
    w, dw = np.ones((3, 2), np.float32), np.full((3, 2), 0.5, np.float32)
    config = {"learning_rate": np.float64(1e-2)}
    next_w, returned = optim.RULES[rule](w, dw, config)
    assert next_w.dtype == np.float32 and returned is config
    assert all(v.dtype == np.float32 for v in config.values() if isinstance(v, np.ndarray))
    assert (w == 1).all() and (dw == 0.5).all() and not np.shares_memory(next_w, w)


@pytest.mark.parametrize("rule", sorted(optim.RULES))
def test_a_gradient_of_another_shape_is_refused(rule):
    with pytest.raises(ValueError, match=r"shape of w, \(3,\), but has shape \(2,\)"):
        optim.RULES[rule](np.ones(3), np.ones(2))
