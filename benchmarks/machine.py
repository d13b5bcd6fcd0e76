"""What this machine can do at best: matrix products a second, and bytes to and from memory."""

import functools
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


def least_time(least, dtype):
    """A sentence: how long the products alone and the memory traffic alone of a row take."""
    operations, numbers = least
    rate, speed = operations_per_second(dtype), bytes_per_second()
    products = 1e3 * operations / rate
    traffic = 1e3 * numbers * np.dtype(dtype).itemsize / speed
    return (
        f"products alone {products:.2f} ms at {rate / 1e9:.0f} GFLOP/s, "
        f"memory alone {traffic:.2f} ms at {speed / 1e9:.0f} GB/s"
    )


def _fastest(function):
    """Seconds of the fastest of many calls."""
    end, best = time.perf_counter() + PATIENCE, float("inf")
    while (start := time.perf_counter()) < end:
        function()
        best = min(best, time.perf_counter() - start)
    return best
