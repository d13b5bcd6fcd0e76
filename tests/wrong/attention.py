"""Mistakes in attention, and in the LSTM that uses it."""

import numpy as np

from cs231n.layers import (
    attention_lstm_forward,
    attention_lstm_step_backward,
    attention_lstm_step_forward,
    dot_product_attention_backward,
    dot_product_attention_forward,
)

from . import wrong

# Forward: the right parts, of which each mistake replaces one


def _scores(query, grid):
    return np.einsum("nh,nph->np", query, grid) / np.sqrt(query.shape[1], dtype=grid.dtype)


def _exponentials(scores):
    return np.exp(scores - scores.max(axis=1, keepdims=True))


def _softmax(scores):
    weights = _exponentials(scores)
    return weights / weights.sum(axis=1, keepdims=True)


PARTS = {
    "scores": _scores,
    "weights": _softmax,
    "context": lambda weights, grid: np.einsum("np,nph->nh", weights, grid),
}


def _forward(changed):
    parts = {**PARTS, **changed}

    def forward(query, grid):
        weights = parts["weights"](parts["scores"](query, grid))
        return parts["context"](weights, grid), weights, None

    return forward


def _query_scaled(query, grid):
    query /= np.sqrt(query.shape[1])
    return np.einsum("nh,nph->np", query, grid)


def _grid_weighed(weights, grid):
    grid *= weights[:, :, None]
    return grid.sum(axis=1)


FORWARD = [
    ("the scores are not divided by √H", {"scores": lambda q, g: np.einsum("nh,nph->np", q, g)}),
    ("the scores are divided by H; it is √H",
     {"scores": lambda q, g: np.einsum("nh,nph->np", q, g) / q.shape[1]}),
    ("the scores are divided by √P, the places; it is √H",
     {"scores": lambda q, g: np.einsum("nh,nph->np", q, g) / g.shape[1] ** 0.5}),
    ("the scores are multiplied by √H; they are divided by it",
     {"scores": lambda q, g: np.einsum("nh,nph->np", q, g) * q.shape[1] ** 0.5}),
    ("the sign of the scores is flipped: it looks where the grid answers least",
     {"scores": lambda q, g: -_scores(q, g)}),
    ("every query meets the grid of the first picture",
     {"scores": lambda q, g: np.einsum("nh,ph->np", q, g[0]) / q.shape[1] ** 0.5}),
    ("the query is scaled in place", {"scores": _query_scaled}),
    ("exp overflows: subtract each row's largest score first",
     {"weights": lambda s: np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)}),
    ("the softmax is over the batch (axis 0); it is over the places",
     {"weights": lambda s: _softmax(s.T).T}),
    ("the weights do not sum to 1: the softmax lacks its division",
     {"weights": lambda s: np.exp(s - s.max(axis=1, keepdims=True))}),
    ("the weights are the scores themselves; a softmax belongs between", {"weights": lambda s: s}),
    ("the softmax divides by the sum of the whole array; each row has its own, axis=1",
     {"weights": lambda s: _exponentials(s) / _exponentials(s).sum()}),
    ("the softmax divides by sums over the batch, axis 0; they are over the places, axis 1",
     {"weights": lambda s: _exponentials(s) / _exponentials(s).sum(axis=0)}),
    ("the softmax is over the whole array; each query has one of its own",
     {"weights": lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum()}),
    ("the context is the plain mean of the places; they are weighed",
     {"context": lambda w, g: g.mean(axis=1)}),
    ("the context is the best place alone; all places are averaged",
     {"context": lambda w, g: g[np.arange(len(g)), w.argmax(axis=1)]}),
    ("the weighed places are averaged; their sum is an average already",
     {"context": lambda w, g: (w[:, :, None] * g).mean(axis=1)}),
    ("the weighed places are not summed up", {"context": lambda w, g: w[:, :, None] * g}),
    ("the grid is weighed in place", {"context": _grid_weighed}),
]  # fmt: skip

for _cause, _changed in FORWARD:
    wrong("dot_product_attention_forward", _cause)(_forward(_changed))

# Backward: the right parts again

BACK = {
    "dweights": lambda d, query, grid, weights: np.einsum("nh,nph->np", d, grid),
    "dscores": lambda dw, w: w * (dw - np.sum(w * dw, axis=1, keepdims=True)),
    "scale": lambda query, grid: query.shape[1] ** -0.5,
    "dquery": lambda ds, dw, grid: np.einsum("np,nph->nh", ds, grid),
    "dgrid": lambda averaged, scored: averaged + scored,
}


def _backward(changed):
    parts = {**BACK, **changed}

    def backward(dcontext, cache):
        query, grid, weights = cache
        dweights = parts["dweights"](dcontext, *cache)
        scale = grid.dtype.type(parts["scale"](query, grid))
        dscores = parts["dscores"](dweights, weights) * scale
        averaged = weights[:, :, None] * dcontext[:, None]
        scored = dscores[:, :, None] * query[:, None]
        return parts["dquery"](dscores, dweights, grid), parts["dgrid"](averaged, scored)

    return backward


def _weights_overwritten(dw, w):
    dscores = BACK["dscores"](dw, w)
    w *= dw
    return dscores


BACKWARD = [
    ("dgrid lacks the way through the average", {"dgrid": lambda averaged, scored: scored}),
    ("dgrid lacks the way through the scores", {"dgrid": lambda averaged, scored: averaged}),
    ("both ways into dgrid are multiplied; they add up", {"dgrid": lambda a, s: a * s}),
    ("the sum in the softmax's way back is missing", {"dscores": lambda dw, w: w * dw}),
    ("the softmax's slope is w · (1 − w): the other places' share is missing",
     {"dscores": lambda dw, w: w * (1 - w) * dw}),
    ("the softmax is left out on the way back", {"dscores": lambda dw, w: dw}),
    ("the softmax's sum is over the batch; it is over the places",
     {"dscores": lambda dw, w: w * (dw - np.sum(w * dw, axis=0))}),
    ("the softmax takes off the mean of dweights; it is their average by weights",
     {"dscores": lambda dw, w: w * (dw - dw.mean(axis=1, keepdims=True))}),
    ("the softmax's sum is not weighed",
     {"dscores": lambda dw, w: w * (dw - dw.sum(axis=1, keepdims=True))}),
    ("1/√H is left out on the way back", {"scale": lambda query, grid: 1}),
    ("1/H stands where 1/√H belongs", {"scale": lambda query, grid: 1 / query.shape[1]}),
    ("√H stands where 1/√H belongs", {"scale": lambda query, grid: query.shape[1] ** 0.5}),
    ("dquery is made of dweights; it is made of dscores",
     {"dquery": lambda ds, dw, grid: np.einsum("np,nph->nh", dw, grid)}),
    ("dquery is a mean over the places; it is a sum",
     {"dquery": lambda ds, dw, grid: np.einsum("np,nph->nh", ds, grid) / grid.shape[1]}),
    ("dweights are made of the query; they are made of dcontext",
     {"dweights": lambda d, query, grid, w: np.einsum("nh,nph->np", query, grid)}),
    ("the weights in the cache are overwritten: a second call finds others",
     {"dscores": _weights_overwritten}),
]  # fmt: skip

for _cause, _changed in BACKWARD:
    wrong("dot_product_attention_backward", _cause)(_backward(_changed))


@wrong("dot_product_attention_backward", "dcontext is scaled in place; others still need it")
def attention_dcontext_overwritten(dcontext, cache):
    gradients = dot_product_attention_backward(dcontext, cache)
    dcontext /= np.sqrt(dcontext.shape[1])
    return gradients


# The LSTM with attention, forward


def by_steps(x, grid, weights, start, carried=lambda new, first: new, order=None):
    """h and weights, step by step."""
    states, found = start, [None] * x.shape[1]
    for t in order or range(x.shape[1]):
        *new, look, _ = attention_lstm_step_forward(x[:, t], *states, grid, *weights)
        found[t] = new[0], look
        states = carried(new, start)
    return [np.stack(arrays, axis=1) for arrays in zip(*found, strict=True)]


def _start(h=lambda grid: grid.mean(axis=1), c=lambda grid: grid.mean(axis=1), carried=None):
    carried = carried or (lambda new, first: new)
    return lambda x, grid, *weights: by_steps(x, grid, weights, [h(grid), c(grid)], carried)


def _as_given(change):
    def run(x, grid, *weights):
        h, looks, _ = attention_lstm_forward(x, grid, *weights)
        return change(h, looks)

    return run


def _looking_afterwards(x, grid, *weights):
    h, _, _ = attention_lstm_forward(x, grid, *weights)
    looks = [dot_product_attention_forward(h[:, t], grid)[1] for t in range(h.shape[1])]
    return h, np.stack(looks, axis=1)


def _zeros(grid):
    return 0 * grid[:, 0]


def _backwards(x, grid, *weights):
    start = [grid.mean(axis=1)] * 2
    return by_steps(x, grid, weights, start, order=list(reversed(range(x.shape[1]))))


SEQUENCE_FORWARD = [
    ("both states start at 0; they start at the mean of the grid", _start(_zeros, _zeros)),
    ("the cell state starts at 0; it starts at the mean of the grid", _start(c=_zeros)),
    ("the hidden state starts at 0; it starts at the mean of the grid", _start(h=_zeros)),
    ("the states start at the sum of the places; it is their mean",
     _start(lambda grid: grid.sum(axis=1), lambda grid: grid.sum(axis=1))),
    ("the states start at the first place; it is the mean of all",
     _start(lambda grid: grid[:, 0], lambda grid: grid[:, 0])),
    ("the states are not carried on", _start(carried=lambda new, first: first)),
    ("the cell state is not carried on", _start(carried=lambda new, first: [new[0], first[1]])),
    ("the hidden state is not carried on", _start(carried=lambda new, first: [first[0], new[1]])),
    ("time runs backwards", _backwards),
    ("the weights are those of the last step for all",
     _as_given(lambda h, looks: (h, np.repeat(looks[:, -1:], looks.shape[1], axis=1)))),
    ("the weights are those of the state after the step; a step looks before it moves",
     _looking_afterwards),
    ("the weights are (N, P, T); they are (N, T, P)",
     _as_given(lambda h, looks: (h, looks.swapaxes(1, 2)))),
    ("h and weights have time first; the batch is first",
     _as_given(lambda h, looks: (h.swapaxes(0, 1), looks.swapaxes(0, 1)))),
]  # fmt: skip


def _sequence_forward(run):
    return lambda x, grid, *weights: (*run(x, grid, *weights), None)


for _cause, _run in SEQUENCE_FORWARD:
    wrong("attention_lstm_forward", _cause)(_sequence_forward(_run))

# Backward

RIGHT = {
    "into": lambda dh, dprev_h, dprev_c: (dh + dprev_h, dprev_c),
    "total": lambda parts: sum(parts),
    "dgrid": lambda steps, dh0, dc0: sum(steps) + (dh0 + dc0)[:, None] / steps[0].shape[1],
    "end": lambda dx, dgrid, *weights: (dx, dgrid, *weights),
}


def _sequence_backward(changed):
    parts = {**RIGHT, **changed}

    def backward(dh, cache):
        dprev_h = dprev_c = np.zeros_like(dh[:, 0])
        dxs, dgrids, shared = [], [], []
        for t in reversed(range(dh.shape[1])):
            into = parts["into"](dh[:, t], dprev_h, dprev_c)
            dx, dprev_h, dprev_c, dgrid, *weights = attention_lstm_step_backward(*into, cache[t])
            for found, each in zip((dxs, dgrids, shared), (dx, dgrid, weights), strict=True):
                found.insert(0, each)
        dgrid = parts["dgrid"](dgrids, dprev_h, dprev_c)
        totals = [parts["total"](each) for each in zip(*shared, strict=True)]
        return parts["end"](np.stack(dxs, axis=1), dgrid, *totals)

    return backward


def _dh_overwritten(dh, dprev_h, dprev_c):
    dh += dprev_h
    return dh, dprev_c


SEQUENCE_BACKWARD = [
    ("dgrid lacks the way through the initial states",
     {"dgrid": lambda steps, dh0, dc0: sum(steps)}),
    ("dgrid lacks the way through the initial cell state",
     {"dgrid": lambda steps, dh0, dc0: sum(steps) + dh0[:, None] / steps[0].shape[1]}),
    ("dgrid lacks the way through the initial hidden state",
     {"dgrid": lambda steps, dh0, dc0: sum(steps) + dc0[:, None] / steps[0].shape[1]}),
    ("the initial states' gradient reaches each place whole; the mean divides it by P",
     {"dgrid": lambda steps, dh0, dc0: sum(steps) + (dh0 + dc0)[:, None]}),
    ("dgrid is that of the first step; the gradients of all steps add up",
     {"dgrid": lambda steps, dh0, dc0: RIGHT["dgrid"](steps[:1], dh0, dc0)}),
    ("dgrid is averaged over the steps; it adds up",
     {"dgrid": lambda steps, dh0, dc0: RIGHT["dgrid"](steps, dh0, dc0) / len(steps)}),
    ("dgrid is made of the initial states alone; every step uses the grid",
     {"dgrid": lambda steps, dh0, dc0: 0 * steps[0] + (dh0 + dc0)[:, None] / steps[0].shape[1]}),
    ("the gradient of later steps is left out of h",
     {"into": lambda dh, dprev_h, dprev_c: (dh, dprev_c)}),
    ("dc is not handed on", {"into": lambda dh, dprev_h, dprev_c: (dh + dprev_h, 0 * dprev_c)}),
    ("dh[:, t] is added to in place; others still need dh", {"into": _dh_overwritten}),
    ("the gradients of weights are those of the first step; all steps add up",
     {"total": lambda parts: parts[0]}),
    ("the gradients of weights are averaged over the steps; they add up",
     {"total": lambda parts: sum(parts) / len(parts)}),
    ("dx runs backwards in time", {"end": lambda dx, *others: (dx[:, ::-1], *others)}),
    ("dWh and dWattn are exchanged",
     {"end": lambda dx, dgrid, dWx, dWh, dWattn, db: (dx, dgrid, dWx, dWattn, dWh, db)}),
    ("dWattn is left at 0",
     {"end": lambda dx, dgrid, dWx, dWh, dWattn, db: (dx, dgrid, dWx, dWh, 0 * dWattn, db)}),
]  # fmt: skip

for _cause, _changed in SEQUENCE_BACKWARD:
    wrong("attention_lstm_backward", _cause)(_sequence_backward(_changed))
