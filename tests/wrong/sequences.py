"""Mistakes in sequences of recurrent steps: what is carried on, and what adds up."""

import numpy as np

from cs231n.layers import (
    lstm_backward,
    lstm_forward,
    lstm_step_backward,
    lstm_step_forward,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
)

from . import wrong

WHOLE = {"rnn": (rnn_forward, rnn_backward), "lstm": (lstm_forward, lstm_backward)}
STEPS = {
    "rnn": (rnn_step_forward, rnn_step_backward),
    "lstm": (lstm_step_forward, lstm_step_backward),
}


def _start(kind, h0):
    return [h0] if kind == "rnn" else [h0, np.zeros_like(h0)]


def by_steps(kind, x, states, weights, order=None, carried=lambda new, first: new):
    """The state before and after each step, in the order of time."""
    forward, first, found = STEPS[kind][0], states, [None] * x.shape[1]
    for t in order or range(x.shape[1]):
        *new, _ = forward(x[:, t], *states, *weights)
        found[t] = states, new
        states = carried(new, first)
    return found


def _stacked(found, which=0, when=1):
    return np.stack([step[when][which] for step in found], axis=1)


# Forward: each mistake takes the kind, x, h0 and the weights


def _not_carried(kind, x, h0, *weights):
    return _stacked(by_steps(kind, x, _start(kind, h0), weights, carried=lambda _, first: first))


def _backwards(kind, x, h0, *weights):
    order = list(reversed(range(x.shape[1])))
    return _stacked(by_steps(kind, x, _start(kind, h0), weights, order))


def _shifted(kind, x, h0, *weights):
    return _stacked(by_steps(kind, x, _start(kind, h0), weights), when=0)


def _one_input(kind, x, h0, *weights):
    return WHOLE[kind][0](np.repeat(x[:, :1], x.shape[1], axis=1), h0, *weights)[0]


def _last_for_all(kind, x, h0, *weights):
    h, _ = WHOLE[kind][0](x, h0, *weights)
    return np.repeat(h[:, -1:], h.shape[1], axis=1)


def _over_the_batch(kind, x, h0, *weights):
    N, T, _ = x.shape
    h, states = np.zeros((N, T, h0.shape[1]), x.dtype), _start(kind, h0)
    for n in range(min(N, T)):
        *states, _ = STEPS[kind][0](x[:, n], *states, *weights)
        h[n, : min(N, T)] = states[0][: min(N, T)]
    return h


def _time_first(kind, x, h0, *weights):
    return WHOLE[kind][0](x, h0, *weights)[0].swapaxes(0, 1)


def _mixed(kind, x, h0, *weights):
    h, _ = WHOLE[kind][0](x, h0, *weights)
    return h.swapaxes(0, 1).reshape(h.shape)


def _first_missing(kind, x, h0, *weights):
    h = WHOLE[kind][0](x, h0, *weights)[0].copy()
    h[:, -1] = 0
    return h


def _h0_included(kind, x, h0, *weights):
    return np.concatenate([h0[:, None], WHOLE[kind][0](x, h0, *weights)[0]], axis=1)


def _h0_overwritten(kind, x, h0, *weights):
    h, _ = WHOLE[kind][0](x, h0, *weights)
    h0[...] = h[:, -1]
    return h


FORWARD = [
    ("the state is not carried on: every step starts at h0", _not_carried),
    ("h0 is not used: the first step starts at 0",
     lambda k, x, h0, *w: WHOLE[k][0](x, 0 * h0, *w)[0]),
    ("time runs backwards", _backwards),
    ("h[:, t] is the state before step t; it is the one after it", _shifted),
    ("every step gets the first input", _one_input),
    ("every place of h holds the last state: one array was filled again and again", _last_for_all),
    ("the loop runs over the batch; it runs over time", _over_the_batch),
    ("h is (T, N, H); it is (N, T, H)", _time_first),
    ("reshape exchanges time and batch; a transpose does that", _mixed),
    ("the loop stops one step early", _first_missing),
    ("h0 is among the states that are returned", _h0_included),
    ("the state is carried on inside h0; return new arrays", _h0_overwritten),
]  # fmt: skip


def _cell_not_carried(kind, x, h0, *weights):
    states = _start(kind, h0)
    return _stacked(
        by_steps(kind, x, states, weights, carried=lambda new, first: [new[0], first[1]])
    )


def _hidden_not_carried(kind, x, h0, *weights):
    states = _start(kind, h0)
    return _stacked(
        by_steps(kind, x, states, weights, carried=lambda new, first: [first[0], new[1]])
    )


LSTM_FORWARD = [
    ("the cell state is not carried on: it starts at 0 in every step", _cell_not_carried),
    ("the hidden state is not carried on, only the cell state", _hidden_not_carried),
    ("the cell state starts at h0; it starts at 0",
     lambda k, x, h0, *w: _stacked(by_steps(k, x, [h0, h0], w))),
    ("the cell state starts at 1; it starts at 0",
     lambda k, x, h0, *w: _stacked(by_steps(k, x, [h0, np.ones_like(h0)], w))),
    ("the cell states are returned; it is the hidden states",
     lambda k, x, h0, *w: _stacked(by_steps(k, x, _start(k, h0), w), which=1)),
    ("both states are carried on in exchanged places",
     lambda k, x, h0, *w: _stacked(
         by_steps(k, x, _start(k, h0), w, carried=lambda new, _: new[::-1]))),
]  # fmt: skip


def _forward(kind, run):
    return lambda x, h0, Wx, Wh, b: (run(kind, x, h0, Wx, Wh, b), None)


for _kind, _mistakes in {"rnn": FORWARD, "lstm": FORWARD + LSTM_FORWARD}.items():
    for _cause, _run in _mistakes:
        wrong(f"{_kind}_forward", _cause)(_forward(_kind, _run))

# Backward, step by step, from the cache of the whole. Each mistake changes a part.


def step_caches(kind, cache):
    """What rnn_step_backward or lstm_step_backward needs of every step."""
    inputs, hs, Wx, Wh = cache if kind == "rnn" else (*cache[:2], *cache[-2:])
    x = inputs.reshape(len(hs) - 1, hs.shape[1], -1)
    if kind == "rnn":
        return [(x[t], hs[t], Wx, Wh, hs[t + 1]) for t in range(len(x))]
    cs, gates = cache[2:4]
    return [(x[t], hs[t], cs[t], Wx, Wh, gates[:, t], np.tanh(cs[t + 1])) for t in range(len(x))]


RIGHT = {
    "order": lambda T: list(reversed(range(T))),
    "into": lambda dh, handed, t: [dh[:, t] + handed[0], *handed[1:]],
    "handed": lambda before, new: new,
    "total": lambda parts: sum(parts),
    "end": lambda dx, dh0, shared: (dx, dh0, *shared),
}


def _backward(kind, changed):
    parts = {**RIGHT, **changed}

    def backward(dh, cache):
        caches = step_caches(kind, cache)
        handed = [np.zeros_like(dh[:, 0]) for _ in _start(kind, dh[:, 0])]
        dx, shared = np.zeros((*dh.shape[:2], len(cache[-2])), dh.dtype), []
        for t in parts["order"](dh.shape[1]):
            into = parts["into"](dh, handed, t)
            dx[:, t], *new = STEPS[kind][1](*into, caches[t])
            handed = parts["handed"](handed, new[: len(handed)])
            shared.append(new[len(handed) :])
        totals = [parts["total"](each) for each in zip(*shared, strict=True)]
        return parts["end"](dx, handed[0], totals)

    return backward


def _in_place(dh, handed, t):
    dh[:, t] += handed[0]
    return [dh[:, t], *handed[1:]]


def _only_last(dh, handed, t):
    return [dh[:, t] if t == dh.shape[1] - 1 else handed[0], *handed[1:]]


def _added_up(before, new):
    return [old + each for old, each in zip(before, new, strict=True)]


BACKWARD = [
    ("the gradient of later steps is left out: each step gets dh[:, t] alone",
     {"into": lambda dh, handed, t: [dh[:, t], *handed[1:]]}),
    ("dh counts for the last step alone; every state gets its own from outside",
     {"into": _only_last}),
    ("dh[:, t] is added to in place; others still need dh", {"into": _in_place}),
    ("what is handed on adds up from step to step (+=); it is replaced", {"handed": _added_up}),
    ("the loop runs forwards in time", {"order": lambda T: list(range(T))}),
    ("the gradients of weights are those of the first step; all steps add up",
     {"total": lambda parts: parts[-1]}),
    ("the gradients of weights are those of the last step; all steps add up",
     {"total": lambda parts: parts[0]}),
    ("the gradients of weights are averaged over the steps; they add up",
     {"total": lambda parts: sum(parts) / len(parts)}),
    ("the loop stops one step early: the first step is left out",
     {"order": lambda T: list(reversed(range(1, T))) or [0], "total": sum}),
    ("dx runs backwards in time", {"end": lambda dx, dh0, shared: (dx[:, ::-1], dh0, *shared)}),
    ("dx is (T, N, D); it is (N, T, D)",
     {"end": lambda dx, dh0, shared: (dx.swapaxes(0, 1), dh0, *shared)}),
    ("dh0 is left at 0", {"end": lambda dx, dh0, shared: (dx, 0 * dh0, *shared)}),
    ("db is a sum over the steps but a mean over the batch",
     {"end": lambda dx, dh0, shared: (dx, dh0, *shared[:2], shared[2] / len(dx))}),
    ("dWx and dWh are exchanged",
     {"end": lambda dx, dh0, shared: (dx, dh0, shared[1], shared[0], shared[2])}),
    ("dWx, dWh and db are cut off at ±5 (clipped); that is up to whoever takes the step",
     {"end": lambda dx, dh0, shared: (dx, dh0, *(np.clip(each, -5, 5) for each in shared))}),
]  # fmt: skip


LSTM_BACKWARD = [
    ("dc is not handed on: every step gets 0 for the cell state",
     {"into": lambda dh, handed, t: [dh[:, t] + handed[0], 0 * handed[1]]}),
    ("dh[:, t] goes into the cell state too; it enters by the hidden state alone",
     {"into": lambda dh, handed, t: [dh[:, t] + handed[0], dh[:, t] + handed[1]]}),
    ("both gradients are handed on in exchanged places", {"handed": lambda before, new: new[::-1]}),
    ("the gradient of the cell state adds up from step to step (+=); it is replaced",
     {"handed": lambda before, new: [new[0], before[1] + new[1]]}),
]  # fmt: skip

for _kind, _mistakes in {"rnn": BACKWARD, "lstm": BACKWARD + LSTM_BACKWARD}.items():
    for _cause, _changed in _mistakes:
        wrong(f"{_kind}_backward", _cause)(_backward(_kind, _changed))


@wrong("rnn_backward", "dh0 is the gradient of the state after the first step, not before it")
def rnn_dh0_late(dh, cache):
    dx, _, *weights = rnn_backward(dh, cache)
    inputs, states, Wx, Wh = cache
    T, N = dh.shape[1], len(dh)
    later = inputs[N:], states[1:], Wx, Wh
    return dx, dh[:, 0] + rnn_backward(dh[:, 1:], later)[1] if T > 1 else dh[:, 0], *weights


@wrong("rnn_backward", "the states in the cache are overwritten: a second call finds others")
def rnn_cache_overwritten(dh, cache):
    gradients = rnn_backward(dh, cache)
    cache[1][1:] = 1 - cache[1][1:] ** 2
    return gradients


BUFFERS = {}


@wrong(
    "rnn_backward",
    "the next rnn_forward fills the same array of states; a cache lasts",
    "rnn_forward",
)
def rnn_one_buffer(x, h0, Wx, Wh, b):
    h, (inputs, states, *weights) = rnn_forward(x, h0, Wx, Wh, b)
    kept = BUFFERS.setdefault((states.shape, states.dtype), states.copy())
    kept[...] = states
    return h, (inputs, kept, *weights)


@wrong("lstm_backward", "the gates in the cache are overwritten: a second call finds others")
def lstm_cache_overwritten(dh, cache):
    gradients = lstm_backward(dh, cache)
    gates = cache[3]
    gates *= 1 - gates
    return gradients
