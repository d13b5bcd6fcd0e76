"""Mistakes in one step of an LSTM."""

import numpy as np

from cs231n.layers import lstm_step_backward, lstm_step_forward, sigmoid

from . import wrong

# Forward: the right parts, of which each mistake replaces one or two


def _overflowing(a):
    return np.exp(a) / (1 + np.exp(a))


PARTS = {
    "a": lambda x, h, Wx, Wh, b: x @ Wx + h @ Wh + b,
    "blocks": lambda a: np.split(a, 4, axis=1),
    "gate": sigmoid,
    "g": np.tanh,
    "c": lambda i, f, o, g, c: f * c + i * g,
    "h": lambda o, next_c, c: o * np.tanh(next_c),
}


def _forward(changed):
    parts = {**PARTS, **changed}

    def forward(x, prev_h, prev_c, Wx, Wh, b):
        a_i, a_f, a_o, a_g = parts["blocks"](parts["a"](x, prev_h, Wx, Wh, b))
        i, f, o, g = *map(parts["gate"], (a_i, a_f, a_o)), parts["g"](a_g)
        next_c = parts["c"](i, f, o, g, prev_c)
        return parts["h"](o, next_c, prev_c), next_c, None

    return forward


def _in_order(*places):
    def blocks(a):
        parts = np.split(a, 4, axis=1)
        return [parts[place] for place in places]

    return blocks


def _cell_overwritten(i, f, o, g, c):
    c *= f
    c += i * g
    return c


FORWARD = [
    ("the gates are read in the order i, f, g, o; it is i, f, o, g",
     {"blocks": _in_order(0, 1, 3, 2)}),
    ("the gates are read in the order i, o, f, g; it is i, f, o, g",
     {"blocks": _in_order(0, 2, 1, 3)}),
    ("every fourth column is taken for a gate; a gate is H columns side by side",
     {"blocks": lambda a: [a[:, k::4] for k in range(4)]}),
    ("b is not added", {"a": lambda x, h, Wx, Wh, b: x @ Wx + h @ Wh}),
    ("prev_h is left out", {"a": lambda x, h, Wx, Wh, b: x @ Wx + b}),
    ("x is left out", {"a": lambda x, h, Wx, Wh, b: h @ Wh + b}),
    ("g goes through a sigmoid; it is a tanh", {"g": sigmoid}),
    ("g lacks its tanh", {"g": lambda a: a}),
    ("the gates go through a tanh; they are sigmoids", {"gate": np.tanh}),
    ("the gates lack their sigmoid", {"gate": lambda a: a}),
    ("the sigmoid overflows: exp(a) / (1 + exp(a)) is inf / inf for large a",
     {"gate": _overflowing}),
    ("prev_c is forgotten: next_c is i · g alone", {"c": lambda i, f, o, g, c: i * g}),
    ("nothing new comes in: next_c is f · prev_c alone", {"c": lambda i, f, o, g, c: f * c}),
    ("prev_c is kept whole; the forget gate is missing", {"c": lambda i, f, o, g, c: c + i * g}),
    ("g comes in whole; the input gate is missing", {"c": lambda i, f, o, g, c: f * c + g}),
    ("i and f are exchanged: the blocks are i, f, o, g; next_c is f · prev_c + i · g",
     {"c": lambda i, f, o, g, c: i * c + f * g}),
    ("prev_c is weighed by 1 − f; f is what is kept",
     {"c": lambda i, f, o, g, c: (1 - f) * c + i * g}),
    ("1 − f takes the place of i; the gates are two of their own",
     {"c": lambda i, f, o, g, c: f * c + (1 - f) * g}),
    ("next_h lacks the tanh of next_c", {"h": lambda o, next_c, c: o * next_c}),
    ("next_h lacks the output gate", {"h": lambda o, next_c, c: np.tanh(next_c)}),
    ("next_h shows prev_c; it shows next_c", {"h": lambda o, next_c, c: o * np.tanh(c)}),
    ("next_h is tanh(o · next_c); o comes after the tanh",
     {"h": lambda o, next_c, c: np.tanh(o * next_c)}),
    ("next_h goes through a sigmoid; it is o · tanh(next_c)",
     {"h": lambda o, next_c, c: o * sigmoid(next_c)}),
    ("1 is added to the forget gate's numbers; b may hold it, and the step adds b alone",
     {"a": lambda x, h, Wx, Wh, b: x @ Wx + h @ Wh + b + np.repeat([0, 1, 0, 0], h.shape[1])}),
    ("next_c is cut off at ±3; it may be of any size",
     {"c": lambda i, f, o, g, c: np.clip(f * c + i * g, -3, 3)}),
    ("next_c is written into prev_c; return a new array", {"c": _cell_overwritten}),
]  # fmt: skip

for _cause, _changed in FORWARD:
    wrong("lstm_step_forward", _cause)(_forward(_changed))


@wrong("lstm_step_forward", "the forget gate keeps prev_h; it keeps prev_c")
def lstm_keeps_h(x, prev_h, prev_c, Wx, Wh, b):
    return lstm_step_forward(x, prev_h, prev_h, Wx, Wh, b)


@wrong("lstm_step_forward", "next_h and next_c are exchanged")
def lstm_states_swapped(x, prev_h, prev_c, Wx, Wh, b):
    next_h, next_c, cache = lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b)
    return next_c, next_h, cache


# Backward: the right parts again. `s` holds everything by name.


class Step:
    """What a step's way back works with: the cache's entries, dh and dc as they come in."""

    def __init__(self, dnext_h, dnext_c, cache):
        self.x, self.prev_h, self.prev_c, self.Wx, self.Wh, gates, self.tanh_c = cache
        self.i, self.f, self.o, self.g = gates
        self.dh, self.dnext_c, self.dc, self.da = dnext_h, dnext_c, None, None

    @property
    def next_c(self):
        return self.f * self.prev_c + self.i * self.g


BACK = {
    "dc": lambda s: s.dnext_c + s.dh * s.o * (1 - s.tanh_c**2),
    "i": lambda s: s.dc * s.g * s.i * (1 - s.i),
    "f": lambda s: s.dc * s.prev_c * s.f * (1 - s.f),
    "o": lambda s: s.dh * s.tanh_c * s.o * (1 - s.o),
    "g": lambda s: s.dc * s.i * (1 - s.g**2),
    "da": lambda i, f, o, g: np.concatenate([i, f, o, g], axis=1),
    "dx": lambda s: s.da @ s.Wx.T,
    "dprev_h": lambda s: s.da @ s.Wh.T,
    "dprev_c": lambda s: s.dc * s.f,
    "dWx": lambda s: s.x.T @ s.da,
    "dWh": lambda s: s.prev_h.T @ s.da,
    "db": lambda s: s.da.sum(axis=0),
}


def _backward(changed):
    parts = {**BACK, **changed}

    def backward(dnext_h, dnext_c, cache):
        s = Step(dnext_h, dnext_c, cache)
        s.dc = parts["dc"](s)
        s.da = parts["da"](*(parts[gate](s) for gate in "ifog"))
        names = ("dx", "dprev_h", "dprev_c", "dWx", "dWh", "db")
        return tuple(parts[name](s) for name in names)

    return backward


def _dnext_c_overwritten(s):
    s.dnext_c += s.dh * s.o * (1 - s.tanh_c**2)
    return s.dnext_c


def _dnext_h_overwritten(s):
    s.dh *= s.o
    return s.dnext_c + s.dh * (1 - s.tanh_c**2)


def _tanh_overwritten(s):
    dc = BACK["dc"](s)
    s.tanh_c *= s.o
    return dc


BACKWARD = [
    ("dnext_c is added to in place; others still need it", {"dc": _dnext_c_overwritten}),
    ("dnext_h is changed in place; others still need it",
     {"dc": _dnext_h_overwritten, "o": lambda s: s.dh * s.tanh_c * (1 - s.o)}),
    ("tanh(next_c) in the cache is overwritten: a second call finds another",
     {"dc": _tanh_overwritten}),
    ("the way from next_h to next_c is missing", {"dc": lambda s: 1 * s.dnext_c}),
    ("dnext_c is left out: the way through the steps to come is missing",
     {"dc": lambda s: s.dh * s.o * (1 - s.tanh_c**2)}),
    ("dnext_h reaches next_c without the output gate",
     {"dc": lambda s: s.dnext_c + s.dh * (1 - s.tanh_c**2)}),
    ("dnext_h reaches next_c without the slope of the tanh",
     {"dc": lambda s: s.dnext_c + s.dh * s.o}),
    ("the slope of the tanh is 1 − next_c²; it is 1 − tanh(next_c)²",
     {"dc": lambda s: s.dnext_c + s.dh * s.o * (1 - s.next_c**2)}),
    ("the slope of the tanh is 1 − tanh(next_c)²; the square is missing",
     {"dc": lambda s: s.dnext_c + s.dh * s.o * (1 - s.tanh_c)}),
    ("the slope of the tanh is taken at prev_c",
     {"dc": lambda s: s.dnext_c + s.dh * s.o * (1 - np.tanh(s.prev_c) ** 2)}),
    ("dnext_h and dnext_c are simply added", {"dc": lambda s: s.dnext_c + s.dh}),
    ("i, f and g get dnext_c; they get the sum of both ways to next_c",
     {"i": lambda s: s.dnext_c * s.g * s.i * (1 - s.i),
      "f": lambda s: s.dnext_c * s.prev_c * s.f * (1 - s.f),
      "g": lambda s: s.dnext_c * s.i * (1 - s.g**2)}),
    ("the gates have the slope of a tanh; a sigmoid's is s · (1 − s)",
     {"i": lambda s: s.dc * s.g * (1 - s.i**2),
      "f": lambda s: s.dc * s.prev_c * (1 - s.f**2),
      "o": lambda s: s.dh * s.tanh_c * (1 - s.o**2)}),
    ("no gate has its slope, nor has g: s · (1 − s) of a sigmoid, 1 − g² of the tanh",
     {"i": lambda s: s.dc * s.g, "f": lambda s: s.dc * s.prev_c,
      "o": lambda s: s.dh * s.tanh_c, "g": lambda s: s.dc * s.i}),
    ("the slope of the input gate is missing", {"i": lambda s: s.dc * s.g}),
    ("the slope of the forget gate is missing", {"f": lambda s: s.dc * s.prev_c}),
    ("the slope of the output gate is missing", {"o": lambda s: s.dh * s.tanh_c}),
    ("the slope of g is missing", {"g": lambda s: s.dc * s.i}),
    ("g has the slope of a sigmoid; it is 1 − g²", {"g": lambda s: s.dc * s.i * s.g * (1 - s.g)}),
    ("the input gate's gradient lacks g", {"i": lambda s: s.dc * s.i * (1 - s.i)}),
    ("the forget gate meets next_c; it meets prev_c",
     {"f": lambda s: s.dc * s.next_c * s.f * (1 - s.f)}),
    ("the output gate meets next_c; it meets tanh(next_c)",
     {"o": lambda s: s.dh * s.next_c * s.o * (1 - s.o)}),
    ("the output gate gets dnext_c; it gets dnext_h",
     {"o": lambda s: s.dnext_c * s.tanh_c * s.o * (1 - s.o)}),
    ("g's gradient lacks the input gate", {"g": lambda s: s.dc * (1 - s.g**2)}),
    ("the gates' gradients stand in the order i, f, g, o; it is i, f, o, g",
     {"da": lambda i, f, o, g: np.concatenate([i, f, g, o], axis=1)}),
    ("the gates' gradients stand in the order f, i, o, g; it is i, f, o, g",
     {"da": lambda i, f, o, g: np.concatenate([f, i, o, g], axis=1)}),
    ("the gates' gradients are interleaved; a gate is H columns side by side",
     {"da": lambda i, f, o, g: np.stack([i, f, o, g], axis=2).reshape(len(i), -1)}),
    ("dprev_c lacks the forget gate", {"dprev_c": lambda s: 1 * s.dc}),
    ("dprev_c is dnext_c · f: it lacks what comes through next_h",
     {"dprev_c": lambda s: s.dnext_c * s.f}),
    ("dprev_c has the input gate; it is the forget gate", {"dprev_c": lambda s: s.dc * s.i}),
    ("db is a mean; it is the sum over the batch", {"db": lambda s: s.da.mean(axis=0)}),
    ("dWx is divided by N; gradients of weights are sums over the batch",
     {"dWx": lambda s: s.x.T @ s.da / len(s.x)}),
    ("dWh is made of next_h; it is made of prev_h", {"dWh": lambda s: (s.o * s.tanh_c).T @ s.da}),
    ("dWh is made of prev_c; it is made of prev_h", {"dWh": lambda s: s.prev_c.T @ s.da}),
    ("dprev_h is dnext_h, handed on", {"dprev_h": lambda s: 1 * s.dh}),
]  # fmt: skip

for _cause, _changed in BACKWARD:
    wrong("lstm_step_backward", _cause)(_backward(_changed))


@wrong("lstm_step_backward", "dprev_h and dprev_c are exchanged")
def lstm_step_swapped(dnext_h, dnext_c, cache):
    dx, dprev_h, dprev_c, *weights = lstm_step_backward(dnext_h, dnext_c, cache)
    return dx, dprev_c, dprev_h, *weights
