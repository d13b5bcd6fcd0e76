"""The wire carries values there and back, and whatever else arrives is refused, not executed."""

import contextlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kit.grading.inside import wire
from kit.grading.inside.wire import Handle, Ref, Strange, WireError, decode, encode

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 130), 1 << 130),
    st.floats(allow_nan=True),
    st.text(max_size=20),
    st.builds(Ref, st.integers(0, 99)),
    st.builds(Handle, st.integers(0, 99), st.booleans()),
    st.builds(Strange, st.text(max_size=80)),
    st.sampled_from([dtype.type for dtype in wire.DTYPES.values()]),
)
dtypes = st.sampled_from(list(wire.DTYPES.values()))
arrays = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
numbers = arrays.filter(lambda array: array.size).map(lambda array: array.reshape(-1)[0])
values = st.recursive(
    st.one_of(scalars, arrays, numbers),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.one_of(st.text(max_size=9), st.integers(-9, 9)), inner, max_size=4),
    ),
    max_leaves=12,
)


def same(a, b):
    """Equality of type, shape and bits; NaN equals NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, dict):
        return [*a] == [*b] and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and not isinstance(a, Ref | Handle):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b))


@given(values)
def test_what_goes_in_comes_out(value):
    assert same(decode(encode(value)), value)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_refused(content):
    with contextlib.suppress(WireError):
        decode(content)


@given(values, st.data())
def test_a_damaged_value_is_a_value_or_refused(value, data):
    content = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        decode(content[: data.draw(st.integers(0, len(content)))])


def nested(depth):
    return [] if depth == 0 else [nested(depth - 1)]


@pytest.mark.parametrize(
    "value",
    [
        np.array([object()]), np.array(["text"]), np.array([1j]), np.zeros(2, "datetime64[s]"),
        np.zeros(2, [("a", int)]), object(), b"bytes", {1, 2}, print, {(1, 2): 3}, {None: 1},
        nested(60), list(range(wire.NODES + 1)), 1 << 200, "x" * (wire.TEXT + 1),
        np.zeros((1,) * 9), np.zeros(wire.BYTES // 8 + 1),
    ],
    ids=lambda value: str(type(value).__name__),
)  # fmt: skip
def test_what_must_not_travel_is_refused(value):
    with pytest.raises(WireError):
        encode(value)


HEADERS = [
    '{"a":["object",1]}', '{"a":["float64",-1]}', '{"a":["float64",1099511627776,1099511627776]}',
    '{"a":["float64",1.0]}', '{"a":["float64",true]}', '{"s":["float64",9]}', '{"t":1,"l":2}',
    '{"d":[[null,1]]}', '{"d":[[[1],1]]}', '{"d":1}', '{"y":"object"}', '{"r":"1"}', '{"r":true}',
    '{"h":[1]}', '{"h":[1,1]}', '{"x":1}', '{"z":1}', '{}', '[1]', "1" * 5000, "[" * 100_000,
    '{"l":' * 20_000, '"\\ud800', "nul", '{"a":[]}', '{"a":null}',
]  # fmt: skip


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header[:30])
def test_an_impossible_header_is_refused(header):
    header = header.encode()
    with pytest.raises(WireError):
        decode(len(header).to_bytes(4, "big") + header + bytes(8))


def test_arrays_that_arrive_are_ones_own():
    array = decode(encode(np.arange(3.0)))
    array[0] = 7
    assert array.flags.writeable
    assert array.flags.owndata or array.base is not None


def test_order_and_byte_order_are_made_ours():
    array = np.asfortranarray(np.arange(6).reshape(2, 3)).astype(">i4")
    found = decode(encode(array))
    assert found.dtype == np.int32
    assert np.array_equal(found, array)
