"""Other right update rules."""

import math

import numpy as np

from . import right


def filled(config, w, **defaults):
    config = {} if config is None else config
    for key, value in defaults.items():
        config.setdefault(key, np.zeros_like(w) if value is None else value)
    return config


def momentum_in_place(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, momentum=0.9, velocity=None)
    c["velocity"] *= c["momentum"]
    c["velocity"] -= c["learning_rate"] * dw
    w += c["velocity"]
    return w, c


def rmsprop_loop(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, cache=None)
    next_w = np.empty_like(w)
    for i in np.ndindex(w.shape):
        c["cache"][i] = c["decay_rate"] * c["cache"][i] + (1 - c["decay_rate"]) * dw[i] ** 2
        step = c["learning_rate"] * dw[i]
        next_w[i] = w[i] - step / (c["cache"][i] ** 0.5 + c["epsilon"])
    return next_w, c


def adagrad_float64(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, epsilon=1e-8, cache=None)
    c["cache"] = c["cache"] + np.square(dw, dtype=np.float64)
    return w - c["learning_rate"] / (c["cache"] ** 0.5 + c["epsilon"]) * dw, c


def _adam(update):
    def adam(w, dw, config=None):
        c = filled(
            config, w, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=None, v=None, t=0
        )
        c["t"] = c["t"] + 1
        c["m"] = c["beta1"] * c["m"] + (1 - c["beta1"]) * dw
        c["v"] = c["beta2"] * c["v"] + (1 - c["beta2"]) * dw * dw
        return w - update(c, 1 - c["beta1"] ** c["t"], 1 - c["beta2"] ** c["t"]), c

    return adam


def epsilon_beside_corrected_root(c, start1, start2):
    return c["learning_rate"] * (c["m"] / start1) / (np.sqrt(c["v"] / start2) + c["epsilon"])


def epsilon_beside_uncorrected_root(c, start1, start2):
    rate = c["learning_rate"] * math.sqrt(start2) / start1
    return rate * c["m"] / (np.sqrt(c["v"]) + c["epsilon"])


right("sgd_momentum", sgd_momentum=momentum_in_place)
right("rmsprop", rmsprop=rmsprop_loop)
right("adagrad", adagrad=adagrad_float64)
right("adam", adam=_adam(epsilon_beside_corrected_root))
right("adam", adam=_adam(epsilon_beside_uncorrected_root))
