"""The LSTM: a recurrent network whose gates decide what its memory keeps, takes in and shows."""

import numpy as np

from .activations import sigmoid
from .blocks import number_type
from .recurrent_validation import require_sequence, require_step


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    """Go one step in time, with a cell state c beside the hidden state h.

    a = x · Wx + prev_h · Wh + b; its columns are four blocks of H: a_i, a_f, a_o, a_g.
    i = sigmoid(a_i),  f = sigmoid(a_f),  o = sigmoid(a_o),  g = tanh(a_g),
    next_c = f · prev_c + i · g,  next_h = o · tanh(next_c), element by element.

    Inputs:
    - x: Input of this step, shape (N, D)
    - prev_h, prev_c: States before it, shape (N, H)
    - Wx: Weights of the input, shape (D, 4H)
    - Wh: Weights of the hidden state, shape (H, 4H)
    - b: Biases, shape (4H,)

    Returns a tuple of:
    - next_h: shape (N, H), between −1 and 1
    - next_c: shape (N, H)
    - cache: for lstm_step_backward

    Raises ValueError if the shapes do not fit together.
    Source: Hochreiter and Schmidhuber, Long short-term memory, 1997; the forget gate f is from
    Gers, Schmidhuber and Cummins, Learning to forget, 2000.
    """
    require_step(x, prev_h, Wx, Wh, b, gates=4, prev_c=prev_c)
    # Your turn: the gates in the order i, f, o, g, then both states.
    ### BEGIN SOLUTION
    a_i, a_f, a_o, a_g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    i, f, o, g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)
    next_h = o * tanh_c
    cache = x, prev_h, prev_c, Wx, Wh, (i, f, o, g), tanh_c
    ### END SOLUTION
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    """Carry the gradient back through lstm_step_forward.

    next_c reaches the loss along two ways: through the steps to come, and through next_h.

    Inputs:
    - dnext_h: Derivative of the loss by next_h, shape (N, H)
    - dnext_c: Derivative by next_c through the steps to come alone, shape (N, H)
    - cache: from lstm_step_forward

    Returns a tuple of:
    - dx: shape (N, D)
    - dprev_h, dprev_c: shape (N, H)
    - dWx: shape (D, 4H)
    - dWh: shape (H, 4H)
    - db: shape (4H,)
    """
    # Your turn: first both ways into the derivative by next_c (a new array: others still need
    # dnext_c), then the four gates; their gradients side by side are that of an affine layer.
    # The slope of a sigmoid s is s · (1 - s).
    ### BEGIN SOLUTION
    x, prev_h, prev_c, Wx, Wh, (i, f, o, g), tanh_c = cache
    dc = dnext_c + dnext_h * o * (1 - tanh_c**2)
    da_i = dc * g * i * (1 - i)
    da_f = dc * prev_c * f * (1 - f)
    da_o = dnext_h * tanh_c * o * (1 - o)
    da_g = dc * i * (1 - g**2)
    da = np.concatenate([da_i, da_f, da_o, da_g], axis=1)
    dx, dprev_h, dprev_c = da @ Wx.T, da @ Wh.T, dc * f
    dWx, dWh, db = x.T @ da, prev_h.T @ da, da.sum(axis=0)
    ### END SOLUTION
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    """Run an LSTM over whole sequences: the same weights at every step, and c = 0 before the first.

    The cell state stays inside; only the hidden states are returned.

    Inputs:
    - x: Sequences of T inputs, shape (N, T, D)
    - h0: Initial hidden state, shape (N, H)
    - Wx: Weights of the input, shape (D, 4H)
    - Wh: Weights of the hidden state, shape (H, 4H)
    - b: Biases, shape (4H,)

    Returns a tuple of:
    - h: The hidden state after every step, shape (N, T, H)
    - cache: for lstm_backward

    Raises ValueError if the shapes do not fit together.
    """
    require_sequence(x, h0, Wx, Wh, b, gates=4)
    # Your turn: a loop over t that calls lstm_step_forward, as in rnn_forward.
    ### BEGIN SOLUTION
    (N, T, D), H = x.shape, len(Wh)
    inputs = x.transpose(1, 0, 2).reshape(T * N, D)  # time first: what one step reads lies together
    Wx4, Wh4 = (W.reshape(-1, 4, H).transpose(1, 0, 2).copy() for W in (Wx, Wh))  # gate first
    gates = (inputs @ Wx4 + b.reshape(4, 1, H)).reshape(4, T, N, H)
    hs, cs = np.zeros((2, T + 1, N, H), number_type(gates, h0, Wh))
    hs[0] = h0
    for t in range(T):
        a = gates[:, t] + hs[t] @ Wh4
        gates[:3, t], gates[3, t] = sigmoid(a[:3]), np.tanh(a[3])
        i, f, o, g = gates[:, t]
        cs[t + 1] = f * cs[t] + i * g
        hs[t + 1] = o * np.tanh(cs[t + 1])
    h = hs[1:].transpose(1, 0, 2).copy()
    cache = inputs, hs, cs, gates, Wx, Wh
    ### END SOLUTION
    return h, cache


def lstm_backward(dh, cache):
    """Carry the gradient back through lstm_forward, from the last step to the first.

    Inputs:
    - dh: Derivative of the loss by h, shape (N, T, H): what each state gets from outside
    - cache: from lstm_forward

    Returns a tuple of:
    - dx: shape (N, T, D)
    - dh0: shape (N, H)
    - dWx: shape (D, 4H)
    - dWh: shape (H, 4H)
    - db: shape (4H,)
    """
    # Your turn: a loop over t, backwards, that calls lstm_step_backward. Two gradients are handed
    # on, that of h and that of c; nothing after the last step needs its c.
    ### BEGIN SOLUTION
    inputs, hs, cs, gates, Wx, Wh = cache
    (N, T, H), D = dh.shape, len(Wx)
    das, WhT = np.empty((T, N, 4, H), gates.dtype), Wh.T.copy()
    dh0 = dc = 0
    for t in reversed(range(T)):
        (i, f, o, g), tanh_c = gates[:, t], np.tanh(cs[t + 1])
        dnext_h = dh[:, t] + dh0
        dc = dc + dnext_h * o * (1 - tanh_c**2)
        das[t, :, 0] = dc * g * i * (1 - i)
        das[t, :, 1] = dc * cs[t] * f * (1 - f)
        das[t, :, 2] = dnext_h * tanh_c * o * (1 - o)
        das[t, :, 3] = dc * i * (1 - g**2)
        dh0, dc = das[t].reshape(N, 4 * H) @ WhT, dc * f
    da = das.reshape(T * N, 4 * H)
    dx = (da @ Wx.T).reshape(T, N, D).transpose(1, 0, 2)
    dWx, dWh, db = inputs.T @ da, hs[:-1].reshape(T * N, H).T @ da, da.sum(axis=0)
    ### END SOLUTION
    return dx, dh0, dWx, dWh, db
