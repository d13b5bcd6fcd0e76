"""On a cluster: rows as on one machine, whatever happens to workers."""

import dataclasses
import json
import os
import pickle
import signal
import sys
import threading
import time

import pytest

from kit import KitError
from kit.grading import cluster, engine, grade
from kit.grading.cluster import Cluster
from kit.grading.results import Results
from tests.kit.grading import tasks
from tests.kit.grading.test_batch import lay_blank as lay


@pytest.fixture(scope="module")
def distributed():
    return pytest.importorskip("distributed", reason="the extra [cluster] is not installed")


@pytest.fixture(scope="module")
def address(distributed):
    """The address of a cluster of two processes; a worker that dies is started again."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made.scheduler_address


def load(path):
    """A result, without what is another at each run."""
    return {**json.loads(path.read_text(encoding="utf-8")), "seconds": 0}


def test_a_result_is_the_same_as_on_one_machine(setting, address, tmp_path):
    sources, results = lay(setting, tmp_path / "class", "ab"), Results(tmp_path / "out")
    (tmp_path / "class" / "b.zip").write_bytes(b"my homework")
    with Cluster(address, setting) as executor:
        assert executor.threads == 2
        first = engine.run(sources, setting, results, executor, 2)
        again = engine.run(sources, setting, results, executor, 2)
    assert (first.graded, first.failed, again.graded, again.kept) == (2, 1, 0, 2)
    for source in sources:
        here = {**grade.grade(source, setting), "seconds": 0}
        assert load(results.path(source.id)) == json.loads(json.dumps(here))


def test_a_killed_worker_loses_nothing(setting, distributed, address, tmp_path, monkeypatch):
    sources = lay(setting, tmp_path / "class", [f"s{number:02}" for number in range(12)])
    results, killed = Results(tmp_path / "out"), []

    def kill_one():
        until = time.monotonic() + 60
        while len([*results.folder.glob("*.json")]) < 3 and time.monotonic() < until:
            time.sleep(0.02)
        with distributed.Client(address) as client:
            pids = client.run(os.getpid)
        killed.append(min(pids.values()))
        os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(engine, "grade", tasks.slowly)
    with Cluster(address, setting) as executor:
        killer = threading.Thread(target=kill_one)
        killer.start()
        tally = engine.run(sources, setting, results, executor, executor.threads)
        killer.join()
    assert killed
    assert (tally.graded, tally.failed) == (12, 0)
    assert {load(results.path(source.id))["status"] for source in sources} == {"graded"}


def test_what_ends_every_worker_becomes_a_row(setting, distributed, address, tmp_path, monkeypatch):
    names = [*(f"s{number:02}" for number in range(12)), "poison"]
    sources, results = lay(setting, tmp_path / "class", names), Results(tmp_path / "out")
    monkeypatch.setattr(engine, "grade", tasks.deadly)
    with distributed.Client(address) as client:
        client.wait_for_workers(2)
    with Cluster(address, setting) as executor:
        tally = engine.run(sources, setting, results, executor, 2)
    row = load(results.path("poison"))
    assert row["status"] == "grader error"
    assert "KilledWorker" in row["message"]
    assert (tally.graded, tally.failed) == (13, 1)
    assert not results.missing(names)
    assert results.known("poison", setting.graded_with) is None  # it is tried again


def test_another_version_of_the_source_is_refused(setting, address):
    material = dataclasses.replace(setting.material, version="older")
    with pytest.raises(KitError, match=r"2 of 2 workers cannot grade.*another version"):
        Cluster(address, dataclasses.replace(setting, material=material))


def test_a_worker_without_a_sandbox_is_told(setting, monkeypatch):
    monkeypatch.setenv("PATH", "")
    cluster._unpacked.cache_clear()
    limits = dataclasses.replace(setting.limits, call=9.0)
    content = pickle.dumps(dataclasses.replace(setting, limits=limits))
    assert "bubblewrap" in cluster.trouble(content)


def test_no_scheduler_is_an_error_with_a_remedy(setting, distributed, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(
        KitError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9.*dask scheduler"
    ):
        Cluster("tcp://127.0.0.1:9", setting)


def test_without_the_extra_the_remedy_is_named(setting, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(KitError, match=r"pip install -r kit/grading/cluster-requirements\.txt"):
        Cluster("tcp://127.0.0.1:9", setting)
