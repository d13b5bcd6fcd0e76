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


# Written into w and into the memory; NumPy's out=; numbers of twice the precision inside


def rmsprop_in_place(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, cache=None)
    c["cache"] *= c["decay_rate"]
    c["cache"] += (1 - c["decay_rate"]) * np.square(dw)
    w -= c["learning_rate"] * dw / (c["epsilon"] + np.sqrt(c["cache"]))
    return w, c


def adagrad_in_place(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, epsilon=1e-8, cache=None)
    np.add(c["cache"], dw * dw, out=c["cache"])
    np.subtract(w, c["learning_rate"] * (dw / (c["cache"] ** 0.5 + c["epsilon"])), out=w)
    return w, c


def adam_in_place(w, dw, config=None):
    c = filled(
        config, w, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=None, v=None, t=0
    )
    c["t"] += 1
    c["m"] += (1 - c["beta1"]) * (dw - c["m"])
    c["v"] += (1 - c["beta2"]) * (dw**2 - c["v"])
    started = [1 - math.pow(c[beta], c["t"]) for beta in ("beta1", "beta2")]
    w -= c["learning_rate"] * (c["m"] / started[0]) / (np.sqrt(c["v"] / started[1]) + c["epsilon"])
    return w, c


def momentum_float64(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, momentum=0.9, velocity=None)
    v = c["velocity"].astype(np.float64)
    c.update(velocity=(c["momentum"] * v - c["learning_rate"] * dw).astype(w.dtype))
    return np.add(w, c["velocity"], dtype=np.float64).astype(w.dtype), c


def momentum_comprehension(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, momentum=0.9, velocity=None)
    pairs = zip(c["velocity"].flat, dw.flat, strict=True)
    v = np.array([c["momentum"] * v - c["learning_rate"] * d for v, d in pairs], w.dtype)
    c["velocity"] = np.reshape(v, w.shape)
    return sum((w, c["velocity"])), c


def rmsprop_einsum(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, cache=None)
    share = np.array([c["decay_rate"], 1 - c["decay_rate"]])
    c["cache"] = np.einsum("k,k...->...", share, np.stack([c["cache"], dw**2]))
    return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"]), c


right("sgd_momentum", sgd_momentum=momentum_float64)
right("sgd_momentum", sgd_momentum=momentum_comprehension)
right("rmsprop", rmsprop=rmsprop_in_place)
right("rmsprop", rmsprop=rmsprop_einsum)
right("adagrad", adagrad=adagrad_in_place)
right("adam", adam=adam_in_place)


# Number by number


def adam_number(w, dw, m, v, c):
    """One number's new value, m and v."""
    m = c["beta1"] * m + (1 - c["beta1"]) * dw
    v = c["beta2"] * v + (1 - c["beta2"]) * dw**2
    m_hat, v_hat = m / (1 - c["beta1"] ** c["t"]), v / (1 - c["beta2"] ** c["t"])
    return w - c["learning_rate"] * m_hat / (math.sqrt(v_hat) + c["epsilon"]), m, v


def adam_loop(w, dw, config=None):
    c = filled(
        config, w, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=None, v=None, t=0
    )
    c["t"] += 1
    numbers = zip(w.flat, dw.flat, c["m"].flat, c["v"].flat, strict=True)
    new = np.array([adam_number(*four, c) for four in numbers]).T
    next_w, c["m"], c["v"] = new.reshape(3, *w.shape).astype(w.dtype)
    return next_w, c


def adagrad_loop(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, epsilon=1e-8, cache=None)
    next_w = w.copy()
    for place, slope in np.ndenumerate(dw):
        c["cache"][place] += slope**2
        divisor = math.sqrt(c["cache"][place]) + c["epsilon"]
        next_w[place] -= c["learning_rate"] * slope / divisor
    return next_w, c


right("adam", adam=adam_loop)
right("adagrad", adagrad=adagrad_loop)
