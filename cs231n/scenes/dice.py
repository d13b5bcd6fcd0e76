"""Random numbers that are the same on every platform and with every NumPy."""

from zlib import crc32

import numpy as np


class Dice:
    """A stream of uniform numbers that a name stands for, drawn in a fixed order.

    Only `RandomState.random_sample` is used: its stream is frozen (NEP 19), while integers, normals
    and shuffles depend on the platform's types or on its mathematical library.
    """

    def __init__(self, name):
        self._state = np.random.RandomState(crc32(name.encode("utf-8")))

    def uniform(self, low, high, *shape):
        """Numbers between low and high, of the given shape, float32."""
        return (low + (high - low) * self._state.random_sample(shape)).astype(np.float32)

    def triangular(self, reach, *shape):
        """Numbers between -reach and reach, mostly near 0: the sum of two uniforms, float32."""
        sample = self._state.random_sample
        return (reach * (sample(shape) + sample(shape) - 1)).astype(np.float32)

    def integers(self, count, *shape):
        """Integers in 0 .. count - 1, of the given shape, int64."""
        return np.floor(count * self._state.random_sample(shape)).astype(np.int64)

    def chance(self, probability, *shape):
        """True with the given probability, of the given shape, bool."""
        return self._state.random_sample(shape) < probability

    def order(self, count):
        """A random order of 0 .. count - 1, int64."""
        return np.argsort(self._state.random_sample(count), kind="stable").astype(np.int64)
