"""RNN and LSTM: slopes, PyTorch as an oracle, steps against sequences, dtypes, errors."""

import numpy as np
import pytest

from cs231n import layers, rnn_layers
from cs231n.gradient_check import directional_error

SIZES = [(3, 4, 5, 2), (1, 1, 1, 1), (2, 1, 3, 4), (1, 3, 2, 5)]  # N, T, D, H
GATES = {"rnn": 1, "lstm": 4}
KINDS = pytest.mark.parametrize("kind", GATES)
ANY_SIZE = pytest.mark.parametrize("sizes", SIZES, ids=str)


def pair(kind, what=""):
    names = [f"{kind}{what}_{way}" for way in ("forward", "backward")]
    return [getattr(layers, name) for name in names]


def arguments(kind, sizes, dtype=np.float64, seed=5):
    """x, h0, Wx, Wh, b."""
    (N, T, D, H), k = sizes, GATES[kind]
    rng = np.random.default_rng(seed)
    shapes = (N, T, D), (N, H), (D, k * H), (H, k * H), (k * H,)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


def step_arguments(kind, sizes, dtype=np.float64):
    x, h, *weights = arguments(kind, sizes, dtype)
    cell = [] if kind == "rnn" else [np.cos(3 * h)]
    return [x[:, 0], h, *cell, *weights]


@KINDS
@ANY_SIZE
def test_gradients_of_a_sequence_along_a_random_direction(kind, sizes):
    error = directional_error(*pair(kind), arguments(kind, sizes), np.random.default_rng(0))
    assert error < 1e-7


@ANY_SIZE
def test_gradients_of_an_rnn_step_along_a_random_direction(sizes):
    args = step_arguments("rnn", sizes)
    assert directional_error(*pair("rnn", "_step"), args, np.random.default_rng(0)) < 1e-7


@ANY_SIZE
def test_gradients_of_an_lstm_step_along_a_random_direction(sizes):
    forward, backward = pair("lstm", "_step")

    def both_states(*args):
        h, c, cache = forward(*args)
        return np.stack([h, c]), cache

    def back(dstates, cache):
        return backward(*dstates, cache)

    args = step_arguments("lstm", sizes)
    assert directional_error(both_states, back, args, np.random.default_rng(0)) < 1e-7


@KINDS
def test_a_wrong_gradient_is_refused(kind):
    forward, backward = pair(kind)

    def slightly_off(dout, cache):
        dx, dh0, dWx, dWh, db = backward(dout, cache)
        return dx, dh0, dWx, 1.1 * dWh, db

    rng = np.random.default_rng(0)
    assert directional_error(forward, slightly_off, arguments(kind, (3, 4, 5, 2)), rng) > 1e-4


def by_steps(kind, x, h, Wx, Wh, b, dh):
    """The sequence, step by step: h of every step, and all gradients."""
    forward, backward = pair(kind, "_step")
    states, caches, hs = [h] if kind == "rnn" else [h, np.zeros_like(h)], [], []
    for t in range(x.shape[1]):
        *states, cache = forward(x[:, t], *states, Wx, Wh, b)
        caches.append(cache)
        hs.append(states[0])
    dstates, dxs, shared = [np.zeros_like(state) for state in states], [], [0, 0, 0]
    for t in reversed(range(x.shape[1])):
        dx, *rest = backward(dstates[0] + dh[:, t], *dstates[1:], caches[t])
        dstates, shared = rest[: len(states)], [a + b for a, b in zip(shared, rest[-3:])]
        dxs.insert(0, dx)
    return np.stack(hs, axis=1), [np.stack(dxs, axis=1), dstates[0], *shared]


@KINDS
@ANY_SIZE
def test_a_sequence_is_its_steps_one_after_the_other(kind, sizes):
    args = arguments(kind, sizes)
    forward, backward = pair(kind)
    h, cache = forward(*args)
    dh = np.sin(7 * h)
    steps, gradients = by_steps(kind, *args, dh)
    np.testing.assert_allclose(h, steps, atol=1e-13)
    for ours, theirs in zip(backward(dh, cache), gradients, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def torch_twin(torch, kind, args):
    """nn.RNN or nn.LSTM with our weights; PyTorch's gates come in the order i, f, g, o."""
    x, h0, Wx, Wh, b = args
    D, H = Wx.shape[0], Wh.shape[0]
    module = (torch.nn.RNN if kind == "rnn" else torch.nn.LSTM)(D, H, batch_first=True)
    module = module.double()
    order = np.r_[0:H] if kind == "rnn" else np.r_[0 : 2 * H, 3 * H : 4 * H, 2 * H : 3 * H]
    with torch.no_grad():
        module.weight_ih_l0.copy_(torch.tensor(Wx.T[order]))
        module.weight_hh_l0.copy_(torch.tensor(Wh.T[order]))
        module.bias_ih_l0.copy_(torch.tensor(b[order]))
        module.bias_hh_l0.zero_()
    tx, th = (torch.tensor(a, requires_grad=True) for a in (x, h0))
    start = th[None] if kind == "rnn" else (th[None], torch.zeros_like(th[None]))
    return module, tx, th, module(tx, start)[0], np.argsort(order)


@KINDS
@ANY_SIZE
def test_torch_agrees(kind, sizes):
    torch = pytest.importorskip("torch", reason="PyTorch is an optional second oracle")
    args = arguments(kind, sizes)
    forward, backward = pair(kind)
    h, cache = forward(*args)
    module, tx, th, expected, back = torch_twin(torch, kind, args)
    np.testing.assert_allclose(h, expected.detach().numpy(), atol=1e-12)
    dh = np.sin(7 * h)
    expected.backward(torch.tensor(dh))
    dWx, dWh, db = (
        getattr(module, name).grad.numpy()[back].T
        for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0")
    )
    wanted = tx.grad.numpy(), th.grad.numpy(), dWx, dWh, db
    for ours, theirs in zip(backward(dh, cache), wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


@KINDS
@pytest.mark.parametrize("what", ["", "_step"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_arguments_and_cache_are_kept(kind, what, dtype):
    sizes = (3, 4, 5, 2)
    args = (step_arguments if what else arguments)(kind, sizes, dtype)
    forward, backward = pair(kind, what)
    before = [a.copy() for a in args]
    *outs, cache = forward(*args)
    douts = [np.cos(out) for out in outs]
    kept = [a.copy() for a in (*outs, *douts)]
    first, second = backward(*douts, cache), backward(*douts, cache)
    assert {a.dtype for a in (*outs, *first)} == {np.dtype(dtype)}
    pairs = [(first, second), (args, before), ([*outs, *douts], kept)]
    for ones, others in pairs:
        for one, other in zip(ones, others, strict=True):
            np.testing.assert_array_equal(one, other)


@KINDS
def test_whoever_writes_into_h_does_not_harm_the_way_back(kind):
    forward, backward = pair(kind)
    args = arguments(kind, (1, 3, 2, 4))
    h, cache = forward(*args)
    wanted = backward(np.ones_like(h), cache)
    h[...] = 0
    for ours, theirs in zip(backward(np.ones_like(h), cache), wanted, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@KINDS
def test_large_numbers_saturate_without_a_warning(kind, recwarn):
    args = [1e4 * a for a in arguments(kind, (2, 3, 3, 4), np.float32)]
    forward, backward = pair(kind)
    h, cache = forward(*args)
    assert all(np.isfinite(a).all() for a in (h, *backward(np.ones_like(h), cache)))
    assert not recwarn.list


def test_an_open_forget_gate_hands_the_cell_and_its_gradient_on_unchanged():
    H = 2
    b = np.concatenate([np.full(H, -50.0), np.full(H, 50.0), np.zeros(2 * H)])
    zeros, c = np.zeros((1, H)), np.array([[0.3, -2.0]])
    W = np.zeros((H, 4 * H))
    _, next_c, cache = layers.lstm_step_forward(zeros, zeros, c, W, W, b)
    np.testing.assert_array_equal(next_c, c)
    dprev_c = layers.lstm_step_backward(zeros, np.array([[1.0, 2.0]]), cache)[2]
    np.testing.assert_allclose(dprev_c, [[1.0, 2.0]], rtol=1e-12)


@KINDS
@pytest.mark.parametrize(
    ("position", "shape", "message"),
    [
        (0, (3, 5), r"x must have shape \(N, T, D\).*x\[None\]"),
        (0, (3, 0, 5), "T >= 1"),
        (1, (4, 2), r"h0 must have shape \(N, H\) with N = 3"),
        (2, (2, 2), "Wx must have shape"),
        (3, (2, 3), "Wh must have shape"),
        (4, (1, 2), "b must have shape"),
    ],
)
def test_shapes_of_sequences_that_do_not_fit_are_named(kind, position, shape, message):
    args = arguments(kind, (3, 4, 5, 2))
    args[position] = np.ones(shape)
    with pytest.raises(ValueError, match=message):
        pair(kind)[0](*args)


@pytest.mark.parametrize(
    ("position", "shape", "message"),
    [
        (0, (3, 4, 5), r"x of one step is x\[:, t\]"),
        (1, (2,), "prev_h must have shape"),
        (2, (3, 3), "prev_c must have the shape of prev_h"),
        (4, (2, 2), r"Wh must have shape \(H, 4H\) = \(2, 8\)"),
    ],
)
def test_shapes_of_steps_that_do_not_fit_are_named(position, shape, message):
    args = step_arguments("lstm", (3, 4, 5, 2))
    args[position] = np.ones(shape)
    with pytest.raises(ValueError, match=message):
        layers.lstm_step_forward(*args)


def test_sigmoid_by_hand_and_far_out(recwarn):
    out = layers.sigmoid(np.array([0.0, np.log(3), -np.log(3), 1e4, -1e4]))
    np.testing.assert_allclose(out, [0.5, 0.75, 0.25, 1, 0], atol=1e-15)
    assert layers.sigmoid(np.ones(2, np.float32)).dtype == np.float32
    assert not recwarn.list


def test_the_door_hands_out_the_layers_themselves():
    names = [name for name in vars(rnn_layers) if name.endswith(("ward", "_loss", "sigmoid"))]
    assert len(names) == 22
    assert all(getattr(rnn_layers, name) is getattr(layers, name) for name in names)
