"""One end of a pipe over which two processes call each other; see table for what they share."""

from . import wire
from .errors import Gone, raised, told
from .table import Table

NESTED = 20  # calls within calls
MESSAGES = 50_000  # between two times of forgetting


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
    - first: 0 at one end, 1 at the other
    - admit: Called with each array that comes in; raises what it likes
    - proxy: The class of what stands for the other end's objects
    - told: Kind, message and place of an exception that `serve` raised
    """

    def __init__(self, read, write, serve, first, admit=None, proxy=Proxy, told=told):
        self._read, self._write, self.serve, self._told = read, write, serve, told
        self._asked = self._depth = self._messages = 0
        self.noted, self.gone = "", False
        self.table = Table(
            first,
            lambda key: proxy(self, key),
            lambda value: value._key if isinstance(value, Proxy) and value._link is self else None,
            admit or (lambda array: None),
        )

    def forget(self):
        """Share nothing any more, and let go of all objects that the other end knows."""
        self._messages = 0
        self.table.clear()

    def ask(self, operation, *parts):
        """Have something done at the other end; returns its answer.

        Raises Failure (or a kind of it) where its code raised, Gone where it is no more.
        """
        self._asked += 1
        try:
            return self._answer_to(self._asked, operation, parts)
        except Gone:
            self.gone = True
            raise

    def _answer_to(self, number, operation, parts):
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
                raise _raised(payload)

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
            self._send("raise", number, self._told(error), share=False)
        finally:
            self._depth -= 1

    def _send(self, kind, number, payload, share):
        tree = self.table.out(payload, share)
        self._write(wire.encode((kind, number, self.table.news(), tree)))

    def _receive(self):
        content = self._read()
        self._messages += 1
        if self._messages > MESSAGES:
            raise Gone("it does not stop talking")
        try:
            kind, number, news, payload = wire.decode(content)
            if kind not in ("ask", "answer", "raise", "note") or type(number) is not int:
                raise wire.WireError("no message")
            self.table.learn(news)
            payload = self.table.take(payload)
            if kind == "ask" and not (isinstance(payload, tuple) and len(payload) == 2):
                raise wire.WireError("no question")
            return kind, number, payload
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
            raise Gone(f"it sent no message ({type(error).__name__}: {error})"[:200]) from None


def _raised(payload):
    try:
        return raised(*payload)
    except TypeError:
        return Gone("it raised nonsense")


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
        size = int.from_bytes(exactly(8), "big")
        if size > wire.BYTES:
            raise Gone("a message that is too long")
        return exactly(size)

    return read
