"""What the two ends of a link have in common, and how values name it.

Arrays, dictionaries, lists and generators that one end hands over exist at both; `news` tells which
of them changed since it was last told, so that a write into an argument is seen where it came from.
Any other object stays where it is, and the other end holds a proxy of it.
"""

from sys import getrefcount

import numpy as np

from .plain import FREQUENT, PLAIN, as_key, plain
from .wire import Handle, Ref, Strange, WireError

GENERATORS = {name: getattr(np.random, name) for name in ("PCG64", "MT19937", "Philox", "SFC64")}
OBJECTS = 20_000  # in one case
UNUSED = 4  # references to an object that only the table still holds
LARGE = 1 << 14  # bytes


class Table:
    """The objects that a link's ends share, and those that this end is asked about.

    Inputs:
    - first: 0 at one end, 1 at the other, so that their keys differ
    - proxy: key -> what stands for an object of the other end
    - key_of: The key of such a thing, or None for anything else
    - admit: Called with each array that comes in; raises what it likes
    """

    def __init__(self, first, proxy, key_of, admit):
        self._first, self._proxy, self._key_of, self.admit = first, proxy, key_of, admit
        self.clear()

    def clear(self):
        """Let go of everything."""
        self._next, self._shared, self._keys, self._sent = self._first, {}, {}, {}
        self._own, self._own_keys, self._idle = {}, {}, set()

    def arrays(self):
        """The arrays that both ends hold."""
        return [value for value in self._shared.values() if isinstance(value, np.ndarray)]

    def handle(self, value):
        """A Handle by which the other end can name an object of this one."""
        if (key := self._key_of(value)) is not None:
            return Handle(key, False)
        key = self._own_keys.get(id(value))
        if key is None:
            key = self._new_key()
            self._own[key], self._own_keys[id(value)] = value, key
        return Handle(key, True)

    def _new_key(self):
        self._next += 2
        if len(self._shared) + len(self._own) > OBJECTS:
            raise WireError("too many objects")
        return self._next

    # Out

    def out(self, value, share):
        """A value as it travels; with `share`, what it holds of mutable objects is shared."""
        if value is None or type(value) in FREQUENT:
            return value
        if isinstance(value, PLAIN):
            return plain(value)
        if isinstance(value, Ref | Handle | Strange):
            return value
        if (key := self._keys.get(id(value))) is not None:
            return Ref(key)
        if isinstance(value, tuple):
            return tuple(self.out(item, share) for item in value)
        if isinstance(value, np.ndarray):
            found = plain(np.asarray(value))
            return found if not share or isinstance(found, Strange) else self._share(value)
        if isinstance(value, np.random.Generator) or (share and isinstance(value, list | dict)):
            return self._share(value)
        if isinstance(value, dict):
            return {as_key(key): self.out(item, share) for key, item in value.items()}
        if isinstance(value, list):
            return [self.out(item, share) for item in value]
        return self.handle(value)

    def _share(self, value):
        key = self._new_key()
        self._shared[key], self._keys[id(value)] = value, key
        return Ref(key)

    def news(self):
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
            return "rng", (type(source).__name__, self.out(source.state, False))
        if isinstance(value, dict):
            return "dict", tuple((as_key(key), self.out(item, True)) for key, item in value.items())
        return "list", tuple(self.out(item, True) for item in value)

    # In

    def learn(self, news):
        """Take over what the other end changed, in the very objects of this one."""
        for key, kind, content in news:
            if key not in self._shared:
                if len(self._shared) > OBJECTS or type(key) is not int:
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
            if value is not content:
                if value.dtype != content.dtype or value.size != content.size:
                    raise WireError("an array of another type or size in the place of one")
                if value.shape != content.shape:
                    value.resize(content.shape, refcheck=False)
                value[...] = content
        elif kind == "rng" and isinstance(value, np.random.Generator):
            value.bit_generator.state = content[1]
        elif kind == "dict" and isinstance(value, dict):
            items = {key: self.take(item) for key, item in content}
            value.clear()
            value.update(items)
        elif kind == "list" and isinstance(value, list):
            value[:] = [self.take(item) for item in content]
        else:
            raise WireError("another kind of object in the place of one")

    def take(self, value):
        """A value as it came, with this end's objects in it."""
        if isinstance(value, Ref):
            self._idle.discard(value.key)
            return self._shared[value.key]
        if isinstance(value, Handle):
            return self._proxy(value.key) if value.mine else self._own[value.key]
        if isinstance(value, Strange):
            return value
        if isinstance(value, np.ndarray):
            self.admit(value)
        if isinstance(value, tuple | list):
            return type(value)(self.take(item) for item in value)
        if isinstance(value, dict):
            return {key: self.take(item) for key, item in value.items()}
        return value


def _trace(kind, content):
    """What tells whether a shared object has changed."""
    return content.tobytes() if kind == "array" else repr(content) if kind == "rng" else content
