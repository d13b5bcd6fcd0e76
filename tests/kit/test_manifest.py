"""What ships is listed; the list of submitted files follows from the regions."""

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from kit import KitError, assignment, manifest

GOLDEN = Path(__file__).parent / "golden" / "in"


def test_only_listed_files_ship():
    names = ["README.md", "cs231n/toy.py", "notebooks/Toy.ipynb"]
    assert [str(path) for path in manifest.shipped(GOLDEN)] == names


def test_a_student_edits_files_with_regions_and_notebooks():
    names = ["cs231n/toy.py", "notebooks/Toy.ipynb"]
    assert [str(path) for path in manifest.editable(GOLDEN)] == names


def test_an_empty_root_is_refused(tmp_path):
    with pytest.raises(KitError, match="nothing that ships"):
        manifest.shipped(tmp_path)


def test_named_files_that_are_not_there_are_missed():
    assert "start.py" in manifest.missing(GOLDEN) and "README.md" not in manifest.missing(GOLDEN)


def test_an_unknown_path_is_unlisted():
    known = ["cs231n/layers/affine.py", "cs231n/solver.py", "kit/regions.py", ".ci/run", "LICENSE"]
    unknown = ["cs231n/notes.md", "solutions.py", "notebooks/sub/x.ipynb.bak"]
    assert manifest.unlisted([*known, *unknown]) == unknown


def test_every_file_of_the_repository_is_listed():
    command = ["git", "-C", str(manifest.ROOT), "ls-files", "-z"]
    try:
        tracked = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git repository")
    unlisted = manifest.unlisted(PurePosixPath(name) for name in tracked.split("\0") if name)
    assert not unlisted, f"say in kit/manifest.py whether these ship: {unlisted}"


def test_the_recorded_list_of_submitted_files_is_current():
    remedy = "run: python -m kit record --answers"
    assert assignment.recorded() == assignment.text(), remedy
