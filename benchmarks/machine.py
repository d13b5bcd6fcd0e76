"""What this machine can do at best: products, passes over arrays, bytes to and from memory."""

import functools
import os
import subprocess
import sys
import time

import numpy as np

PATIENCE = 1.0  # seconds to try: products of a few ms find a moment when other programs rest


@functools.cache
def operations_per_second(dtype):
    """Additions and multiplications a second in a product of two 512 × 512 matrices."""
    a, out = np.ones((512, 512), dtype), np.empty((512, 512), dtype)
    return 2 * 512**3 / _fastest(lambda: np.matmul(a, a, out=out))


@functools.cache
def bytes_per_second():
    """Bytes read plus bytes written a second while 64 MiB are copied, more than a cache holds."""
    source = np.ones(1 << 26, np.uint8)
    copy = np.ones_like(source)
    return 2 * source.nbytes / _fastest(lambda: np.copyto(copy, source))


@functools.cache
def passes_per_second(dtype, numbers):
    """Times a second that NumPy multiplies an array of so many numbers by a number."""
    a, out = np.ones(numbers, dtype), np.empty(numbers, dtype)
    return 1 / _fastest(lambda: np.multiply(a, a[0], out=out))


@functools.cache
def gain_of_avx512():
    """How many times as fast products are with OpenBLAS's kernels for AVX-512 as for AVX2."""
    fast, slow = (_rate_with(kernels) for kernels in ("SkylakeX", "Haswell"))
    return fast / slow


def _rate_with(kernels):
    """Operations a second in a process of its own, with the named kernels."""
    code = "from benchmarks import machine; print(machine.operations_per_second('float32'))"
    env = {**os.environ, "OPENBLAS_CORETYPE": kernels}
    return float(subprocess.check_output([sys.executable, "-c", code], env=env))


def least_time(least, dtype):
    """A sentence: how long the products, the memory traffic or the passes of a row take alone."""
    parts = []
    if least.operations:
        rate = operations_per_second(dtype)
        parts.append(("products", least.operations / rate, f" at {rate / 1e9:.0f} GFLOP/s"))
    speed = bytes_per_second()
    traffic = least.numbers * np.dtype(dtype).itemsize / speed
    parts.append(("memory", traffic, f" at {speed / 1e9:.0f} GB/s"))
    if least.passes:
        seconds = least.passes / passes_per_second(dtype, least.numbers_in_pass)
        parts.append((f"NumPy's {least.passes} passes", seconds, ""))
    return ", ".join(f"{what} alone {1e3 * seconds:.2f} ms{at}" for what, seconds, at in parts)


def _fastest(function):
    """Seconds of the fastest of many calls."""
    end, best = time.perf_counter() + PATIENCE, float("inf")
    while (start := time.perf_counter()) < end:
        function()
        best = min(best, time.perf_counter() - start)
    return best
