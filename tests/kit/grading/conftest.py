"""What the grader's tests share: the source's material, and a batch's setting in a sandbox."""

import shutil
import sys
import warnings

import pytest

from kit.grading import material
from kit.grading.setting import Setting

SEED = 20260


@pytest.fixture(scope="session")
def source():
    """The Material of this repository."""
    return material.read()


@pytest.fixture(scope="session")
def setting(source):
    """A Setting whose children run in bubblewrap."""
    if sys.platform != "linux" or not shutil.which("bwrap"):
        pytest.skip("bubblewrap (bwrap) is not installed: grading in a sandbox cannot be tested")
    made = Setting(source, SEED, "tests")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert made.shapes
    return made
