"""Measures the rows of the table in this process and prints them."""

import math
import resource
import statistics
import time

import numpy as np
import torch

from benchmarks import machine, resources
from benchmarks.table import ROWS, STEPS_GOAL

ROUNDS = 7
WORTH = 1.4  # gain from AVX-512 above which its goals count; they were set where it was 1.9
LONG_ENOUGH = 0.05  # seconds for one timing, so that the clock's grain does not matter


def run(threads, words, avx512):
    """Print the table for rows whose labels hold one of the words; all rows without words."""
    torch.set_num_threads(threads)
    kernels = "AVX-512" if avx512 else "AVX2 or older"
    print(
        f"NumPy {np.__version__} ({kernels} kernels), PyTorch {torch.__version__}, "
        f"threads: {threads}, {ROUNDS} rounds"
    )
    if avx512:
        gain = machine.gain_of_avx512()
        avx512 = gain >= WORTH
        goals = "AVX-512" if avx512 else "AVX2: this processor gains too little from AVX-512"
        print(f"Products with AVX-512 kernels: {gain:.2f} × as fast as with AVX2. Goals: {goals}")
    print()
    print(f"{'':42} {'ours, ms':>9} {'torch, ms':>9} {'ratio':>6} {'goal':>6} {'page faults':>12}")
    steps = []
    for row in ROWS:
        for dtype in (np.float32, np.float64):
            if not words or any(word in row.label for word in words):
                ratio = _print_row(row, np.dtype(dtype).name, avx512)
                steps += [ratio] if row.step else []
    if steps:
        mean = math.exp(statistics.fmean(map(math.log, steps)))
        print(f"{'geometric mean over training steps':62} {mean:6.2f} {STEPS_GOAL:6.2f}")
    if not words:
        resources.report()
    return 0


def _print_row(row, dtype, avx512):
    """Measure and print one row; return its ratio."""
    ours, theirs = row.build(np.dtype(dtype))
    mine, torchs, ratio = paired(ours, theirs)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    ours()
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    goal = getattr(row, dtype)[avx512]
    wanted = f"{goal:6.2f}{'' if ratio <= goal else ' ✗'}" if goal else f"{'':6}"
    print(f"{row.label + ', ' + dtype:42} {mine:9.3f} {torchs:9.3f} {ratio:6.2f} {wanted:8}"
          f" {faults:10}", flush=True)  # fmt: skip
    if goal and ratio > goal and row.least:
        print(f"    {machine.least_time(row.least, dtype)}", flush=True)
    return ratio


def paired(ours, theirs):
    """Median milliseconds of each, and the median of their ratios, over interleaved rounds."""
    calls = [_calls(function) for function in (ours, theirs)]
    times = [(_seconds(ours, calls[0]), _seconds(theirs, calls[1])) for _ in range(ROUNDS)]
    mine, others = (1e3 * statistics.median(column) for column in zip(*times, strict=True))
    return mine, others, statistics.median(a / b for a, b in times)


def _calls(function):
    """How often to call a function so that one timing is long enough; warms it up as well."""
    function()
    return max(1, math.ceil(LONG_ENOUGH / _seconds(function, 2)))


def _seconds(function, calls):
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls
