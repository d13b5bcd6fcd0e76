"""Grades on the cores of this machine: each job is a process of ours that drives a child at a time.

Judging takes as long as the child does, most of it in Python: threads would wait for each other.
"""

import multiprocessing
import os
import pickle
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

from . import sandbox

_setting = None  # of a driver


class Drivers:
    """What engine.run hands submissions to; close it by `with`.

    A driver that is killed, by a machine without memory say, costs its submission a second try.

    Inputs:
    - setting: A Setting; its expected arrays are computed by now
    - jobs: How many drivers there are
    """

    def __init__(self, setting, jobs):
        self._content, self._own = pickle.dumps(setting), threading.local()
        self._pools, self._threads = [], ThreadPoolExecutor(jobs)
        for name, value in sandbox.ENVIRONMENT.items():
            if name.endswith("_NUM_THREADS"):
                os.environ[name] = value  # read when a driver imports NumPy

    def submit(self, function, source, setting, *arguments):
        """As of an Executor: a Future of function(source, setting, *arguments)."""
        return self._threads.submit(self._run, function, source, arguments)

    def _run(self, *task):
        try:
            return self._driver().submit(_there, *task).result()
        except BrokenProcessPool:
            self._own.driver = None
            return self._driver().submit(_there, *task).result()

    def _driver(self):
        """The driver of this thread; started where there is none."""
        if getattr(self._own, "driver", None) is None:
            self._own.driver = ProcessPoolExecutor(
                1, multiprocessing.get_context("spawn"), _begin, (self._content,)
            )
            self._pools.append(self._own.driver)
        return self._own.driver

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._threads.shutdown(cancel_futures=True)
        for pool in self._pools:
            pool.shutdown()


def _begin(content):
    """In a driver: take the Setting; leave Ctrl-C to the parent, and go when it goes."""
    global _setting
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    _setting = pickle.loads(content)


def _follow():
    multiprocessing.parent_process().join()
    os._exit(1)


def _there(function, source, arguments):
    """In a driver: the result of a submission."""
    return function(source, _setting, *arguments)
