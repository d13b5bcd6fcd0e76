"""In processes of this machine: rows as in one, whatever happens to a driver."""

import json
import os

import pytest

from kit.grading import engine, grade
from kit.grading.drivers import Drivers
from kit.grading.results import Results
from tests.kit.grading import tasks
from tests.kit.grading.test_batch import lay_blank as lay


def statuses(results, names):
    return {name: results.load(name)["status"] for name in names}


def test_a_result_is_the_same_as_in_this_process(setting, tmp_path):
    sources, results = lay(setting, tmp_path / "class", "ab"), Results(tmp_path / "out")
    with Drivers(setting, 2) as drivers:
        first = engine.run(sources, setting, results, drivers, 2)
        again = engine.run(sources, setting, results, drivers, 2)
    assert (first.graded, first.failed, again.graded, again.kept) == (2, 0, 0, 2)
    for source in sources:
        here = {**grade.grade(source, setting), "seconds": 0}
        there = {**results.load(source.id), "seconds": 0}
        assert there == json.loads(json.dumps(here))


@pytest.mark.parametrize("task, lost", [(tasks.deadly_once, []), (tasks.deadly, ["poison"])])
def test_a_driver_that_ends_costs_no_other_submission(setting, tmp_path, monkeypatch, task, lost):
    names = ["a", "b", "c", "poison", "s", "t"]
    sources, results = lay(setting, tmp_path / "class", names), Results(tmp_path / "out")
    monkeypatch.setattr(engine, "grade", task)
    with Drivers(setting, 2) as drivers:
        tally = engine.run(sources, setting, results, drivers, 2)
    assert (tally.graded, tally.failed) == (len(names), len(lost))
    assert statuses(results, names) == {
        name: "grader error" if name in lost else "graded" for name in names
    }
    for name in lost:
        assert "worker was lost" in results.load(name)["message"]
        assert results.known(name, setting.graded_with) is None  # it is tried again


def test_a_driver_has_one_thread_for_algebra(setting):
    with Drivers(setting, 1) as drivers:
        told = drivers.submit(environment, "OMP_NUM_THREADS", setting).result()
    assert told == "1"


def environment(name, setting):
    return os.environ.get(name)
