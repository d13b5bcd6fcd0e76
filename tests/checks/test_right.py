"""Solutions that are right pass, whatever they look like and whatever the seed."""

import math

import numpy as np
import pytest

from cs231n.checks.cases import CASES, EXERCISES, cases_of
from cs231n.checks.judge import judge
from cs231n.checks.package import local
from cs231n.checks.runner import run
from cs231n.classifiers.fc_net import FullyConnectedNet, TwoLayerNet

RIGHT = []


def right(exercise, **overrides):
    """Enter solutions that stand in for contract names and must pass an exercise."""
    RIGHT.append(pytest.param(exercise, overrides, id=f"{exercise}-{len(RIGHT)}"))


def verdicts(exercise, overrides, seed):
    for case in cases_of(exercise):
        want = {k: np.asarray(v) for k, v in run(case, local(), seed).arrays.items()}
        yield judge(case, run(case, local(overrides), seed), want)


# Layers


def affine_forward_loops(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    for n in range(x.shape[0]):
        for m in range(w.shape[1]):
            out[n, m] = np.sum(x[n].ravel() * w[:, m]) + b[m]
    return out, {"x": x, "w": w}


def affine_backward_loops(dout, cache):
    x, w = cache["x"], cache["w"]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for n in range(len(x)):
        dx[n] = (w @ dout[n]).reshape(x.shape[1:])
        dw += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dw, db


def affine_forward_einsum(x, w, b):
    x64 = x.reshape(x.shape[0], -1).astype(np.float64)
    return np.einsum("nd,dm->nm", x64, w) + b, (x, w, b, "more")


def affine_backward_list(dout, cache):
    x, w, _, _ = cache
    flat = x.reshape(x.shape[0], -1)
    return [np.dot(dout, w.T).reshape(x.shape), np.dot(flat.T, dout), np.ones(len(x)) @ dout]


right("affine_forward", affine_forward=affine_forward_loops)
right("affine_forward", affine_forward=affine_forward_einsum)
right("affine_backward", affine_forward=affine_forward_loops, affine_backward=affine_backward_loops)
right("affine_backward", affine_forward=affine_forward_einsum, affine_backward=affine_backward_list)
right("relu_forward", relu_forward=lambda x: (x * (x > 0), None))
right("relu_forward", relu_forward=lambda x: ((np.abs(x) + x) / 2, x))
right("relu_forward", relu_forward=lambda x: (np.where(x >= 0, x, 0.0), (x, x >= 0)))
right("relu_backward", relu_backward=lambda dout, x: np.where(x >= 0, dout, 0))
right("relu_backward", relu_forward=lambda x: (x, x > 0), relu_backward=lambda d, mask: d * mask)


def relu_backward_copy(dout, cache):
    dx = dout.astype(np.float64)
    dx[cache < 0] = 0
    return dx


right("relu_backward", relu_backward=relu_backward_copy)


def softmax_loops(x, y):
    loss, dx = 0.0, np.zeros(x.shape)
    for i, row in enumerate(x.astype(np.float64)):
        top = max(row)
        total = math.log(sum(math.exp(s - top) for s in row)) + top
        loss += (total - row[y[i]]) / len(x)
        dx[i] = np.exp(row - total) / len(x)
        dx[i, y[i]] -= 1 / len(x)
    return loss, dx


def softmax_one_hot(x, y):
    shifted = x - np.max(x, axis=-1)[:, np.newaxis]
    log_p = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    hot = np.eye(x.shape[1])[y]
    return -(hot * log_p).sum() / len(x), (np.exp(log_p) - hot) / len(x)


right("softmax_loss", softmax_loss=softmax_loops)
right("softmax_loss", softmax_loss=softmax_one_hot)


# Initial weights: another stream, other functions


def init_weights_global(shape, weight_scale, rng=None):
    d, m = shape
    std = {"xavier": (2 / (d + m)) ** 0.5, "he": (2 / d) ** 0.5}.get(weight_scale, weight_scale)
    return np.random.default_rng(17).normal(0, std, size=shape).astype(np.float32)


right("init_weights", init_weights=init_weights_global)


class OwnDraws(FullyConnectedNet):
    """Draws last layers first, from a stream of its own."""

    def __init__(self, hidden_dims, input_dim, num_classes, weight_scale=0.01, rng=None, **more):
        super().__init__(hidden_dims, input_dim, num_classes, **more)
        own = np.random.RandomState(5)
        for key in sorted(self.params, reverse=True):
            if key[0] == "W":
                draws = weight_scale * own.randn(*self.params[key].shape)
                self.params[key] = draws.astype(self.dtype)
            else:
                self.params[key] = np.zeros(self.params[key].shape, self.dtype)


class OwnDrawsOfTwo(TwoLayerNet):
    def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=0.01, rng=None):
        super().__init__(input_dim, hidden_dim, num_classes)
        own = np.random.RandomState(6)
        self.params["W2"] = own.normal(0, weight_scale, (hidden_dim, num_classes))
        self.params["W1"] = own.normal(0, weight_scale, (input_dim, hidden_dim))


right("FullyConnectedNet.__init__", FullyConnectedNet=OwnDraws)
right("TwoLayerNet.__init__", TwoLayerNet=OwnDrawsOfTwo)


# Networks: no layers, caches in a dictionary, float64 inside


def plain_loss(self, X, y=None):
    depth = len(self.params) // 2
    h = {0: X.reshape(len(X), -1).astype(np.float64)}
    for i in range(1, depth + 1):
        h[i] = h[i - 1] @ self.params[f"W{i}"] + self.params[f"b{i}"]
        h[i] = h[i] if i == depth else np.maximum(0, h[i])
    if y is None:
        return h[depth]
    loss, d = softmax_one_hot(h[depth], y)
    grads = {}
    for i in reversed(range(1, depth + 1)):
        w = self.params[f"W{i}"]
        loss = loss + self.reg / 2 * np.linalg.norm(w) ** 2
        grads[f"b{i}"], grads[f"W{i}"] = d.sum(0), h[i - 1].T @ d + w * self.reg
        d = (d @ w.T) * (h[i - 1] > 0)
    return np.float64(loss), grads


right("TwoLayerNet.loss", TwoLayerNet=type("Plain", (TwoLayerNet,), {"loss": plain_loss}))
right(
    "FullyConnectedNet.loss",
    FullyConnectedNet=type("Plain", (FullyConnectedNet,), {"loss": plain_loss}),
)


# Update rules


def filled(config, w, **defaults):
    config = {} if config is None else config
    for key, value in defaults.items():
        config.setdefault(key, np.zeros_like(w) if value is None else value)
    return config


def momentum_in_place(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, momentum=0.9, velocity=None)
    c["velocity"] *= c["momentum"]
    c["velocity"] -= c["learning_rate"] * dw
    w += c["velocity"]
    return w, c


def rmsprop_loop(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, cache=None)
    next_w = np.empty_like(w)
    for i in np.ndindex(w.shape):
        c["cache"][i] = c["decay_rate"] * c["cache"][i] + (1 - c["decay_rate"]) * dw[i] ** 2
        step = c["learning_rate"] * dw[i]
        next_w[i] = w[i] - step / (c["cache"][i] ** 0.5 + c["epsilon"])
    return next_w, c


def adagrad_float64(w, dw, config=None):
    c = filled(config, w, learning_rate=1e-2, epsilon=1e-8, cache=None)
    c["cache"] = c["cache"] + np.square(dw, dtype=np.float64)
    return w - c["learning_rate"] / (c["cache"] ** 0.5 + c["epsilon"]) * dw, c


def _adam(update):
    def adam(w, dw, config=None):
        c = filled(
            config, w, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, m=None, v=None, t=0
        )
        c["t"] = c["t"] + 1
        c["m"] = c["beta1"] * c["m"] + (1 - c["beta1"]) * dw
        c["v"] = c["beta2"] * c["v"] + (1 - c["beta2"]) * dw * dw
        return w - update(c, 1 - c["beta1"] ** c["t"], 1 - c["beta2"] ** c["t"]), c

    return adam


def epsilon_beside_corrected_root(c, start1, start2):
    return c["learning_rate"] * (c["m"] / start1) / (np.sqrt(c["v"] / start2) + c["epsilon"])


def epsilon_beside_uncorrected_root(c, start1, start2):
    rate = c["learning_rate"] * math.sqrt(start2) / start1
    return rate * c["m"] / (np.sqrt(c["v"]) + c["epsilon"])


right("sgd_momentum", sgd_momentum=momentum_in_place)
right("rmsprop", rmsprop=rmsprop_loop)
right("adagrad", adagrad=adagrad_float64)
right("adam", adam=_adam(epsilon_beside_corrected_root))
right("adam", adam=_adam(epsilon_beside_uncorrected_root))


@pytest.mark.parametrize("seed", [231, 7])
@pytest.mark.parametrize(("exercise", "overrides"), RIGHT)
def test_right_but_different_passes(exercise, overrides, seed):
    for verdict in verdicts(exercise, overrides, seed):
        assert verdict.passed, (verdict.case.name, verdict.outcome, verdict.findings)


def test_every_exercise_has_a_solution_of_another_kind():
    assert {entry.values[0] for entry in RIGHT} == set(EXERCISES)


@pytest.mark.parametrize("seed", [1, 22, 333, 4444, 55555])
def test_the_solved_package_passes_on_any_seed_twice(seed):
    for name in EXERCISES:
        assert all(verdict.passed for verdict in verdicts(name, {}, seed)), name


def test_a_case_is_the_same_twice():
    for case in CASES.values():
        first, second = (run(case, local(), 3).arrays for _ in range(2))
        assert all(np.array_equal(first[name], second[name]) for name in first), case.name


def test_a_seed_changes_every_case():
    for case in CASES.values():
        one, other = (run(case, local(), seed).arrays for seed in (1, 2))
        assert any(not np.array_equal(one[name], other[name]) for name in one), case.name
