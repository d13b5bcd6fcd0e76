"""Grades on a dask.distributed cluster that is there already: an executor for engine.run.

Submissions are read here, and their files travel with the task: workers need the kit and a sandbox,
but no file system of ours. The Setting travels once; a worker that dies costs nothing but time.
"""

import functools
import pickle
from concurrent.futures import Future

from kit import KitError

from . import layouts, material
from .session import Session

PATIENCE = 60  # seconds for a first worker to come
MISSING = (
    "--scheduler needs dask.distributed: python -m pip install -r "
    "kit/grading/cluster-requirements.txt"
)


class Cluster:
    """What engine.run hands submissions to; close it by `with`.

    Inputs:
    - address: Of the cluster's scheduler, such as tcp://10.0.0.1:8786
    - setting: A Setting; its expected arrays are computed by now

    Raises KitError where there is no distributed, no scheduler, no worker, or a worker that has
    another version of the source or no sandbox.
    """

    def __init__(self, address, setting):
        try:
            import distributed
        except ImportError:
            raise KitError(MISSING) from None
        self._read = functools.partial(layouts.read, material=setting.material)
        try:
            self._client = distributed.Client(address, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            told = f"no scheduler answers at {address} ({type(error).__name__}: {error})"
            raise KitError(f"{told}; start one with: dask scheduler") from None
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
            content = pickle.dumps(setting)
            _require_ready(self._client.run(trouble, content, on_error="return"))
            # A task's result is made again where its workers die; scattered data would be lost.
            self._setting = self._client.submit(bytes, content, pure=False)
        except TimeoutError:
            self._client.close()
            raise KitError(
                f"the cluster at {address} has no workers; start some, on machines with this "
                f"source: dask worker {address}"
            ) from None
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor()

    @property
    def threads(self):
        """How many submissions the cluster's workers grade at a time, as of now."""
        return max(1, sum(self._client.nthreads().values()))

    def submit(self, function, source, setting, known):
        """As of an Executor, of grade: a Future of function(source, setting, known).

        Raises KitError where the scheduler is gone.
        """
        if self._client.status != "running":
            raise KitError(
                "the connection to the cluster's scheduler was lost; what is graded is stored: "
                "start the command again once the cluster is there"
            )
        found = self._read(source)
        if found.sha256 == known:
            unchanged = Future()
            unchanged.set_result(None)
            return unchanged
        return self._executor.submit(_there, function, found, self._setting)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._client.close(timeout=5)


def trouble(content):
    """On a worker: what keeps it from grading; "" if nothing."""
    try:
        setting = _unpacked(content)
        with Session(setting, setting.material.solved, float("inf"), {}) as session:
            session.ready()
    except KitError as error:
        return str(error)
    return ""


def _there(function, found, content):
    """On a worker: the result of a submission that was read elsewhere."""
    return function(found, _unpacked(content))


@functools.lru_cache(maxsize=1)
def _unpacked(content):
    """The Setting in some bytes, once for all tasks of a worker."""
    setting = pickle.loads(content)
    if (here := material.read().version) != setting.material.version:
        raise KitError(
            f"this worker's source is another version ({here}, not {setting.material.version})"
        )
    return setting


def _require_ready(troubles):
    """Raise where workers can't grade; troubles are worker -> sentence, or an exception."""
    bad = {worker: said for worker, said in troubles.items() if said}
    if bad:
        worker, said = next(iter(bad.items()))
        said = said if isinstance(said, str) else f"{type(said).__name__}: {said}"
        raise KitError(
            f"{len(bad)} of {len(troubles)} workers cannot grade, such as {worker}: {said}; give "
            "them this source, its requirements and bubblewrap, or stop them"
        )
