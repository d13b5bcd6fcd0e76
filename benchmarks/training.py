"""One training step twice, as two functions without arguments: ours, and PyTorch's."""

import numpy as np
import torch
from torch.nn import functional

from cs231n import optim


def steps(net, batch, torch_net, torch_loss, update=True):
    """A step of Adam on one minibatch, or its gradients alone.

    Inputs:
    - net: One of our networks; net.loss(*batch) gives its loss and gradients
    - torch_net: The same by PyTorch; torch_loss() gives its loss
    - update: Whether the parameters move
    """
    configs = dict.fromkeys(net.params)

    def ours():
        _, grads = net.loss(*batch)
        for name, w in net.params.items() if update else ():
            net.params[name], configs[name] = optim.adam(w, grads[name], configs[name])

    rule = torch.optim.Adam(torch_net.parameters())

    def theirs():
        rule.zero_grad()
        torch_loss().backward()
        if update:
            rule.step()

    return ours, theirs


def on_pictures(net, torch_net, dtype, update=True):
    """The same on 50 random pictures of 10 classes."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((50, 3, 32, 32)).astype(dtype), rng.integers(10, size=50)
    tX, ty = torch.from_numpy(X), torch.from_numpy(y)
    torch_net = torch_net.to(tX.dtype)
    return steps(
        net, (X, y), torch_net, lambda: functional.cross_entropy(torch_net(tX), ty), update
    )
