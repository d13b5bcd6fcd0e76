"""Drives a batch: hands submissions to an executor, writes what comes back, says how far it is."""

import contextlib
import sys
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass

from tqdm import tqdm

from .grade import failed, grade

AHEAD = 4  # submissions in the executor's hands, for each job


@dataclass
class Tally:
    """How many submissions were graded, kept from before, and failed in some way."""

    graded: int = 0
    kept: int = 0
    failed: int = 0


def run(sources, setting, results, executor, jobs):
    """Grade submissions; the result of each is written as soon as it is there.

    Inputs:
    - sources: List of intake.Source
    - setting: A Setting; its expected arrays are computed by now
    - results: A Results
    - executor: Has submit(function, *arguments) -> a Future, as concurrent.futures' have
    - jobs: How many it runs at a time

    Returns a Tally.
    """
    tally, waiting, flying = Tally(), iter(sources), {}
    seconds = 0.5 if sys.stderr.isatty() else 30  # a log wants a line now and then
    with (
        tqdm(total=len(sources), unit="submission", mininterval=seconds) as bar,
        _cancelling(flying),
    ):
        while True:
            while len(flying) < AHEAD * jobs and (source := next(waiting, None)) is not None:
                known = results.known(source.id, setting.graded_with)
                flying[executor.submit(grade, source, setting, known)] = source
            if not flying:
                return tally
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in done:
                _take(future, flying.pop(future), setting, results, tally)
                bar.set_postfix(failures=tally.failed, refresh=False)
                bar.update()


@contextlib.contextmanager
def _cancelling(flying):
    """Where something ends the batch, such as Ctrl-C, begin no further submission."""
    try:
        yield
    except BaseException:
        for future in flying:
            future.cancel()
        raise


def _take(future, source, setting, results, tally):
    """Write one result; where the executor lost it, write that."""
    try:
        result = future.result()
    except Exception as error:  # a worker that was killed, a future that was cancelled
        result = failed(source, setting, f"its worker was lost ({type(error).__name__}: {error})")
    if result is None:
        tally.kept += 1
        return
    results.save(result)
    tally.graded += 1
    tally.failed += result["status"] != "graded"
