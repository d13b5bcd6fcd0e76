"""The performance table: our time over PyTorch's (CPU, eager) in the same run, one thread each.

Run as `python -m benchmarks` from the repository, with PyTorch installed (extra `oracle`). A ratio
below 1 means that ours is faster. Every row is the median over interleaved rounds.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported: two pools on two cores only quarrel

import itertools
import resource
import statistics
import time

import numpy as np
import torch

from cs231n import optim
from cs231n.classifiers import FullyConnectedNet

ROUNDS = 9


def fully_connected_step(dtype):
    """One training step of a 5-layer net, 100 units a layer, minibatch of 50, Adam."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((50, 3, 32, 32)).astype(dtype), rng.integers(10, size=50)
    net = FullyConnectedNet([100] * 4, weight_scale="he", dtype=dtype, rng=0)
    configs = dict.fromkeys(net.params)

    def ours():
        _, grads = net.loss(X, y)
        for name, w in net.params.items():
            net.params[name], configs[name] = optim.adam(w, grads[name], configs[name])

    sizes = [3072, 100, 100, 100, 100, 10]
    layers = [torch.nn.Flatten()]
    for d, m in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(d, m), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1]).to(torch.from_numpy(X).dtype)
    rule = torch.optim.Adam(model.parameters())
    tX, ty = torch.from_numpy(X), torch.from_numpy(y)

    def theirs():
        rule.zero_grad()
        torch.nn.functional.cross_entropy(model(tX), ty).backward()
        rule.step()

    return ours, theirs


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


def seconds(function, calls=30):
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def main():
    torch.set_num_threads(1)
    print(f"NumPy {np.__version__}, PyTorch {torch.__version__}, one thread, {ROUNDS} rounds\n")
    print(f"{'':34} {'ours, ms':>9} {'torch, ms':>9} {'ratio':>6} {'page faults':>11}")
    for row in (fully_connected_step, adam_step):
        for dtype in (np.float32, np.float64):
            ours, theirs = row(dtype)
            seconds(ours), seconds(theirs)
            times = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            ours()
            faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
            mine, torchs = (1e3 * statistics.median(t) for t in zip(*times, strict=True))
            ratio = statistics.median(a / b for a, b in times)
            label = f"{row.__name__}, {np.dtype(dtype).name}"
            print(f"{label:34} {mine:9.3f} {torchs:9.3f} {ratio:6.2f} {faults:11}")


if __name__ == "__main__":
    main()
