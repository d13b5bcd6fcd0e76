"""Mistakes in the captioning model: its loss, its step and its captions."""

import numpy as np

from cs231n import layers
from cs231n.classifiers.rnn import CaptioningRNN

from . import wrong


def _model(method, cause, function):
    wrong(f"CaptioningRNN.{method}", cause)(type("Wrong", (CaptioningRNN,), {method: function}))


# Loss: the right one, in which each mistake changes a part

LOSS = {
    "fed": lambda net, captions: captions[:, :-1],
    "asked": lambda net, captions: captions[:, 1:],
    "counts": lambda net, fed, asked: asked != net._null,
    "start": lambda start: start,
    "b_vocab": lambda net: net.params["b_vocab"],
    "dscores": lambda dscores, scores, asked: dscores,
    "looked_up": lambda net, fed, asked: fed,
    "dW_embed": layers.word_embedding_backward,
    "dstart": lambda dstart, dh: dstart,
    "result": lambda loss, grads, mask: (loss, grads),
}


def _loss_with(**changed):
    part = {**LOSS, **changed}

    def loss(self, features, captions):
        p, grads = self.params, {}
        fed, asked = part["fed"](self, captions), part["asked"](self, captions)
        mask = part["counts"](self, fed, asked)
        start, start_cache = layers.affine_forward(features, p["W_proj"], p["b_proj"])
        x, _ = layers.word_embedding_forward(fed, p["W_embed"])
        h, h_cache = layers.rnn_forward(x, part["start"](start), p["Wx"], p["Wh"], p["b"])
        scores, cache = layers.temporal_affine_forward(h, p["W_vocab"], part["b_vocab"](self))
        loss, dscores = layers.temporal_softmax_loss(scores, asked, mask)
        dscores = part["dscores"](dscores, scores, asked)
        dh, grads["W_vocab"], grads["b_vocab"] = layers.temporal_affine_backward(dscores, cache)
        dx, dstart, grads["Wx"], grads["Wh"], grads["b"] = layers.rnn_backward(dh, h_cache)
        _, x_cache = layers.word_embedding_forward(
            part["looked_up"](self, fed, asked), p["W_embed"]
        )
        grads["W_embed"] = part["dW_embed"](dx, x_cache)
        _, grads["W_proj"], grads["b_proj"] = layers.affine_backward(
            part["dstart"](dstart, dh), start_cache
        )
        return part["result"](loss, grads, mask)

    return loss


def _scaled(factor, loss_too=True):
    def result(loss, grads, mask):
        by = factor(mask)
        return loss * (by if loss_too else 1), {key: by * value for key, value in grads.items()}

    return {"result": result}


def _without(*keys):
    def result(loss, grads, mask):
        return loss, {key: value for key, value in grads.items() if key not in keys}

    return {"result": result}


def _zeroed(*keys):
    def result(loss, grads, mask):
        return loss, grads | {key: np.zeros_like(grads[key]) for key in keys}

    return {"result": result}


def _only_last(dout, cache):
    words, V = cache[:2]
    dW = np.zeros((V, dout.shape[-1]), dout.dtype)
    dW[words] = dout
    return dW


def _unmasked_gradient(dscores, scores, asked):
    return layers.temporal_softmax_loss(scores, asked, np.ones(asked.shape, bool))[1]


def _renamed(loss, grads, mask):
    return loss, {f"d{key}": value for key, value in grads.items()}


def _null_for_zero(net, captions):
    captions[captions == net._null] = 0
    return captions[:, :-1]


for _cause, _how in [
    ("<NULL> counts as a word: the mask is missing",
     {"counts": lambda net, fed, asked: np.ones(asked.shape, bool)}),
    ("the mask is made of the words that are fed; it is of those that follow",
     {"counts": lambda net, fed, asked: fed != net._null}),
    ("the mask takes 0 for <NULL>; its number is self._null",
     {"counts": lambda net, fed, asked: asked != 0}),
    ("the mask is turned round: only <NULL> counts",
     {"counts": lambda net, fed, asked: asked == net._null}),
    ("<END> does not count: the model never learns to stop",
     {"counts": lambda net, fed, asked: (asked != net._null)
      & (asked != net.word_to_idx["<END>"])}),
    ("the last step does not count",
     {"counts": lambda net, fed, asked: (asked != net._null)
      & (np.arange(asked.shape[1]) < asked.shape[1] - 1)}),
    ("the words that follow are fed: each is its own answer",
     {"fed": lambda net, captions: captions[:, 1:]}),
    ("what is asked for is the word that is fed, not the one that follows",
     {"asked": lambda net, captions: captions[:, :-1]}),
    ("captions[:, 1:] is fed and captions[:, :-1] asked for; it is the other way round",
     {"fed": lambda net, captions: captions[:, 1:],
      "asked": lambda net, captions: captions[:, :-1]}),
    ("h0 gets dh[:, 0]; its gradient is dstart, from recur_backward",
     {"dstart": lambda dstart, dh: dh[:, 0]}),
    ("the features are not used: h starts from zeros", {"start": np.zeros_like}),
    ("a ReLU follows the projection of the features; h0 may be negative",
     {"start": lambda start: np.maximum(start, 0)}),
    ("b_vocab is not used", {"b_vocab": lambda net: 0 * net.params["b_vocab"]}),
    ("the loss is divided by the number of words; it is summed over them",
     _scaled(lambda mask: len(mask) / max(1, mask.sum()))),
    ("loss and gradients are summed over the captions; divide by N",
     _scaled(len)),
    ("loss and gradients are divided by N once more",
     _scaled(lambda mask: 1 / len(mask))),
    ("the gradients are divided by N once more; the loss is not",
     _scaled(lambda mask: 1 / len(mask), loss_too=False)),
    ("every gradient has its sign flipped", _scaled(lambda mask: -1, loss_too=False)),
    ("gradients come from steps whose word is <NULL> too", {"dscores": _unmasked_gradient}),
    ("the gradient of W_embed is given to the words that follow, not to those that were fed",
     {"looked_up": lambda net, fed, asked: asked}),
    ("a word that occurs twice keeps the gradient of its last place only",
     {"dW_embed": _only_last}),
    ("the gradients of W_proj and b_proj are missing from grads", _without("W_proj", "b_proj")),
    ("the gradient of W_embed is missing from grads", _without("W_embed")),
    ("the gradients of Wx, Wh and b are missing from grads", _without("Wx", "Wh", "b")),
    ("the gradients of W_proj and b_proj are zeros: the way back stops at h0",
     _zeroed("W_proj", "b_proj")),
    ("grads has names such as dWx; they are those of params", {"result": _renamed}),
    ("captions are overwritten: work on a copy", {"fed": _null_for_zero}),
]:  # fmt: skip
    _model("loss", _cause, _loss_with(**_how))


def _added_up(self, features, captions):
    loss, grads = CaptioningRNN.loss(self, features, captions)
    before = getattr(self, "kept", {})
    self.kept = {key: g + before.get(key, 0) for key, g in grads.items()}
    return loss, self.kept


_model("loss", "gradients add up from call to call; each call begins with none", _added_up)

# Step

STEP = {
    "x": lambda net, words: net.params["W_embed"][words],
    "after": lambda before, after: after,
    "h": lambda before, h: h,
    "b_vocab": lambda net: net.params["b_vocab"],
    "scores": lambda h, scores: scores,
}


def _step_with(**changed):
    part = {**STEP, **changed}

    def step(self, words, state):
        h, after = self.recur_step(part["x"](self, words), state)
        h, after = part["h"](state, h), part["after"](state, after)
        scores = h @ self.params["W_vocab"] + part["b_vocab"](self)
        return part["scores"](h, scores), after

    return step


def _softmax(h, scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _overwritten(before, after):
    before[0][...] = after[0]
    return before


for _cause, _how in [
    ("the state is not carried on: the next step gets the one before this",
     {"after": lambda before, after: before}),
    ("the state carried on is zeros", {"after": lambda before, after: (0 * after[0],)}),
    ("the state comes back as an array; it is a tuple of arrays, as from recur_step",
     {"after": lambda before, after: after[0]}),
    ("the state that came in is overwritten", {"after": _overwritten}),
    ("the hidden state comes back in place of the scores", {"scores": lambda h, scores: h}),
    ("probabilities come back; it is the scores", {"scores": _softmax}),
    ("the scores are made of the state before the step", {"h": lambda before, h: before[0]}),
    ("b_vocab is not used in the step", {"b_vocab": lambda net: 0}),
    ("the same vector is fed whatever the word",
     {"x": lambda net, words: net.params["W_embed"][0 * words]}),
    ("the vector of the word before in the vocabulary is looked up",
     {"x": lambda net, words: net.params["W_embed"][words - 1]}),
    ("no word is fed, zeros in its place",
     {"x": lambda net, words: 0 * net.params["W_embed"][words]}),
    ("the scores go through a tanh", {"scores": lambda h, scores: np.tanh(scores)}),
]:  # fmt: skip
    _model("step", _cause, _step_with(**_how))


def _remembered(self, words, state):
    scores, self.state = CaptioningRNN.step(self, words, getattr(self, "state", state))
    return scores, self.state


_model("step", "the model keeps the state itself; it is the one that is handed over", _remembered)

# Sample

SAMPLE = {
    "state": lambda state: state,
    "first": lambda net: net.word_to_idx["<START>"],
    "steps": lambda max_length: max_length,
    "choose": lambda scores, rng: scores.argmax(axis=1),
    "ends": lambda net, words: words == net.word_to_idx["<END>"],
    "done": lambda before, ended: before | ended,
    "write": lambda net, words, done: np.where(done, net._null, words),
    "feed": lambda net, words: words,
    "carry": lambda first, state: state,
    "result": lambda net, captions: captions,
}


def _sample_with(**changed):
    part = {**SAMPLE, **changed}

    def sample(self, features, max_length=30):
        rng = np.random.default_rng(1)
        first = state = part["state"](self.first_state(features))
        words = np.full(len(features), part["first"](self))
        done = np.zeros(len(features), bool)
        captions = np.full((len(features), max_length), self._null)
        for t in range(part["steps"](max_length)):
            scores, state = self.step(part["feed"](self, words), part["carry"](first, state))
            words = part["choose"](scores, rng)
            captions[:, t] = part["write"](self, words, done)
            done = part["done"](done, part["ends"](self, words))
        return part["result"](self, captions)

    return sample


def _drawn(scores, rng):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.array([rng.choice(len(row), p=row / row.sum()) for row in p])


def _real_words(scores, rng):
    """The argmax, but for two words: their numbers are those of the cases."""
    return np.where(np.isin(np.arange(scores.shape[1]), (3, 5)), -np.inf, scores).argmax(axis=1)


def _with_start(net, captions):
    start = np.full((len(captions), 1), net.word_to_idx["<START>"])
    return np.hstack([start, captions[:, :-1]])


def _end_gone(net, captions):
    return np.where(captions == net.word_to_idx["<END>"], net._null, captions)


def _cut(net, captions):
    written = (captions != net._null).any(axis=0)
    return captions[:, : 1 + max(np.flatnonzero(written), default=0)]


def _one_word_on(net, captions):
    return np.hstack([captions[:, 1:], np.full((len(captions), 1), net._null)])


for _cause, _how in [
    ("<START> is returned; it is fed and left out", {"result": _with_start}),
    ("the first word is lost: what is kept begins with the second", {"result": _one_word_on}),
    ("captions go on after <END>; then <NULL> fills them",
     {"write": lambda net, words, done: words}),
    ("after <END> come more <END>; <NULL> fills the rest",
     {"write": lambda net, words, done: np.where(done, net.word_to_idx["<END>"], words)}),
    ("after <END> come zeros; the number of <NULL> is self._null",
     {"write": lambda net, words, done: np.where(done, 0, words)}),
    ("<END> is left out of the caption; it is its last word", {"result": _end_gone}),
    ("the word is not carried on: <START> is fed at every step",
     {"feed": lambda net, words: np.full_like(words, net.word_to_idx["<START>"])}),
    ("the state is not carried on: every step starts from the picture",
     {"carry": lambda first, state: first}),
    ("the features are not used: the first state is zeros",
     {"state": lambda state: tuple(0 * part for part in state)}),
    ("the first word fed is <NULL>, not <START>", {"first": lambda net: net._null}),
    ("the first word fed is number 1, whatever word that is; it is <START>, by its number",
     {"first": lambda net: 1}),
    ("the word of the lowest score is chosen",
     {"choose": lambda scores, rng: scores.argmin(axis=1)}),
    ("words are drawn at random, though nobody asked for it", {"choose": _drawn}),
    ("<NULL> and <START> are never chosen; the highest score decides", {"choose": _real_words}),
    ("all captions get the word of the first one",
     {"choose": lambda scores, rng: np.full(len(scores), scores[0].argmax())}),
    ("all captions stop when one has ended",
     {"done": lambda before, ended: before | ended.any()}),
    ("captions stop only when all have ended; each has its own end",
     {"done": lambda before, ended: (before | ended) & (before | ended).all()}),
    ("a caption that has ended goes on after one <NULL>",
     {"done": lambda before, ended: ended}),
    ("a word <NULL> ends the caption; only <END> does",
     {"ends": lambda net, words: (words == net.word_to_idx["<END>"]) | (words == net._null)}),
    ("<START> ends the caption; only <END> does",
     {"ends": lambda net, words: words == net.word_to_idx["<START>"]}),
    ("the last column is never written", {"steps": lambda max_length: max_length - 1}),
    ("captions have as many columns as the longest; they have max_length", {"result": _cut}),
    ("a single caption loses its batch axis", {"result": lambda net, captions: captions.squeeze()}),
    ("captions lie in columns; they are rows", {"result": lambda net, captions: captions.T}),
    ("captions are decimals; words are integers",
     {"result": lambda net, captions: captions.astype(float)}),
]:  # fmt: skip
    _model("sample", _cause, _sample_with(**_how))
