"""Other right solutions of LSTM_Captioning: steps in a loop, joined weights, tanh for sigmoid."""

import numpy as np

from cs231n.layers import (
    attention_lstm_step_backward,
    attention_lstm_step_forward,
    lstm_step_backward,
    lstm_step_forward,
)

from . import right

# Steps


def step_joined(x, prev_h, prev_c, Wx, Wh, b):
    """x and the state side by side; one tanh for all gates; everything in float64."""
    both, W = np.hstack([x, prev_h]).astype(np.float64), np.vstack([Wx, Wh])
    N, H = prev_h.shape
    a = (both @ W + b).reshape(N, 4, H)
    half = np.array([0.5, 0.5, 0.5, 1])[:, None]
    gates = np.tanh(a * half) * half + np.array([0.5, 0.5, 0.5, 0])[:, None]
    next_c = gates[:, 1] * prev_c + gates[:, 0] * gates[:, 3]
    return gates[:, 2] * np.tanh(next_c), next_c, [both, W, gates, prev_c, next_c, x.shape[1]]


def step_joined_backward(dnext_h, dnext_c, cache):
    both, W, gates, prev_c, next_c, D = cache
    i, f, o, g = gates.transpose(1, 0, 2)
    dc = dnext_c + dnext_h * o / np.cosh(next_c) ** 2
    by_gate = np.stack([dc * g, dc * prev_c, dnext_h * np.tanh(next_c), dc * i], axis=1)
    slopes = np.stack([i - i**2, f - f**2, o - o**2, 1 - g**2], axis=1)
    da = (by_gate * slopes).reshape(len(i), -1)
    dboth, dW = da @ W.T, both.T @ da
    return dboth[:, :D], dboth[:, D:], f * dc, dW[:D], dW[D:], da.sum(0)


def sigmoid_by_cases(a):
    return np.where(a >= 0, 1 / (1 + np.exp(-np.abs(a))), 1 - 1 / (1 + np.exp(-np.abs(a))))


def step_gate_by_gate(x, prev_h, prev_c, Wx, Wh, b):
    """A matrix product for every gate; the whole of the inputs in the cache."""
    H = prev_h.shape[1]
    found = {}
    for k, name in enumerate("ifog"):
        block = slice(k * H, (k + 1) * H)
        a = x @ Wx[:, block] + prev_h @ Wh[:, block] + b[block]
        found[name] = np.tanh(a) if name == "g" else sigmoid_by_cases(a)
    next_c = found["f"] * prev_c + found["i"] * found["g"]
    return found["o"] * np.tanh(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, found, next_c)


def step_gate_by_gate_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, s, next_c = cache
    H = prev_h.shape[1]
    dc = dnext_c.copy()
    dc += dnext_h * s["o"] * (1 - np.square(np.tanh(next_c)))
    das = {
        "i": dc * s["g"] * s["i"] * (1 - s["i"]),
        "f": dc * prev_c * s["f"] * (1 - s["f"]),
        "o": dnext_h * np.tanh(next_c) * s["o"] * (1 - s["o"]),
        "g": dc * s["i"] * (1 - s["g"] ** 2),
    }
    dx, dprev_h, dWx, dWh, db = (np.zeros_like(a) for a in (x, prev_h, Wx, Wh, Wx[0]))
    for k, da in enumerate(das.values()):
        block = slice(k * H, (k + 1) * H)
        dx += da @ Wx[:, block].T
        dprev_h += da @ Wh[:, block].T
        dWx[:, block], dWh[:, block], db[block] = x.T @ da, prev_h.T @ da, da.sum(axis=0)
    return dx, dprev_h, dc * s["f"], dWx, dWh, db


STEPS = [(step_joined, step_joined_backward), (step_gate_by_gate, step_gate_by_gate_backward)]
for _forward, _backward in STEPS:
    right("lstm_step_forward", lstm_step_forward=_forward)
    right("lstm_step_backward", lstm_step_forward=_forward, lstm_step_backward=_backward)

# Sequences


def sequence_of_steps(x, h0, Wx, Wh, b):
    """The loop that a student writes first."""
    h, prev_h, prev_c, caches = [], h0, np.zeros_like(h0), []
    for t in range(x.shape[1]):
        prev_h, prev_c, cache = lstm_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, b)
        h.append(prev_h)
        caches.append(cache)
    return np.array(h).transpose(1, 0, 2), caches


def sequence_of_steps_backward(dh, cache):
    dprev_h, dprev_c = np.zeros_like(dh[:, 0]), np.zeros_like(dh[:, 0])
    dx, totals = [], None
    for t in range(dh.shape[1] - 1, -1, -1):
        one, dprev_h, dprev_c, *shared = lstm_step_backward(dh[:, t] + dprev_h, dprev_c, cache[t])
        dx.append(one)
        totals = shared if totals is None else [a + b for a, b in zip(totals, shared, strict=True)]
    return np.stack(dx[::-1], axis=1), dprev_h, *totals


def sequence_in_place(x, h0, Wx, Wh, b):
    """Steps of its own, written into arrays (N, T + 1, H)."""
    N, T, _ = x.shape
    hs, cs = (np.zeros((N, T + 1, h0.shape[1])) for _ in range(2))
    hs[:, 0], caches = h0, {}
    for t in range(T):
        states = hs[:, t], cs[:, t]
        hs[:, t + 1], cs[:, t + 1], caches[t] = step_joined(x[:, t], *states, Wx, Wh, b)
    return hs[:, 1:], caches


def sequence_in_place_backward(dh, cache):
    N, T, H = dh.shape
    D = cache[0][-1]
    dx, dhs, dc = np.zeros((N, T, D)), np.zeros((N, T + 1, H)), np.zeros((N, H))
    dhs[:, 1:] = dh
    dW, db = [np.zeros((D, 4 * H)), np.zeros((H, 4 * H))], np.zeros(4 * H)
    for t in reversed(range(T)):
        dx[:, t], dprev_h, dc, *shared = step_joined_backward(dhs[:, t + 1], dc, cache[t])
        dhs[:, t] += dprev_h
        for total, each in zip((*dW, db), shared, strict=True):
            total += each
    return dx, dhs[:, 0], *dW, db


SEQUENCES = [
    (sequence_of_steps, sequence_of_steps_backward),
    (sequence_in_place, sequence_in_place_backward),
]
for _forward, _backward in SEQUENCES:
    right("lstm_forward", lstm_forward=_forward)
    right("lstm_backward", lstm_forward=_forward, lstm_backward=_backward)

# Attention


def attention_loop(query, grid):
    """One query at a time, in float64."""
    contexts, looks = [], []
    for q, places in zip(query.astype(np.float64), grid, strict=True):
        scores = places @ q / len(q) ** 0.5
        odds = np.exp(scores - np.max(scores))
        looks.append(odds / odds.sum())
        contexts.append(looks[-1] @ places)
    return np.array(contexts), np.array(looks), {"q": query, "grid": grid, "looks": np.array(looks)}


def attention_loop_backward(dcontext, cache):
    """The softmax's Jacobian, spelled out."""
    dquery, dgrid = [], []
    for d, q, places, look in zip(dcontext, cache["q"], cache["grid"], cache["looks"], strict=True):
        jacobian = np.diag(look) - np.outer(look, look)
        dscores = jacobian @ (places @ d) / len(q) ** 0.5
        dquery.append(dscores @ places)
        dgrid.append(np.outer(look, d) + np.outer(dscores, q))
    return np.array(dquery), np.array(dgrid)


def attention_matmul(query, grid):
    """Products of stacked matrices."""
    scaled = query / np.sqrt(np.float32(query.shape[1])).astype(query.dtype)
    scores = (grid @ scaled[:, :, None])[:, :, 0]
    scores = scores - np.max(scores, axis=1)[:, None]
    weights = np.exp(scores - np.log(np.sum(np.exp(scores), axis=1))[:, None])
    return (weights[:, None] @ grid)[:, 0], weights, (scaled, grid, weights)


def attention_matmul_backward(dcontext, cache):
    scaled, grid, weights = cache
    dweights = (grid @ dcontext[:, :, None])[:, :, 0]
    centred = dweights - (weights[:, None] @ dweights[:, :, None])[:, 0]
    dscores = centred * weights
    dgrid = weights[:, :, None] @ dcontext[:, None] + dscores[:, :, None] @ scaled[:, None]
    return (dscores[:, None] @ grid)[:, 0] / np.sqrt(grid.shape[2]), dgrid


ATTENTION = [
    (attention_loop, attention_loop_backward),
    (attention_matmul, attention_matmul_backward),
]
for _forward, _backward in ATTENTION:
    right("dot_product_attention_forward", dot_product_attention_forward=_forward)
    right("dot_product_attention_backward",
          dot_product_attention_forward=_forward,
          dot_product_attention_backward=_backward)  # fmt: skip


def attention_steps(x, grid, Wx, Wh, Wattn, b):
    """The loop that a student writes first."""
    N, T, _ = x.shape
    h, weights, caches = np.zeros((N, T, grid.shape[2])), np.zeros((N, T, grid.shape[1])), []
    prev_h, prev_c = np.mean(grid, axis=1), np.mean(grid, axis=1)
    for t in range(T):
        prev_h, prev_c, weights[:, t], cache = attention_lstm_step_forward(
            x[:, t], prev_h, prev_c, grid, Wx, Wh, Wattn, b
        )
        h[:, t] = prev_h
        caches.append(cache)
    return h, weights, (caches, grid.shape)


def attention_steps_backward(dh, cache):
    caches, (N, P, H) = cache
    dprev_h, dprev_c, dx, totals = np.zeros((N, H)), np.zeros((N, H)), [None] * len(caches), []
    for t in reversed(range(len(caches))):
        dx[t], dprev_h, dprev_c, *shared = attention_lstm_step_backward(
            dh[:, t] + dprev_h, dprev_c, caches[t]
        )
        totals.append(shared)
    dgrid, *weights = (sum(each) for each in zip(*totals, strict=True))
    initial = np.repeat((dprev_h + dprev_c)[:, None] / P, P, axis=1)
    return np.stack(dx, axis=1), dgrid + initial, *weights


right("attention_lstm_forward", attention_lstm_forward=attention_steps)
right("attention_lstm_backward",
      attention_lstm_forward=attention_steps,
      attention_lstm_backward=attention_steps_backward)  # fmt: skip
