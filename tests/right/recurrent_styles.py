"""Recurrent layers in other styles: by hand, views, lists for tuples, one buffer for all gates."""

import numpy as np

from cs231n import layers
from cs231n.classifiers.rnn import CaptioningRNN

from . import right

# A tanh by hand that does not overflow; time first, caches made again on the way back


def step_by_hand(x, prev_h, Wx, Wh, b):
    a = x @ Wx + prev_h @ Wh + b
    small = np.exp(-2 * np.abs(a))
    next_h = np.sign(a) * (1 - small) / (1 + small)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def sequence_time_first(x, h0, Wx, Wh, b):
    hs = np.empty((x.shape[1] + 1, *h0.shape))
    hs[0] = h0
    for t, x_t in enumerate(np.moveaxis(x, 1, 0)):
        hs[t + 1], _ = step_by_hand(x_t, hs[t], Wx, Wh, b)
    return np.moveaxis(hs[1:], 0, 1), (x, hs, Wx, Wh)


def sequence_time_first_back(dh, cache):
    x, hs, Wx, Wh = cache
    handed, dxs, totals = 0, [], (0, 0, 0)
    for t in range(dh.shape[1])[::-1]:
        kept = x[:, t], hs[t], Wx, Wh, hs[t + 1]
        dx, handed, *shared = layers.rnn_step_backward(dh[:, t] + handed, kept)
        dxs.insert(0, dx)
        totals = [total + each for total, each in zip(totals, shared, strict=True)]
    return [np.stack(dxs, axis=1), handed, *totals]


right("rnn_step_forward", rnn_step_forward=step_by_hand)
right("rnn_step_backward", rnn_step_forward=step_by_hand)
right("rnn_forward", rnn_forward=sequence_time_first)
right("rnn_backward", rnn_forward=sequence_time_first, rnn_backward=sequence_time_first_back)


def embedding_backward_by_columns(dout, cache):
    x, V = cache
    columns = np.moveaxis(dout, 2, 0)
    return np.stack([np.bincount(x.ravel(), column.ravel(), V) for column in columns], axis=1)


right("word_embedding_backward", word_embedding_backward=embedding_backward_by_columns)


# The model: captions cut to the longest, the state as a list, the filling at the end


class CutCaptions(CaptioningRNN):
    def loss(self, features, captions):
        longest = 1 + np.flatnonzero((captions != self._null).any(axis=0)).max()
        return super().loss(features, captions[:, :longest].copy())


class StateAsList(CaptioningRNN):
    def step(self, words, state):
        scores, state = super().step(words, state)
        return np.asfortranarray(scores), list(state)


class FilledAtTheEnd(CaptioningRNN):
    def sample(self, features, max_length=30):
        state, words = self.first_state(features), [self.word_to_idx["<START>"]] * len(features)
        columns = []
        for _ in range(max_length):
            scores, state = self.step(np.array(words), state)
            columns.append(words := np.argmax(scores, axis=-1).tolist())
        captions = np.array(columns, dtype=np.int16).T
        ends = np.cumsum(captions == self.word_to_idx["<END>"], axis=1)
        captions[np.insert(ends, 0, 0, axis=1)[:, :-1] > 0] = self._null
        return captions


right("CaptioningRNN.loss", CaptioningRNN=CutCaptions)
right("CaptioningRNN.step", CaptioningRNN=StateAsList)
right("CaptioningRNN.sample", CaptioningRNN=StateAsList)
right("CaptioningRNN.sample", CaptioningRNN=FilledAtTheEnd)

# LSTM: all gates in one array, changed in place; a sigmoid that overflows to the right value


def sigmoid(a):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-a))


def lstm_step_one_buffer(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    a = x @ Wx
    a += prev_h @ Wh
    a += b
    a[:, : 3 * H], a[:, 3 * H :] = sigmoid(a[:, : 3 * H]), np.tanh(a[:, 3 * H :])
    i, f, o, g = (a[:, k * H : (k + 1) * H] for k in range(4))
    next_c = f * prev_c + i * g
    return o * np.tanh(next_c), next_c, [x, prev_h, prev_c, Wx, Wh, a, next_c]


def lstm_step_one_buffer_back(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, a, next_c = cache
    i, f, o, g = np.split(a, 4, axis=1)
    dc = dnext_c + dnext_h * o * (1 - np.tanh(next_c) ** 2)
    da = np.empty_like(a)
    blocks = np.split(da, 4, axis=1)
    blocks[0][...], blocks[1][...] = dc * g * i * (1 - i), dc * prev_c * f * (1 - f)
    blocks[2][...], blocks[3][...] = dnext_h * np.tanh(next_c) * o * (1 - o), dc * i * (1 - g * g)
    return [da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, np.add.reduce(da)]


right("lstm_step_forward", lstm_step_forward=lstm_step_one_buffer)
right(
    "lstm_step_backward",
    lstm_step_forward=lstm_step_one_buffer,
    lstm_step_backward=lstm_step_one_buffer_back,
)

# Attention: products by broadcasting, a sum that is guarded against 0


def attention_broadcast(query, grid):
    scores = (grid * query[:, None]).sum(axis=-1) / np.sqrt(grid.shape[-1], dtype=grid.dtype)
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True) + 1e-9
    kept = {"query": query, "grid": grid, "weights": weights}
    return (weights[..., None] * grid).sum(axis=1), weights, kept


def attention_broadcast_back(dcontext, cache):
    query, grid, weights = cache["query"], cache["grid"], cache["weights"]
    weighed = weights * (grid * dcontext[:, None]).sum(axis=-1)
    dscores = (weighed - weights * weighed.sum(axis=-1, keepdims=True))[..., None]
    dscores = dscores / np.sqrt(query.shape[-1])
    return (dscores * grid).sum(axis=1), weights[..., None] * dcontext[:, None] + (
        dscores * query[:, None]
    )


right("dot_product_attention_forward", dot_product_attention_forward=attention_broadcast)
right(
    "dot_product_attention_backward",
    dot_product_attention_forward=attention_broadcast,
    dot_product_attention_backward=attention_broadcast_back,
)
