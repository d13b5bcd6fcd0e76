"""Sets this folder up and opens JupyterLab in it; needs Python, and the first time a network.

Python 2.7 and 3.6 have to be able to read this file, to be told that they are too old:
no f-strings, no annotations.
"""

from __future__ import print_function

import sys

NEEDED = (3, 10)
if sys.version_info[:2] < NEEDED:
    sys.exit(
        "start.py: this is Python {}.{}, too old; install Python {}.{} or newer "
        "(python.org) and start again with it.".format(*(sys.version_info[:2] + NEEDED))
    )

import argparse
import importlib.util
import json
import os
import pathlib
import shutil
import socket
import subprocess

HOME = pathlib.Path(__file__).resolve().parent
ASSIGNMENT = "cs231n/assignment.json"
PACKAGES = "requirements.txt"
TEST_PACKAGES = "tests/requirements.txt"
USAGE = """start.py [--setup] [--no-browser] [--port N] [--no-avx512]
       start.py check [NOTEBOOK ...]
       start.py test [arguments for pytest]"""
NETWORK_TROUBLE = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "Connection reset",
    "Connection aborted",
)
PICTURES = """from cs231n.data_utils import find_CIFAR10
kind = "CIFAR-10" if find_CIFAR10() else "drawn by the kit (for CIFAR-10 see README.md)"
print("Pictures: {}.".format(kind))"""
# What the AVX-512 kernels of OpenBLAS are compiled for.
AVX512 = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}


class Problem(Exception):
    """One sentence for the person at the keyboard: what is wrong, and the remedy."""


def main(arguments=None, home=HOME):
    """Do what the command line asks; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not know a folder's letters
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        if arguments[:1] == ["test"]:
            return run_tests(home, arguments[1:])
        if arguments[:1] == ["check"]:
            return check(home, arguments[1:])
        return start(home, parse(arguments))
    except Problem as problem:
        print("start.py: {}".format(problem), file=sys.stderr)
    except OSError as error:
        message = "start.py: {}; free the file or the space it needs, then start again."
        print(message.format(error), file=sys.stderr)
    except KeyboardInterrupt:
        print("\nstart.py: stopped; the same command goes on from here.", file=sys.stderr)
    return 1


def parse(arguments):
    """Read the options of the first form; `check` and `test` hand their arguments on unread."""
    parser = argparse.ArgumentParser(
        usage=USAGE,
        description="Set up .venv (first time only) and open JupyterLab on the first notebook.",
        epilog="'start.py check' runs your notebooks from top to bottom and says what fails and "
        "which questions are open; 'start.py test' runs the tests (in a teacher's clone).",
        allow_abbrev=False,
    )
    parser.add_argument("--setup", action="store_true", help="set up, open nothing")
    parser.add_argument("--no-browser", action="store_true", help="serve and print the address")
    parser.add_argument("--port", type=int, metavar="N", help="default: the first free from 8888")
    parser.add_argument(
        "--no-avx512", action="store_true", help="keep NumPy's own choice of matrix kernels"
    )
    options = parser.parse_args(arguments)
    if options.port is not None and not 0 < options.port < 65536:
        parser.error("--port takes a number from 1 to 65535")
    return options


def start(home, options):
    """Set up, then serve the workspace unless told to stop there."""
    if options.port is not None:
        check_port(options.port)
    python = environment(home, [PACKAGES])
    folder = workspace(home, python)
    subprocess.call([python, "-c", PICTURES], cwd=str(folder), stderr=subprocess.DEVNULL)
    if options.setup:
        say("Ready: run start.py without --setup to open JupyterLab.")
        return 0
    env = one_thread(activated(python))
    if not options.no_avx512 and misses_avx512(python, env):
        env["OPENBLAS_CORETYPE"] = "SkylakeX"
        say("Matrix kernels: AVX-512, which NumPy missed on this machine (--no-avx512: leave).")
    say("Opening JupyterLab in {}; Ctrl-C stops it.".format(folder))
    return hand_over(jupyter(python, folder, options), folder, env)


def check(home, arguments):
    """Set up, then become the check of the workspace's notebooks."""
    python = environment(home, [PACKAGES])
    folder = workspace(home, python)
    if not (folder / "cs231n" / "replay" / "__main__.py").is_file():
        message = "{} lacks cs231n/replay; copy that folder from a fresh student kit."
        raise Problem(message.format(folder))
    # A path is meant from where it was typed, not from the workspace.
    words = [os.path.abspath(word) if os.path.exists(word) else word for word in arguments]
    return hand_over([python, "-m", "cs231n.replay"] + words, folder, one_thread(activated(python)))


def run_tests(home, arguments):
    """Set up with the test packages, then become pytest."""
    if not is_clone(home):
        raise Problem(
            "the tests belong to the teacher's repository; "
            "check your own work with check(...) in the notebooks."
        )
    python = environment(home, [PACKAGES, TEST_PACKAGES])
    return hand_over([python, "-m", "pytest"] + arguments, home, one_thread(activated(python)))


def is_clone(home):
    """Say whether this is a teacher's clone rather than the kit a student gets."""
    return (home / "kit").is_dir()


def workspace(home, python):
    """Return the student's folder; in a teacher's clone write it first if it is not there."""
    if not is_clone(home):
        return home
    folder = home / "student"
    if not folder.is_dir() or not any(folder.iterdir()):
        command = [python, "-m", "kit", "workspace", "student"]
        if subprocess.call(command, cwd=str(home), env=activated(python)):
            raise Problem("the student workspace was not written, for the reason above.")
    return folder


def jupyter(python, folder, options):
    """Return the command that serves a folder on this machine alone, opened at the notebook."""
    command = [python, "-I", "-m", "jupyterlab"]
    command += ["--ServerApp.log_level=ERROR", "--LabApp.log_level=ERROR"]  # the address is shown
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.root_dir={}".format(folder)]
    notebook = first_notebook(folder)
    if notebook:
        command.append("--LabApp.default_url=/lab/tree/" + notebook)
    if options.port is not None:
        command += ["--ServerApp.port={}".format(options.port), "--ServerApp.port_retries=0"]
    if options.no_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # as in most containers
    return command


def first_notebook(folder):
    """Return the path of the first notebook of a kit in the order of work; None if not known."""
    try:
        described = json.loads((folder / ASSIGNMENT).read_text("utf-8"))
        return next((name for name in described["notebooks"] if (folder / name).is_file()), None)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check_port(port):
    """Refuse a port that cannot be served."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        message = "port {} is taken or not allowed; leave --port out or choose another."
        raise Problem(message.format(port))  # noqa: B904 (Python 2 could not read `from None`)


def misses_avx512(python, env):
    """Say whether the processor has AVX-512 and the OpenBLAS inside NumPy chose older kernels.

    Processors newer than an OpenBLAS are taken for their AVX2 ancestors: half the speed.
    """
    if "OPENBLAS_CORETYPE" in env or not processor_flags() >= AVX512:
        return False
    asking = dict(env, OPENBLAS_VERBOSE="2")  # it then names its kernels when loaded
    command = [python, "-I", "-c", "import numpy"]
    answer = subprocess.run(command, env=asking, stderr=subprocess.PIPE)
    return answer.returncode == 0 and b"Core: Haswell" in answer.stderr


def processor_flags(path="/proc/cpuinfo"):
    """Return the set of the processor's flags as Linux tells them; empty elsewhere."""
    try:
        with open(path, encoding="utf-8", errors="replace") as lines:
            return set(next((line for line in lines if line.startswith("flags")), "").split())
    except OSError:
        return set()


def environment(home, lists):
    """Make the environment complete for some lists of packages; return its Python's path.

    A workspace inside a clone uses the clone's environment if that has what it asks for.
    """
    shared = home.parent / ".venv"
    in_clone = (home.parent / "start.py").is_file()
    if in_clone and all(installed(shared, home, name) for name in lists) and works(shared):
        return str(interpreter(shared))
    venv = home / ".venv"
    if not works(venv):
        create(venv)
    missing = [name for name in lists if not installed(venv, home, name)]
    if missing:
        install(venv, home, missing)
    return str(interpreter(venv))


def interpreter(venv, windows=os.name == "nt"):
    """Return where an environment keeps its Python."""
    return venv / "Scripts" / "python.exe" if windows else venv / "bin" / "python"


def record(venv, name):
    """Return where a list of packages is copied once it is installed.

    Copies are the memory of this script: equal to the list, nothing is to do; the folder without
    them is an installation that was interrupted; no folder, and somebody else made the environment.
    """
    return venv / "cs231n-kit" / name.replace("/", "-")


def installed(venv, home, name):
    """Say whether a list was installed as it stands now."""
    try:
        return (home / name).read_text("utf-8") == record(venv, name).read_text("utf-8")
    except OSError:
        return False


def works(venv):
    """Say whether an environment was finished once and its Python still finds its packages."""
    if not record(venv, PACKAGES).is_file():
        return False
    try:
        command = [str(interpreter(venv)), "-I", "-c", "import pip"]
        return not subprocess.call(command, stderr=subprocess.DEVNULL)
    except OSError:
        return False


def create(venv):
    """Make an empty environment, in the place of one of ours that is unfinished or broken."""
    if venv.exists() and not (venv / "cs231n-kit").is_dir():
        message = "{} is not of start.py's making; rename or delete it, then start again."
        raise Problem(message.format(venv))
    if pathlib.Path(sys.prefix).resolve() == venv.resolve():
        raise Problem("the active environment is the one to repair; run 'deactivate' first.")
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        message = "this Python lacks venv: install it (on Debian, apt install python{}.{}-venv)."
        raise Problem(message.format(*sys.version_info[:2]))
    if venv.exists():
        shutil.rmtree(str(venv))
    (venv / "cs231n-kit").mkdir(parents=True)
    say("Making {} with Python {}.{} ...".format(venv, *sys.version_info[:2]))
    command = [sys.executable, "-m", "venv", str(venv)]
    answer = subprocess.run(command, env=clean(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if answer.returncode:
        raise Problem("Python could not make {}: {}".format(venv, last_line(answer.stdout)))


def install(venv, home, lists):
    """Install lists of packages and remember that."""
    log = venv / "cs231n-kit" / "pip.log"
    python = str(interpreter(venv))
    # -I: neither PYTHONPATH nor a file in the current folder may stand in for a package.
    command = [python, "-I", "-m", "pip", "install", "--prefer-binary", "--no-input"]
    for name in lists:
        command += ["-r", str(home / name)]
    say("Installing packages (a few minutes, once) ...")
    if watch(command, log):
        raise Problem(explain(log))
    # The first import of pyplot looks for fonts, which takes a while: better now than in a lesson.
    command = [python, "-I", "-c", "import matplotlib.pyplot, jupyterlab"]
    answer = subprocess.run(command, env=clean(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if answer.returncode:
        message = "the packages do not load ({}); delete {} and start again."
        raise Problem(message.format(last_line(answer.stdout), venv))
    hide_news(venv)
    for name in lists:
        record(venv, name).write_text((home / name).read_text("utf-8"), "utf-8")


def watch(command, log):
    """Run pip with one line of progress and the whole of its text in a log; return its status."""
    seen = 0
    live = sys.stdout.isatty()
    pip = subprocess.Popen(
        command, env=clean(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
    )
    with pip, log.open("wb") as file:
        for line in pip.stdout:
            file.write(line)
            words = line.decode("utf-8", "replace").split()
            if live and words[:1] in (["Collecting"], ["Downloading"], ["Installing"]):
                seen += words[0] == "Collecting"
                text = "  {} packages found; {} {}".format(seen, words[0].lower(), words[1])
                print("\r{:<78.78}".format(text), end="", flush=True)
    if live:
        print("\r{:78}\r".format(""), end="", flush=True)
    return pip.returncode


def explain(log):
    """Turn the log of a failed installation into one sentence."""
    text = log.read_text("utf-8", "replace")
    if any(sign in text for sign in NETWORK_TROUBLE):
        return "no network, and packages are missing; connect, then run the same command again."
    if "No space left" in text:
        return "the disk is full; free 1 GB, then run the same command again."
    errors = [line for line in text.splitlines() if line.startswith("ERROR:")]
    message = "pip could not install the packages ({}); its whole text is in {}"
    return message.format(errors[-1][7:].strip(" .") if errors else "no reason given", log)


def hide_news(venv):
    """Keep JupyterLab from asking each student whether it may fetch its news."""
    folder = venv / "etc" / "jupyter" / "labconfig"
    folder.mkdir(parents=True, exist_ok=True)
    extension = "@jupyterlab/apputils-extension:announcements"
    config = json.dumps({"disabledExtensions": {extension: True}})
    (folder / "page_config.json").write_text(config, "utf-8")


def clean(environ=os.environ):
    """Return the environment variables without those that would lead Python or pip elsewhere."""
    strays = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
    env = {name: value for name, value in environ.items() if name not in strays}
    env["PIP_USER"] = "0"
    return env


def activated(python, environ=os.environ):
    """Return the variables of a shell in which an environment is active, conda's put aside."""
    env = {name: value for name, value in clean(environ).items() if name != "CONDA_PREFIX"}
    folder = os.path.dirname(python)
    env["VIRTUAL_ENV"] = os.path.dirname(folder)
    env["PATH"] = folder + os.pathsep + env.get("PATH", "")
    return env


def one_thread(env):
    """Let matrix products run in one thread, unless somebody has chosen; returns the variables.

    On two cores, idle, a second thread made small products 1.25 times faster; with other programs
    running, training 6 to 25 times slower, as both threads wait for each other at every product.
    """
    if not {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"} & set(env):
        env = dict(env, OMP_NUM_THREADS="1")
    return env


def hand_over(command, folder, env):
    """Become another program; on Windows, which cannot, wait for it."""
    os.chdir(str(folder))
    if os.name != "nt":
        os.execve(command[0], command, env)
    process = subprocess.Popen(command, env=env)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # the other program was told too, and decides


def last_line(output):
    """Return the last line of a program's output that says something."""
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else "no reason given"


def say(text):
    """Print a line at once: what runs next may replace this process."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
