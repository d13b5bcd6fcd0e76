"""Update rules: how a weight moves, given its gradient and what happened before.

Each rule is called as `next_w, config = rule(w, dw, config)`, once for every parameter and step.

Inputs of every rule:
- w: Weights, any shape
- dw: Derivative of the loss by w, shape of w
- config: Dictionary of settings and of the rule's memory; None stands for all defaults. The rule
  fills in what is missing and keeps its memory here, in the dictionary that was passed.

Returns of every rule: next_w, shape and dtype of w, a new array (w and dw are left alone), and
config. Raises ValueError if dw has not the shape of w.
"""

import math

import numpy as np


def sgd(w, dw, config=None):
    """Step against the gradient (given).

    next_w = w − learning_rate · dw

    config: learning_rate (1e−2).
    """
    config = _prepare(w, dw, config, learning_rate=1e-2)
    return w - config["learning_rate"] * dw, config


def sgd_momentum(w, dw, config=None):
    """Step along a running sum of past gradients, as a heavy ball rolls.

    v = momentum · v − learning_rate · dw,  next_w = w + v

    config: learning_rate (1e−2), momentum (0.9); memory: velocity, v.
    Source: Polyak, Some methods of speeding up the convergence of iteration methods, 1964.
    """
    config = _prepare(w, dw, config, ("velocity",), learning_rate=1e-2, momentum=0.9)
    v = config["velocity"]
    # Your turn: the new velocity belongs in config["velocity"].
    ### BEGIN SOLUTION
    v *= config["momentum"]
    v -= config["learning_rate"] * dw
    next_w = w + v
    ### END SOLUTION
    return next_w, config


def rmsprop(w, dw, config=None):
    """Divide each step by the root of a running mean of the squared gradient.

    cache = decay_rate · cache + (1 − decay_rate) · dw²
    next_w = w − learning_rate · dw / (sqrt(cache) + epsilon)

    config: learning_rate (1e−2), decay_rate (0.99), epsilon (1e−8); memory: cache.
    Source: Tieleman and Hinton, Neural networks for machine learning, lecture 6.5, 2012.
    """
    config = _prepare(w, dw, config, ("cache",), learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    cache, decay_rate = config["cache"], config["decay_rate"]
    # Your turn: the new running mean belongs in config["cache"]; epsilon stands outside the root.
    ### BEGIN SOLUTION
    cache *= decay_rate
    cache += (1 - decay_rate) * dw**2
    next_w = w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    ### END SOLUTION
    return next_w, config


def adam(w, dw, config=None):
    """RMSProp with momentum, both corrected for having started at zero.

    t = t + 1
    m = beta1 · m + (1 − beta1) · dw
    v = beta2 · v + (1 − beta2) · dw²
    next_w = w − learning_rate · (m / (1 − beta1^t)) / (sqrt(v / (1 − beta2^t)) + epsilon)

    config: learning_rate (1e−3), beta1 (0.9), beta2 (0.999), epsilon (1e−8); memory: m, v, and
    t, the number of steps taken.
    Source: Kingma and Ba, Adam: a method for stochastic optimization, 2015.
    """
    config = _prepare(
        w, dw, config, ("m", "v"), learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8
    )
    config.setdefault("t", 0)
    m, v, beta1, beta2 = config["m"], config["v"], config["beta1"], config["beta2"]
    # Your turn: count t up first; the new m, v and t belong in config.
    ### BEGIN SOLUTION
    t = config["t"] = config["t"] + 1
    step = (1 - beta1) * dw
    m *= beta1
    m += step
    # From here on `step` is one buffer, overwritten: memory traffic is all that this rule costs.
    np.multiply(dw, dw, out=step)
    step *= 1 - beta2
    v *= beta2
    v += step
    # m_hat / (sqrt(v_hat) + epsilon), with both corrections moved into numbers
    root = math.sqrt(1 - beta2**t)
    np.sqrt(v, out=step)
    step += config["epsilon"] * root
    np.divide(m, step, out=step)
    step *= config["learning_rate"] * root / (1 - beta1**t)
    next_w = np.subtract(w, step, out=step)
    ### END SOLUTION
    return next_w, config


def adagrad(w, dw, config=None):
    """Divide each step by the root of the sum of all squared gradients so far.

    cache = cache + dw²,  next_w = w − learning_rate · dw / (sqrt(cache) + epsilon)

    config: learning_rate (1e−2), epsilon (1e−8); memory: cache.
    Source: Duchi, Hazan and Singer, Adaptive subgradient methods, 2011.
    """
    config = _prepare(w, dw, config, ("cache",), learning_rate=1e-2, epsilon=1e-8)
    cache = config["cache"]
    # Your turn: the new sum belongs in config["cache"].
    ### BEGIN SOLUTION
    cache += dw**2
    next_w = w - config["learning_rate"] * dw / (np.sqrt(cache) + config["epsilon"])
    ### END SOLUTION
    return next_w, config


RULES = {
    "adagrad": adagrad,
    "adam": adam,
    "rmsprop": rmsprop,
    "sgd": sgd,
    "sgd_momentum": sgd_momentum,
}


def _prepare(w, dw, config, memory=(), **settings):
    """config with missing settings filled in, and arrays of zeros for the rule's memory."""
    if np.shape(w) != np.shape(dw):
        raise ValueError(
            f"dw must have the shape of w, {np.shape(w)}, but has shape {np.shape(dw)}"
        )
    config = {} if config is None else config
    for name, default in settings.items():
        # A NumPy float64 scalar would turn float32 weights into float64 ones.
        config[name] = float(config.get(name, default))
    for name in memory:
        if name not in config:
            config[name] = np.zeros_like(w)
    return config
