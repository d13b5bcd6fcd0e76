"""Cases of the notebook LSTM_Captioning: attention to a grid, and an LSTM that uses it."""

import numpy as np

from .inputs import called
from .registry import case

SEQUENCE = ("dx", "dgrid", "dWx", "dWh", "dWattn", "db")


def query_and_grid(rng, N, P, H, dtype=np.float64):
    """Places that differ, so that the weights do."""
    return [2 * rng.randn(*shape).astype(dtype) for shape in ((N, H), (N, P, H))]


def attended(cs, arguments):
    """Context and weights."""
    context, weights, _ = cs.dot_product_attention_forward(*arguments)
    return {"context": context, "weights": weights}


def attention_sequence(rng, N, T, D, H, P, dtype=np.float64):
    """x, grid, Wx, Wh, Wattn, b."""
    shapes = (N, T, D), (N, P, H), (D, 4 * H), (H, 4 * H), (H, 4 * H), (4 * H,)
    return [0.7 * rng.randn(*shape).astype(dtype) for shape in shapes]


def hidden_and_weights(cs, arguments):
    """The hidden states and where each step looked."""
    h, weights, _ = cs.attention_lstm_forward(*arguments)
    return {"h": h, "weights": weights}


@case(points=2, sizes={"N": 3, "P": 4, "H": 5})
def dot_product_attention_forward(cs, rng):
    """query (3, 5), grid (3, 4, 5)"""
    return attended(cs, query_and_grid(rng, 3, 4, 5))


@case(points=1, exercise="dot_product_attention_forward", limit=1e-4)
def dot_product_attention_forward_large(cs, rng):
    """query (3, 3), grid (3, 3, 3), float32; scores beyond ±1,000, where exp overflows"""
    query, grid = query_and_grid(rng, 3, 3, 3, np.float32)
    return attended(cs, [1000 * query + 500 * np.sign(query), grid])


@case(points=1, exercise="dot_product_attention_forward")
def dot_product_attention_forward_single(cs, rng):
    """a single query (1, 2) and one place, grid (1, 1, 2)"""
    return attended(cs, query_and_grid(rng, 1, 1, 2))


@case(points=3, sizes={"N": 3, "P": 4, "H": 5})
def dot_product_attention_backward(cs, rng):
    """query and dcontext (3, 5), grid (3, 4, 5)"""
    *_, cache = cs.dot_product_attention_forward(*query_and_grid(rng, 3, 4, 5))
    names = ("dquery", "dgrid")
    return called(rng, cs.dot_product_attention_backward, cache, (3, 5), names=names)


@case(points=1, exercise="dot_product_attention_backward", limit=1e-4)
def dot_product_attention_backward_twice(cs, rng):
    """query and dcontext (3, 3), grid (3, 3, 3), float32; one cache, two calls"""
    *_, cache = cs.dot_product_attention_forward(*query_and_grid(rng, 3, 3, 3, np.float32))
    options = {"dtype": np.float32, "names": ("dquery", "dgrid"), "calls": 2}
    return called(rng, cs.dot_product_attention_backward, cache, (3, 3), **options)


@case(points=2, sizes={"N": 2, "T": 3, "D": 4, "H": 5, "P": 6})
def attention_lstm_forward(cs, rng):
    """x (2, 3, 4), grid (2, 6, 5)"""
    return hidden_and_weights(cs, attention_sequence(rng, 2, 3, 4, 5, 6))


@case(points=1, exercise="attention_lstm_forward", limit=1e-4)
def attention_lstm_forward_cube(cs, rng):
    """x and grid (3, 3, 3), float32: no shape tells the axes apart"""
    return hidden_and_weights(cs, attention_sequence(rng, 3, 3, 3, 3, 3, np.float32))


@case(points=3, sizes={"N": 2, "T": 3, "D": 4, "H": 5, "P": 6})
def attention_lstm_backward(cs, rng):
    """x (2, 3, 4), grid (2, 6, 5), dh (2, 3, 5)"""
    *_, cache = cs.attention_lstm_forward(*attention_sequence(rng, 2, 3, 4, 5, 6))
    return called(rng, cs.attention_lstm_backward, cache, (2, 3, 5), names=SEQUENCE)


@case(points=1, exercise="attention_lstm_backward", limit=1e-4)
def attention_lstm_backward_twice(cs, rng):
    """one sequence of one step: x (1, 1, 3), grid (1, 4, 2), float32; one cache, two calls"""
    *_, cache = cs.attention_lstm_forward(*attention_sequence(rng, 1, 1, 3, 2, 4, np.float32))
    options = {"dtype": np.float32, "names": SEQUENCE, "calls": 2}
    return called(rng, cs.attention_lstm_backward, cache, (1, 1, 2), **options)
