"""How a child is started: by bubblewrap, or without a sandbox where that was asked for."""

import functools
import os
import shutil
import site
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kit import KitError, manifest

INSIDE = Path(__file__).resolve().with_name("inside")
ENVIRONMENT = {
    "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}  # fmt: skip
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
PROGRAM = """
import sys
sys.path[:] = [place for place in sys.path if place] + {!r}
from inside.child import main
main()
"""
INFO = "number of the descriptor on which bwrap tells the process's id"
MISSING = (
    "no sandbox: bubblewrap (bwrap) {}. Install it (Debian, Ubuntu: apt install bubblewrap), grade "
    "in a Linux container, or add --no-sandbox, which lets submissions do on this machine "
    "whatever you may do"
)
OPEN = "kit: WARNING: --no-sandbox is no security boundary: every submission can read, change and \
send whatever you can. Grade only what you trust."


@dataclass(frozen=True)
class Limits:
    """What a submission may use. Times are seconds of the clock, sizes bytes."""

    call: float = 10.0
    submission: float = 180.0
    memory: int = 2 << 30
    disk: int = 16 << 20
    files: int = 64

    def of_process(self):
        """The limits of one process, as inside.harden takes them."""
        seconds = int(self.submission) + 10
        return {"AS": self.memory, "CPU": seconds, "FSIZE": self.disk, "NOFILE": self.files}


def bare():
    """The command of a child without a sandbox, and its environment."""
    package = Path(np.__file__).resolve().parents[1]
    return python([str(INSIDE.parent), str(package)]), ENVIRONMENT


@functools.cache
def bubblewrap(limits):
    """The command of a child in a sandbox, and its environment.

    Raises KitError where there is no bwrap, or where the solved source would be seen inside.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise KitError(MISSING.format("is not installed"))
    command = [
        program, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv",
        "--cap-drop", "ALL", "--size", str(limits.disk), "--tmpfs", "/tmp",
        "--dev-bind", "/dev/null", "/dev/null", "--hostname", "sandbox", "--info-fd", INFO,
    ]  # fmt: skip
    shown = [Path(sys.base_prefix), *map(Path, SYSTEM)]
    _require_hidden(manifest.ROOT, shown)
    for path in shown:
        command += ["--ro-bind-try", str(path), str(path)]
    for path in _libraries(shown):  # --size holds for one tmpfs only
        command += ["--size", "4096", "--tmpfs", path, "--remount-ro", path]
    for source, name in _modules():
        command += ["--ro-bind", str(source), f"/opt/{name}"]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    command += ["--chdir", "/tmp", "--remount-ro", "/", "--", *python(["/opt"])]
    return command, {"PATH": os.environ.get("PATH", "")}


def python(path):
    """The command of a Python that serves a link, with these folders on its path."""
    return [os.path.realpath(sys.executable), "-s", "-S", "-B", "-c", PROGRAM.format(path)]


def _modules():
    """What is shown under /opt: the child's own code, and NumPy with its libraries."""
    package = Path(np.__file__).resolve().parent
    beside = package.with_name("numpy.libs")
    return [(INSIDE, "inside"), (package, "numpy"), *[(beside, "numpy.libs")] * beside.is_dir()]


def _libraries(shown):
    """Folders of installed packages that would be seen inside; they are covered."""
    known = {*site.getsitepackages(), *map(sysconfig.get_path, ("purelib", "platlib"))}
    known |= {str(path) for top in shown[1:] for path in top.glob("python3*/*-packages")}
    base = Path(sys.base_prefix)
    known |= {str(path) for path in base.glob("lib/python3*/*-packages")}
    real = {Path(name) for name in known if Path(name).is_dir() and not Path(name).is_symlink()}
    return sorted(str(path) for path in real if any(path.is_relative_to(top) for top in shown))


def _require_hidden(root, shown):
    for path in shown:
        if Path(root).resolve().is_relative_to(path.resolve()):
            raise KitError(
                f"the solved source lies in {path}, which the sandbox has to show to submissions; "
                "move it elsewhere, such as your home folder"
            )
