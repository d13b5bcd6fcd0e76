"""What a teacher asks for becomes a plan, or a sentence that says why it cannot."""

from pathlib import PurePosixPath

import pytest

from kit import KitError, plan, probe
from kit.assignment import Course
from kit.plan import Wishes, work_out
from tests.kit.small_source import NOTEBOOK, PATH, write


def exercise(name, room, needs=()):
    return {"name": name, "room": room, "needs": list(needs), "points": 1}


ROOMS = [
    exercise("affine_forward", "First"),
    exercise("affine_backward", "First"),
    exercise("Net.loss", "First", ["affine_forward"]),
    exercise("norm", "Second", ["affine_forward"]),
]


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Two notebooks, and a module with a region for each of four exercises."""
    root = write(tmp_path / "source")
    for name in ("First", "Second"):
        (root / "notebooks" / f"{name}.ipynb").write_bytes((root / NOTEBOOK).read_bytes())
    (root / NOTEBOOK).unlink()
    for name in ("affine_forward", "affine_backward", "norm"):
        text = f"def {name}():\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n"
        (root / "cs231n" / f"{name}.py").write_text(text, encoding="utf-8")
    (root / PATH).write_text(
        "class Net:\n    def loss(self):\n        ### BEGIN SOLUTION\n        pass\n"
        "        ### END SOLUTION\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(probe, "ask", lambda root: ROOMS)
    return root


def names(planned):
    return [e["name"] for e in planned.exercises]


def test_without_wishes_everything_is_written(source):
    planned = work_out(root=source)
    assert names(planned) == [e["name"] for e in ROOMS] and not planned.given
    assert len(planned.editable) == 6 and PurePosixPath("README.md") in planned.paths


def test_solving_by_beginning_class_and_notebook(source):
    assert names(work_out(Wishes(solve=("affine",)), source)) == ["Net.loss", "norm"]
    assert names(work_out(Wishes(solve=("Net",)), source))[-1] == "norm"
    planned = work_out(Wishes(solve=("First",)), source)
    assert names(planned) == ["norm"]
    assert [str(path) for path in planned.editable] == [
        "cs231n/norm.py",
        "notebooks/First.ipynb",
        "notebooks/Second.ipynb",
    ]


def test_choosing_notebooks(source):
    planned = work_out(Wishes(notebooks=("First.ipynb",)), source)
    assert names(planned) == ["affine_forward", "affine_backward", "Net.loss"]
    assert PurePosixPath("notebooks/Second.ipynb") not in planned.paths
    assert PurePosixPath("cs231n/norm.py") in planned.paths
    assert PurePosixPath("cs231n/norm.py") not in planned.editable


def test_a_need_that_nobody_meets_is_refused_with_the_way_out(source):
    with pytest.raises(KitError, match=r"Second stands on affine_forward, .*\(--solve First\)"):
        work_out(Wishes(notebooks=("Second",)), source)
    assert names(work_out(Wishes(("affine_forward",), ("Second",)), source)) == ["norm"]


@pytest.mark.parametrize(
    "wishes", [Wishes(solve=("afine",)), Wishes(notebooks=("Frist",)), Wishes(solve=("Frist",))]
)
def test_a_name_that_nothing_has_is_refused(source, wishes):
    with pytest.raises(KitError, match=r"nothing is called .* did you mean"):
        work_out(wishes, source)


def test_the_course_travels_along(source):
    course = Course("Vision", "1 May")
    assert work_out(Wishes(course=course), source).course is course
    assert plan.region_names(source, [PATH]) == {"Net.loss": {PATH}}
