"""The recurrent cells of a captioning model, told apart by nothing but their layers (given)."""

from ..layers import (
    affine_backward,
    affine_forward,
    attention_lstm_backward,
    attention_lstm_forward,
    attention_lstm_step_forward,
    lstm_backward,
    lstm_forward,
    lstm_step_forward,
    rnn_backward,
    rnn_forward,
    rnn_step_forward,
    temporal_affine_backward,
    temporal_affine_forward,
)


class RNNCell:
    """The vanilla recurrent network, from h0 = features · W_proj + b_proj.

    What a sequence starts from, here h0 (N, H), is called its start. The state that a step hands to
    the next is a tuple of arrays with one row for each caption.
    """

    features_shape = "(N, input_dim)"
    blocks = 1  # of H columns in Wx
    weights = ("Wx", "Wh", "b")

    def project_forward(self, features, W_proj, b_proj):
        """Return (start, cache)."""
        return affine_forward(features, W_proj, b_proj)

    def project_backward(self, dstart, cache):
        """Return (dfeatures, dW_proj, db_proj)."""
        return affine_backward(dstart, cache)

    def forward(self, x, start, *weights):
        """Return (h, cache) for sequences x (N, T, D)."""
        return rnn_forward(x, start, *weights)

    def backward(self, dh, cache):
        """Return dx, dstart, and the gradients of the weights."""
        return rnn_backward(dh, cache)

    def first_state(self, start):
        """The state before the first step."""
        return (start,)

    def step(self, x, state, *weights):
        """Return (h, next state) for one input x (N, D)."""
        next_h, _ = rnn_step_forward(x, *state, *weights)
        return next_h, (next_h,)


class LSTMCell(RNNCell):
    """The LSTM, from the same h0, and c0 = 0; its state is (h, c)."""

    blocks = 4

    def forward(self, x, start, *weights):
        """Return (h, cache) for sequences x (N, T, D)."""
        return lstm_forward(x, start, *weights)

    def backward(self, dh, cache):
        """Return dx, dstart, and the gradients of the weights."""
        return lstm_backward(dh, cache)

    def first_state(self, start):
        """The state before the first step."""
        return start, 0 * start

    def step(self, x, state, *weights):
        """Return (h, next state) for one input x (N, D)."""
        next_h, next_c, _ = lstm_step_forward(x, *state, *weights)
        return next_h, (next_h, next_c)


class AttentionCell(LSTMCell):
    """The LSTM with attention: the features of each place of a grid are projected, not of all.

    Its start is the projected grid (N, P, H), its state (h, c, grid), where h0 = c0 = the mean over
    the places.
    """

    features_shape = "(N, P, input_dim)"
    weights = ("Wx", "Wh", "W_attn", "b")

    def project_forward(self, features, W_proj, b_proj):
        """Return (start, cache)."""
        return temporal_affine_forward(features, W_proj, b_proj)

    def project_backward(self, dstart, cache):
        """Return (dfeatures, dW_proj, db_proj)."""
        return temporal_affine_backward(dstart, cache)

    def forward(self, x, start, *weights):
        """Return (h, cache) for sequences x (N, T, D)."""
        h, _, cache = attention_lstm_forward(x, start, *weights)
        return h, cache

    def backward(self, dh, cache):
        """Return dx, dstart, and the gradients of the weights."""
        return attention_lstm_backward(dh, cache)

    def attention(self, x, start, *weights):
        """Where each step looks, shape (N, T, P)."""
        return attention_lstm_forward(x, start, *weights)[1]

    def first_state(self, start):
        """The state before the first step."""
        mean = start.mean(axis=1)
        return mean, mean, start

    def step(self, x, state, *weights):
        """Return (h, next state) for one input x (N, D)."""
        next_h, next_c, _, _ = attention_lstm_step_forward(x, *state, *weights)
        return next_h, (next_h, next_c, state[2])


CELLS = {"rnn": RNNCell(), "lstm": LSTMCell(), "attention": AttentionCell()}
