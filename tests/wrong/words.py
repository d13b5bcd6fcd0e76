"""Mistakes in word embedding."""

import numpy as np

from cs231n.layers import word_embedding_backward

from . import wrong


def _normalised(x, W):
    W -= W.mean(axis=0)
    return W[x]


FORWARD = [
    ("words are counted from 1; they are counted from 0", lambda x, W: W[x - 1]),
    ("captions and steps are exchanged: (T, N, D)", lambda x, W: W[x.T]),
    ("the result is (N · T, D); it keeps the axes of x", lambda x, W: W[x.ravel()]),
    ("columns of W are looked up; each word has a row", lambda x, W: W.T[x]),
    ("word 0 gets zeros, as if it were <NULL>; it has a vector like the others",
     lambda x, W: W[x] * (x != 0)[:, :, None]),
    ("every step shows the caption's first word",
     lambda x, W: W[np.broadcast_to(x[:, :1], x.shape)]),
    ("every caption shows the words of the first", lambda x, W: W[np.broadcast_to(x[0], x.shape)]),
    ("the vectors of a caption are summed up; each step keeps its own",
     lambda x, W: W[x].sum(axis=1)),
    ("steps run backwards", lambda x, W: W[x[:, ::-1]]),
    ("W is changed in place", _normalised),
    ("this is x, one-hot; multiplied by W it would be right", lambda x, W: np.eye(len(W))[x]),
]  # fmt: skip


def _forward(look_up):
    return lambda x, W: (look_up(x, W), None)


for _cause, _look_up in FORWARD:
    wrong("word_embedding_forward", _cause)(_forward(_look_up))


@wrong("word_embedding_backward", "dW[x] = dout keeps only the last of equal words; add them up")
def emb_overwritten(dout, cache):
    x, V = cache
    dW = np.zeros((V, dout.shape[2]), dout.dtype)
    for n, t in np.ndindex(x.shape):
        dW[x[n, t]] = dout[n, t]
    return dW


@wrong("word_embedding_backward", "only the first of equal words counts; add them up")
def emb_first(dout, cache):
    x, V = cache
    dW = np.zeros((V, dout.shape[2]), dout.dtype)
    for n, t in reversed(list(np.ndindex(x.shape))):
        dW[x[n, t]] = dout[n, t]
    return dW


@wrong("word_embedding_backward", "equal words of one caption count once; add them up")
def emb_once_a_caption(dout, cache):
    x, V = cache
    dW = np.zeros((V, dout.shape[2]), dout.dtype)
    for n in range(len(x)):
        dW[x[n]] += dout[n]
    return dW


@wrong("word_embedding_backward", "equal words at one step count once; add them up")
def emb_once_a_step(dout, cache):
    x, V = cache
    dW = np.zeros((V, dout.shape[2]), dout.dtype)
    for t in range(x.shape[1]):
        dW[x[:, t]] += dout[:, t]
    return dW


@wrong("word_embedding_backward", "the gradients of equal words are averaged; they add up")
def emb_mean(dout, cache):
    x, V = cache
    counts = np.bincount(x.ravel(), minlength=V)
    return word_embedding_backward(dout, cache) / np.maximum(counts, 1)[:, None]


@wrong("word_embedding_backward", "dW is divided by N; it is a sum")
def emb_by_batch(dout, cache):
    return word_embedding_backward(dout, cache) / len(dout)


@wrong("word_embedding_backward", "dW ends with the largest word in x; it has the shape of W")
def emb_short(dout, cache):
    x, _ = cache
    return word_embedding_backward(dout, (x, int(x.max()) + 1))


@wrong("word_embedding_backward", "dW starts at 1, not at 0")
def emb_from_ones(dout, cache):
    return 1 + word_embedding_backward(dout, cache)


@wrong("word_embedding_backward", "only the last caption counts: dW starts afresh for each")
def emb_last_caption(dout, cache):
    x, V = cache
    return word_embedding_backward(dout[-1:], (x[-1:], V))


@wrong("word_embedding_backward", "words and gradients are paired in different orders")
def emb_mixed(dout, cache):
    x, V = cache
    mixed = dout.swapaxes(0, 1).reshape(dout.shape)
    return word_embedding_backward(mixed, (x, V))


@wrong("word_embedding_backward", "dW is transposed")
def emb_transposed(dout, cache):
    return word_embedding_backward(dout, cache).T


@wrong("word_embedding_backward", "equal words are summed up inside dout, which others still need")
def emb_dout_overwritten(dout, cache):
    x, _ = cache
    dW = word_embedding_backward(dout, cache)
    dout[...] = dW[x]
    return dW


@wrong("word_embedding_backward", "x in the cache is sorted in place: a second call finds another")
def emb_sorted(dout, cache):
    x, _ = cache
    dW = word_embedding_backward(dout, cache)
    x.ravel()[...] = np.sort(x, axis=None)
    return dW
