"""The command line starts at once: what only some commands need is imported by these."""

import json
import subprocess
import sys

SLOW = ("numpy", "nbformat", "matplotlib", "tqdm", "kit.grading.command", "kit.similarity.command")
CODE = """import json, sys
from kit.__main__ import _parser
_parser()
print(json.dumps([*sys.modules]))"""


def test_words_are_read_without_what_they_run():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert not {*SLOW} & {*json.loads(done.stdout)}
