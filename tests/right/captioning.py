"""The captioning model in other styles: layers by hand, word by word, recursion, no base class."""

import numpy as np

from cs231n import layers
from cs231n.classifiers.rnn import CaptioningRNN

from . import right


def own(**methods):
    return {"CaptioningRNN": type("Own", (CaptioningRNN,), methods)}


# Loss


def loss_of_layers(self, features, captions):
    """Layer by layer, with a branch for each kind of cell."""
    p, grads = self.params, {}
    into, out = captions[:, 0 : captions.shape[1] - 1], captions[:, 1:]
    h0 = np.dot(features, p["W_proj"]) + p["b_proj"]
    x, word_cache = layers.word_embedding_forward(into, p["W_embed"])
    forward, backward = layers.rnn_forward, layers.rnn_backward
    if self.cell_type == "lstm":
        forward, backward = layers.lstm_forward, layers.lstm_backward
    h, cache = forward(x, h0, p["Wx"], p["Wh"], p["b"])
    scores, score_cache = layers.temporal_affine_forward(h, p["W_vocab"], p["b_vocab"])
    mask = (out != self.word_to_idx["<NULL>"]).astype(np.int32)
    loss, d = layers.temporal_softmax_loss(scores, out, mask, verbose=False)
    d, grads["W_vocab"], grads["b_vocab"] = layers.temporal_affine_backward(d, score_cache)
    d, dh0, grads["Wx"], grads["Wh"], grads["b"] = backward(d, cache)
    grads["W_embed"] = layers.word_embedding_backward(d, word_cache)
    grads["W_proj"], grads["b_proj"] = features.T.dot(dh0), np.sum(dh0, axis=0)
    return loss, grads


def loss_word_by_word(self, features, captions):
    """Step by step, without a layer that knows of time; the gradients are summed on the way."""
    p = {key: value.astype(np.float64) for key, value in self.params.items()}
    N, T = captions.shape
    h, steps, loss = features @ p["W_proj"] + p["b_proj"], [], 0.0
    for t in range(T - 1):
        x = p["W_embed"][captions[:, t]]
        after = np.tanh(x @ p["Wx"] + h @ p["Wh"] + p["b"])
        scores = after @ p["W_vocab"] + p["b_vocab"]
        log_p = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        counts = (captions[:, t + 1] != self._null) / N
        loss -= np.sum(counts * log_p[np.arange(N), captions[:, t + 1]])
        steps.append((x, h, after, log_p, counts))
        h = after
    grads, dh = {key: np.zeros_like(value) for key, value in p.items()}, np.zeros_like(h)
    for t, (x, before, after, log_p, counts) in reversed(list(enumerate(steps))):
        d = (np.exp(log_p) - np.eye(log_p.shape[1])[captions[:, t + 1]]) * counts[:, None]
        grads["W_vocab"] += after.T @ d
        grads["b_vocab"] += d.sum(axis=0)
        da = (dh + d @ p["W_vocab"].T) * (1 - after**2)
        grads["Wx"] += x.T @ da
        grads["Wh"] += before.T @ da
        grads["b"] += da.sum(axis=0)
        np.add.at(grads["W_embed"], captions[:, t], da @ p["Wx"].T)
        dh = da @ p["Wh"].T
    grads["W_proj"], grads["b_proj"] = features.T @ dh, dh.sum(axis=0)
    return loss, {key: value.astype(self.dtype) for key, value in grads.items()}


right("CaptioningRNN.loss", **own(loss=loss_of_layers))
right("CaptioningRNN.loss", **own(loss=loss_word_by_word))

# Step


def step_of_layers(self, words, state):
    vectors, _ = layers.word_embedding_forward(words[:, None], self.params["W_embed"])
    h, state = self.recur_step(vectors[:, 0], state)
    scores, _ = layers.temporal_affine_forward(
        h[:, None, :], self.params["W_vocab"], self.params["b_vocab"]
    )
    return scores[:, 0], state


def step_of_one_hot_words(self, words, state):
    (h,) = state
    p = {key: value.astype(np.float64) for key, value in self.params.items()}
    x = np.eye(len(p["W_embed"]))[words] @ p["W_embed"]
    h = np.tanh(np.hstack([x, h]) @ np.vstack([p["Wx"], p["Wh"]]) + p["b"])
    return (h @ p["W_vocab"] + p["b_vocab"]).astype(self.dtype), (h.astype(self.dtype),)


right("CaptioningRNN.step", **own(step=step_of_layers))
right("CaptioningRNN.step", **own(step=step_of_one_hot_words))

# Sample


def sample_by_hand(self, features, max_length=30):
    """Without step and state: every layer by hand, <NULL> filled in at the end, int32."""
    N, p = features.shape[0], self.params
    captions = self._null * np.ones((N, max_length), dtype=np.int32)
    h, _ = layers.affine_forward(features, p["W_proj"], p["b_proj"])
    word = np.full((N, 1), self.word_to_idx["<START>"])
    for t in range(max_length):
        x, _ = layers.word_embedding_forward(word, p["W_embed"])
        h, _ = layers.rnn_step_forward(x.squeeze(axis=1), h, p["Wx"], p["Wh"], p["b"])
        scores, _ = layers.affine_forward(h, p["W_vocab"], p["b_vocab"])
        word = np.argmax(scores, axis=1)[:, None]
        captions[:, t : t + 1] = word
    for row in captions:
        ends = np.flatnonzero(row == self.word_to_idx["<END>"])
        row[ends[0] + 1 if len(ends) else max_length :] = self._null
    return captions


def sample_one_by_one(self, features, max_length=30):
    """Each caption alone, as a list of numbers, by recursion."""

    def rest(word, state, room):
        if word == self.word_to_idx["<END>"] or room == 0:
            return [self._null] * room
        scores, state = self.step(np.array([word]), state)
        best = int(np.argmax(scores))
        return [best, *rest(best, state, room - 1)]

    start = self.word_to_idx["<START>"]
    return np.array([rest(start, self.first_state(row[None]), max_length) for row in features])


def sample_the_unfinished(self, features, max_length=30):
    """Rows that have ended are taken out of the batch."""
    captions = np.full((len(features), max_length), self._null, dtype=np.int64)
    rows, state = np.arange(len(features)), self.first_state(features)
    words = np.repeat(self.word_to_idx["<START>"], len(rows))
    for t in range(max_length):
        scores, state = self.step(words, state)
        captions[rows, t] = words = np.array([np.argmax(row) for row in scores], dtype=int)
        on = words != self.word_to_idx["<END>"]
        rows, words, state = rows[on], words[on], tuple(part[on] for part in state)
        if len(rows) == 0:
            return captions
    return captions


for _sample in (sample_by_hand, sample_one_by_one, sample_the_unfinished):
    right("CaptioningRNN.sample", **own(sample=_sample))
