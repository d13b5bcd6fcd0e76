"""Rows of the performance table: convolution, pooling, spatial normalisation and whole ConvNets.

Pictures lie channels-last for us, as they do between the layers of a network, and channels-first
for PyTorch, as it keeps them; a network's first layer gets channels-first pictures on both sides.
"""

import numpy as np
import torch
from torch.nn import functional

from benchmarks.training import on_pictures
from cs231n import layers
from cs231n.classifiers import ConvNet, ThreeLayerConvNet


def convolution(count, channels, side, filters, size, stride=1, first=False):
    """A builder for forward and backward of one convolution; `first`: without dx."""

    def build(dtype):
        rng = np.random.default_rng(0)
        x = pictures(rng, (count, channels, side, side), dtype, last=not first)
        w, b = filled(rng, (filters, channels, size, size), dtype), filled(rng, (filters,), dtype)
        pad = (size - 1) // 2
        param = {"stride": stride, "pad": pad}
        dout = pictures(rng, layers.conv_forward_fast(x, w, b, param)[0].shape, dtype)

        def ours():
            _, cache = layers.conv_forward_fast(x, w, b, param)
            return layers.conv_backward_fast(dout, cache, need_dx=not first)

        tensors = [tensor(x, grad=not first), tensor(w), tensor(b)]

        def forward(*arguments):
            return functional.conv2d(*arguments, stride=stride, padding=pad)

        return ours, backward_of(forward, tensors, dout)

    return build


def pooling(count, channels, side, size, stride):
    """A builder for forward and backward of one max pooling."""

    def build(dtype):
        rng = np.random.default_rng(0)
        x = pictures(rng, (count, channels, side, side), dtype)
        param = {"pool_height": size, "pool_width": size, "stride": stride}
        dout = pictures(rng, layers.max_pool_forward_fast(x, param)[0].shape, dtype)

        def ours():
            return layers.max_pool_backward_fast(dout, layers.max_pool_forward_fast(x, param)[1])

        def forward(pixels):
            return functional.max_pool2d(pixels, size, stride)

        return ours, backward_of(forward, [tensor(x)], dout)

    return build


def spatial_batchnorm(dtype):
    """Forward and backward of spatial batch norm on 50 pictures of 32 channels, 32 × 32."""
    x, dout, gamma, beta = _normalised(dtype)
    bn_param = {"mode": "train"}

    def ours():
        _, cache = layers.spatial_batchnorm_forward(x, gamma, beta, bn_param)
        return layers.spatial_batchnorm_backward(dout, cache)

    averages = [torch.zeros(32, dtype=tensor(x).dtype), torch.ones(32, dtype=tensor(x).dtype)]

    def forward(pixels, scale, shift):
        return functional.batch_norm(pixels, *averages, scale, shift, training=True)

    return ours, backward_of(forward, [tensor(a) for a in (x, gamma, beta)], dout)


def spatial_groupnorm(dtype):
    """Forward and backward of group norm, 8 groups, on the same pictures."""
    x, dout, gamma, beta = _normalised(dtype)
    wide = [values.reshape(1, -1, 1, 1) for values in (gamma, beta)]

    def ours():
        _, cache = layers.spatial_groupnorm_forward(x, *wide, 8, {})
        return layers.spatial_groupnorm_backward(dout, cache)

    def forward(pixels, scale, shift):
        return functional.group_norm(pixels, 8, scale, shift)

    return ours, backward_of(forward, [tensor(a) for a in (x, gamma, beta)], dout)


def three_layer_step(dtype):
    """One training step of ThreeLayerConvNet with its default sizes, 50 pictures, Adam."""
    torch_net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 32, 7, padding=3), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(32 * 16 * 16, 100), torch.nn.ReLU(),
        torch.nn.Linear(100, 10),
    )  # fmt: skip
    return on_pictures(ThreeLayerConvNet(weight_scale="he", dtype=dtype, rng=0), torch_net, dtype)


def deep_step(dtype):
    """One training step of 6 convolutions with batch norm, 16 to 64 channels, 50 pictures, Adam."""
    blocks, channels, modules = (16, 16, "pool", 32, 32, "pool", 64, 64, "pool"), 3, []
    for block in blocks:
        if block == "pool":
            modules.append(torch.nn.MaxPool2d(2))
            continue
        modules += [torch.nn.Conv2d(channels, block, 3, padding=1), torch.nn.BatchNorm2d(block)]
        modules.append(torch.nn.ReLU())
        channels = block
    modules += [torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(64, 10)]
    ours = ConvNet(blocks, normalization="batchnorm", dtype=dtype, rng=0)
    return on_pictures(ours, torch.nn.Sequential(*modules), dtype)


def pictures(rng, shape, dtype, last=True):
    """Random pictures (N, C, H, W), in memory channels-last or channels-first."""
    count, channels, *size = shape
    if not last:
        return filled(rng, shape, dtype)
    return filled(rng, (count, *size, channels), dtype).transpose(0, 3, 1, 2)


def filled(rng, shape, dtype):
    """Normal draws."""
    return rng.standard_normal(shape).astype(dtype)


def tensor(array, grad=True):
    """The same numbers for PyTorch, channels-first."""
    return torch.tensor(np.ascontiguousarray(array), requires_grad=grad)


def backward_of(forward, tensors, dout):
    """A function that runs PyTorch's forward and backward, with new gradients each time."""
    dout = tensor(dout, grad=False)

    def theirs():
        for each in tensors:
            each.grad = None
        forward(*tensors).backward(dout)

    return theirs


def _normalised(dtype):
    rng = np.random.default_rng(0)
    x, dout = (pictures(rng, (50, 32, 32, 32), dtype) for _ in range(2))
    return x, dout, filled(rng, (32,), dtype), filled(rng, (32,), dtype)
