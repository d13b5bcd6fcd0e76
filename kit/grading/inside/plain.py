"""Values that travel as they are, and what stands for those that cannot."""

import numpy as np

from . import wire
from .wire import Strange

FREQUENT = {bool, int, float, str}
PLAIN = (bool, int, float, str, np.generic, np.dtype, type)


def plain(value):
    """A number, array, text or dtype, or Strange where it cannot travel."""
    if isinstance(value, np.ndarray | np.generic):
        known = value.dtype.name in wire.DTYPES
        return value if known else Strange(f"{type(value).__name__} of {value.dtype}")
    if isinstance(value, np.dtype):
        value = value.type
    if isinstance(value, type):
        known = issubclass(value, np.generic) and value.__name__.rstrip("_") in wire.DTYPES
        return value if known else Strange(value.__name__)
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def as_key(key):
    """A dictionary's key that can travel."""
    if isinstance(key, str):
        return str(key)
    return key if type(key) is int else repr(key)[:200]
