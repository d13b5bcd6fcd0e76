"""A batch: every submission ends in a row, nothing is lost, nothing is graded twice."""

import csv
import dataclasses
import json
import os
import pickle
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from cs231n.submission.packing import zip_bytes
from kit import KitError
from kit.grading import engine, grade, intake, secret
from kit.grading.results import Results
from kit.manifest import ROOT
from tests.kit.grading.processes import descendants

FIELDS = {
    "submission", "source", "sha256", "status", "message", "score", "out_of", "checks", "answers",
    "notes", "seconds", "graded_with", "layout",
}  # fmt: skip
OF_A_CHECK = {
    "name", "exercise", "room", "title", "points", "worth", "passed", "status", "lines", "hint",
    "advice", "carried_on",
}  # fmt: skip


def command(*arguments):
    return [sys.executable, "-m", "kit", *map(str, arguments)]


def kit(*arguments):
    """Run the command line; returns what subprocess.run does."""
    return subprocess.run(
        command(*arguments), cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )


def lay(folder, setting, changes=None, notebooks=True):
    """Write a submission's folder: the solved files, some of them changed."""
    files = {**setting.material.solved, **(changes or {})}
    for name in setting.material.assignment.notebooks if notebooks else ():
        files[name] = (ROOT / name).read_text(encoding="utf-8")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def blank(setting, note=""):
    """The bytes of a blank submission's zip."""
    texts = {name: f"{text}{note}".encode() for name, text in setting.material.blank.items()}
    return zip_bytes(texts)


def lay_blank(setting, folder, names):
    """Write a folder of blank submissions, no two alike; returns them as sources."""
    folder.mkdir()
    for name in names:
        (folder / f"{name}.zip").write_bytes(blank(setting, f"\n# {name}\n"))
    return intake.find([folder])


@pytest.fixture(scope="module")
def batch(setting, tmp_path_factory):
    """A class of five, graded once: its folder, that of the results, and what was said."""
    submissions, out = (tmp_path_factory.mktemp(name) for name in ("class", "out"))
    lay(submissions / "ada", setting)
    wrong = (
        setting.material.solved["cs231n/optim.py"] + "\n\ndef adam(w, dw, config): return w, 5\n"
    )
    lay(submissions / "bob", setting, {"cs231n/optim.py": wrong}, notebooks=False)
    (submissions / "eve.zip").write_bytes(blank(setting))
    (submissions / "zoe.zip").write_bytes(b"my homework")
    (submissions / "kim.zip").write_bytes(zip_bytes({"readme.txt": b"sorry"}))
    return submissions, out, kit("grade", submissions, "--out", out)


def rows(out):
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["submission"]: row for row in csv.DictReader(file)}


def result(out, name):
    return json.loads((out / "results" / f"{name}.json").read_text(encoding="utf-8"))


def test_every_submission_has_a_row(batch, setting):
    _, out, done = batch
    assert done.returncode == 0, done.stderr
    assert "5 of 5 submissions have a row" in done.stdout
    whole = grade.out_of(setting)
    found = {name: (row["status"], float(row["checks"])) for name, row in rows(out).items()}
    adam = setting.material.assignment.exercises["adam"]
    assert found == {
        "ada": ("graded", whole), "bob": ("graded", whole - adam), "eve": ("graded", 0),
        "zoe": ("unreadable", 0), "kim": ("empty", 0),
    }  # fmt: skip
    assert {float(row["checks_out_of"]) for row in rows(out).values()} == {whole}
    assert float(rows(out)["bob"]["adam"]) == 0
    assert float(rows(out)["ada"]["adam"]) == adam


def test_a_result_has_its_fields(batch):
    _, out, _ = batch
    for name in rows(out):
        assert set(result(out, name)) == FIELDS
    for check in result(out, "bob")["checks"]:
        assert set(check) == OF_A_CHECK
    failed = [check for check in result(out, "bob")["checks"] if not check["passed"]]
    assert {check["exercise"] for check in failed} == {"adam"}
    assert all(check["lines"] for check in failed)


def test_answers_are_read_or_known_as_missing(batch, setting):
    _, out, _ = batch
    questions = [question.id for question in setting.material.assignment.questions]
    for name, state in (("ada", "answered"), ("bob", "missing")):
        answers = result(out, name)["answers"]
        assert [answer["id"] for answer in answers] == questions
        assert {answer["state"] for answer in answers} == {state}
    assert any("FullyConnectedNets.ipynb is missing" in n for n in result(out, "bob")["notes"])


def test_the_secret_is_only_its_owners(batch):
    _, out, _ = batch
    if os.name == "posix":
        assert stat.S_IMODE((out / "secret").stat().st_mode) == 0o600
    assert (out / "secret").read_text().strip() not in json.dumps(result(out, "ada"))


def test_a_second_run_grades_only_what_has_changed(batch, setting):
    submissions, out, _ = batch
    times = {path: path.stat().st_mtime_ns for path in (out / "results").iterdir()}
    (submissions / "eve.zip").write_bytes(blank(setting, "\n# later\n"))
    done = kit("grade", submissions, "--out", out)
    assert "1 graded now, 4 kept" in done.stdout, done.stderr
    changed = {p.stem for p in (out / "results").iterdir() if p.stat().st_mtime_ns != times[p]}
    assert changed == {"eve"}


def test_regrading_one_check_touches_no_other(batch):
    _, out, _ = batch
    path = out / "results" / "ada.json"
    old = result(out, "ada")
    for check in old["checks"]:
        check.update(points=0, passed=False)
    path.write_text(json.dumps({**old, "score": 0}), encoding="utf-8")
    done = kit("regrade", "--only", "adam_step", "--out", out)
    assert done.returncode == 0, done.stderr
    found = {check["name"]: check for check in result(out, "ada")["checks"] if check["passed"]}
    assert [*found] == ["adam_step"]
    assert result(out, "ada")["score"] == found["adam_step"]["points"] > 0
    assert kit("regrade", "--only", "adan", "--out", out).stderr.startswith(
        "kit: no check is called"
    )


def test_regrading_with_another_secret_or_layout_is_refused_for_each_result(batch, tmp_path):
    _, out, _ = batch
    before = result(out, "ada")
    other = ["--secret", tmp_path / "other", "--layout", "flat", "--without", "adagrad"]
    (tmp_path / "other").write_text("ab" * 32, encoding="ascii")
    done = kit("regrade", "--only", "adam_step", "--out", out, *other)
    assert done.returncode == 1
    told = "ada: it was graded with another --secret, --layout, --without: give regrade the same"
    assert told in done.stderr
    assert result(out, "ada") == before


def test_regrading_without_the_secret_makes_no_other(tmp_path):
    done = kit("regrade", "--only", "adam", "--out", tmp_path)
    assert done.returncode != 0 and "give --secret FILE" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_killed_at_any_time_nothing_is_lost_or_graded_twice(setting, tmp_path):
    submissions, out = tmp_path / "class", tmp_path / "out"
    submissions.mkdir()
    for number in range(7):
        (submissions / f"s{number}.zip").write_bytes(blank(setting, f"\n# {number}\n"))
    endless = {"cs231n/optim.py": b"while True: pass\n"}
    (submissions / "s7.zip").write_bytes(zip_bytes(endless))
    running = subprocess.Popen(
        command("grade", submissions, "--out", out, "--jobs", 2),
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 120
    while len([*(out / "results").glob("*.json")]) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    below = descendants(running.pid)
    running.send_signal(signal.SIGKILL)
    running.wait()
    until = time.monotonic() + 30
    while (alive := below & descendants(1)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive
    before = {path: path.stat().st_mtime_ns for path in (out / "results").glob("*.json")}
    assert len(before) >= 2
    done = kit("grade", submissions, "--out", out)
    assert done.returncode == 0
    assert f"{8 - len(before)} graded now, {len(before)} kept" in done.stdout
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())
    assert len(rows(out)) == 8


def test_a_failure_of_ours_is_a_row_and_is_tried_again(setting, tmp_path, monkeypatch):
    found = lay_blank(setting, tmp_path / "class", "ab")
    results, marking = Results(tmp_path), grade.Marking

    fails = [False, False, True]

    def sometimes(setting, theirs, only):
        if fails.pop():
            raise RuntimeError("a bug of ours")
        return marking(setting, theirs, only)

    monkeypatch.setattr(grade, "Marking", sometimes)
    for expected in ((1, 2, 0), (0, 1, 1)):
        with ThreadPoolExecutor(1) as executor:
            tally = engine.run(found, setting, results, executor, 1)
        assert (tally.failed, tally.graded, tally.kept) == expected
    assert results.missing(["a", "b", "c"]) == ["c"]


class Careless:
    """An executor that loses what it is given, as where a worker is killed."""

    def submit(self, function, *arguments):
        future = Future()
        future.set_exception(RuntimeError("KilledWorker"))
        return future


def test_a_lost_worker_is_a_row(setting, tmp_path):
    found = lay_blank(setting, tmp_path / "class", "abc")
    tally = engine.run(found, setting, Results(tmp_path), Careless(), 2)
    assert tally.failed == 3
    assert result(tmp_path, "a")["status"] == "grader error"
    assert "KilledWorker" in result(tmp_path, "a")["message"]


class Waiting:
    """An executor whose submissions have not begun."""

    def __init__(self):
        self.futures = []

    def submit(self, function, *arguments):
        self.futures.append(Future())
        return self.futures[-1]


def test_ctrl_c_begins_no_other_submission(setting, tmp_path, monkeypatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    found, executor = lay_blank(setting, tmp_path / "class", "abc"), Waiting()
    monkeypatch.setattr(engine, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.run(found, setting, Results(tmp_path), executor, 2)
    assert executor.futures and all(future.cancelled() for future in executor.futures)


def test_a_setting_travels_to_another_machine(setting):
    copy = pickle.loads(pickle.dumps(setting))
    assert copy.graded_with == setting.graded_with
    assert copy.expected.keys() == setting.expected.keys()


def test_no_submission_is_an_error(tmp_path):
    done = kit("grade", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "no submission was found" in done.stderr


def test_a_secret_is_made_once_and_a_damaged_one_refused(tmp_path, source):
    path = tmp_path / "deep" / "secret"
    key = secret.load(path)
    assert secret.load(path) == key
    assert len(key) == secret.BYTES
    other = secret.load(tmp_path / "other")
    seeds = {secret.seed(k, source.assignment) for k in (key, other)}
    assert len(seeds) == 2
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert secret.fingerprint(key, source.assignment) != secret.fingerprint(
        other, source.assignment
    )
    named = dataclasses.replace(source.assignment, course="Vision 1")  # on Gradescope, say
    assert secret.seed(key, named) == secret.seed(key, source.assignment)
    path.write_text("zz")
    with pytest.raises(KitError, match="holds no secret"):
        secret.load(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="not run as root")
def test_an_ordinary_user_can_grade(setting, tmp_path):
    nobody = 65534
    program = "import numpy, sys; sys.path.insert(0, '.'); import kit.grading"
    probe = ["sh", "-c", '"$0" -c "$1"', sys.executable, program]
    if subprocess.run(probe, cwd=ROOT, user=nobody, capture_output=True).returncode:
        pytest.skip("this Python, or this repository, is for root only")
    (tmp_path / "eve.zip").write_bytes(blank(setting))
    (tmp_path / "out").mkdir()
    for path in (tmp_path, tmp_path / "out"):
        os.chown(path, nobody, nobody)
    done = subprocess.run(
        command("grade", tmp_path / "eve.zip", "--out", tmp_path / "out"),
        cwd=ROOT, user=nobody, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
