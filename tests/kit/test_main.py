"""The command line starts at once, and whatever ends a command is said in a sentence."""

import json
import subprocess
import sys

import pytest

import kit.__main__

SLOW = ("numpy", "nbformat", "matplotlib", "tqdm", "kit.grading.command", "kit.similarity.command")
CODE = """import json, sys
from kit.__main__ import _parser
_parser()
print(json.dumps([*sys.modules]))"""


def test_words_are_read_without_what_they_run():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert not {*SLOW} & {*json.loads(done.stdout)}


FAILURES = {
    "Ctrl-C": (KeyboardInterrupt(), 130, "kit: stopped; every file that is there is whole"),
    "a full disk": (
        OSError(28, "No space left on device"),
        1,
        "kit: No space left on device; free",
    ),
    "a file of others": (
        PermissionError(13, "Permission denied", "out/secret"),
        1,
        "kit: out/secret: Permission denied;",
    ),
}


@pytest.mark.parametrize(("error", "status", "words"), FAILURES.values(), ids=FAILURES)
def test_what_ends_a_command_is_a_sentence(monkeypatch, capsys, error, status, words):
    def fail(options):
        raise error

    monkeypatch.setattr(kit.__main__, "_workspace", fail)
    assert kit.__main__.main(["workspace", "somewhere"]) == status
    assert capsys.readouterr().err.startswith(words)
