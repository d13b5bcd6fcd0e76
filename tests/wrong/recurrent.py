"""Mistakes in one step of a vanilla recurrent network."""

import numpy as np

from cs231n.layers import rnn_step_backward, rnn_step_forward, sigmoid

from . import wrong

# Forward: next_h from x, prev_h, Wx, Wh, b


def _each_by_itself(x, h, Wx, Wh, b):
    return np.tanh(x @ Wx) + np.tanh(h @ Wh) + b


def _of_the_half(x, h, Wx, Wh, b):
    return 2 * sigmoid(x @ Wx + h @ Wh + b) - 1


def _by_hand(x, h, Wx, Wh, b):
    up, down = np.exp(x @ Wx + h @ Wh + b), np.exp(-(x @ Wx + h @ Wh + b))
    return (up - down) / (up + down)


def _state_overwritten(x, h, Wx, Wh, b):
    h[...] = np.tanh(x @ Wx + h @ Wh + b)
    return h


def _bias_overwritten(x, h, Wx, Wh, b):
    b += (x @ Wx + h @ Wh)[0]
    return rnn_step_forward(x, h, Wx, Wh, 0 * b)[0]


FORWARD = [
    ("b is not added", lambda x, h, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh)),
    ("b is added after the tanh; it belongs inside",
     lambda x, h, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh) + b),
    ("b is subtracted", lambda x, h, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh - b)),
    ("the tanh is missing: the step is linear", lambda x, h, Wx, Wh, b: x @ Wx + h @ Wh + b),
    ("a sigmoid stands where the tanh belongs",
     lambda x, h, Wx, Wh, b: sigmoid(x @ Wx + h @ Wh + b)),
    ("a ReLU stands where the tanh belongs",
     lambda x, h, Wx, Wh, b: np.maximum(x @ Wx + h @ Wh + b, 0)),
    ("prev_h is left out: the step remembers nothing", lambda x, h, Wx, Wh, b: np.tanh(x @ Wx + b)),
    ("x is left out: the step hears nothing", lambda x, h, Wx, Wh, b: np.tanh(h @ Wh + b)),
    ("Wh is transposed; it is prev_h · Wh", lambda x, h, Wx, Wh, b: np.tanh(x @ Wx + h @ Wh.T + b)),
    ("input and state each go through a tanh of their own; it is one of the sum", _each_by_itself),
    ("prev_h is added without its weights", lambda x, h, Wx, Wh, b: np.tanh(x @ Wx + h + b)),
    ("the next state is prev_h plus the tanh; it is the tanh alone",
     lambda x, h, Wx, Wh, b: h + np.tanh(x @ Wx + h @ Wh + b)),
    ("Wx multiplies the state and Wh the input",
     lambda x, h, Wx, Wh, b: np.tanh(x @ Wh + h @ Wx + b)),
    ("2 · sigmoid(a) − 1 is tanh(a / 2); it is tanh(a)", _of_the_half),
    ("a tanh by hand overflows: exp makes inf / inf of large numbers; np.tanh does not", _by_hand),
    ("b is added twice: both products share it",
     lambda x, h, Wx, Wh, b: np.tanh(x @ Wx + b + h @ Wh + b)),
    ("next_h is written into prev_h; return a new array", _state_overwritten),
    ("b is overwritten; return a new array", _bias_overwritten),
]  # fmt: skip


def _forward(next_h):
    return lambda x, prev_h, Wx, Wh, b: (next_h(x, prev_h, Wx, Wh, b), None)


for _cause, _next_h in FORWARD:
    wrong("rnn_step_forward", _cause)(_forward(_next_h))

# Backward: the right parts, of which each mistake replaces one or two

PARTS = {
    "da": lambda d, x, h, Wx, Wh, next_h: d * (1 - next_h**2),
    "dx": lambda da, d, x, h, Wx, Wh, next_h: da @ Wx.T,
    "dprev_h": lambda da, d, x, h, Wx, Wh, next_h: da @ Wh.T,
    "dWx": lambda da, d, x, h, Wx, Wh, next_h: x.T @ da,
    "dWh": lambda da, d, x, h, Wx, Wh, next_h: h.T @ da,
    "db": lambda da, d, x, h, Wx, Wh, next_h: da.sum(axis=0),
}


def _backward(changed):
    parts = {**PARTS, **changed}

    def backward(dnext_h, cache):
        da = parts["da"](dnext_h, *cache)
        names = ("dx", "dprev_h", "dWx", "dWh", "db")
        return tuple(parts[name](da, dnext_h, *cache) for name in names)

    return backward


def _dnext_h_scaled(d, x, h, Wx, Wh, next_h):
    d *= 1 - next_h**2
    return d


def _cache_overwritten(d, x, h, Wx, Wh, next_h):
    next_h *= -next_h
    next_h += 1
    return d * next_h


BACKWARD = [
    ("the slope of the tanh is missing", {"da": lambda d, *_: d}),
    ("the slope of the tanh is 1 − next_h²; the square is missing",
     {"da": lambda d, x, h, Wx, Wh, next_h: d * (1 - next_h)}),
    ("the slope of the tanh is 1 − next_h², not 1 + next_h²",
     {"da": lambda d, x, h, Wx, Wh, next_h: d * (1 + next_h**2)}),
    ("the slope is 1 − next_h², of what the tanh gave; not of what went into it",
     {"da": lambda d, x, h, Wx, Wh, next_h: d * (1 - np.arctanh(next_h) ** 2)}),
    ("the slope takes a tanh of next_h, which is the tanh already",
     {"da": lambda d, x, h, Wx, Wh, next_h: d * (1 - np.tanh(next_h) ** 2)}),
    ("this is the slope of a sigmoid; that of the tanh is 1 − next_h²",
     {"da": lambda d, x, h, Wx, Wh, next_h: d * next_h * (1 - next_h)}),
    ("the slope is taken at prev_h; it is 1 − next_h²",
     {"da": lambda d, x, h, Wx, Wh, next_h: d * (1 - h**2)}),
    ("dnext_h is scaled in place; others still need it", {"da": _dnext_h_scaled}),
    ("next_h in the cache is overwritten: a second call finds another", {"da": _cache_overwritten}),
    ("dx lacks the slope of the tanh", {"dx": lambda da, d, x, h, Wx, *_: d @ Wx.T}),
    ("dprev_h lacks the slope of the tanh",
     {"dprev_h": lambda da, d, x, h, Wx, Wh, _: d @ Wh.T}),
    ("dprev_h needs Wh transposed", {"dprev_h": lambda da, d, x, h, Wx, Wh, _: da @ Wh}),
    ("dprev_h is dnext_h, handed on", {"dprev_h": lambda da, d, *_: 1 * d}),
    ("dWx is divided by N; gradients of weights are sums over the batch",
     {"dWx": lambda da, d, x, *_: x.T @ da / len(x)}),
    ("dWh is made of next_h; it is made of prev_h",
     {"dWh": lambda da, d, x, h, Wx, Wh, next_h: next_h.T @ da}),
    ("dWh is transposed", {"dWh": lambda da, d, x, h, *_: da.T @ h}),
    ("dWh lacks the slope of the tanh", {"dWh": lambda da, d, x, h, *_: h.T @ d}),
    ("db lacks the slope of the tanh", {"db": lambda da, d, *_: d.sum(axis=0)}),
    ("db is a mean; it is the sum over the batch", {"db": lambda da, *_: da.mean(axis=0)}),
    ("db is summed over the units; it is the sum over the batch",
     {"db": lambda da, *_: da.sum(axis=1)}),
    ("db is not summed over the batch", {"db": lambda da, *_: da}),
]  # fmt: skip

for _cause, _changed in BACKWARD:
    wrong("rnn_step_backward", _cause)(_backward(_changed))


@wrong("rnn_step_backward", "dx and dprev_h are exchanged")
def step_swapped_inputs(dnext_h, cache):
    dx, dprev_h, *weights = rnn_step_backward(dnext_h, cache)
    return dprev_h, dx, *weights


@wrong("rnn_step_backward", "dWx and dWh are exchanged")
def step_swapped_weights(dnext_h, cache):
    dx, dprev_h, dWx, dWh, db = rnn_step_backward(dnext_h, cache)
    return dx, dprev_h, dWh, dWx, db
