"""A boundary where bubblewrap is forbidden: children run as a user who may read none of our files.

It takes root to start them. It is weaker than bubblewrap: such a child sees the machine's other
files and processes. A container of its own for each submission makes up for that.
"""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kit import KitError
from kit.grading import sandbox
from kit.grading.setting import Setting

NOBODY = "65534"
DENIED = "import sys, os\nfor p in sys.argv[1:]:\n  if os.access(p, os.R_OK): print(p)"


@dataclass(frozen=True)
class OtherUser(Setting):
    """A Setting whose children run as another user, in the place of bubblewrap."""

    @property
    def command(self):
        """How a child is started: its command and environment."""
        return command()

    @property
    def graded_with(self):
        """As Setting's."""
        return {**super().graded_with, "sandbox": "another user"}

    def no_child(self, reason):
        """The error where a child doesn't start."""
        return KitError(f"no child process can be started as another user ({reason})")


@functools.cache
def command():
    """The command of a child as another user, and its environment.

    Raises KitError where this process is not root's, or where there is no setpriv.
    """
    path = [str(_shown()), str(Path(np.__file__).resolve().parents[1])]
    return [*_lowered(), *sandbox.python(path)], sandbox.ENVIRONMENT


def require_unreadable(paths):
    """Raise KitError for a path that a child could read: there would be no boundary."""
    paths = [str(path) for path in paths]
    program = [*_lowered(), *sandbox.python([])[:-1], DENIED, *paths]
    done = subprocess.run(program, capture_output=True, text=True, env=sandbox.ENVIRONMENT)
    if done.returncode or done.stdout:
        said = done.stdout.strip() or done.stderr.strip()[-300:]
        raise KitError(f"a submission could read {said}; take that right away: chmod -R go-rwx")


def _lowered():
    program = shutil.which("setpriv")
    if program is None or os.geteuid() != 0:
        raise KitError("starting a child as another user takes root and setpriv (of util-linux)")
    return [
        program, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs",
        "--bounding-set=-all", "--inh-caps=-all", "--",
    ]  # fmt: skip


def _shown():
    """A folder that everybody can read, with the child's own code."""
    folder = Path(tempfile.mkdtemp(prefix="kit-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(sandbox.INSIDE, folder / "inside", ignore=shutil.ignore_patterns("__pycache__"))
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder
