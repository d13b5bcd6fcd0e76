"""The performance table: our time over PyTorch's (CPU, eager) in the same run, goals beside it.

Run as `python -m benchmarks` from the repository, with PyTorch installed (extra `oracle`): with
one thread, with two, and with AVX-512 kernels too where NumPy missed them. `--threads 1` measures
here and now; words choose the rows whose labels hold them. A ratio below 1 means that ours is
faster; every ratio is the median over interleaved rounds.
"""

import os
import subprocess
import sys

import start

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments):
    """Measure here with --threads, else in one process after the other; return the exit status."""
    if arguments[:1] == ["--threads"]:
        # Before NumPy is imported: later it would not listen.
        os.environ.update(dict.fromkeys(VARIABLES, arguments[1]))
        from benchmarks import measure

        return measure.run(int(arguments[1]), arguments[2:], has_avx512_kernels())
    settings = [{}]
    if start.misses_avx512(sys.executable, dict(os.environ)):
        settings.append({"OPENBLAS_CORETYPE": "SkylakeX"})
    statuses = [
        subprocess.call(
            [sys.executable, "-m", "benchmarks", "--threads", threads, *arguments],
            env={**os.environ, **setting},
        )
        for threads in ("1", "2")
        for setting in settings
    ]
    return max(statuses)


def has_avx512_kernels():
    """Whether NumPy's OpenBLAS uses AVX-512 in this process."""
    if chosen := os.environ.get("OPENBLAS_CORETYPE"):
        return chosen.lower() == "skylakex"
    capable = start.processor_flags() >= start.AVX512
    return capable and not start.misses_avx512(sys.executable, dict(os.environ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
