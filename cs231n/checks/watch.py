"""Watch mode: when a file of exercises is saved, their checks run again, in a new process."""

import os
import subprocess
import sys
import time

from . import worth
from .cases import EXERCISES
from .messages import say
from .places import ROOT, file_of, shown

PAUSE = 0.5  # seconds between two looks at the files


def watch(names=(), looks=None):
    """Run checks each time a file they are about is saved, until Ctrl-C.

    A process of its own for each run: the file that was saved is imported anew, and code that
    hangs is stopped by the same Ctrl-C.

    Inputs:
    - names: Exercises to keep an eye on; all that students write where none is given
    - looks: How often to look at the files; without end where None

    Returns the exit status, 0.
    """
    exercises = list(names or worth.asked())
    files = {file_of(name) for name in exercises}
    seen = _stamps(files)
    say(f"Watching {len(files)} files; save one, and its checks run. Ctrl-C ends.")
    try:
        while looks is None or looks > 0:
            time.sleep(PAUSE)
            looks = looks and looks - 1
            now = _stamps(files)
            changed = [path for path in sorted(files) if now[path] not in (None, seen[path])]
            # A file that an editor is just putting in place comes back with the next look.
            seen |= {path: now[path] for path in changed}
            if changed:
                _run(changed, exercises)
    except KeyboardInterrupt:
        say("")
    return 0


def touched(changed, exercises):
    """Of the exercises, those in the changed files and those whose code runs them."""
    inside = {name for name in exercises if file_of(name) in changed}
    return [name for name in exercises if name in inside or inside & {*EXERCISES[name].needs}]


def _run(changed, exercises):
    clock = time.strftime("%H:%M:%S")
    say(f"\n--- {clock}  {', '.join(map(shown, changed))}")
    names = touched(changed, exercises)
    command = [sys.executable, "-m", "cs231n.checks", "--rows", *names]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)})


def _stamps(files):
    """When each file was last written, and its size; None where it is missing right now."""
    found = {}
    for path in files:
        try:
            status = path.stat()
            found[path] = (status.st_mtime_ns, status.st_size)
        except OSError:
            found[path] = None
    return found
