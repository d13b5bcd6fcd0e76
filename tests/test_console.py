"""Commands whose reader goes away end without a traceback, and keep their own status otherwise."""

import subprocess
import sys

import pytest

from cs231n import console
from cs231n.assignment import ROOT

COMMANDS = {
    "checks": ["cs231n.checks", "affine_forward", "relu_forward"],
    "data": ["cs231n.data_utils"],
    "kit": ["kit", "workspace", "tests"],
}
# Hand the descriptor of a pipe without a reader to the command as its standard output.
CLOSED = """import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
sys.exit(subprocess.run([sys.executable, "-m", *sys.argv[1:]], stdout=writer).returncode)"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of closed pipes otherwise")
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_reader_that_is_gone_is_no_traceback(command):
    done = subprocess.run(
        [sys.executable, "-c", CLOSED, *command], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (1, "")


def test_a_status_is_handed_on():
    assert [console.status_of(lambda status=status: status) for status in (0, 2)] == [0, 2]
