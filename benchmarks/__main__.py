"""The performance table: our time over PyTorch's (CPU, eager) in the same run, one thread each.

Run as `python -m benchmarks` from the repository, with PyTorch installed (extra `oracle`); names of
rows choose some. A ratio below 1 means that ours is faster. Every row is the median over
interleaved rounds.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported: two pools on two cores only quarrel

import resource
import statistics
import sys
import time

import numpy as np
import torch

from benchmarks import networks, update_rules

ROUNDS = 9
# A row is a function dtype -> (ours, theirs), two functions without arguments that do the same.
ROWS = (
    networks.fully_connected_step,
    networks.batchnorm_step,
    networks.batchnorm_gradients,
    update_rules.adam_step,
)


def seconds(function, calls=30):
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def print_row(row, dtype):
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


def main(names):
    torch.set_num_threads(1)
    print(f"NumPy {np.__version__}, PyTorch {torch.__version__}, one thread, {ROUNDS} rounds\n")
    print(f"{'':34} {'ours, ms':>9} {'torch, ms':>9} {'ratio':>6} {'page faults':>11}")
    for row in ROWS:
        for dtype in (np.float32, np.float64):
            if not names or row.__name__ in names:
                print_row(row, dtype)


if __name__ == "__main__":
    main(sys.argv[1:])
