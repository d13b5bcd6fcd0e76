"""What grading five functions of a student costs here, in nbgrader's autograde and in otter's run.

Run as `python -m benchmarks.graders PYTHON [PYTHON]`, on Linux: each PYTHON is that of an
environment which has NumPy and nbgrader, or otter-grader and ipykernel. All count seconds of CPU,
those of kernels and children too; what a batch costs once is left out, by the difference of two
sizes. The others compare with one fixed input and have no sandbox (otter's container would come on
top); here it is every case of these functions, on hidden inputs.
"""

import functools
import inspect
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is imported: later it would not listen

import nbformat
import numpy as np
from nbformat import v4

from benchmarks.grading import cpu_seconds
from cs231n import layers
from cs231n.checks.cases import cases_of
from cs231n.submission.packing import zip_bytes
from kit.grading import intake, material
from kit.grading.grade import grade
from kit.grading.setting import Setting
from kit.manifest import ROOT

FUNCTIONS = ("affine_forward", "affine_backward", "relu_forward", "relu_backward", "softmax_loss")
FEW, MANY = 2, 12  # students
IMPORTS = "import numpy as np\nfrom cs231n.layers.validation import *"
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'course'\n"


def main(arguments):
    """Measure and print; returns the exit status."""
    if not arguments:
        print(__doc__)
        return 1
    here = _each(_kit)
    print(f"CPU a student, {len(FUNCTIONS)} functions: here {1e3 * here:.0f} ms")
    for python in arguments:
        name, version = _rival(python)
        rival = _each(functools.partial(RIVALS[name], python))
        print(f"{name} {version}: {1e3 * rival:.0f} ms; ratio {here / rival:.2f}")
    return 0


def _each(grade_batch):
    """Seconds of CPU for one student more."""
    return (grade_batch(MANY) - grade_batch(FEW)) / (MANY - FEW)


def _rival(python):
    """Name and version of the grader that an environment has."""
    code = (
        "import importlib.metadata as m; found = {d.name: d.version for d in m.distributions()}; "
        f"print(*next((n, found[n]) for n in {[*RIVALS]} if n in found))"
    )
    return subprocess.check_output([python, "-c", code], text=True).split()


def _kit(students):
    """Seconds of CPU for a batch of solved submissions; children have no sandbox, to be counted."""
    setting = Setting(material.read(), 20260, "benchmark", sandboxed=False)
    _ = setting.shapes
    only = {case.name for function in FUNCTIONS for case in cases_of(function)}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(students):
            files = {path: text.encode() for path, text in setting.material.solved.items()}
            Path(folder, f"{number}.zip").write_bytes(zip_bytes(files))
        before = sum(cpu_seconds())
        for source in intake.find([folder]):
            result = grade(source, setting, only=only)
            assert all(check["passed"] for check in result["checks"]), result["message"]
    return sum(cpu_seconds()) - before


def _nbgrader(python, students):
    """Seconds of CPU of nbgrader's autograde for a batch of solved submissions."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "nbgrader_config.py").write_text(CONFIG)
        _write(home / "source/ps1/ps1.ipynb")
        _run(python, home, "nbgrader", "generate_assignment", "ps1")
        for number in range(students):
            _write(home / f"submitted/s{number:02}/ps1/ps1.ipynb")
        before = sum(cpu_seconds())
        _run(python, home, "nbgrader", "autograde", "ps1")
        spent = sum(cpu_seconds()) - before
        graded = [*home.glob("autograded/*/ps1/ps1.ipynb")]
        assert len(graded) == students and not any(map(_fails, graded))
    return spent


def _otter(python, students):
    """Seconds of CPU of `otter run` on solved submissions, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        nbformat.write(_master(), home / "ps1.ipynb")
        _run(python, home, "otter", "assign", "ps1.ipynb", "dist", "--no-pdfs")
        [autograder] = home.glob("dist/autograder/*.zip")
        before = sum(cpu_seconds())
        for _ in range(students):
            _run(python, home, "otter", "run", "-a", autograder, "dist/autograder/ps1.ipynb")
            tests = json.loads((home / "results.json").read_text())["tests"]
            assert [test["score"] for test in tests if "score" in test] == [1] * len(FUNCTIONS)
    return sum(cpu_seconds()) - before


def _master():
    """A notebook as otter's assign wants it: the functions, solved, and a check of each."""
    raw = v4.new_raw_cell
    cells = [raw("# ASSIGNMENT CONFIG\ngenerate: true"), v4.new_code_cell(IMPORTS)]
    for function in FUNCTIONS:
        source = inspect.getsource(getattr(layers, function)).replace("### ", "# ")
        cells += [
            raw(f"# BEGIN QUESTION\nname: {function}\npoints: 1"),
            *(raw("# BEGIN SOLUTION"), v4.new_code_cell(source), raw("# END SOLUTION")),
            *(raw("# BEGIN TESTS"), v4.new_code_cell(_check(function)), raw("# END TESTS")),
            raw("# END QUESTION"),
        ]
    return _notebook(cells)


RIVALS = {"nbgrader": _nbgrader, "otter-grader": _otter}


def _run(python, home, *command):
    places = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])  # it runs alembic
    environment = {**os.environ, "PATH": places, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [python, "-m", *command],
        cwd=home, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _fails(path):
    outputs = [cell.get("outputs", ()) for cell in nbformat.read(path, 4).cells]
    return any(output["output_type"] == "error" for some in outputs for output in some)


def _write(path):
    """Write a notebook with the functions, each solved, and a check of each."""
    cells = [v4.new_code_cell(IMPORTS)]
    for function in FUNCTIONS:
        source = inspect.getsource(getattr(layers, function))
        cells += [_cell(source, function, solution=True), _cell(_check(function), function)]
    path.parent.mkdir(parents=True)
    nbformat.write(_notebook(cells), path)


def _notebook(cells):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _cell(source, function, solution=False):
    cell = v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {
        "schema_version": 3, "task": False, "solution": solution, "grade": not solution,
        "locked": not solution, "grade_id": f"{function}-{'solution' if solution else 'check'}",
    } | ({} if solution else {"points": 1})  # fmt: skip
    return cell


def _check(function):
    """The text of a cell that compares a function's first result with a number of ours."""
    x = "np.linspace(-1, 2, 24).reshape(2, 12)"
    w, b, dout = "np.linspace(-1, 1, 60).reshape(12, 5)", "np.ones(5)", "np.ones((2, 5))"
    call = {
        "affine_forward": f"affine_forward({x}, {w}, {b})[0]",
        "affine_backward": f"affine_backward({dout}, ({x}, {w}, {b}))[0]",
        "relu_forward": f"relu_forward({x})[0]",
        "relu_backward": f"relu_backward(2 * {x}, {x})",
        "softmax_loss": f"softmax_loss({x}, np.array([3, 5]))[1]",
    }[function]
    want = eval(call, {"np": np, **vars(layers)})
    return f"assert np.allclose({call}, np.array({want.tolist()!r}))"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
