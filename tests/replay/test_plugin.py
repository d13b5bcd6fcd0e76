"""The replay plugin lets the same results pass and fails each way a notebook can drift."""

import inspect
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nbval
import pytest
from nbformat import v4
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

from kit import cells, record

ROOT = Path(__file__).resolve().parents[2]
PLOT = "import matplotlib.pyplot as plt\nplt.figure(figsize=(3, 2))\nplt.plot([{}, 2, 1]);"
# name: (source when recorded, source when replayed, outcome, words of its report, tags)
CASES = {
    "same": ("print('loss 2.3')", "print('loss 2.3')", "passed", "", []),
    "silent": (
        "import os\nprint(os.environ.get('CS231N_RECORDING'), os.getcwd())",
        "import os\nprint(os.environ.get('CS231N_RECORDING'), os.getcwd())",
        "passed",
        "",
        [],
    ),
    "rounding": ("print(2.30258509)", "print(2.30258508)", "passed", "", []),
    "number": ("print('loss 2.3')", "print('loss 2.4')", "failed", "recorded 2.3, now 2.4", []),
    "tolerated": ("print('acc 0.52')", "print('acc 0.55')", "passed", "", ["tolerance=0.05"]),
    "beyond": ("print('acc 0.52')", "print('acc 0.72')", "failed", "0.72", ["tolerance=0.05"]),
    "curve": (PLOT.format(3), PLOT.format(3), "passed", "", []),
    "other-curve": (PLOT.format(3), PLOT.format(-3), "failed", "grey levels", []),
    "emptied": ("print(1)", "print(1)", "failed", "0 recorded, 1 now", []),
    "gone": ("print(1)", "1;", "failed", "1 recorded, 0 now", []),
    "stripped": ("print(1)", "print(1)", "failed", "was never run", []),
    "warned": ("1;", "import sys\nprint('w', file=sys.stderr)", "failed", "stderr", []),
    "raises": ("1;", "1 / 0", "failed", "ZeroDivisionError", []),
    "blank": ("", "", "passed", "", []),
    "killed": ("1;", "import os\nos._exit(1)", "failed", "The kernel died", []),
    "after": ("1;", "1;", "skipped", "the kernel died in cell killed", []),
}


def notebook(column):
    members = [
        v4.new_code_cell(case[column], id=name, metadata={"tags": case[4]})
        for name, case in CASES.items()
    ]
    return v4.new_notebook(cells=members)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Record a notebook, tamper with it, replay it in a pytest of its own; {name: test case}."""
    root = tmp_path_factory.mktemp("re play 재생")
    path = root / "notebooks" / "Toy.ipynb"
    path.parent.mkdir()
    cells.write(path, notebook(0))
    record.record(path, root=root)
    tampered = cells.read(path)
    for cell, case in zip(tampered.cells, CASES.values(), strict=True):
        cell.source = case[1]
        if cell.id in ("emptied", "stripped"):
            cell.outputs = []
        if cell.id == "stripped":
            cell.execution_count = None
    cells.write(path, tampered)
    (root / "elsewhere").mkdir()
    for stray in ("elsewhere", "notebooks/.ipynb_checkpoints"):
        (root / stray).mkdir(exist_ok=True)
        cells.write(root / stray / "Stray.ipynb", tampered)
    options = [
        "-p",
        "cs231n.replay.plugin",
        "--nbval",
        "-q",
        "-p",
        "no:cacheprovider",
        "--junitxml=out.xml",
    ]
    command = [sys.executable, "-m", "pytest", *options, f"--rootdir={root}", "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=root, env=environment, capture_output=True, timeout=100)
    found = ElementTree.parse(root / "out.xml").iter("testcase")
    return {case.get("name"): case for case in found}


@pytest.mark.parametrize("name", CASES)
def test_each_drift_has_its_verdict(report, name):
    _, _, wanted, words, _ = CASES[name]
    problems = list(report[name])
    kinds = {"failure": "failed", "error": "failed", "skipped": "skipped"}
    assert [kinds[node.tag] for node in problems] == [wanted] * (wanted != "passed")
    told = "".join(f"{node.get('message')}{node.text}" for node in problems)
    assert words in told


def test_only_the_course_s_notebooks_are_collected_and_cells_go_by_their_ids(report):
    assert list(report) == list(CASES)


def test_a_dead_kernel_is_noticed_within_seconds(report):
    assert float(report["killed"].get("time")) < 5


def test_the_internals_of_nbval_that_we_hook_are_where_we_hook_them():
    assert nbval.__version__.startswith("0.11.")
    for owner, names in {
        IPyNbFile: ("setup", "collect", "teardown"),
        IPyNbCell: ("runtest", "compare_outputs", "raise_cell_error"),
        RunningKernel: ("get_message", "execute_cell_input", "is_alive"),
    }.items():
        assert all(name in vars(owner) for name in names), owner

    def parameters(function):
        return list(inspect.signature(function).parameters)

    assert parameters(IPyNbCell.compare_outputs) == ["self", "test", "ref", "skip_compare"]
    assert parameters(RunningKernel.get_message) == ["self", "stream", "timeout"]
    assert parameters(RunningKernel.execute_cell_input) == ["self", "cell_input", "allow_stdin"]
    made_from = ["self", "name", "parent", "cell_num", "cell", "options"]
    assert parameters(IPyNbCell.__init__) == made_from
