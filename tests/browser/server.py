"""Starts JupyterLab on a student's folder as start.py does it, and ends it."""

import contextlib
import os
import re
import subprocess
import sys
import time

# The packages are those of this Python; everything else is the kit's own start.py.
SERVE = """
import pathlib, sys, start
start.environment = lambda home, lists: sys.executable
sys.exit(start.main(["--no-browser"], pathlib.Path.cwd()))
"""
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*token=\S+")


@contextlib.contextmanager
def serving(folder, places):
    """Run `start.py --no-browser` in a folder; yields the address that it prints.

    Inputs:
    - folder: The student's folder
    - places: An empty folder for what JupyterLab and IPython would keep in the person's home
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("CS231N_")}
    env |= {"JUPYTER_CONFIG_DIR": str(places / "jupyter"), "IPYTHONDIR": str(places / "ipython")}
    env |= {"JUPYTER_RUNTIME_DIR": str(places / "run"), "JUPYTER_DATA_DIR": str(places / "data")}
    said = places / "said.txt"
    with said.open("wb") as output:
        command = [sys.executable, "-c", SERVE]
        server = subprocess.Popen(
            command, cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield _address(server, said)
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
        server.kill()
        server.wait()


def _address(server, said, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        if found := ADDRESS.search(said.read_text("utf-8", "replace")):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"JupyterLab gave no address:\n{said.read_text('utf-8', 'replace')}")
