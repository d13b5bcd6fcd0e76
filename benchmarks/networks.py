"""Rows of the performance table: training steps of whole networks."""

import itertools

import numpy as np
import torch

from cs231n import optim
from cs231n.classifiers import FullyConnectedNet

HIDDEN = [100] * 4


def fully_connected_step(dtype):
    """One training step of a 5-layer net, 100 units a layer, minibatch of 50, Adam."""
    return _steps(dtype, normalization=None)


def batchnorm_step(dtype):
    """The same net with batch normalisation in its hidden layers."""
    return _steps(dtype, normalization="batchnorm")


def batchnorm_gradients(dtype):
    """Its loss and gradients alone: forward and backward, without the update."""
    return _steps(dtype, normalization="batchnorm", update=False)


def _steps(dtype, normalization, update=True):
    """The same step twice: ours, and PyTorch's."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((50, 3, 32, 32)).astype(dtype), rng.integers(10, size=50)
    net = FullyConnectedNet(
        HIDDEN, normalization=normalization, weight_scale="he", dtype=dtype, rng=0
    )
    configs = dict.fromkeys(net.params)

    def ours():
        _, grads = net.loss(X, y)
        for name, w in net.params.items() if update else ():
            net.params[name], configs[name] = optim.adam(w, grads[name], configs[name])

    tX, ty = torch.from_numpy(X), torch.from_numpy(y)
    model = _torch_net(normalization).to(tX.dtype)
    rule = torch.optim.Adam(model.parameters())

    def theirs():
        rule.zero_grad()
        torch.nn.functional.cross_entropy(model(tX), ty).backward()
        if update:
            rule.step()

    return ours, theirs


def _torch_net(normalization):
    layers = [torch.nn.Flatten()]
    for d, m in itertools.pairwise([3072, *HIDDEN]):
        norm = [torch.nn.BatchNorm1d(m)] if normalization else []
        layers += [torch.nn.Linear(d, m), *norm, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(HIDDEN[-1], 10))
