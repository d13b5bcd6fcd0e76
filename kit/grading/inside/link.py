"""One end of a pipe over which two processes call each other and share what they can change.

Arrays, dictionaries, lists and generators that one end hands over exist at both; each message says
which of them changed since the last one, so that a write into an argument is seen where it came
from. Any other object stays where it is and is known by a handle.
"""

import struct
from sys import getrefcount

import numpy as np

from . import wire
from .wire import Handle, Ref, Strange, WireError

GENERATORS = {name: getattr(np.random, name) for name in ("PCG64", "MT19937", "Philox", "SFC64")}
NESTED = 20  # calls within calls
SHARED = 20_000  # objects in one case
UNUSED = 4  # references to an object that only the table of shared ones still holds
LARGE = 1 << 14  # bytes
FREQUENT = {bool, int, float, str}
PLAIN = (bool, int, float, str, np.generic, np.dtype, type)


class Gone(Exception):
    """The other end is not there any more, or speaks nonsense."""

    kind, place = "Protocol", None


class Failure(Exception):
    """What the other end's code raised: the exception's name, its message and its place."""

    def __init__(self, kind, message, place=None):
        super().__init__(message)
        self.kind, self.place = kind, place


class Blank(Failure, NotImplementedError):
    """The other end's code is not written yet."""


class Lacking(Failure, AttributeError):
    """An object of the other end has no such attribute."""


class Proxy:
    """An object of the other end; attributes and methods are reached over the link."""

    def __init__(self, link, key):
        self.__dict__.update(_link=link, _key=key, _methods={})

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._methods:
            return self._methods[name]
        kind, value = self._link.ask("get", self, name)
        if kind == "value":
            return value

        def method(*args, **kwargs):
            return self._link.ask("method", self, name, args, kwargs)

        return self._methods.setdefault(name, method)

    def __setattr__(self, name, value):
        self._methods.pop(name, None)
        self._link.ask("set", self, name, value)


class Link:
    """Asks the other end, and serves it while an answer is awaited.

    Inputs:
    - read: () -> bytes of the next message; raises Gone
    - write: bytes -> None; raises Gone
    - serve: (operation, parts) -> the answer; may raise anything
    - first: 0 at one end, 1 at the other, so that their keys differ
    - admit: called with each array that comes in; raises what it likes
    """

    proxy = Proxy  # what stands for the other end's objects

    def __init__(self, read, write, serve, first, admit=lambda array: None):
        self._read, self._write, self.serve, self.admit = read, write, serve, admit
        self._first, self._asked, self._depth = first, 0, 0
        self.noted = ""
        self.forget()

    def forget(self):
        """Share nothing any more, and let go of all objects that the other end knows."""
        self._next, self._shared, self._keys, self._sent = self._first, {}, {}, {}
        self._own, self._own_keys, self._idle = {}, {}, set()

    def shared_arrays(self):
        """The arrays that both ends hold."""
        return [value for value in self._shared.values() if isinstance(value, np.ndarray)]

    def ask(self, operation, *parts):
        """Have something done at the other end; returns its answer.

        Raises Failure (or Blank) where its code raised, Gone where it is no more.
        """
        self._asked += 1
        number = self._asked
        self._send("ask", number, (operation, parts), share=True)
        while True:
            kind, given, payload = self._receive()
            if kind == "ask":
                self._answer(given, payload)
            elif kind == "note":
                self.noted = str(payload)
            elif given != number:
                raise Gone("it answered what was not asked")
            elif kind == "answer":
                return payload
            else:
                raise _failure(payload)

    def note(self, text):
        """Tell the other end something that wants no answer."""
        self._send("note", 0, text, share=False)

    def serve_forever(self):
        """Answer the other end until it is gone."""
        while True:
            kind, number, payload = self._receive()
            if kind != "ask":
                raise Gone("it answered what was not asked")
            self._answer(number, payload)

    def handle(self, value):
        """A Handle by which the other end can name an object of this one."""
        if isinstance(value, Proxy) and value._link is self:
            return Handle(value._key, False)
        key = self._own_keys.get(id(value))
        if key is None:
            key = self._new_key()
            self._own[key], self._own_keys[id(value)] = value, key
        return Handle(key, True)

    def _new_key(self):
        self._next += 2
        if len(self._shared) + len(self._own) > SHARED:
            raise WireError("too many objects")
        return self._next

    def _answer(self, number, payload):
        self._depth += 1
        try:
            if self._depth > NESTED:
                raise RecursionError("calls within calls without end")
            answer = self.serve(*payload)
            self._send("answer", number, answer, share=payload[0] == "get")
        except Gone:
            raise
        except BaseException as error:
            self._send("raise", number, self.describe(error), share=False)
        finally:
            self._depth -= 1

    def describe(self, error):
        """What is told of an exception: kind, message, place; a child adds the place."""
        return type(error).__name__, str(error)[:500], getattr(error, "place", None)

    # Out

    def _send(self, kind, number, payload, share):
        tree = self._out(payload, share)
        self._write(wire.encode((kind, number, self._news(), tree)))

    def _out(self, value, share):
        """A value with Ref and Handle in the place of what stays or is shared."""
        if value is None or type(value) in FREQUENT:
            return value
        if isinstance(value, PLAIN):
            return _plain(value)
        if isinstance(value, Ref | Handle | Strange):
            return value
        if (key := self._keys.get(id(value))) is not None:
            return Ref(key)
        if isinstance(value, tuple):
            return tuple(self._out(item, share) for item in value)
        if isinstance(value, np.ndarray):
            plain = _plain(np.asarray(value))
            return plain if not share or isinstance(plain, Strange) else self._share(value)
        if isinstance(value, np.random.Generator):
            return self._share(value)
        if isinstance(value, list | dict) and share:
            return self._share(value)
        if isinstance(value, dict):
            return {_key(key): self._out(item, share) for key, item in value.items()}
        if isinstance(value, list):
            return [self._out(item, share) for item in value]
        return self.handle(value)

    def _share(self, value):
        key = self._new_key()
        self._shared[key], self._keys[id(value)] = value, key
        return Ref(key)

    def _news(self):
        """(key, kind, content) of what is shared and new, or has changed since it was last told."""
        found, seen = [], 0
        while seen < len(self._shared):  # it grows while contents are looked at
            for key, value in list(self._shared.items())[seen:]:
                seen += 1
                unused = getrefcount(value) <= UNUSED
                if key in self._idle and unused:
                    continue  # nobody has had it since it was last looked at
                (self._idle.add if unused else self._idle.discard)(key)
                if key in self._sent and self._unchanged(key):
                    continue
                kind, content = self._content(value)
                self._sent[key] = _trace(kind, content)
                found.append((key, kind, content))
        return found

    def _unchanged(self, key):
        value, trace = self._shared[key], self._sent[key]
        if not isinstance(value, np.ndarray):
            return _trace(*self._content(value)) == trace
        if value.nbytes > LARGE and value.nbytes % 8 == 0 and value.flags.c_contiguous:
            words = np.frombuffer(trace, np.uint64)  # where nothing is copied
            return np.array_equal(value.reshape(-1).view(np.uint64), words)
        return value.tobytes() == trace

    def _content(self, value):
        if isinstance(value, np.ndarray):
            return "array", np.asarray(value)
        if isinstance(value, np.random.Generator):
            source = value.bit_generator
            return "rng", (type(source).__name__, self._out(source.state, False))
        if isinstance(value, dict):
            return "dict", tuple((_key(key), self._out(item, True)) for key, item in value.items())
        return "list", tuple(self._out(item, True) for item in value)

    # In

    def _receive(self):
        content = self._read()
        try:
            kind, number, news, payload = wire.decode(content)
            if kind not in ("ask", "answer", "raise", "note") or type(number) is not int:
                raise WireError("no message")
            self._learn(news)
            payload = self._in(payload)
            if kind == "ask" and not (isinstance(payload, tuple) and len(payload) == 2):
                raise WireError("no question")
            return kind, number, payload
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Gone(f"it sent no message ({error})") from None

    def _learn(self, news):
        """Take over what the other end changed, in the very objects of this one."""
        for key, kind, content in news:
            if key not in self._shared:
                if len(self._shared) > SHARED:
                    raise WireError("too many objects")
                value = self._made(kind, content)
                self._shared[key], self._keys[id(value)] = value, key
        for key, kind, content in news:
            self._fill(self._shared[key], kind, content)
        for key, *_ in news:
            self._sent[key] = _trace(*self._content(self._shared[key]))

    def _made(self, kind, content):
        if kind == "array":
            self.admit(content)
            return content
        if kind == "rng":
            return np.random.Generator(GENERATORS[content[0]](0))
        return {"dict": dict, "list": list}[kind]()

    def _fill(self, value, kind, content):
        if kind == "array" and isinstance(value, np.ndarray):
            if value is not content and value.dtype == content.dtype:
                value.shape = content.shape
                value[...] = content
            elif value is not content:
                raise WireError("an array of another type in the place of one")
        elif kind == "rng" and isinstance(value, np.random.Generator):
            value.bit_generator.state = content[1]
        elif kind == "dict" and isinstance(value, dict):
            items = {key: self._in(item) for key, item in content}
            value.clear()
            value.update(items)
        elif kind == "list" and isinstance(value, list):
            value[:] = [self._in(item) for item in content]
        else:
            raise WireError("another kind of object in the place of one")

    def _in(self, value):
        if isinstance(value, Ref):
            self._idle.discard(value.key)
            return self._shared[value.key]
        if isinstance(value, Handle):
            return self.proxy(self, value.key) if value.mine else self._own[value.key]
        if isinstance(value, Strange):
            return value
        if isinstance(value, np.ndarray):
            self.admit(value)
        if isinstance(value, tuple | list):
            return type(value)(self._in(item) for item in value)
        if isinstance(value, dict):
            return {key: self._in(item) for key, item in value.items()}
        return value


def _trace(kind, content):
    """What tells whether a shared object has changed."""
    return content.tobytes() if kind == "array" else repr(content) if kind == "rng" else content


def _plain(value):
    """A number, array, text or dtype, or Strange where it cannot travel."""
    if isinstance(value, np.ndarray | np.generic):
        known = value.dtype.name in wire.DTYPES
        return value if known else Strange(f"{type(value).__name__} of {value.dtype}")
    if isinstance(value, np.dtype):
        value = value.type
    if isinstance(value, type):
        known = issubclass(value, np.generic) and value.__name__.rstrip("_") in wire.DTYPES
        return value if known else Strange(value.__name__)
    for plain in (bool, int, float, str):
        if isinstance(value, plain):
            return plain(value)
    return value


def _key(key):
    """A dictionary's key that can travel."""
    if isinstance(key, str):
        return str(key)
    return key if type(key) is int else repr(key)[:200]


def _failure(payload):
    """The exception that was told of."""
    kind, message, place = payload
    place = tuple(place) if place else None
    if place and [type(part) for part in place] != [str, int, str]:
        raise Gone("it raised nonsense")
    kinds = {"NotImplementedError": Blank, "AttributeError": Lacking}
    return kinds.get(kind, Failure)(str(kind), str(message), place)


def reader(stream):
    """A `read` for Link over a blocking binary stream."""

    def exactly(count):
        found = bytearray()
        while len(found) < count:
            part = stream.read(count - len(found))
            if not part:
                raise Gone("the pipe was closed")
            found += part
        return found

    def read():
        (size,) = struct.unpack(">Q", exactly(8))
        if size > wire.BYTES:
            raise Gone("a message that is too long")
        return exactly(size)

    return read
