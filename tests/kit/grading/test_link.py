"""Two ends of a link call each other, and see what the other writes into what they share."""

import contextlib
import os
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.grading.inside import wire
from kit.grading.inside.errors import Blank, Failure, Gone, Lacking
from kit.grading.inside.link import Link, Proxy, reader


class Thing:
    def __init__(self):
        self.memory = {"mean": np.zeros(2)}

    def double(self, x):
        return 2 * x


class Far:
    """What the other end does when it is asked."""

    def __init__(self):
        self.link, self.kept = None, []

    def serve(self, operation, parts):
        if operation in ("get", "set", "method"):
            owner, name, *rest = parts
            if operation == "get":
                value = getattr(owner, name)
                return ("method", None) if callable(value) else ("value", value)
            return (
                setattr(owner, name, *rest)
                if operation == "set"
                else getattr(owner, name)(*rest[0])
            )
        return getattr(self, operation)(*parts)

    def keep(self, x):
        self.kept.append(x)

    def spoil(self, shape=None):
        self.kept[-1].resize(shape or self.kept[-1].shape, refcheck=False)
        self.kept[-1][...] = -1

    def update(self, config):
        config["step"] = config.get("step", 0) + 1
        config["inner"]["list"].append(np.ones(2))
        return config

    def draw(self, rng):
        return rng.random(3)

    def make(self):
        return Thing()

    def back(self, x):
        return self.link.ask("triple", x) + 1

    def touch(self, thing):
        thing.memory["mean"] += 1
        thing.memory["count"] = 5
        return thing.double(4)

    def fail(self):
        raise KeyError("W1")

    def blank(self):
        raise NotImplementedError("affine_forward")

    def same(self, x):
        return x

    def strange(self):
        return np.array([1j]), {"a": np.array([object()])}, {1: {2, 3}}


def near(operation, parts):
    if operation == "triple":
        return 3 * parts[0]
    return Far().serve(operation, parts)


@pytest.fixture
def link():
    (from_far, to_near), (from_near, to_far) = os.pipe(), os.pipe()
    streams = [os.fdopen(n, "rb") for n in (from_far, from_near)]
    sinks = [os.fdopen(n, "wb", buffering=0) for n in (to_far, to_near)]

    def writer(sink):
        return lambda content: sink.write(len(content).to_bytes(8, "big") + content)

    far = Far()
    far.link = Link(reader(streams[1]), writer(sinks[1]), far.serve, 1)

    def run():
        with contextlib.suppress(Gone):
            far.link.serve_forever()

    thread = threading.Thread(target=run)
    thread.start()
    yield Link(reader(streams[0]), writer(sinks[0]), near, 0)
    sinks[0].close()
    thread.join()
    for stream in (*streams, sinks[1]):
        stream.close()


def test_a_write_into_an_argument_is_seen_even_later(link):
    x = np.arange(4.0)
    link.ask("keep", x)
    assert np.array_equal(x, np.arange(4.0))
    link.ask("spoil")
    assert np.array_equal(x, [-1, -1, -1, -1])


def test_an_argument_laid_out_anew_is_seen(link):
    x = np.zeros((2, 3))
    link.ask("keep", x)
    link.ask("spoil", (3, 2))
    assert np.array_equal(x, np.full((3, 2), -1))


def test_a_large_array_is_watched_too(link):
    x = np.zeros((300, 200))
    link.ask("keep", x)
    x[7, 7] = 3
    assert link.ask("same", x) is x
    link.ask("spoil")
    assert (x == -1).all()


def test_dictionaries_keep_their_identity_and_what_lies_in_them(link):
    mean, config = np.zeros(2), {}
    config |= {"inner": {"list": [mean]}}
    for _ in range(2):
        assert link.ask("update", config) is config
    assert config["step"] == 2
    assert config["inner"]["list"][0] is mean
    assert len(config["inner"]["list"]) == 3
    config["inner"]["list"].clear()
    link.ask("update", config)
    assert len(config["inner"]["list"]) == 1


def test_a_generator_moves_on_at_both_ends(link):
    rng, twin = (np.random.default_rng(3) for _ in range(2))
    found = [*link.ask("draw", rng), *rng.random(2), *link.ask("draw", rng)]
    assert np.array_equal(found, twin.random(8))


def test_an_object_stays_where_it_is(link):
    thing = link.ask("make")
    assert isinstance(thing, Proxy)
    assert thing.double(21) == 42
    memory = thing.memory
    memory["mean"][1] = 5
    thing.name = "x"
    assert thing.memory is memory
    assert thing.name == "x"
    assert link.ask("same", thing).memory["mean"][1] == 5
    with pytest.raises(Lacking):
        _ = thing.nothing


def test_what_is_changed_and_let_go_of_is_not_forgotten(link):
    thing = link.ask("make")
    thing.memory["new"] = np.ones(1)
    link.ask("same", 1)
    assert "new" in thing.memory


def test_calls_go_both_ways(link):
    assert link.ask("back", 5) == 16
    thing = Thing()
    assert link.ask("touch", thing) == 8
    assert thing.memory["count"] == 5
    assert np.array_equal(thing.memory["mean"], [1, 1])


def test_errors_travel_as_words(link):
    with pytest.raises(Failure) as told:
        link.ask("fail")
    assert told.value.kind == "KeyError"
    with pytest.raises(NotImplementedError, match=r"^affine_forward$") as told:
        link.ask("blank")
    assert isinstance(told.value, Blank)
    assert link.ask("same", 1) == 1


def test_what_cannot_travel_is_named(link):
    first, second, third = link.ask("strange")
    assert first.kind == "ndarray of complex128"
    assert second["a"].kind == "ndarray of object"
    assert isinstance(third[1], Proxy)


def test_forgetting_lets_go(link):
    x = np.zeros(2)
    link.ask("keep", x)
    assert link.table.arrays() == [x]
    link.forget()
    assert link.table.arrays() == []


def answers(*messages):
    """A link whose other end says just that."""
    rest = iter([*messages])

    def read():
        content = next(rest, None)
        if content is None:
            raise Gone("closed")
        return content

    return Link(read, lambda content: None, lambda *_: None, 0)


NONSENSE = [
    ("answer", 2, (), 1), ("answer", "1", (), 1), ("shout", 1, (), 1), ("answer", 1, 5, 1), 7,
    ("answer", 1, (), wire.Ref(99)), ("answer", 1, (), wire.Handle(98, False)), None, (),
    ("answer", 1, ((3, "array", 5),), 1), ("answer", 1, ((3, "rng", ("eval", {})),), 1),
    ("answer", 1, ((3, "rng", ("PCG64", {"state": 1})),), 1), ("answer", 1, ((3, "code", ""),), 1),
    ("answer", 1, ((2, "dict", ()),), 1), ("answer", 1, (("a", "dict", ()),), 1),
    ("answer", 1, ((2, "array", np.zeros(9)),), 1),
    ("answer", 1, ((2, "array", np.zeros(3, int)),), 1),
    ("raise", 1, (), "x"), ("raise", 1, (), ("KeyError", "x", (1, 2, 3))), ("raise", 1, (), (1, 2)),
]  # fmt: skip


@pytest.mark.parametrize("message", NONSENSE, ids=repr)
def test_nonsense_is_the_end_of_the_other_end(message):
    with pytest.raises(Gone):
        answers(wire.encode(message)).ask("same", np.zeros(3))


def test_it_cannot_talk_for_ever():
    note = wire.encode(("note", 0, (), "x"))
    with pytest.raises(Gone, match="stop talking"):
        answers(*[note] * 60_000).ask("same")


tree = st.recursive(
    st.one_of(st.none(), st.integers(-5, 5), st.sampled_from(["answer", "dict", "array", "rng"])),
    lambda inner: st.one_of(st.lists(inner, max_size=4).map(tuple), st.lists(inner, max_size=3)),
    max_leaves=10,
)


@settings(max_examples=300)
@given(tree, tree, st.sampled_from(["answer", "raise", "ask", "note"]))
def test_no_message_gets_through_as_another_exception(news, payload, kind):
    with contextlib.suppress(Gone, Failure):
        answers(wire.encode((kind, 1, news, payload))).ask("same", np.zeros(2), {"a": [1]})
