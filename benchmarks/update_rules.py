"""Rows of the performance table: update rules alone."""

import numpy as np
import torch

from cs231n import optim


def adam_step(dtype):
    """One Adam step on 820,000 parameters in one array."""
    w, dw = np.ones(820_000, dtype), np.full(820_000, 0.1, dtype)
    state = {"w": w, "config": None}

    def ours():
        state["w"], state["config"] = optim.adam(state["w"], dw, state["config"])

    tw = torch.nn.Parameter(torch.from_numpy(w.copy()))
    tw.grad = torch.from_numpy(dw)
    rule = torch.optim.Adam([tw], foreach=True)
    return ours, rule.step
