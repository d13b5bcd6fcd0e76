"""Rows of the performance table: RNN and LSTM over sequences, and word embedding."""

import numpy as np
import torch

from cs231n import layers

T, D, H, V = 16, 256, 512, 1004  # captions of the course's data: steps, word vector, state, words
UNITS = {"rnn": (torch.nn.RNN, 1), "lstm": (torch.nn.LSTM, 4)}


def sequence(kind, count):
    """A builder for forward and backward over `count` sequences, against nn.RNN or nn.LSTM."""
    unit, gates = UNITS[kind]
    forward, backward = (getattr(layers, f"{kind}_{way}ward") for way in ("for", "back"))

    def build(dtype):
        rng = np.random.default_rng(0)
        shapes = (count, T, D), (count, H), (D, gates * H), (H, gates * H), (gates * H,)
        args = [0.05 * rng.standard_normal(shape).astype(dtype) for shape in shapes]
        dh = rng.standard_normal((count, T, H)).astype(dtype)

        def ours():
            return backward(dh, forward(*args)[1])

        tx, th = (torch.from_numpy(a).requires_grad_() for a in args[:2])
        module = unit(D, H, batch_first=True).to(tx.dtype)
        start = th[None] if gates == 1 else (th[None], torch.zeros_like(th)[None])
        wanted = [tx, th, *module.parameters()]

        def theirs():
            return torch.autograd.grad(module(tx, start)[0], wanted, torch.from_numpy(dh))

        return ours, theirs

    return build


def embedding(count):
    """A builder for looking up the words of `count` captions, forward and backward."""

    def build(dtype):
        rng = np.random.default_rng(0)
        words, W = rng.integers(V, size=(count, T)), rng.standard_normal((V, D)).astype(dtype)
        dout = rng.standard_normal((count, T, D)).astype(dtype)

        def ours():
            return layers.word_embedding_backward(dout, layers.word_embedding_forward(words, W)[1])

        twords, tW = torch.from_numpy(words), torch.from_numpy(W).requires_grad_()

        def theirs():
            out = torch.nn.functional.embedding(twords, tW)
            return torch.autograd.grad(out, tW, torch.from_numpy(dout))

        return ours, theirs

    return build


def work(kind, count):
    """The least work of a row: operations in matrix products, numbers read or written."""
    gates = UNITS[kind][1]
    return 2 * 3 * count * T * gates * H * (D + H), 5 * count * T * gates * H
