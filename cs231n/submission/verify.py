"""Opens a submission again, in a clean folder, to see what a grader will see."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from . import bundle

MINUTES = 3
# Runs in the clean folder. The board's own words stay out of the way of the last line.
PROGRAM = """
import contextlib, importlib, io, json, sys
sys.path.insert(0, sys.argv[1])
stopped = {}
out = sys.stdout
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    for name in sys.argv[2:]:
        try:
            importlib.import_module(name)
        except BaseException as error:
            stopped[name] = f"{type(error).__name__}: {error}"
    from cs231n.checks import worth
    from cs231n.checks.board import reports_of
    from cs231n.checks.cases import EXERCISES
    reports = reports_of([EXERCISES[name] for name in worth.asked()]).values()
found = {report.exercise.name: [report.points, report.total] for report in reports}
print("\\n" + json.dumps({"stopped": stopped, "points": found}), file=out, flush=True)
"""


def verify(path, root, kit):
    """Open a zip, hold it against its manifest, and run the board of checks on it.

    The zip's files are laid over the kit's given ones in a clean folder.

    Inputs:
    - path: The zip
    - root: The kit's folder
    - kit: Its cs231n.assignment.Assignment

    Returns a list of sentences. Raises SubmissionError if the zip is not what was written.
    """
    contents = _opened(path)
    if importlib.util.find_spec("numpy") is None:
        return [
            "The checks were not run on it: this Python has no NumPy. Run start.py once; after "
            "that the same command finds the right Python."
        ]
    with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as folder:
        for name in given(Path(root), kit):
            _copy(Path(root) / name, Path(folder) / name)
        for name, content in contents.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_bytes(content)
        return _board(folder, kit)


def given(root, kit):
    """Names of the package's files that are not handed in, as far as they are there."""
    names = kit.given_files or [
        path.relative_to(root).as_posix()
        for path in (root / "cs231n").rglob("*")
        if path.suffix in (".py", ".json") and "__pycache__" not in path.parts
    ]
    wanted = {*names, "cs231n/assignment.json"} - {*kit.files}
    return [name for name in sorted(wanted) if (root / name).is_file()]


def _opened(path):
    """The files of a zip, each as its manifest says it is."""
    try:
        with zipfile.ZipFile(path) as archive:
            contents = {name: archive.read(name) for name in archive.namelist()}
        listed = json.loads(contents.pop(bundle.MANIFEST))["files"]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise bundle.SubmissionError(f"{path} cannot be read back ({error}); try again") from error
    for name in listed.keys() | contents.keys():
        wanted = listed.get(name, {}).get("sha256")
        if name not in contents or bundle.sha256(contents[name]) != wanted:
            raise bundle.SubmissionError(f"{path}: {name} is not what was packed; try again")
    return contents


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _board(folder, kit):
    modules = [name[:-3].replace("/", ".") for name in kit.files if name.endswith(".py")]
    command = [sys.executable, "-I", "-B", "-c", PROGRAM, folder, *modules]
    env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ}
    try:
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, timeout=60 * MINUTES
        )
        found = json.loads(done.stdout.decode("utf-8", "replace").splitlines()[-1])
    except subprocess.TimeoutExpired:
        return [f"In a clean folder the checks did not end within {MINUTES} minutes: a loop?"]
    except (ValueError, IndexError):
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return [f"In a clean folder the checks could not be run: {''.join(last) or 'no reason'}"]
    told = [f"In a clean folder {name} stops: {why}" for name, why in found["stopped"].items()]
    got, total = (sum(pair[i] for pair in found["points"].values()) for i in (0, 1))
    return [*told, f"In a clean folder: {got:g} of {total:g} points by the checks."]
