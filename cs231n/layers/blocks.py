"""How fast layers divide a batch: a few pictures at a time, so that buffers stay in the cache."""

import math

import numpy as np

BLOCK = 1 << 18  # numbers in a buffer: 1 MiB of float32, about what a core's cache holds


def pictures_at_a_time(count, numbers_each):
    """Return how many of `count` pictures fill a buffer, at least 1, given the numbers for each."""
    return max(1, min(count, BLOCK // max(1, numbers_each)))


def blocks(shape):
    """Return slices of a batch of that shape, each of pictures that fit into a buffer together."""
    step = pictures_at_a_time(shape[0], math.prod(shape[1:]))
    return [slice(start, start + step) for start in range(0, shape[0], step)]


def number_type(*arrays):
    """Return what to compute in: float32 if every number type fits into it, else float64."""
    return np.result_type(*arrays, np.float32)
