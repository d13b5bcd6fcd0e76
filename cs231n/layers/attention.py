"""Attention: an LSTM that looks, before every word, at the places of the picture it asks for."""

import numpy as np

from .lstm import lstm_step_backward, lstm_step_forward
from .recurrent_validation import require_grid, require_places, require_sequence, require_step


def dot_product_attention_forward(query, grid):
    """Average the places of a grid, each weighed by how well it answers the query.

    score[n, p] = ⟨query[n], grid[n, p]⟩ / √H,  weights = softmax of the scores over the places,
    context[n] = Σ_p weights[n, p] · grid[n, p].

    Inputs:
    - query: What is looked for, shape (N, H)
    - grid: What is there at each of P places, shape (N, P, H)

    Returns a tuple of:
    - context: shape (N, H)
    - weights: shape (N, P), positive, each row sums to 1; finite for every finite input
    - cache: for dot_product_attention_backward

    Raises ValueError if the shapes do not fit together.
    Source: Vaswani and others, Attention is all you need, 2017; the grid is both key and value.
    """
    require_grid(query, grid)
    # Your turn: np.einsum("nh,nph->np", query, grid) is the product with every place. The softmax
    # must not overflow: subtract each row's largest score first.
    ### BEGIN SOLUTION
    scores = np.einsum("nh,nph->np", query, grid) / query.shape[1] ** 0.5
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    context = np.einsum("np,nph->nh", weights, grid)
    cache = query, grid, weights
    ### END SOLUTION
    return context, weights, cache


def dot_product_attention_backward(dcontext, cache):
    """Carry the gradient back through dot_product_attention_forward.

    The grid reaches the context along two ways: it is averaged, and it decides on the weights.

    Inputs:
    - dcontext: Derivative of the loss by context, shape (N, H)
    - cache: from dot_product_attention_forward

    Returns a tuple of:
    - dquery: shape (N, H)
    - dgrid: shape (N, P, H)
    """
    # Your turn: through the average to dweights (N, P), through the softmax, where
    # dscores = weights · (dweights - Σ_p weights · dweights), and through the products.
    ### BEGIN SOLUTION
    query, grid, weights = cache
    dweights = np.einsum("nh,nph->np", dcontext, grid)
    dscores = weights * (dweights - np.sum(weights * dweights, axis=1, keepdims=True))
    dscores /= query.shape[1] ** 0.5
    dquery = np.einsum("np,nph->nh", dscores, grid)
    dgrid = weights[:, :, None] * dcontext[:, None] + dscores[:, :, None] * query[:, None]
    ### END SOLUTION
    return dquery, dgrid


def attention_lstm_step_forward(x, prev_h, prev_c, grid, Wx, Wh, Wattn, b):
    """Go one step of an LSTM that sees, beside x, what it has just looked up in a grid (given).

    context, weights = attention of the query prev_h to the grid,
    a = x · Wx + prev_h · Wh + context · Wattn + b; the rest is lstm_step_forward.

    Inputs:
    - x: Input of this step, shape (N, D)
    - prev_h, prev_c: States before it, shape (N, H)
    - grid: The picture's places, shape (N, P, H)
    - Wx: Weights of the input, shape (D, 4H)
    - Wh, Wattn: Weights of the hidden state and of the context, shape (H, 4H)
    - b: Biases, shape (4H,)

    Returns a tuple of:
    - next_h, next_c: shape (N, H)
    - weights: Where it looked, shape (N, P), each row sums to 1
    - cache: for attention_lstm_step_backward

    Raises ValueError if the shapes do not fit together.
    Source: Xu and others, Show, attend and tell, 2015, with the attention of Vaswani and others.
    """
    require_places(x, grid, Wh, Wattn)
    require_step(x, prev_h, Wx, Wh, b, gates=4, prev_c=prev_c)
    return _step_forward(x, prev_h, prev_c, grid, np.concatenate([Wx, Wattn]), Wh, b)


def attention_lstm_step_backward(dnext_h, dnext_c, cache):
    """Carry the gradient back through attention_lstm_step_forward (given).

    Inputs:
    - dnext_h: Derivative of the loss by next_h, shape (N, H)
    - dnext_c: Derivative by next_c through the steps to come alone, shape (N, H)
    - cache: from attention_lstm_step_forward

    Returns a tuple of:
    - dx: shape (N, D)
    - dprev_h, dprev_c: shape (N, H)
    - dgrid: shape (N, P, H)
    - dWx: shape (D, 4H)
    - dWh, dWattn: shape (H, 4H)
    - db: shape (4H,)
    """
    dx, dprev_h, dprev_c, dgrid, dW, dWh, db = _step_backward(dnext_h, dnext_c, cache)
    return dx, dprev_h, dprev_c, dgrid, *_apart(dW, dWh), db


def attention_lstm_forward(x, grid, Wx, Wh, Wattn, b):
    """Run an LSTM with attention over whole sequences: the same weights at every step.

    Both states before the first step are the mean of the grid over its places.

    Inputs:
    - x: Sequences of T inputs, shape (N, T, D)
    - grid: The picture's places, shape (N, P, H)
    - Wx: Weights of the input, shape (D, 4H)
    - Wh, Wattn: Weights of the hidden state and of the context, shape (H, 4H)
    - b: Biases, shape (4H,)

    Returns a tuple of:
    - h: The hidden state after every step, shape (N, T, H)
    - weights: Where each step looked, shape (N, T, P)
    - cache: for attention_lstm_backward

    Raises ValueError if the shapes do not fit together.
    """
    require_places(x, grid, Wh, Wattn)
    require_sequence(x, grid[:, 0], Wx, Wh, b, gates=4)
    # Your turn: a loop over t that calls attention_lstm_step_forward and keeps what it returns.
    ### BEGIN SOLUTION
    next_h = next_c = grid.mean(axis=1)
    W = np.concatenate([Wx, Wattn])  # once, not in every step
    steps = []
    for t in range(x.shape[1]):
        next_h, next_c, look, step_cache = _step_forward(x[:, t], next_h, next_c, grid, W, Wh, b)
        steps.append((next_h, look, step_cache))
    hs, looks, cache = zip(*steps)
    h, weights = np.stack(hs, axis=1), np.stack(looks, axis=1)
    ### END SOLUTION
    return h, weights, cache


def attention_lstm_backward(dh, cache):
    """Carry the gradient back through attention_lstm_forward, from the last step to the first.

    Inputs:
    - dh: Derivative of the loss by h, shape (N, T, H)
    - cache: from attention_lstm_forward

    Returns a tuple of:
    - dx: shape (N, T, D)
    - dgrid: shape (N, P, H): of every step, and of both initial states
    - dWx: shape (D, 4H)
    - dWh, dWattn: shape (H, 4H)
    - db: shape (4H,)
    """
    # Your turn: a loop over t, backwards, as in lstm_backward. Every step uses the grid, and so do
    # both states before the first: they are its mean.
    ### BEGIN SOLUTION
    dprev_h = dprev_c = np.zeros_like(dh[:, 0])
    dxs, totals = [], [0] * 4
    for t in reversed(range(dh.shape[1])):
        dx, dprev_h, dprev_c, *shared = _step_backward(dh[:, t] + dprev_h, dprev_c, cache[t])
        dxs.append(dx)
        for k, each in enumerate(shared):
            totals[k] += each
    dx = np.stack(dxs[::-1], axis=1)
    dgrid, dW, dWh, db = totals
    dgrid += (dprev_h + dprev_c)[:, None] / dgrid.shape[1]
    dWx, dWh, dWattn = _apart(dW, dWh)
    ### END SOLUTION
    return dx, dgrid, dWx, dWh, dWattn, db


def _step_forward(x, prev_h, prev_c, grid, W, Wh, b):
    """A step of an LSTM whose input is x beside the context, and W is Wx on top of Wattn."""
    context, weights, attention_cache = dot_product_attention_forward(prev_h, grid)
    both = np.concatenate([x, context], axis=1)
    next_h, next_c, lstm_cache = lstm_step_forward(both, prev_h, prev_c, W, Wh, b)
    return next_h, next_c, weights, (lstm_cache, attention_cache)


def _step_backward(dnext_h, dnext_c, cache):
    lstm_cache, attention_cache = cache
    dboth, dprev_h, dprev_c, *rest = lstm_step_backward(dnext_h, dnext_c, lstm_cache)
    H = dprev_h.shape[1]
    dx, dcontext = dboth[:, :-H], dboth[:, -H:]
    dquery, dgrid = dot_product_attention_backward(dcontext, attention_cache)
    return dx, dprev_h + dquery, dprev_c, dgrid, *rest


def _apart(dW, dWh):
    """dWx, dWh, dWattn."""
    H = len(dWh)
    return dW[:-H], dWh, dW[-H:]
