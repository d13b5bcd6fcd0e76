"""A kit of two small notebooks with questions, and a pytest of its own to run on it; for tests."""

import json
import os
import subprocess
import sys
from pathlib import Path

from nbformat import v4

from cs231n.questions import anchor, heading
from kit import assignment, cells

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = {"One": "Because $a_b < c_d$.", "Two": "하늘은 **파랗다**."}


def text(name, source, *tags):
    """A text cell."""
    return v4.new_markdown_cell(source, id=name, metadata={"tags": list(tags)})


def code(name, source):
    """A code cell as if it had been run, and printed nothing."""
    cell = v4.new_code_cell(source, id=name)
    cell.execution_count = 1
    return cell


def make(root):
    """Write the kit into a folder; returns the folder."""
    (root / "notebooks").mkdir(parents=True)
    (root / "cs231n").mkdir()
    (root / "cs231n" / "toy.py").write_text("X = 1\n", encoding="utf-8")
    for name, answer in ANSWERS.items():
        question = f"{name.lower()}-q1"
        members = [
            code(f"{name.lower()}-run", "import time\ntime.sleep(0.1)"),
            text(question, f"{heading(question)} Why?", "question"),
            text(f"{question}-answer", f"{anchor(question)}\n\n{answer}", "answer"),
        ]
        cells.write(root / "notebooks" / f"{name}.ipynb", v4.new_notebook(cells=members))
    assignment.record(root)
    return root


def edit(root, name, place, source):
    """Change one cell of a notebook."""
    path = root / "notebooks" / f"{name}.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][place]["source"] = source
    path.write_text(json.dumps(content), encoding="utf-8")


def replay(root, *options, rootdir=None):
    """Run pytest with the plugin on the kit; returns the finished process."""
    plugins = ["-p", "nbval.plugin", "-p", "cs231n.replay.plugin", "--nbval"]
    plugins += ["-p", "xdist.plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, f"--rootdir={rootdir or root}"]
    command += [*options, "notebooks"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # starts in half the time
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, encoding="utf-8", timeout=100
    )
