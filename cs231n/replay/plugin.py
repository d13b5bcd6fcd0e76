"""A pytest plugin beside nbval: re-executes the notebooks, compares what they print and draw.

Use: `python -m pytest -p cs231n.replay.plugin --nbval notebooks`. nbval runs the cells; this plugin
decides what is equal (cs231n.replay.outputs), refuses references that were never run, and notices a
dead kernel within a second. Only notebooks/*.ipynb of pytest's root are collected. Under xdist, use
--dist loadfile: the cells of a notebook share a kernel.
"""

import os
import time
from queue import Empty
from unittest import mock

import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

from cs231n.replay import kernel, outputs

POLL_SECONDS = 1.0


class KernelDied(Exception):
    """The kernel process ended while one of its messages was awaited."""


class WatchedKernel(RunningKernel):
    """nbval's kernel, but a wait ends as soon as the process is gone."""

    def execute_cell_input(self, cell_input, allow_stdin=None):
        """Execute as a notebook does; nbval keeps no history, so a final `;` would not be heard."""
        return self.kc.execute(cell_input, allow_stdin=allow_stdin, stop_on_error=False)

    def get_message(self, stream, timeout=None):
        """Wait for a message; raises Empty after the timeout, KernelDied if none can come."""
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            left = deadline - time.monotonic()
            try:
                return super().get_message(stream, timeout=max(0.0, min(POLL_SECONDS, left)))
            except Empty:
                if not self.is_alive():
                    raise KernelDied from None
                if left <= POLL_SECONDS:
                    raise


class ReplayFile(IPyNbFile):
    """A notebook: one kernel, and an item named by its id for each code cell."""

    died_in = None

    def setup(self):
        """Start the kernel in the notebook's folder, silent and in this Python."""
        with mock.patch.dict(os.environ, kernel.environment()):
            self.kernel = WatchedKernel(
                CURRENT_ENV_KERNEL_NAME,
                cwd=str(self.path.parent),
                startup_timeout=self.config.option.nbval_kernel_startup_timeout,
            )

    def collect(self):
        """Yield nbval's cells as our own."""
        for cell in super().collect():
            yield ReplayCell.from_parent(
                self,
                name=cell.cell.get("id", cell.name),
                cell_num=cell.cell_num,
                cell=cell.cell,
                options=cell.options,
            )


class ReplayCell(IPyNbCell):
    """One code cell, re-executed and compared."""

    def reportinfo(self):
        """The cell's place, by its id, for the head of a failure."""
        return self.path, 0, f"{self.path.name}::{self.name}"

    def runtest(self):
        """Run the cell; an unexecuted reference is an error, never a silent pass."""
        if self.parent.died_in:
            pytest.skip(f"the kernel died in cell {self.parent.died_in}")
        try:
            super().runtest()
        except KernelDied:
            self.parent.died_in = self.name
            self.raise_cell_error("The kernel died (out of memory, or killed)")
        if self.cell.execution_count is None and self.cell.source.strip():
            self.raise_cell_error(
                "The reference was never run, so nothing was compared; run `python -m kit record`"
            )

    def compare_outputs(self, test, ref, skip_compare=None):
        """Compare by our rules, in place of nbval's; the reason goes where nbval reports it."""
        root = self.config.rootpath
        reason = outputs.difference(
            outputs.tidy(ref, root), outputs.tidy(test, root), outputs.tolerance_of(self.cell)
        )
        self.comparison_traceback = [reason]
        return not reason


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Put our collector in the place of nbval's; drop notebooks that are not the course's."""
    collected = yield
    ours = file_path.parent == parent.config.rootpath / "notebooks"
    return [
        ReplayFile.from_parent(parent, path=file_path) if isinstance(node, IPyNbFile) else node
        for node in collected
        if ours or not isinstance(node, IPyNbFile)
    ]
