"""Rows of the performance table: training steps of captioning models, and writing captions."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from benchmarks.training import steps
from cs231n.classifiers.rnn import CaptioningRNN

T, D, W, H, V = 16, 512, 256, 512, 1004  # the course's data: steps, features, word vector, state
WORDS = {"<NULL>": 0, "<START>": 1, "<END>": 2, **{f"word {i}": i for i in range(3, V)}}
LENGTH = 30  # words of a caption that is written


class TorchCaptioner(torch.nn.Module):
    """The same model by PyTorch's modules: its fused recurrent layers over captions."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        self.project = torch.nn.Linear(D, H)
        self.embed = torch.nn.Embedding(V, W)
        self.recur = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}[kind](W, H, batch_first=True)
        self.score = torch.nn.Linear(H, V)

    def first_state(self, features):
        h = self.project(features)[None]
        return h if self.kind == "rnn" else (h, torch.zeros_like(h))

    def loss(self, features, captions):
        h, _ = self.recur(self.embed(captions[:, :-1]), self.first_state(features))
        scores, wanted = self.score(h).flatten(0, 1), captions[:, 1:].flatten()
        return cross_entropy(scores, wanted, ignore_index=0, reduction="sum") / len(captions)

    @torch.no_grad()
    def sample(self, features):
        state, words = self.first_state(features), torch.ones(len(features), dtype=torch.int64)
        captions = []
        for _ in range(LENGTH):
            h, state = self.recur(self.embed(words)[:, None], state)
            words = self.score(h[:, 0]).argmax(dim=1)
            captions.append(words)
        return torch.stack(captions, dim=1)


def _models(kind, count, dtype):
    """Our model, PyTorch's, and features (N, D)."""
    features = np.random.default_rng(0).standard_normal((count, D)).astype(dtype)
    ours = CaptioningRNN(WORDS, D, W, H, kind, dtype, rng=0)
    ours.params["b_vocab"][2] = -1e9  # no caption ends early: as many steps for both
    theirs = TorchCaptioner(kind).to(torch.from_numpy(features).dtype)
    return ours, theirs, features


def training_step(kind, count):
    """A builder for one step on `count` captions: loss, gradients and Adam."""

    def build(dtype):
        model, theirs_model, features = _models(kind, count, dtype)
        rng = np.random.default_rng(1)
        captions = rng.integers(3, V, size=(count, T + 1))
        captions[np.arange(T + 1) > rng.integers(8, T + 1, size=(count, 1))] = 0
        tfeatures, tcaptions = torch.from_numpy(features), torch.from_numpy(captions)
        loss = lambda: theirs_model.loss(tfeatures, tcaptions)
        return steps(model, (features, captions), theirs_model, loss)

    return build


def writing(kind, count):
    """A builder for greedy captions of `count` pictures."""

    def build(dtype):
        model, theirs_model, features = _models(kind, count, dtype)
        tfeatures = torch.from_numpy(features)
        return lambda: model.sample(features, LENGTH), lambda: theirs_model.sample(tfeatures)

    return build


def work(kind, count):
    """The least work of a step: operations in matrix products, numbers read or written.

    Each word goes through recurrent and vocabulary weights, forward, back, and for their gradients.
    Adam reads or writes each parameter, its gradient and its two averages, seven times in all.
    """
    recurrent = (W + H) * {"rnn": 1, "lstm": 4}[kind] * H
    products = 2 * 3 * count * (T * (recurrent + H * V) + D * H)
    return products, 2 * count * T * V + 7 * (recurrent + (H + W) * V + D * H)
