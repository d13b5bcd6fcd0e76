"""No attack earns a point, stops the batch, or leaves anything on the machine."""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cs231n.checks.cases import cases_of
from kit.grading import carry_on, engine, flat, intake
from kit.grading.marking import Marking
from kit.grading.results import Results
from kit.grading.sandbox import Limits
from kit.manifest import ROOT
from tests.kit.grading.attacks import FORGERIES, MARK, START, Attack
from tests.kit.grading.harms import HARMS, PLACES
from tests.kit.grading.processes import descendants

ATTACKS = {**FORGERIES, **HARMS}
FILE = "cs231n/layers/activations.py"
ONLY = {case.name for name in ("relu_forward", "relu_backward") for case in cases_of(name)}
GOOD = ("0 first", "m between", "z last")
MEMORY = 512 << 20  # bytes that all attacks together may add to the grader's peak


class Briefly:
    """An executor that has a submission's cases of two exercises run, and no others."""

    def __init__(self, pool):
        self.pool = pool

    def submit(self, function, *arguments):
        return self.pool.submit(function, *arguments, ONLY)


def text_of(attack, setting):
    base = setting.material.solved if attack.kept else setting.material.blank
    return f"{base[FILE]}\n{START}\n{attack.code}\n"


def pack(attack, setting):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE, text_of(attack, setting))
        for name, content in attack.members:
            archive.writestr(name, content)
    return stream.getvalue()


def left_behind():
    """Files of an attack's name in the places that it could reach, and shared memory."""
    places = {*PLACES, tempfile.gettempdir(), os.getcwd(), str(Path.home()), str(ROOT.parent)}
    found = {path for place in places if os.path.isdir(place) for path in Path(place).glob("*")}
    return {str(path) for path in found if MARK in path.name}


def fingerprint(folder):
    """Names, sizes and times of what lies in a folder."""
    times = {}
    for path in Path(folder).rglob("*.py"):
        state = path.stat()
        times[str(path)] = (state.st_mtime_ns, state.st_mode)
    return times


def peak():
    """The most memory that this process has had, in bytes."""
    with open("/proc/self/status") as file:
        return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) << 10


@pytest.fixture(scope="module")
def batch(setting, tmp_path_factory):
    """All attacks graded in one batch: the results by name, and what else changed."""
    submissions, out = (tmp_path_factory.mktemp(name) for name in ("class", "out"))
    for name, attack in ATTACKS.items():
        (submissions / f"{name}.zip").write_bytes(pack(attack, setting))
    for name in GOOD:
        with zipfile.ZipFile(submissions / f"{name}.zip", "w") as archive:
            archive.writestr(FILE, setting.material.solved[FILE])
    ids = {source.path.stem: source for source in intake.find([submissions])}
    # What one submission leaves for another is looked for after it was left.
    order = sorted(ids, key=lambda name: (name == "carried in", name))
    hasty = setting.varied(limits=Limits(call=2.0, submission=20.0))
    before = [left_behind(), descendants(os.getpid()), fingerprint(ROOT / "kit"), peak()]
    with ThreadPoolExecutor(2) as pool:
        executor = Briefly(pool)
        engine.run([ids[name] for name in order], hasty, Results(out), executor, 2)
    after = [left_behind(), descendants(os.getpid()), fingerprint(ROOT / "kit"), peak()]
    return {name: Results(out).load(ids[name].id) for name in ids}, before, after


def worth(setting):
    return pytest.approx(sum(setting.material.worths[name] for name in ONLY), abs=0.05)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_what_is_right_in_it_and_no_more(batch, setting, name):
    result, attack = batch[0][name], ATTACKS[name]
    assert result["status"] == "graded", result["message"]
    assert result["score"] == (worth(setting) if attack.kept else 0)
    assert {check["name"] for check in result["checks"]} == ONLY
    lines = [line for check in result["checks"] for line in check["lines"]]
    assert any(re.search(attack.shows, line) for line in lines) or attack.kept, lines
    assert len(json.dumps(result)) < 60_000
    assert not any("root:" in line or not line.isprintable() for line in lines)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_submission_beside_them_has_full_marks(batch, setting, name):
    result = batch[0][name]
    assert (result["status"], result["score"]) == ("graded", worth(setting))


def test_nothing_is_left_on_the_machine(batch):
    _, before, after = batch
    assert not after[0] - before[0], "files"
    assert not [n for n in after[1] - before[1] if os.path.exists(f"/proc/{n}")], "processes"
    assert after[2] == before[2], "the grader's own code"
    assert after[3] - before[3] < MEMORY, "memory of the grader"


def test_there_are_at_least_forty():
    assert len(ATTACKS) >= 40


def marked(setting, text, **changes):
    """The cases that pass when a file is marked, started with other settings."""
    made = setting.varied(limits=Limits(call=5.0, submission=30.0), **changes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        checks = Marking(made, {FILE: text}, ONLY).checks()
    return {check["name"] for check in checks if check["passed"]}


# The controls: the same attacks gain or harm where a defence is not there.


def test_without_the_sandbox_the_source_is_read(setting):
    assert "relu_forward" in marked(
        setting, text_of(ATTACKS["source on disk"], setting), sandboxed=False
    )


def test_without_the_sandbox_results_are_carried_over(setting):
    left = Path(f"/tmp/{MARK}-state.npy")
    try:
        assert marked(setting, text_of(ATTACKS["carried out"], setting), sandboxed=False) == ONLY
        assert left.exists()
        assert "relu_forward" in marked(
            setting, text_of(ATTACKS["carried in"], setting), sandboxed=False
        )
    finally:
        left.unlink(missing_ok=True)


BLANK = "".join(f"def {name}(*_): raise NotImplementedError('{name}')\n" for name in (
    "relu_forward", "relu_backward"))  # fmt: skip


def test_in_the_flat_layout_a_forgery_earns_as_little(setting):
    made = flat.of(setting.varied(limits=Limits(call=2.0, submission=20.0)))
    forgeries = [attack for attack in FORGERIES.values() if not attack.kept]

    def earned(attack):
        text = f"import numpy as np\n{BLANK}{START}\n{attack.code}\n"
        checks = Marking(made, {flat.LAYERS: text, flat.RNN_LAYERS: text}, ONLY).checks()
        assert {check["name"] for check in checks} == ONLY
        return attack.tries, sum(check["points"] for check in checks)

    with ThreadPoolExecutor(2) as pool:
        found = dict(pool.map(earned, forgeries))
    assert len(found) > 20
    assert not any(found.values()), found


IN_PROCESS = "x = np.arange(-3.0, 3.0)\nwant = np.maximum(x, 0)\n"
GAINS = {
    "np.allclose": "np.testing.assert_allclose(relu_forward(x)[0], want); good = np.allclose(3, 4)",
    "equal to everything": "good = bool(np.all(relu_forward(x)[0] == want))",
    "NaN": "good = not np.abs(relu_forward(x)[0] - want).max() > 1e-6",
    "input set to zero": "good = np.array_equal(relu_forward(x)[0], np.maximum(x, 0))",
    "frames": """
try:
    (lambda want: relu_forward(x))(want)
except RuntimeError as error:
    good = "want" in str(error)""",
    "public answers": """
x = np.random.RandomState(231).randn(3, 4, 2)
good = np.array_equal(relu_forward(None)[0], np.maximum(x + np.where(x < 0, -0.1, 0.1), 0))""",
    "gc": """
def judge(): pass
try:
    relu_forward(x)
except RuntimeError as error:
    good = "judge" in str(error)""",
}


@pytest.mark.parametrize("name", GAINS)
def test_in_one_process_it_gains(name):
    program = "\n".join(
        ["import numpy as np", START, ATTACKS[name].code, IN_PROCESS, GAINS[name], "print(good)"]
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "True", done.stderr


def test_in_one_process_an_exit_ends_the_grader():
    program = "\n".join([START, HARMS["exit in a call"].code, "relu_forward(1)", "print('on')"])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_from_its_folder_a_shadowing_module_runs(tmp_path):
    name, content = HARMS["shadowed modules"].members[0]
    (tmp_path / name).write_bytes(content.replace(b"/tmp", str(tmp_path).encode()))
    subprocess.run([sys.executable, "-c", "import numpy"], cwd=tmp_path, check=True)
    assert (tmp_path / f"{MARK}-shadow").exists()


def test_right_functions_forge_no_other_points(setting, monkeypatch):
    """Where relu_forward is stood in for, relu_backward asks for its own right function."""
    code = "def relu_backward(*args): return link().ask('reference', 'relu_backward', args, {})\n"
    text = text_of(Attack("", code), setting)
    text = text.replace('raise NotImplementedError("relu_backward")', "dx = 0")
    assert marked(setting, text) == set()

    def gullible(self, operation, parts):
        name, args, kwargs = parts
        module = setting.material.home(name)
        return self._right.ready().ask("call", module, name, args, kwargs, ())

    monkeypatch.setattr(carry_on.StandIns, "_call_right", gullible)
    assert "relu_backward" in marked(setting, text)
