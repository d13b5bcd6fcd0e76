"""What grading costs: CPU for each submission, growth with their number, the scheduler's share.

Run as `python -m benchmarks.grading` from the repository, on Linux with bubblewrap; or one part of
it: `kinds`, `batch N …` (whole runs of the command line) or `simulate N` (grading left out).
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is imported: later it would not listen

from cs231n.submission.packing import zip_bytes
from kit import KitError
from kit.grading import engine, intake, material
from kit.grading.cluster import Cluster
from kit.grading.drivers import Drivers
from kit.grading.grade import grade
from kit.grading.results import Results
from kit.grading.setting import Setting
from kit.manifest import ROOT
from tests.kit.grading.submissions import entries, with_entry
from tests.wrong import WRONG

TIMES = 10  # of each kind
MANY = 100_000
COUNTS = (50, 100, 200, 400)
RING = 500  # files that a simulation writes, again and again
CORES = len(os.sched_getaffinity(0))


def main(arguments):
    """Measure and print; returns the exit status."""
    what, *numbers = arguments or ["all"]
    if what not in ("all", "kinds", "batch", "simulate"):
        print(__doc__)
        return 1
    setting, counts = Setting(material.read(), 20260, "benchmark"), [*map(int, numbers)]
    _ = setting.shapes
    print(f"{CORES} cores; load at the start: {os.getloadavg()[0]:.1f}")
    if what in ("all", "kinds"):
        kinds(setting)
    if what in ("all", "batch"):
        batches(setting, counts or COUNTS)
    if what in ("all", "simulate"):
        simulate(setting, *(counts or [MANY])[:1])
    return 0


def kinds(setting):
    """Print what a submission of each kind costs.

    The CPU of a child in a sandbox cannot be seen from outside: it is that of a bare one, plus
    nothing for the sandbox, whose start is in the seconds of the clock.
    """
    print(
        f"\n{'kind':10} {'parent, ms':>11} {'child, ms':>10} {'clock, ms':>10} {'a min & core':>13}"
    )
    bare = setting.varied(sandboxed=False)
    for kind, make in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            rng = random.Random(0)
            for number in range(TIMES):
                _write(setting, Path(folder, f"{number}.zip"), make(setting, rng), number)
            sources = intake.find([folder])
            parent, child, _ = _cost(sources, bare)
            clock = _cost(sources, setting)[2]
        each = [1e3 * seconds / TIMES for seconds in (parent, child, clock)]
        print("{:10} {:11.0f} {:10.0f} {:10.0f} {:13.0f}".format(
            kind, *each, 60e3 / (each[0] + each[1])), flush=True)  # fmt: skip
        if kind == "one wrong":
            hours = MANY * (parent + child) / TIMES / 3600
            print(f"{'':10} × {MANY:,} submissions: {hours:.1f} core-hours")


def _cost(sources, setting):
    """Seconds of CPU here, of CPU in children, of the clock; one submission after the other."""
    grade(sources[0], setting)
    before, start = cpu_seconds(), time.perf_counter()
    for source in sources:
        assert grade(source, setting)["status"] == "graded"
    return [*(b - a for a, b in zip(before, cpu_seconds())), time.perf_counter() - start]


def cpu_seconds():
    """Seconds of CPU of this process, and of its children that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return [usage.ru_utime + usage.ru_stime for usage in usages]


def _wrong(setting, rng):
    target, module, number = rng.choice(ENTRIES)
    return with_entry(setting, module, number, [target.target])


KINDS = {
    "blank": lambda setting, rng: dict(setting.material.blank),
    "solved": lambda setting, rng: dict(setting.material.solved),
    "one wrong": _wrong,
}
ENTRIES = [entry for entry in entries(WRONG) if entry[0].target]


def _write(setting, path, texts, number):
    """Write a submission's zip, with the notebooks; no two are the same."""
    files = {name: f"{text}\n# {number}\n".encode() for name, text in texts.items()}
    notebooks = {name: (ROOT / name).read_bytes() for name in setting.material.assignment.notebooks}
    path.write_bytes(zip_bytes(files | notebooks))


def batches(setting, counts):
    """Print time and memory of `kit grade` for some numbers of submissions: half one wrong."""
    print(f"\n{'N':>6} {'clock, s':>9} {'each, ms':>9} {'parent CPU, ms':>15} {'peak, MB':>9} load")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            home, rng = Path(folder, "class"), random.Random(count)
            home.mkdir()
            for number in range(count):
                kind = ("one wrong", "solved", "one wrong", "blank")[number % 4]
                _write(setting, home / f"s{number:05}.zip", KINDS[kind](setting, rng), number)
            command = [sys.executable, "-m", "kit", "grade", home, "--out", Path(folder, "out")]
            start = time.perf_counter()
            child = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(child.pid, 0)
            clock = time.perf_counter() - start
            rows = len([*Path(folder, "out", "results").glob("*.json")])
        assert (status, rows) == (0, count)
        cpu = 1e3 * (usage.ru_utime + usage.ru_stime) / count
        print(f"{count:6} {clock:9.1f} {1e3 * clock / count:9.0f} {cpu:15.0f} "
              f"{usage.ru_maxrss / 1024:9.0f} {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip


def simulate(setting, count):
    """Print what the loop and the executor cost where grading itself costs nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path, home = Path(folder, "s.zip"), Path(folder, "out")
        _write(setting, path, setting.material.solved, 0)
        graded = grade(intake.Source("s", path), setting)
        sources = [intake.Source(f"s{number:06}", path) for number in range(count)]
        results = _Ring(home)
        with Drivers(setting, CORES) as drivers:
            _simulate("processes", sources, setting, results, _Stub(drivers, graded))
        try:
            from distributed import LocalCluster
        except ImportError:
            print("dask: distributed is not installed")
            return
        few = sources[: max(1, count // 50)]
        with LocalCluster(CORES, threads_per_worker=1, dashboard_address=None) as cluster:
            try:
                with Cluster(cluster.scheduler_address, setting) as executor:
                    _simulate("dask, 1 of 50", few, setting, results, _Stub(executor, graded))
            except KitError as error:
                print(f"dask: {error}")


def _simulate(label, sources, setting, results, executor):
    before, start = cpu_seconds()[0], time.perf_counter()
    tally = engine.run(sources, setting, results, executor, CORES)
    assert (tally.graded, tally.failed) == (len(sources), 0)
    clock, cpu = time.perf_counter() - start, cpu_seconds()[0] - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{label}: {len(sources):,} submissions, each {1e3 * clock / len(sources):.2f} ms of the "
        f"clock and {1e3 * cpu / len(sources):.2f} ms of CPU here; peak so far {peak:.0f} MB"
    )


class _Stub:
    """Hands on to an executor what returns a result at once."""

    def __init__(self, executor, graded):
        self._executor, self._graded = executor, graded

    def submit(self, _, source, setting, known):
        name, graded = source.id, self._graded
        return self._executor.submit(_Answer({**graded, "submission": name}), source, setting, None)


class _Answer:
    def __init__(self, graded):
        self.graded = graded

    def __call__(self, *_):
        return self.graded


class _Ring(Results):
    """Results as they are written, but over each other: 100,000 are gigabytes."""

    def path(self, name):
        return self.folder / f"{int(name[1:]) % RING}.json"

    def known(self, name, graded_with):
        return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
