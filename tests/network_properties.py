"""What holds for every network: its gradient is the slope, and only weights are regularised."""

import numpy as np
import pytest


def assert_slope(make, X, y, limit):
    """The gradient along one random direction is the numeric slope, within a relative limit.

    `make()` builds the network, the same one each time, in float64.
    """
    rng = np.random.default_rng(5)
    model = make()
    _, grads = model.loss(X, y)
    assert grads.keys() == model.params.keys()
    steps = {k: rng.standard_normal(v.shape) for k, v in model.params.items()}
    losses = []
    for sign in (1e-6, -1e-6):
        moved = make()
        moved.params = {k: v + sign * steps[k] for k, v in model.params.items()}
        losses.append(moved.loss(X, y)[0])
    slope = sum(np.sum(grads[k] * steps[k]) for k in grads)
    assert slope == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=limit)


def assert_only_weights_are_regularised(make, X, y):
    """The loss grows by 0.5 · reg · ΣW², whatever biases, scales and shifts are; `make(reg)`."""
    plain, regularised = make(0.0), make(0.5)
    for model in (plain, regularised):
        for key in model.params:
            if not key.startswith("W"):
                model.params[key] = model.params[key] + 3.0
    weights = sum(np.sum(v**2) for k, v in plain.params.items() if k.startswith("W"))
    extra = regularised.loss(X, y)[0] - plain.loss(X, y)[0]
    assert extra == pytest.approx(0.25 * weights)
