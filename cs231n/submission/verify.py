"""Opens a submission again, in a clean folder, to see what a grader will see."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import bundle, surroundings

MINUTES = 3
ENVIRONMENTS = (".venv/bin/python", ".venv/Scripts/python.exe")
KEPT = ("PYTHONHOME", "PYTHONUSERBASE")
# Runs in a folder with a package in it. It names each step on stderr, so that one that never ends
# is known, prints to nowhere, and leaves without waiting for threads.
PROGRAM = """
import contextlib, importlib, json, os, sys, warnings
folder, *modules = sys.argv[1:]
sys.path.insert(0, folder)
warnings.simplefilter("ignore")
out, err, nowhere = sys.stdout, sys.stderr, open(os.devnull, "w")
stopped, found = {}, {}
with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
    for name in modules:
        print("@" + name, file=err, flush=True)
        try:
            importlib.import_module(name)
        except BaseException as error:
            stopped[name] = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    from cs231n.checks import answers, worth
    from cs231n.checks.cases import EXERCISES
    from cs231n.checks.package import local
    from cs231n.checks.report import examine
    resolve, recorded = local(), answers.load()
    for name in worth.asked():
        print("@" + name, file=err, flush=True)
        report = examine(EXERCISES[name], resolve, recorded)
        found[name] = [report.points, report.total]
print("\\n" + json.dumps({"stopped": stopped, "points": found}), file=out, flush=True)
os._exit(0)
"""


class NoVerdictError(Exception):
    """The checks could not be run to their end; the message says where they stopped."""


def verify(path, root, kit):
    """Open a zip, hold it against its manifest, and run the board of checks on it.

    The zip's files are laid over the kit's given ones in a clean folder.

    Inputs:
    - path: The zip
    - root: The kit's folder
    - kit: Its cs231n.assignment.Assignment

    Returns a list of sentences. Raises SubmissionError if the zip is not what was written.
    """
    root, contents, python = Path(root), bundle.opened(path, kit), _python(Path(root))
    if python is None:
        return ["The checks were not run on it: this Python has no NumPy. Run start.py once."]
    try:
        with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as clean:
            for name in surroundings.given(root, kit):
                _write(Path(clean) / name, (root / name).read_bytes())
            for name, content in contents.items():
                _write(Path(clean) / name, content)
            return _verdict(python, clean, root, kit)
    except OSError as error:
        return [f"The checks were not run on it: no clean folder could be made ({error})."]
    except NoVerdictError as error:
        return [f"In a clean folder {error}"]


def _python(root):
    """A Python that has NumPy: this one, else start.py's; None where there is neither."""
    if importlib.util.find_spec("numpy"):
        return sys.executable
    made = [folder / name for folder in (root, root.parent) for name in ENVIRONMENTS]
    return next((str(path) for path in made if path.is_file()), None)


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _verdict(python, clean, root, kit):
    """The sentences on a clean folder, and on what works in the student's own only."""
    found = _run(python, clean, kit)
    reasons = {}
    for name, why in found["stopped"].items():
        reasons.setdefault(why, []).append(name)
    told = [f"In a clean folder {', '.join(n)} cannot be imported: {r}" for r, n in reasons.items()]
    got, total = (sum(pair[i] for pair in found["points"].values()) for i in (0, 1))
    told += _only_here(python, root, kit, found["points"]) if got < total else []
    altered = surroundings.changed(root, kit)
    note = f", with {', '.join(altered)} as you changed it, which graders do not" if altered else ""
    return [*told, f"In a clean folder: {got:g} of {total:g} points by the checks{note}."]


def _only_here(python, root, kit, points):
    """A sentence on the exercises that earn more where the student works than anywhere else."""
    try:
        here = _run(python, str(root), kit)["points"]
    except NoVerdictError:
        return []
    names = [name for name in points if here.get(name, [0])[0] > points[name][0]]
    if not names:
        return []
    return [
        f"In your folder these earn more than in a clean one: {', '.join(names)}. Look for what "
        "they import or read from a file that is not handed in."
    ]


def _run(python, folder, kit):
    """Import what is handed in and run the checks of one folder; what PROGRAM found."""
    modules = [name[:-3].replace("/", ".") for name in kit.files if name.endswith(".py")]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") or k in KEPT}
    env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **kept}
    command = [python, "-B", "-c", PROGRAM, folder, *modules]
    options = {"stdin": subprocess.DEVNULL, "capture_output": True, "timeout": 60 * MINUTES}
    try:
        done = subprocess.run(command, cwd=folder, env=env, **options)
        return json.loads(done.stdout.decode("utf-8", "replace").splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        step, _ = _last(error.stderr)
        text = f"the checks did not end within {MINUTES:g} minutes; is there a loop without end"
        raise NoVerdictError(f"{text} in {step}?") from None
    except (ValueError, IndexError):
        step, words = _last(done.stderr)
        raise NoVerdictError(
            f"the checks could not be run: they ended at {step} {words}."
        ) from None


def _last(stderr):
    """Which step came last, and the last line that was said otherwise, in brackets."""
    lines = (stderr or b"").decode("utf-8", "replace").split("\n")
    steps = [line[1:].strip() for line in lines if line.startswith("@")]
    words = [line.strip() for line in lines if line.strip() and not line.startswith("@")]
    return steps[-1] if steps else "the start", f"({words[-1] if words else 'no reason given'})"
