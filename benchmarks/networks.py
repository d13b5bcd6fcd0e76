"""Rows of the performance table: training steps of whole networks."""

import itertools

import torch

from benchmarks.training import on_pictures
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
    net = FullyConnectedNet(
        HIDDEN, normalization=normalization, weight_scale="he", dtype=dtype, rng=0
    )
    return on_pictures(net, _torch_net(normalization), dtype, update)


def _torch_net(normalization):
    layers = [torch.nn.Flatten()]
    for d, m in itertools.pairwise([3072, *HIDDEN]):
        norm = [torch.nn.BatchNorm1d(m)] if normalization else []
        layers += [torch.nn.Linear(d, m), *norm, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(HIDDEN[-1], 10))
