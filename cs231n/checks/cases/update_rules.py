"""Cases of the notebook FullyConnectedNets: update rules."""

import numpy as np

from .inputs import away_from_zero
from .registry import case


def one_step(rule, w, dw, config, memory):
    """One step from a given state; the memory is read from the dictionary that was passed."""
    next_w, _ = rule(w, dw, config)
    return {"next_w": next_w, **{f"config[{key!r}]": config.get(key) for key in memory}}


def five_steps(rule, rng, **settings):
    """Five steps of filters w, begun without a config, and of a bias b, begun with some settings.

    They take turns, as in a network; the returned config is handed on, and b's rate falls to 0.
    """
    w, b = rng.randn(2, 1, 3, 2), rng.randn(4)
    for other in (None, {"learning_rate": 0.3}):  # other parameters' first steps
        rule(b.copy(), away_from_zero(rng, 4), other)
    w_config, b_config = None, settings
    for rate in (0.4, 0.2, 0.1, 0.05, 0.0):
        b_config["learning_rate"] = rate
        w, w_config = rule(w, 10 * away_from_zero(rng, 2, 1, 3, 2), w_config)
        b, b_config = rule(b, 10 * away_from_zero(rng, 4), b_config)
    return {"w": w, "b": b}


def unused_weight(rule, rng):
    """A first step from config=None in float32, where one gradient is exactly 0."""
    w, dw = rng.randn(2, 3).astype(np.float32), away_from_zero(rng, 2, 3).astype(np.float32)
    dw[0, 1] = 0
    return {"next_w": rule(w, dw, None)[0]}


@case(points=2, exercise="sgd_momentum")
def sgd_momentum_step(cs, rng):
    """one step from a given velocity"""
    config = {"learning_rate": 0.1, "momentum": 0.7, "velocity": rng.randn(3, 4)}
    return one_step(cs.sgd_momentum, rng.randn(3, 4), rng.randn(3, 4), config, ["velocity"])


@case(points=1, exercise="sgd_momentum")
def sgd_momentum_five_steps(cs, rng):
    """five steps of w from config=None, and of b with momentum=0"""
    return five_steps(cs.sgd_momentum, rng, momentum=0.0)


@case(points=2, exercise="rmsprop")
def rmsprop_step(cs, rng):
    """one step from a given cache, epsilon=0.05"""
    config = {"learning_rate": 0.1, "decay_rate": 0.8, "epsilon": 0.05, "cache": rng.rand(3, 4)}
    return one_step(cs.rmsprop, rng.randn(3, 4), rng.randn(3, 4), config, ["cache"])


@case(points=1, exercise="rmsprop")
def rmsprop_five_steps(cs, rng):
    """five steps of w from config=None, and of b with decay_rate=0"""
    return five_steps(cs.rmsprop, rng, decay_rate=0.0)


@case(points=1, exercise="rmsprop", limit=1e-5)
def rmsprop_unused_weight(cs, rng):
    """first step, float32, one gradient exactly 0"""
    return unused_weight(cs.rmsprop, rng)


def adam_config(rng, **settings):
    """A state in the middle of training. Its v is far from 0."""
    state = {"m": rng.randn(3, 4), "v": 0.2 + rng.rand(3, 4)}
    return {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.9, **settings, **state}


# Adam's limits leave room for epsilon beside the corrected or the uncorrected root of v: both are
# published. They agree where epsilon is tiny, and after so many steps that nothing is corrected.
@case(points=2, exercise="adam", limit=1e-6)
def adam_step(cs, rng):
    """one step from given m, v and t=3"""
    config = adam_config(rng, t=3)
    return one_step(cs.adam, rng.randn(3, 4), rng.randn(3, 4), config, ["m", "v", "t"])


@case(points=1, exercise="adam", limit=1e-6)
def adam_epsilon(cs, rng):
    """one step at t=500, epsilon=0.05; another at t=1"""
    config = adam_config(rng, t=500, epsilon=0.05)
    found = one_step(cs.adam, rng.randn(3, 4), rng.randn(3, 4), config, ["m", "v"])
    return found | {"how often epsilon is added, t=1": early_epsilon(cs.adam, rng)}


def early_epsilon(adam, rng):
    """What stands beside the corrected root of v, in units of epsilon: 1, or 1.25 as published."""
    w, dw = rng.randn(3, 4), away_from_zero(rng, 3, 4)
    config = adam_config(rng, t=1, beta2=0.6, epsilon=0.05)
    m = (0.8 * config["m"] + 0.2 * dw) / (1 - 0.8**2)
    v = (0.6 * config["v"] + 0.4 * dw**2) / (1 - 0.6**2)
    with np.errstate(all="ignore"):
        return np.round((0.1 * m / (w - adam(w.copy(), dw, config)[0]) - np.sqrt(v)) / 0.05)


@case(points=2, exercise="adam", limit=1e-6)
def adam_five_steps(cs, rng):
    """five steps of w from config=None, and of b with beta1=0"""
    return five_steps(cs.adam, rng, beta1=0.0)


@case(points=1, exercise="adam", limit=1e-5)
def adam_unused_weight(cs, rng):
    """first step, float32, one gradient exactly 0"""
    return unused_weight(cs.adam, rng)


@case(points=2, exercise="adagrad")
def adagrad_step(cs, rng):
    """one step from a given cache, epsilon=0.05"""
    config = {"learning_rate": 0.1, "epsilon": 0.05, "cache": rng.rand(3, 4)}
    return one_step(cs.adagrad, rng.randn(3, 4), rng.randn(3, 4), config, ["cache"])


@case(points=1, exercise="adagrad")
def adagrad_five_steps(cs, rng):
    """five steps of w from config=None, and of b with epsilon=0.5"""
    return five_steps(cs.adagrad, rng, epsilon=0.5)


@case(points=1, exercise="adagrad", limit=1e-5)
def adagrad_unused_weight(cs, rng):
    """first step, float32, one gradient exactly 0"""
    return unused_weight(cs.adagrad, rng)
