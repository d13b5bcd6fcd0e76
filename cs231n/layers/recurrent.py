"""The vanilla recurrent network: one step, and a whole sequence of steps with shared weights."""

import numpy as np

from .blocks import number_type
from .recurrent_validation import require_sequence, require_step


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    """Go one step in time: from the input and the state before it to the next state.

    next_h = tanh(x · Wx + prev_h · Wh + b).

    Inputs:
    - x: Input of this step, shape (N, D)
    - prev_h: State before it, shape (N, H)
    - Wx: Weights of the input, shape (D, H)
    - Wh: Weights of the state, shape (H, H)
    - b: Biases, shape (H,)

    Returns a tuple of:
    - next_h: shape (N, H), between −1 and 1
    - cache: for rnn_step_backward

    Raises ValueError if the shapes do not fit together.
    Source: Elman, Finding structure in time, 1990.
    """
    require_step(x, prev_h, Wx, Wh, b)
    # Your turn: next_h, and a cache of what the way back needs.
    ### BEGIN SOLUTION
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    cache = x, prev_h, Wx, Wh, next_h
    ### END SOLUTION
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    """Carry the gradient back through rnn_step_forward.

    Inputs:
    - dnext_h: Derivative of the loss by next_h, shape (N, H)
    - cache: from rnn_step_forward

    Returns a tuple of:
    - dx: shape (N, D)
    - dprev_h: shape (N, H)
    - dWx: shape (D, H)
    - dWh: shape (H, H)
    - db: shape (H,)
    """
    # Your turn: the slope of tanh is 1 - tanh², and next_h is the tanh already. What comes before
    # it are two affine layers that share a bias.
    ### BEGIN SOLUTION
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    dx, dprev_h = da @ Wx.T, da @ Wh.T
    dWx, dWh, db = x.T @ da, prev_h.T @ da, da.sum(axis=0)
    ### END SOLUTION
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    """Run a recurrent network over whole sequences: the same weights at every step.

    h[:, t] = tanh(x[:, t] · Wx + h[:, t − 1] · Wh + b), and h0 stands for the state before t = 0.

    Inputs:
    - x: Sequences of T inputs, shape (N, T, D)
    - h0: Initial state, shape (N, H)
    - Wx: Weights of the input, shape (D, H)
    - Wh: Weights of the state, shape (H, H)
    - b: Biases, shape (H,)

    Returns a tuple of:
    - h: The state after every step, shape (N, T, H)
    - cache: for rnn_backward

    Raises ValueError if the shapes do not fit together.
    """
    require_sequence(x, h0, Wx, Wh, b)
    # Your turn: a loop over t that calls rnn_step_forward and keeps each step's state and cache.
    # Faster: x · Wx of all steps is one matrix product; only h · Wh has to wait for its turn.
    ### BEGIN SOLUTION
    (N, T, D), H = x.shape, len(Wh)
    inputs = x.transpose(1, 0, 2).reshape(T * N, D)  # time first: what one step reads lies together
    a = (inputs @ Wx + b).reshape(T, N, H)
    states = np.empty((T + 1, N, H), number_type(a, h0, Wh))
    states[0] = h0
    for t in range(T):
        np.tanh(a[t] + states[t] @ Wh, out=states[t + 1])
    h = states[1:].transpose(1, 0, 2).copy()
    cache = inputs, states, Wx, Wh
    ### END SOLUTION
    return h, cache


def rnn_backward(dh, cache):
    """Carry the gradient back through rnn_forward, from the last step to the first.

    A state is used twice: it is returned, and it goes into the next step. Its gradients add up.
    So do those of the weights, which every step uses.

    Inputs:
    - dh: Derivative of the loss by h, shape (N, T, H): what each state gets from outside
    - cache: from rnn_forward

    Returns a tuple of:
    - dx: shape (N, T, D)
    - dh0: shape (N, H)
    - dWx: shape (D, H)
    - dWh: shape (H, H)
    - db: shape (H,)

    Source: Werbos, Backpropagation through time, 1990.
    """
    # Your turn: a loop over t, backwards, that calls rnn_step_backward. It hands on dprev_h, and
    # sums up dWx, dWh and db.
    ### BEGIN SOLUTION
    inputs, states, Wx, Wh = cache
    (N, T, H), D = dh.shape, len(Wx)
    da = 1 - states[1:] ** 2
    dh0, WhT = 0, Wh.T.copy()  # laid out once, read at every step
    for t in reversed(range(T)):
        da[t] *= dh[:, t] + dh0
        dh0 = da[t] @ WhT
    da = da.reshape(T * N, H)  # (T · N, H), as the rows of inputs
    dx = (da @ Wx.T).reshape(T, N, D).transpose(1, 0, 2)
    dWx, dWh, db = inputs.T @ da, states[:-1].reshape(T * N, H).T @ da, da.sum(axis=0)
    ### END SOLUTION
    return dx, dh0, dWx, dWh, db
