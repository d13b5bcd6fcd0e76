"""A copy of the package for tests of the board."""

import shutil
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "cs231n"
PARTS = ["layers", "classifiers", "checks"]


@pytest.fixture
def workspace(tmp_path):
    """A copy of what the checks need, in a folder with a space and Hangul in its name."""
    target = tmp_path / "my 과제" / "cs231n"
    for part in PARTS:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PACKAGE / part, target / part, ignore=ignore)
    for file in PACKAGE.glob("*.py"):
        shutil.copy(file, target / file.name)
    return target.parent
