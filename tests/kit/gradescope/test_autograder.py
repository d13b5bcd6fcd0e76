"""The autograder's zip, run as Gradescope would run it, in a folder of its own."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import jsonschema
import numpy as np
import pytest

from cs231n import assignment
from kit import plan
from kit.__main__ import main
from kit.assignment import Course
from kit.gradescope import package
from kit.grading import secret
from kit.manifest import ROOT

SCHEMA = json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8"))
AFFINE = "cs231n/layers/affine.py"
FORBIDDEN = "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n"
SPY = """
import os
def affine_forward(x, w, b):
    seen = []
    for path in ROOT:
        try:
            seen.append(os.listdir(path) if os.path.isdir(path) else open(path).read())
        except OSError as error:
            seen.append(type(error).__name__)
    raise RuntimeError(f"uid {os.getuid()} saw {seen}")
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a Gradescope container is Linux")
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"),
    reason="only root can start a process as another user",
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A folder as Gradescope's /autograder, its source unpacked; every user may walk to it."""
    root = tmp_path_factory.mktemp("gradescope")
    for folder in (root, *root.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o011)
    wishes = plan.Wishes(solve=("softmax",))  # networks need it: it has to be there, and solved
    target, new = package.write(root, root / "secret", wishes)
    assert new and package.write(root, root / "secret", wishes) == (target, False)
    subprocess.run([sys.executable, "-m", "zipfile", "-e", target, root / "source"], check=True)
    (root / "source" / "run_autograder").chmod(0o755)
    return root


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python that has NumPy and nothing else, as setup.sh installs it."""
    folder = tmp_path_factory.mktemp("bare")
    package = Path(np.__file__).resolve().parent
    for library in (package, package.with_name("numpy.libs")):
        if library.is_dir():
            (folder / library.name).symlink_to(library)
    script = folder / "python"
    script.write_text(f'#!/bin/sh\nPYTHONPATH={folder} exec {sys.executable} -S "$@"\n')
    script.chmod(0o755)
    return script


def run(root, files, python, path=""):
    """Hand in some files; returns results.json, which is valid, and what the grader printed."""
    submission = root / "submission"
    shutil.rmtree(submission, ignore_errors=True)
    submission.mkdir()
    for name, text in files.items():
        (submission / name).parent.mkdir(parents=True, exist_ok=True)
        (submission / name).write_text(text, encoding="utf-8")
    environment = {"AUTOGRADER_ROOT": str(root), "AUTOGRADER_PYTHON": str(python)}
    environment = {**os.environ, **environment, "PATH": path + os.environ["PATH"]}
    command = [root / "source" / "run_autograder"]
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True)
    assert done.returncode == 0
    results = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(results, SCHEMA)
    return results, done.stdout + done.stderr


@pytest.fixture
def forbidden(tmp_path):
    """A start of PATH that leads to a bubblewrap which may not do anything."""
    (tmp_path / "bwrap").write_text(FORBIDDEN)
    (tmp_path / "bwrap").chmod(0o755)
    return f"{tmp_path}:"


def test_the_zip_has_the_scripts_at_its_root(unpacked):
    with zipfile.ZipFile(unpacked / "autograder.zip") as file:
        assert {"setup.sh", "run_autograder", "requirements.txt"} <= {*file.namelist()}
        assert file.getinfo("run_autograder").external_attr >> 16 & 0o111
    for script in package.SCRIPTS:
        subprocess.run(["bash", "-n", unpacked / "source" / script], check=True)


def test_it_grades_on_the_inputs_of_kit_grade_whatever_the_course_is_called(tmp_path):
    key = secret.load(tmp_path / "secret")
    asked = {"solve": ("affine",), "course": Course("Vision 1", "1 May")}
    packed = package.files(tmp_path / "secret", plan.Wishes(**asked))
    for name in (assignment.PATH, "secret"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(packed[PurePosixPath("course" if name != "secret" else "", name)])
    theirs, ours = assignment.load(tmp_path), assignment.load(ROOT)
    assert theirs.course == "Vision 1" and "affine_forward" not in theirs.exercises
    assert secret.load(tmp_path / "secret") == key
    assert secret.seed(key, theirs) == secret.seed(key, ours)
    assert secret.fingerprint(key, theirs) == secret.fingerprint(key, ours)


def test_the_command_takes_the_options_of_the_release(tmp_path, capsys):
    options = ["--solve", "affine", "--course", "Vision 1", "--due", "1 May, 18:00"]
    target, key = tmp_path / "a.zip", tmp_path / "secret"
    assert main(["gradescope", str(target), "--secret", str(key), *options]) == 0
    with zipfile.ZipFile(target) as file:
        told = json.loads(file.read(f"course/{assignment.PATH}"))
    assert (told["course"], told["due"]) == ("Vision 1", "1 May, 18:00")


@as_root
def test_without_bubblewrap_a_submission_runs_as_a_user_who_may_not_read_the_reference(
    unpacked, python, forbidden
):
    hidden = ["source", "source/secret", f"source/course/{AFFINE}", "submission", "results"]
    spy = SPY.replace("ROOT", repr([str(unpacked / name) for name in hidden]))
    text = (ROOT / "cs231n/layers/activations.py").read_text(encoding="utf-8")
    broken = {AFFINE: spy, "cs231n/layers/activations.py": text, "cs231n/optim.py": "def ("}
    results, said = run(unpacked, broken, python, forbidden)
    tests = {test["name"].partition(":")[0]: test for test in results["tests"]}
    wanted = f"uid 65534 saw {['PermissionError'] * len(hidden)}"
    assert wanted in tests["affine_forward"]["output"]
    assert tests["affine_forward"]["score"] == 0
    assert tests["relu_forward"]["status"] == "passed" and results["score"] > 0
    staff = results["tests"][-1]
    assert staff["visibility"] == "hidden" and "NO BUBBLEWRAP HERE" in staff["output"] and said
    visible = [test["output"] for test in results["tests"][:-1]]
    assert "BUBBLEWRAP" not in "".join([*visible, results["output"]])


@as_root
def test_nothing_handed_in_is_a_result_too(unpacked, python, forbidden):
    results, _ = run(unpacked, {}, python, forbidden)
    assert results["score"] == 0 and "nothing that is handed in" in results["output"]


def test_a_grader_that_dies_leaves_a_zero(unpacked, tmp_path):
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\nkill -9 $$\n")
    dying.chmod(0o755)
    results, said = run(unpacked, {}, dying)
    assert results["score"] == 0 and "did not finish" in results["output"] and "137" in said
