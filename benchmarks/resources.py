"""What the fast layers take besides time: memory, and how both grow with the batch; the import."""

import statistics
import subprocess
import sys
import time
import tracemalloc

import numpy as np

from benchmarks.convolution import convolution, filled, pictures
from cs231n import layers

# Peak memory that convolution forward and backward add at N = 128 in Stanford's 2021 kit, float32,
# MB, measured in a process of its own: it holds the windows of the whole batch.
SHAPES = {
    "conv 32→32, 3×3, 32²": ((32, 32, 32, 3), 356),
    "conv 64→64, 3×3, 16²": ((64, 16, 64, 3), 180),
    "conv 3→32, 7×7, 32²": ((3, 32, 32, 7), 182),
}


def report():
    """Print memory, growth and import time."""
    print("\nMemory of convolution forward + backward, float32, MB (goal: ≤ 0.3 of Stanford's)")
    print(f"{'':30} {'N=64':>7} {'N=128':>7} {'beside results':>15} {'of Stanford':>12}")
    for label, (shape, stanford) in SHAPES.items():
        (half, _), (full, beside) = (_megabytes(count, *shape) for count in (64, 128))
        print(f"{label:30} {half:7.1f} {full:7.1f} {beside:15.1f} {full / stanford:12.2f}")
    print("\nTime at N=256 over time at N=32 (goal: ≤ 8.8)")
    for label, (shape, _) in SHAPES.items():
        print(f"{label:30} {_growth(*shape):7.2f}")
    print(f"\nImport of the networks, over NumPy's: {_import_ms():.0f} ms (goal: ≤ 50)")


def _megabytes(count, channels, side, filters, size):
    """Peak of what is allocated, and the part of it that is neither out nor a gradient."""
    rng = np.random.default_rng(0)
    x = pictures(rng, (count, channels, side, side), np.float32, last=channels > 3)
    w, b = (filled(rng, s, np.float32) for s in ((filters, channels, size, size), (filters,)))
    dout = pictures(rng, (count, filters, side, side), np.float32)
    tracemalloc.start()
    out, cache = layers.conv_forward_fast(x, w, b, {"stride": 1, "pad": (size - 1) // 2})
    gradients = layers.conv_backward_fast(dout, cache)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    results = out.nbytes + sum(gradient.nbytes for gradient in gradients)
    return peak / 1e6, (peak - results) / 1e6


def _growth(channels, side, filters, size):
    few, many = (
        convolution(n, channels, side, filters, size, first=channels == 3)(np.float32)[0]
        for n in (32, 256)
    )
    few(), many()
    return statistics.median(_seconds(many) / _seconds(few) for _ in range(5))


def _seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def _import_ms():
    def run(statement):
        command = [sys.executable, "-c", statement]
        return _seconds(lambda: subprocess.run(command, check=True))

    pairs = [(run("import numpy, cs231n.classifiers"), run("import numpy")) for _ in range(7)]
    return 1e3 * statistics.median(all_of_it - bare for all_of_it, bare in pairs)
