"""The kernels that record, replay or check a notebook: their environment, and their end."""

import os
import time
from pathlib import Path
from queue import Empty
from unittest import mock

from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel

MATPLOTLIBRC = Path(__file__).with_name("matplotlibrc")
NO_DATASETS = Path(__file__).with_name("no-datasets")  # never made
SILENT = {"CS231N_RECORDING": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
POLL_SECONDS = 1.0
START_SECONDS = 60


def environment():
    """This process's environment, plus what makes a recording silent and its figures small.

    Recordings are of the generated pictures, which everybody has, whatever lies in datasets/;
    CS231N_DATASETS, where it is set, chooses others.
    """
    return {
        "CS231N_DATASETS": str(NO_DATASETS),
        **os.environ,
        **SILENT,
        "MATPLOTLIBRC": str(MATPLOTLIBRC),
    }


class KernelDied(Exception):
    """The kernel process ended while one of its messages was awaited."""


class WatchedKernel(RunningKernel):
    """nbval's kernel, of this Python, but a wait ends as soon as the process is gone."""

    def __init__(self, folder, variables, startup_timeout=START_SECONDS):
        """Start it in a folder, with environment variables on top of this process's own."""
        with mock.patch.dict(os.environ, variables):
            super().__init__(CURRENT_ENV_KERNEL_NAME, str(folder), startup_timeout)

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
