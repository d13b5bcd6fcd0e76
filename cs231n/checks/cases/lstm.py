"""Cases of the notebook LSTM_Captioning: a step of an LSTM, and sequences of steps."""

import numpy as np

from .inputs import called
from .recurrent import SEQUENCE, sequence, step
from .registry import case, room

room(
    "LSTM_Captioning",
    {
        "lstm_step_forward": "",
        "lstm_step_backward": "lstm_step_forward",
        "lstm_forward": "lstm_step_forward",
        "lstm_backward": "lstm_step_forward lstm_step_backward lstm_forward",
        "dot_product_attention_forward": "",
        "dot_product_attention_backward": "dot_product_attention_forward",
        "attention_lstm_forward": "lstm_step_forward dot_product_attention_forward",
        "attention_lstm_backward": "lstm_step_forward lstm_step_backward "
        "dot_product_attention_forward dot_product_attention_backward attention_lstm_forward",
    },
)

STEP = ("dx", "dprev_h", "dprev_c", "dWx", "dWh", "db")


def lstm_step(rng, N, D, H, dtype=np.float64):
    """Arguments of a step: x, prev_h, prev_c, Wx, Wh, b."""
    x, prev_h, *weights = step(rng, N, D, H, 4, dtype)
    return [x, prev_h, rng.randn(N, H).astype(dtype), *weights]


def lstm_sequence(rng, *sizes, dtype=np.float64):
    """Arguments of a sequence: x, h0, Wx, Wh, b."""
    return sequence(rng, *sizes, 4, dtype)


def states(cs, arguments):
    """Both states after a step."""
    next_h, next_c, _ = cs.lstm_step_forward(*arguments)
    return {"next_h": next_h, "next_c": next_c}


@case(points=3, sizes={"N": 3, "D": 5, "H": 4})
def lstm_step_forward(cs, rng):
    """x (3, 5), prev_h and prev_c (3, 4)"""
    return states(cs, lstm_step(rng, 3, 5, 4))


@case(points=1, exercise="lstm_step_forward", limit=1e-4)
def lstm_step_forward_saturated(cs, rng):
    """a single example, x (1, 4), prev_c large, float32; biases of ±200 open and shut the gates"""
    x, prev_h, prev_c, Wx, Wh, b = lstm_step(rng, 1, 4, 4, np.float32)
    b[::3], b[1::3] = 200, -200
    return states(cs, [x, prev_h, 10 * prev_c, Wx, Wh, b])


@case(points=5, sizes={"N": 3, "D": 5, "H": 4})
def lstm_step_backward(cs, rng):
    """x (3, 5), dnext_h and dnext_c (3, 4)"""
    *_, cache = cs.lstm_step_forward(*lstm_step(rng, 3, 5, 4))
    return called(rng, cs.lstm_step_backward, cache, (3, 4), (3, 4), names=STEP)


@case(points=1, exercise="lstm_step_backward", limit=1e-4)
def lstm_step_backward_twice(cs, rng):
    """a single example, x, dnext_h and dnext_c (1, 4), float32; one cache, two calls"""
    *_, cache = cs.lstm_step_forward(*lstm_step(rng, 1, 4, 4, np.float32))
    options = {"dtype": np.float32, "names": STEP, "calls": 2}
    return called(rng, cs.lstm_step_backward, cache, (1, 4), (1, 4), **options)


@case(points=3, sizes={"N": 2, "T": 3, "D": 4, "H": 5})
def lstm_forward(cs, rng):
    """x (2, 3, 4), h0 (2, 5)"""
    return {"h": cs.lstm_forward(*lstm_sequence(rng, 2, 3, 4, 5))[0]}


@case(points=1, exercise="lstm_forward", limit=1e-4)
def lstm_forward_cube(cs, rng):
    """x (3, 3, 3), h0 (3, 3), float32: no shape tells the axes apart; the second of two calls"""
    options = {"dtype": np.float32}
    calls = [cs.lstm_forward(*lstm_sequence(rng, 3, 3, 3, 3, **options))[0] for _ in range(2)]
    return {"h": calls[1]}


@case(points=1, exercise="lstm_forward")
def lstm_forward_single_step(cs, rng):
    """one sequence of one step: x (1, 1, 3), h0 (1, 2)"""
    return {"h": cs.lstm_forward(*lstm_sequence(rng, 1, 1, 3, 2))[0]}


@case(points=5, sizes={"N": 2, "T": 3, "D": 4, "H": 5})
def lstm_backward(cs, rng):
    """x (2, 3, 4), dh (2, 3, 5)"""
    _, cache = cs.lstm_forward(*lstm_sequence(rng, 2, 3, 4, 5))
    return called(rng, cs.lstm_backward, cache, (2, 3, 5), names=SEQUENCE)


@case(points=1, exercise="lstm_backward", limit=1e-4)
def lstm_backward_twice(cs, rng):
    """one sequence of one step: x (1, 1, 3), dh (1, 1, 2), float32; one cache, two calls"""
    _, cache = cs.lstm_forward(*lstm_sequence(rng, 1, 1, 3, 2, dtype=np.float32))
    cs.lstm_forward(*lstm_sequence(rng, 1, 1, 3, 2, dtype=np.float32))  # a cache lasts
    options = {"dtype": np.float32, "names": SEQUENCE, "calls": 2}
    return called(rng, cs.lstm_backward, cache, (1, 1, 2), **options)
