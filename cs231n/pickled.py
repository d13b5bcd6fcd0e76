"""Unpickle NumPy arrays, numbers and strings, and refuse everything else a pickle can do."""

import io
import pickle

import numpy as np


def loads(content):
    """Unpickle what Python 2, or Python 3, wrote of plain values and NumPy arrays.

    Inputs:
    - content: The pickle, bytes

    Returns the object. Byte strings of Python 2 come back as bytes; as keys of the outermost
    dictionary, strings of Python 3 do too, so that a caller need not care who wrote it.

    Raises pickle.UnpicklingError if it asks for any function or class but those of an array.
    """
    # Bytes, not latin1: the array is then made around the bytes, without two more copies.
    result = _ArrayUnpickler(io.BytesIO(content), encoding="bytes").load()
    if isinstance(result, dict):
        return {k.encode() if isinstance(k, str) else k: value for k, value in result.items()}
    return result


def _dtype(code, *_):
    """Make a dtype; the flags that pickles carry along (align, copy) are deprecated as integers."""
    return np.dtype(code.decode("ascii") if isinstance(code, bytes) else code)


def _encode(text, encoding):
    """Turn text into the bytes it stands for, as Python 3 writes them for Python 2's sake."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"encoding {encoding!r}")
    return text.encode("latin1")


_RECONSTRUCT = np.empty(0).__reduce__()[0]  # its home moved between NumPy 1 and 2
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): _dtype,
    ("_codecs", "encode"): _encode,
}


class _ArrayUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}") from None
