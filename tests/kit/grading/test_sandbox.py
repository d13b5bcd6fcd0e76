"""What a submission can do on the machine: compute, and nothing else."""

import os
import shutil
import sys
import time

import pytest

from kit import KitError
from kit.grading import sandbox
from kit.grading.inside.errors import Failure, Gone
from kit.grading.process import Process
from kit.manifest import ROOT
from tests.kit.grading.processes import descendants

PROBE = """
import os, socket, subprocess, sys, threading, ctypes
def tried(call):
    try:
        return str(call())
    except BaseException as error:
        return "refused: " + type(error).__name__
def forked():
    number = os.fork()
    if not number:
        os._exit(0)
    return number
def written(name):
    with open(name, "wb") as file:
        for _ in range(64):
            file.write(bytes(1 << 20))
def harmless():
    return {
        "socket": tried(socket.socket),
        "fork": tried(forked),
        "process": tried(lambda: subprocess.run(["true"])),
        "thread": tried(threading.Thread(target=print).start),
        "memory": tried(lambda: bytearray(8 << 30)),
    }
def affine_forward(x, w, b):
    return {
        "home": tried(lambda: os.listdir(os.path.expanduser("~"))),
        "source": tried(lambda: os.listdir(x)),
        "shadow": tried(lambda: open("/etc/passwd").read()),
        "libraries": tried(lambda: __import__("torch")),
        "proc": tried(lambda: os.listdir("/proc")),
        "environment": sorted(os.environ),
        "socket": tried(socket.socket),
        "fork": tried(forked),
        "process": tried(lambda: subprocess.run(["true"])),
        "thread": tried(threading.Thread(target=print).start),
        "kill": tried(lambda: os.kill(1, 9)),
        "own code": tried(lambda: open("/opt/inside/child.py", "a")),
        "numpy": tried(lambda: open("/opt/numpy/evil.py", "w")),
        "root": tried(lambda: open("/evil", "w")),
        "disk": tried(lambda: written("/tmp/large")),
        "memory": tried(lambda: bytearray(8 << 30)),
        "ptrace": ctypes.CDLL(None, use_errno=True).ptrace(0, 0, 0, 0),
        "top": sorted(os.listdir("/")),
        "tmp": tried(lambda: os.listdir("/tmp")),
        "grader": [name for name in sys.modules if name.startswith(("kit", "cs231n.checks"))],
    }
"""


def ask(command, limits, name="affine_forward", *parts):
    """Run PROBE's function in a child of some command."""
    files = ({}, {"probe.py": PROBE}, {"probe.py": ""}, {"probe": []})
    with Process(*command, limits, time.monotonic() + 60) as child:
        try:
            child.ask("start", files, limits.of_process(), (), "kit")
        except Gone:
            pytest.fail(child.said())
        child.forget()
        child.ask("load", ["probe"])
        return child.ask("call", "probe", name, parts, {}, ())


@pytest.fixture(scope="module")
def seen(setting):
    """What the probe found in the sandbox."""
    return ask(setting.command, setting.limits, "affine_forward", str(ROOT), 0, 0)


NOTHING = ("shadow", "libraries", "proc", "socket", "fork", "process", "thread", "own code")
NOTHING += ("numpy", "root", "disk", "memory", "home")


@pytest.mark.parametrize("what", NOTHING)
def test_it_is_refused(seen, what):
    assert seen[what].startswith("refused: ")


def test_it_sees_no_source_no_grader_and_no_environment(seen):
    assert seen["source"] == "refused: FileNotFoundError"
    assert seen["grader"] == []
    assert set(seen["environment"]) <= {*sandbox.ENVIRONMENT, "PWD", "LC_CTYPE"}
    assert seen["ptrace"] == -1
    assert not {"home", "work", "var", "proc", "sys"} & set(seen["top"])
    assert seen["tmp"] == "['large']"


def test_nothing_stays_of_it(setting, seen):
    again = ask(setting.command, setting.limits, "affine_forward", str(ROOT), 0, 0)
    assert again["tmp"] == "['large']", "its own file, not two"
    assert not os.path.exists("/evil")


def test_killing_the_sandbox_kills_what_is_in_it(setting):
    child = Process(*setting.command, setting.limits, time.monotonic() + 60)
    with pytest.raises(Failure):
        child.ask("nothing")
    mark = str(child._child.pid)
    assert mark in descendants(os.getpid())
    below = descendants(child._child.pid)
    assert len(below) >= 2
    child.close()
    assert not any(os.path.exists(f"/proc/{number}") for number in below)


def test_no_bubblewrap_is_an_error_with_a_remedy(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(KitError, match=r"apt install bubblewrap.*--no-sandbox"):
        sandbox.bubblewrap.__wrapped__(sandbox.Limits())


def test_a_source_that_the_sandbox_would_show_is_an_error(monkeypatch, setting):
    monkeypatch.setattr(sandbox.manifest, "ROOT", sandbox.Path(sys.base_prefix) / "lib")
    with pytest.raises(KitError, match="move it elsewhere"):
        sandbox.bubblewrap.__wrapped__(sandbox.Limits())


def test_without_a_sandbox_processes_and_sockets_are_refused_all_the_same():
    if sys.platform != "linux" or os.uname().machine not in ("x86_64", "aarch64"):
        pytest.skip("system calls are refused on Linux, on machines whose numbers are known")
    seen = ask(sandbox.bare(), sandbox.Limits(), "harmless")
    assert {what: told[:9] for what, told in seen.items()} == dict.fromkeys(seen, "refused: ")
