"""The process in the sandbox: takes a package over the pipe, then runs what it is asked to."""

import os
import sys
import types

import numpy as np

from . import harden
from .errors import Gone, told
from .flat import Flat
from .importer import Importer, install
from .layout import Kit
from .link import Link, reader

LAYOUTS = {"kit": Kit, "flat": Flat}


class Child:
    """Runs the functions and classes of a package for the other end of a link."""

    def __init__(self):
        self.link = self.importer = self.layout = None
        self.allowed = ()

    def serve(self, operation, parts):
        """Do one thing of those below, by its name."""
        return getattr(self, f"do_{operation}")(*parts)

    def do_start(self, files, limits, allowed, layout):
        """Take the package and lose every right that it does not need; NumPy is there already."""
        harden.harden(limits)
        self.layout = LAYOUTS[layout]()
        self.importer = Importer(*files, self.link.note, self.layout.code)
        install(self.importer)
        self.allowed = allowed

    def do_load(self, names):
        """Import modules; returns those that are broken, each with what it raised."""
        for name in names:
            __import__(name)
        self.layout.look(self.importer)
        self._stand_in()
        return {name: self.told(error) for name, error in self.importer.broken.items()}

    def do_call(self, module, name, args, kwargs, returns):
        """Call a function or class; its caches and objects stay here."""
        result = self.layout.call(name, self._find(module, name), args, kwargs)
        if not returns or not isinstance(result, tuple | list):
            return result
        labelled = zip(result, [*returns, *[""] * len(result)])
        return (
            type(result)(
                self.link.table.handle(value) if label == "cache" and value is not None else value
                for value, label in labelled
            )
            if type(result) in (tuple, list)
            else tuple(result)
        )

    def do_get(self, owner, name):
        """An attribute, or that it is a method."""
        value = getattr(owner, name)
        bound = callable(value) and not isinstance(value, type)
        return ("method", None) if bound else ("value", value)

    def do_set(self, owner, name, value):
        """Set an attribute."""
        setattr(owner, name, value)

    def do_method(self, owner, name, args, kwargs):
        """Call a method."""
        return self.layout.method(owner, name, args, kwargs)

    def do_leave_out_backward(self, net):
        """See cs231n.checks.namespace.leave_out_backward."""
        net.hidden_backward = lambda i, dout, cache: (
            dout,
            {key: np.zeros_like(value) for key, value in net.params.items()},
        )

    def do_swap_stream(self, state):
        """Put NumPy's global stream into a state; returns the one before."""
        before = np.random.get_state()
        np.random.set_state(state)
        return before

    def do_forget(self):
        """Begin a case: nothing of the one before is shared any more."""
        self.link.forget()

    def told(self, error):
        """Kind, message and place of an exception."""
        kind, message, place = told(error)
        message = str(error.msg)[:500] if isinstance(error, SyntaxError) else message
        return kind, message, place or (self.importer and self.importer.place(error))

    def _find(self, module, name):
        if module in self.importer.broken:
            raise self.importer.broken[module]
        found = sys.modules[module]
        for part in name.split("."):
            found = getattr(found, part)
        return found

    def _stand_in(self):
        """Let the parent's functions take the place of those that it names."""
        for module, name in self.allowed:
            owner, _, method = name.rpartition(".")
            stand_in = self._stranger(name)
            if owner:
                setattr(getattr(sys.modules[module], owner), method, stand_in)
                continue
            original = getattr(sys.modules[module], name)
            for other in list(sys.modules.values()):
                for key, value in list(getattr(other, "__dict__", {}).items()):
                    if value is original and isinstance(original, types.FunctionType):
                        setattr(other, key, stand_in)

    def _stranger(self, name):
        def stand_in(*args, **kwargs):
            return self.link.ask("reference", name, *self.layout.outgoing(name, args, kwargs))

        return stand_in


def main():
    """Serve whoever holds the other ends of standard input and output, until they close."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)

    def write(content):
        content = memoryview(len(content).to_bytes(8, "big") + content)
        while content:
            content = content[sink.write(content) :]

    child = Child()
    child.link = Link(reader(source), write, child.serve, 1, told=child.told)
    try:
        child.link.serve_forever()
    except (Gone, OSError):
        os._exit(0)
