"""Values as bytes and back: a JSON header, then the raw numbers of arrays; nothing is executed."""

import json
import math
import struct
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

NUMBERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64"
DTYPES = {name: np.dtype(name) for name in ["bool", *NUMBERS.split()]}
BYTES = 64 << 20  # of one message
NODES, DEPTH, TEXT, AXES, WHOLE = 50_000, 24, 1 << 20, 8, 1 << 160


class WireError(ValueError):
    """A value that must not travel, or bytes that are no value."""


class Ref(NamedTuple):
    """Stands for an array, dictionary, list or generator that both ends hold; see link."""

    key: int


class Handle(NamedTuple):
    """Stands for an object that stays where it is; `mine` says whether the sender holds it."""

    key: int
    mine: bool


@dataclass(frozen=True)
class Strange:
    """Stands for what cannot travel, by the name of its type."""

    kind: str


def encode(value):
    """The bytes of a value.

    A value is None, bool, int, float, str, a tuple, list or dictionary (with keys of str or int) of
    values, an array or NumPy scalar of bool, int or float, such a dtype, a Ref, Handle or Strange.

    Raises WireError for anything else, and for more than the limits above allow.
    """
    buffers, count = [], [0]
    tree = _tree(value, buffers, count, 0)
    header = json.dumps(tree, separators=(",", ":")).encode("ascii")
    content = b"".join([struct.pack(">I", len(header)), header, *buffers])
    if len(content) > BYTES:
        raise WireError(f"a message of {len(content)} bytes; {BYTES} are allowed")
    return content


def decode(content):
    """The value of some bytes, whoever wrote them; arrays are new and may be written into.

    Raises WireError where they are no value.
    """
    try:
        (size,) = struct.unpack_from(">I", content)
        if size > len(content) - 4:
            raise WireError("a header longer than its message")
        tree = json.loads(bytes(content[4 : 4 + size]).decode("ascii"))
        reader = _Reader(memoryview(content)[4 + size :])
        value = reader.value(tree, 0)
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, struct.error, RecursionError) as error:
        raise WireError(f"no value: {type(error).__name__}") from None
    if reader.rest:
        raise WireError("bytes that belong to no array")
    return value


def _tree(value, buffers, count, depth):
    """What stands in the header for a value; the numbers of its arrays are added to buffers."""
    count[0] += 1
    if depth > DEPTH or count[0] > NODES:
        raise WireError("a value too deep or with too many parts")
    kind = type(value)
    if value is None or kind in (bool, float):
        return value
    if kind is int and abs(value) < WHOLE:
        return value
    if kind is str and len(value) <= TEXT:
        return value
    if kind in (tuple, list):
        items = [_tree(item, buffers, count, depth + 1) for item in value]
        return {"t" if kind is tuple else "l": items}
    if kind is dict:
        pairs = [[_key(k), _tree(v, buffers, count, depth + 1)] for k, v in value.items()]
        return {"d": pairs}
    if kind is Ref:
        return {"r": value.key}
    if kind is Handle:
        return {"h": [value.key, value.mine]}
    if kind is Strange:
        return {"x": value.kind[:80]}
    return _numbers(value, buffers)


def _numbers(value, buffers):
    if isinstance(value, np.ndarray | np.generic) and value.dtype.name in DTYPES:
        if value.ndim > AXES:
            raise WireError(f"an array with {value.ndim} axes; {AXES} are allowed")
        dtype = DTYPES[value.dtype.name]
        buffers.append(np.asarray(value).astype(dtype, order="C").tobytes())
        return {"s" if isinstance(value, np.generic) else "a": [dtype.name, *value.shape]}
    if isinstance(value, np.dtype | type):
        name = np.dtype(value).name
        if name in DTYPES and value is not None:
            return {"y": name}
    raise WireError(f"{type(value).__name__} cannot travel")


def _key(key):
    if type(key) not in (str, int) or (type(key) is str and len(key) > 200):
        raise WireError(f"a dictionary's key of type {type(key).__name__}, or a long one")
    return key


class _Reader:
    """Builds a value from a header, taking the numbers of its arrays in their order."""

    def __init__(self, rest):
        self.rest, self.count = rest, 0

    def value(self, tree, depth):
        self.count += 1
        if depth > DEPTH or self.count > NODES:
            raise WireError("a value too deep or with too many parts")
        if tree is None or isinstance(tree, bool | float):
            return tree
        if isinstance(tree, str) and len(tree) <= TEXT:
            return tree
        if isinstance(tree, int) and abs(tree) < WHOLE:
            return tree
        ((tag, content),) = tree.items() if isinstance(tree, dict) else ((None, None),)
        if tag in ("t", "l") and isinstance(content, list):
            items = [self.value(item, depth + 1) for item in content]
            return tuple(items) if tag == "t" else items
        if tag == "d":
            return {_key(k): self.value(v, depth + 1) for k, v in content}
        return self.leaf(tag, content)

    def leaf(self, tag, content):
        if tag in ("a", "s"):
            return self.numbers(tag, *content)
        if tag == "y":
            return DTYPES[content].type
        if tag == "r" and type(content) is int:
            return Ref(content)
        if tag == "h" and list(map(type, content)) == [int, bool]:
            return Handle(*content)
        if tag == "x" and isinstance(content, str):
            return Strange(content[:80])
        raise WireError("an unknown kind of value")

    def numbers(self, tag, name, *shape):
        if len(shape) > AXES or not all(
            type(size) is int and 0 <= size < 1 << 40 for size in shape
        ):
            raise WireError("an impossible shape")
        size = math.prod(shape) * DTYPES[name].itemsize
        if size > len(self.rest):
            raise WireError("an array longer than its message")
        array = np.frombuffer(bytearray(self.rest[:size]), DTYPES[name]).reshape(shape)
        if name == "bool":
            array = np.asarray(array.view(np.uint8) != 0)
        self.rest = self.rest[size:]
        return array[()] if tag == "s" and not shape else array
