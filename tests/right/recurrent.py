"""Other right solutions of RNN_Captioning: loops of steps, joined weights, one-hot words."""

import numpy as np

from cs231n.layers import rnn_step_backward, rnn_step_forward

from . import right

# Steps


def step_joined(x, prev_h, Wx, Wh, b):
    """x and the state side by side, their weights on top of each other."""
    both, W = np.hstack([x, prev_h]), np.vstack([Wx, Wh])
    a = both @ W + b
    return np.tanh(a), {
        "both": both,
        "W": W,
        "slope": np.cosh(np.float64(a)) ** -2,
        "D": x.shape[1],
    }


def step_joined_backward(dnext_h, cache):
    da, D = dnext_h * cache["slope"], cache["D"]
    dboth, dW = da @ cache["W"].T, cache["both"].T @ da
    return dboth[:, :D], dboth[:, D:], dW[:D], dW[D:], np.ones(len(da), da.dtype) @ da


def step_einsum(x, prev_h, Wx, Wh, b):
    """Everything in float64, the cache a list of what came in."""
    a = np.einsum("nd,dh->nh", x, Wx, dtype=np.float64) + np.einsum("ng,gh->nh", prev_h, Wh) + b
    return 2 / (1 + np.exp(-2 * a)) - 1, [x, prev_h, Wx, Wh, a]


def step_einsum_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, a = cache
    da = (1 - np.tanh(a)) * (1 + np.tanh(a)) * dnext_h
    dWx, dWh = (np.einsum("ni,nh->ih", array, da) for array in (x, prev_h))
    return np.inner(da, Wx), np.inner(da, Wh), dWx, dWh, np.einsum("nh->h", da)


STEPS = [(step_joined, step_joined_backward), (step_einsum, step_einsum_backward)]
for _forward, _backward in STEPS:
    right("rnn_step_forward", rnn_step_forward=_forward)
    right("rnn_step_backward", rnn_step_forward=_forward, rnn_step_backward=_backward)

# Sequences


def sequence_of_steps(x, h0, Wx, Wh, b):
    """The loop that a student writes first."""
    N, T, _ = x.shape
    h, prev_h, caches = np.zeros((N, T, h0.shape[1])), h0, []
    for t in range(T):
        prev_h, cache = rnn_step_forward(x[:, t, :], prev_h, Wx, Wh, b)
        h[:, t, :] = prev_h
        caches.append(cache)
    return h, (caches, x.shape)


def sequence_of_steps_backward(dh, cache):
    caches, (N, T, D) = cache
    H = dh.shape[2]
    dx, dprev_h = np.zeros((N, T, D)), np.zeros((N, H))
    dWx, dWh, db = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
    for t in range(T - 1, -1, -1):
        dx[:, t, :], dprev_h, one, other, last = rnn_step_backward(dh[:, t, :] + dprev_h, caches[t])
        dWx += one
        dWh += other
        db += last
    return dx, dprev_h, dWx, dWh, db


def recursive(x, h0, Wx, Wh, b):
    """The first step, then the rest."""
    h, cache = rnn_step_forward(x[:, 0], h0, Wx, Wh, b)
    if x.shape[1] == 1:
        return h[:, None], (cache, None)
    rest, rest_cache = recursive(x[:, 1:], h, Wx, Wh, b)
    return np.concatenate([h[:, None], rest], axis=1), (cache, rest_cache)


def recursive_backward(dh, cache):
    first, rest = cache
    if rest is None:
        dx, *others = rnn_step_backward(dh[:, 0], first)
        return dx[:, None], *others
    dxs, dnext_h, *later = recursive_backward(dh[:, 1:], rest)
    dx, dh0, *shared = rnn_step_backward(dh[:, 0] + dnext_h, first)
    totals = (a + b for a, b in zip(shared, later, strict=True))
    return np.concatenate([dx[:, None], dxs], axis=1), dh0, *totals


def time_first(x, h0, Wx, Wh, b):
    """Inputs of all steps first; a view with time in front is returned."""
    states, inputs = [h0], np.tensordot(x, Wx, axes=1) + b
    for projected in inputs.transpose(1, 0, 2):
        states.append(np.tanh(projected + states[-1].dot(Wh)))
    return np.array(states[1:]).transpose(1, 0, 2), (x, states, Wx, Wh)


def time_first_backward(dh, cache):
    x, states, Wx, Wh = cache
    handed, das = 0, []
    for dnext_h, h in zip(dh.transpose(1, 0, 2)[::-1], states[:0:-1], strict=True):
        das.insert(0, (dnext_h + handed) * (1 - h * h))
        handed = das[0] @ Wh.T
    da = np.stack(das, axis=1)
    dWh = np.tensordot(np.stack(states[:-1], axis=1), da, axes=([0, 1], [0, 1]))
    return da @ Wx.T, handed, np.einsum("ntd,nth->dh", x, da), dWh, da.sum(axis=(0, 1))


SEQUENCES = [
    (sequence_of_steps, sequence_of_steps_backward),
    (recursive, recursive_backward),
    (time_first, time_first_backward),
]
for _forward, _backward in SEQUENCES:
    right("rnn_forward", rnn_forward=_forward)
    right("rnn_backward", rnn_forward=_forward, rnn_backward=_backward)

# Words


def embedding_one_hot(x, W):
    hot = np.eye(len(W), dtype=W.dtype)[x]
    return hot @ W, hot


def embedding_one_hot_backward(dout, cache):
    return np.tensordot(cache, dout, axes=([0, 1], [0, 1]))


def embedding_take(x, W):
    return np.take(W, x, axis=0), (x, W)


def embedding_take_backward(dout, cache):
    x, W = cache
    dW = np.zeros(W.shape)
    np.add.at(dW, x, dout)
    return dW


def embedding_loop(x, W):
    return np.array([[W[word].copy() for word in caption] for caption in x]), {"x": x, "W": W}


def embedding_loop_backward(dout, cache):
    dW = np.zeros_like(cache["W"])
    for caption, gradients in zip(cache["x"], dout, strict=True):
        for word, gradient in zip(caption, gradients, strict=True):
            dW[word] += gradient
    return dW


def embedding_sorted_backward(dout, cache):
    x, W = cache
    order = np.argsort(x, axis=None, kind="stable")
    words, starts = np.unique(x.ravel()[order], return_index=True)
    dW = np.zeros_like(W)
    dW[words] = np.add.reduceat(dout.reshape(-1, W.shape[1])[order], starts)
    return dW


EMBEDDINGS = [
    (embedding_one_hot, embedding_one_hot_backward),
    (embedding_take, embedding_take_backward),
    (embedding_take, embedding_sorted_backward),
    (embedding_loop, embedding_loop_backward),
]
for _forward, _backward in EMBEDDINGS:
    right("word_embedding_forward", word_embedding_forward=_forward)
    right("word_embedding_backward",
          word_embedding_forward=_forward, word_embedding_backward=_backward)  # fmt: skip
