"""Runs a student's notebook from top to bottom in a fresh kernel, and keeps what fails."""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from cs231n import notebook
from cs231n.replay import kernel

ANSI = re.compile(r"\x1b\[[0-9;]*m")
FRAME = re.compile(r'File "?(?P<path>[^"\n]+?)"?(?::|, line )(?P<line>\d+)')
NAME = re.compile(r"[A-Za-z_][\w.-]*")


@dataclass(frozen=True)
class Failure:
    """A cell that raised.

    - number: In its brackets, [3], after a run of all cells
    - id: "" where the file has none
    - line: The first line of its code
    - kind, message: The error's name and text
    - place: "cs231n/layers/affine.py:31" if it came from a file of the package, else ""
    """

    number: int
    id: str
    line: str
    kind: str
    message: str
    place: str = ""

    @property
    def blank(self):
        """The exercise, or the cell, that is not written yet, where that is all; else ""."""
        found = self.kind == "NotImplementedError" and NAME.fullmatch(self.message)
        return self.message if found else ""


@dataclass(frozen=True)
class Run:
    """What came of one notebook: seconds, the number of cells that were run, the failures."""

    seconds: float
    cells: int
    failures: tuple


def run(path, tell=lambda number, count: None):
    """Run a notebook's code cells in a fresh kernel; its file is read and nothing else.

    After a cell that fails the others are run all the same.

    Inputs:
    - path: The notebook
    - tell: Called with the number of each cell before it runs, and how many there are

    Returns a Run. Raises NotebookError where it cannot be read, RuntimeError where no kernel
    starts.
    """
    path = Path(path)
    cells = [cell for cell in notebook.read(path) if cell.kind == "code" and cell.source.strip()]
    start, failures = time.monotonic(), []
    watched = kernel.WatchedKernel(path.parent, kernel.SILENT)
    try:
        for number, cell in enumerate(cells, start=1):
            tell(number, len(cells))
            error = _execute(watched, cell.source)
            if error:
                failures.append(_failure(number, cell, error, path.resolve().parents[1]))
            if not watched.is_alive():
                break
    finally:
        if watched.is_alive():
            watched.stop()
    return Run(time.monotonic() - start, len(cells), tuple(failures))


def _execute(watched, source):
    """Run one cell; returns the error's (name, message, traceback), or None."""
    error = None
    message_id = watched.execute_cell_input(source, allow_stdin=False)
    try:
        while True:
            message = watched.get_message("iopub")
            kind, content = message["msg_type"], message["content"]
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if kind == "error":
                error = content["ename"], content["evalue"], content["traceback"]
            if kind == "status" and content["execution_state"] == "idle":
                return error
    except kernel.KernelDied:
        return "the kernel died", "out of memory, or stopped from outside", []


def _failure(number, cell, error, root):
    kind, message, traceback = error
    line = next(line.strip() for line in cell.source.splitlines() if line.strip())
    place = _place(ANSI.sub("", "\n".join(traceback)), root)
    return Failure(number, cell.id, line, kind, ANSI.sub("", message), place)


def _place(traceback, root):
    """The innermost line of the student's package in a traceback, as path:line; "" for none."""
    found = ""
    for match in FRAME.finditer(traceback):
        path = Path(os.path.expanduser(match["path"]))
        inside = path.relative_to(root).parts if path.is_relative_to(root) else ()
        if inside[:1] == ("cs231n",) and inside[1] != "checks":
            found = f"{'/'.join(inside)}:{match['line']}"
    return found
