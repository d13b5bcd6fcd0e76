"""One child: started, spoken to with a deadline, and killed."""

import contextlib
import json
import os
import select
import signal
import subprocess
import tempfile
import time

from .inside import wire
from .inside.errors import Gone
from .inside.link import Link
from .remote import Network
from .sandbox import INFO

# What a child says between two times of forgetting stays here, most of it twice.
HEARD = 128 << 20  # bytes
OBJECT = 64  # bytes that each byte of a header may become


class Late(Gone):
    """The child did not answer in time."""

    kind = "Timeout"


class Dead(Gone):
    """The child ended, or was ended, while an answer was awaited."""

    kind = "Killed"


class Process:
    """A child that runs, and a link to it.

    Inputs:
    - command, environment: As sandbox gives them
    - limits: A sandbox.Limits
    - deadline: On time.monotonic()'s clock
    - serve: What the child may ask for; see Link
    """

    def __init__(self, command, environment, limits, deadline, serve=None):
        self._limits, self.deadline = limits, deadline
        # What it writes until NumPy is there; afterwards it writes to nowhere.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        told, tell = os.pipe()
        self._child = subprocess.Popen(
            [str(tell) if part == INFO else part for part in command],
            env=environment,
            pass_fds=[tell] if INFO in command else [],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            bufsize=0,
            start_new_session=True,
        )
        os.close(tell)
        self._told = os.fdopen(told, "rb")
        self._to, self._from = self._child.stdin.fileno(), self._child.stdout.fileno()
        self._writable = _polled(self._to, select.POLLOUT)
        self._readable, self._come = _polled(self._from, select.POLLIN), bytearray()
        self._heard = 0
        self.link = Link(self._read, self._write, serve or _refuse, 0, proxy=Network)

    def ask(self, operation, *parts):
        """As Link.ask."""
        return self.link.ask(operation, *parts)

    def forget(self):
        """Begin anew: nothing is shared any more, at either end."""
        self.link.ask("forget")
        self.link.forget()
        self._heard = 0

    def said(self):
        """The end of what it wrote before it was ready: why it could not be started."""
        self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, self._said.tell() - 2000))
        return self._said.read().decode("utf-8", "replace").strip()

    def close(self):
        """End the child and all that it started."""
        self._end_inside()
        with contextlib.suppress(OSError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout, self._said, self._told):
            stream.close()

    def _end_inside(self):
        """End the first process in the sandbox, so that bwrap sees it end and leaves no zombie."""
        with contextlib.suppress(OSError, ValueError, KeyError, subprocess.TimeoutExpired):
            os.set_blocking(self._told.fileno(), False)
            number = json.loads(self._told.read(4096) or b"")["child-pid"]
            if self._child.poll() is None:
                os.kill(number, signal.SIGKILL)
                self._child.wait(2)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _until(self):
        return min(self.deadline, time.monotonic() + self._limits.call)

    def _write(self, content):
        rest, until = memoryview(len(content).to_bytes(8, "big") + content), self._until()
        while rest:
            try:
                rest = rest[os.write(self._to, rest) :]
            except BlockingIOError:
                self._wait(self._writable, until)
            except OSError:
                raise Dead("the process ended") from None

    def _read(self):
        until = self._until()
        size = int.from_bytes(self._exactly(8, until), "big")
        if size > wire.BYTES:
            raise Dead(f"an answer of more than {wire.BYTES >> 20} MB")
        content = self._exactly(size, until)
        self._heard += size + OBJECT * int.from_bytes(content[:4], "big")
        if self._heard > HEARD:
            raise Dead("it says more than any right answer needs")
        return content

    def _exactly(self, count, until):
        while len(self._come) < count:
            self._wait(self._readable, until)
            part = os.read(self._from, 1 << 20)
            if not part:
                raise Dead("the process ended")
            self._come += part
        found = bytes(self._come[:count])
        del self._come[:count]
        return found

    def _wait(self, poll, until):
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):  # who never stops talking is late as well
            whole = time.monotonic() >= self.deadline
            limit = self._limits.submission if whole else self._limits.call
            what = "the whole submission" if whole else "one call"
            raise Late(f"no answer within {limit:g} seconds, the limit of {what}")


def _polled(number, event):
    """What waits until a descriptor can be read or written."""
    os.set_blocking(number, False)
    poll = select.poll()
    poll.register(number, event)
    return poll


def _refuse(operation, parts):
    raise PermissionError(f"{operation} is not for you")
