"""What the tests of a submission start from: the student kit with the solved package in it."""

import shutil

import pytest

from cs231n.assignment import load
from kit import release, workspace
from tests.student_folders import ROOT


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """The student kit with the solved package in it, as somebody hands it in who did it all."""
    root = tmp_path_factory.mktemp("학생") / "my kit"
    workspace.write_workspace(root, files=release.build())
    for name in load(root).files:
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
def student(released, tmp_path):
    return shutil.copytree(released, tmp_path / "내 과제")
