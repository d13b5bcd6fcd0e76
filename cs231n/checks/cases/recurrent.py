"""Cases of the notebook RNN_Captioning: a recurrent step, sequences of steps, word embedding."""

import numpy as np

from .inputs import called
from .registry import case, room

room(
    "RNN_Captioning",
    {
        "rnn_step_forward": "",
        "rnn_step_backward": "rnn_step_forward",
        "rnn_forward": "rnn_step_forward",
        "rnn_backward": "rnn_step_forward rnn_step_backward rnn_forward",
        "word_embedding_forward": "",
        "word_embedding_backward": "word_embedding_forward",
    },
)


def step(rng, N, D, H, gates=1, dtype=np.float64):
    """Arguments of a step: x, prev_h, Wx, Wh, b."""
    shapes = (N, D), (N, H), (D, gates * H), (H, gates * H), (gates * H,)
    return [0.7 * rng.randn(*shape).astype(dtype) for shape in shapes]


def sequence(rng, N, T, D, H, gates=1, dtype=np.float64):
    """Arguments of a sequence: x, h0, Wx, Wh, b."""
    x, *others = step(rng, N * T, D, H, gates, dtype)
    return [x.reshape(N, T, D), others[0][:N], *others[1:]]


STEP = ("dx", "dprev_h", "dWx", "dWh", "db")
SEQUENCE = ("dx", "dh0", "dWx", "dWh", "db")


@case(points=2, sizes={"N": 3, "D": 5, "H": 4})
def rnn_step_forward(cs, rng):
    """x (3, 5), prev_h (3, 4)"""
    return {"next_h": cs.rnn_step_forward(*step(rng, 3, 5, 4))[0]}


@case(points=1, exercise="rnn_step_forward", limit=1e-4)
def rnn_step_forward_square(cs, rng):
    """a single example, x and prev_h (1, 4), float32; biases of ±200 saturate two units"""
    *others, b = step(rng, 1, 4, 4, dtype=np.float32)
    b[:2] = 200, -200
    return {"next_h": cs.rnn_step_forward(*others, b)[0]}


@case(points=4, sizes={"N": 3, "D": 5, "H": 4})
def rnn_step_backward(cs, rng):
    """x (3, 5), dnext_h (3, 4)"""
    _, cache = cs.rnn_step_forward(*step(rng, 3, 5, 4))
    return called(rng, cs.rnn_step_backward, cache, (3, 4), names=STEP)


@case(points=1, exercise="rnn_step_backward", limit=1e-4)
def rnn_step_backward_twice(cs, rng):
    """a single example, x and dnext_h (1, 4), float32; one cache, two calls"""
    _, cache = cs.rnn_step_forward(*step(rng, 1, 4, 4, dtype=np.float32))
    options = {"dtype": np.float32, "names": STEP, "calls": 2}
    return called(rng, cs.rnn_step_backward, cache, (1, 4), **options)


@case(points=3, sizes={"N": 2, "T": 3, "D": 4, "H": 5})
def rnn_forward(cs, rng):
    """x (2, 3, 4), h0 (2, 5)"""
    return {"h": cs.rnn_forward(*sequence(rng, 2, 3, 4, 5))[0]}


@case(points=1, exercise="rnn_forward", limit=1e-4)
def rnn_forward_cube(cs, rng):
    """x (3, 3, 3), h0 (3, 3), float32: no shape tells the axes apart; the second of two calls"""
    calls = [cs.rnn_forward(*sequence(rng, 3, 3, 3, 3, dtype=np.float32))[0] for _ in range(2)]
    return {"h": calls[1]}


@case(points=1, exercise="rnn_forward")
def rnn_forward_single_step(cs, rng):
    """one sequence of one step: x (1, 1, 2), h0 (1, 3); a bias of 800 saturates one unit"""
    *others, b = sequence(rng, 1, 1, 2, 3)
    b[0] = 800
    return {"h": cs.rnn_forward(*others, b)[0]}


@case(points=5, sizes={"N": 2, "T": 3, "D": 4, "H": 5})
def rnn_backward(cs, rng):
    """x (2, 3, 4), dh (2, 3, 5)"""
    _, cache = cs.rnn_forward(*sequence(rng, 2, 3, 4, 5))
    return called(rng, cs.rnn_backward, cache, (2, 3, 5), names=SEQUENCE)


@case(points=1, exercise="rnn_backward", limit=1e-4)
def rnn_backward_twice(cs, rng):
    """one sequence of one step: x (1, 1, 3), dh (1, 1, 2), float32; one cache, two calls"""
    _, cache = cs.rnn_forward(*sequence(rng, 1, 1, 3, 2, dtype=np.float32))
    cs.rnn_forward(*sequence(rng, 1, 1, 3, 2, dtype=np.float32))  # a cache lasts
    options = {"dtype": np.float32, "names": SEQUENCE, "calls": 2}
    return called(rng, cs.rnn_backward, cache, (1, 1, 2), **options)


# Words: some occur several times, in one caption and in two; the last of the vocabulary does not.


def captions(rng, dtype=np.int64):
    """x (3, 4) of the words 0 to 6, of which one between does not occur."""
    words = rng.permutation(np.array([0, 0, 1, 2, 2, 2, 3, 4, 5, 6, 6, 6], dtype))
    return np.where(words == rng.randint(1, 6), dtype(0), words).reshape(3, 4)


@case(points=1)
def word_embedding_forward(cs, rng):
    """x (3, 4) of V = 8 words, D = 5"""
    return {"out": cs.word_embedding_forward(captions(rng), rng.randn(8, 5))[0]}


@case(points=1, exercise="word_embedding_forward", limit=1e-4)
def word_embedding_forward_single(cs, rng):
    """a single word: x (1, 1), int32, as in the course's captions; W (4, 1), float32"""
    W = rng.randn(4, 1).astype(np.float32)
    return {"out": cs.word_embedding_forward(rng.randint(4, size=(1, 1), dtype=np.int32), W)[0]}


@case(points=2, sizes={"N": 3, "T": 4})
def word_embedding_backward(cs, rng):
    """x (3, 4) of V = 8 words: some occur several times, some never; dout (3, 4, 5)"""
    _, cache = cs.word_embedding_forward(captions(rng), rng.randn(8, 5))
    return {"dW": cs.word_embedding_backward(rng.randn(3, 4, 5), cache)}


@case(points=1, exercise="word_embedding_backward", limit=1e-4)
def word_embedding_backward_twice(cs, rng):
    """x (3, 4) of int8, dout (3, 4, 24), float32; one cache, two calls"""
    W = rng.randn(7, 24).astype(np.float32)
    _, cache = cs.word_embedding_forward(captions(rng, np.int8), W)
    options = {"dtype": np.float32, "names": ["dW"], "calls": 2}

    def backward(dout, cache):
        return [cs.word_embedding_backward(dout, cache)]

    return called(rng, backward, cache, (3, 4, 24), **options)
