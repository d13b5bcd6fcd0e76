"""A release is graded as it was given: its exercises, its points, what it gave away solved."""

import json

import pytest

from cs231n.assignment import PATH
from kit import KitError, plan, release, rubric, workspace
from kit.assignment import Course
from kit.grading import material, released
from kit.grading.marking import Marking
from kit.grading.setting import Setting
from tests.kit.grading.test_batch import kit, result, rows

POINTS = rubric.Rubric({"relu_backward": 30}, {"default": 5})


def build(path, points=POINTS, due=""):
    """A release of one notebook, some of it solved; returns its zip."""
    wishes = plan.Wishes(
        ("affine", "TwoLayerNet.__init__"), ("FullyConnectedNets",), Course("Vision", due, points)
    )
    workspace.write_zip(path, release.build(plan.work_out(wishes)))
    return path


@pytest.fixture(scope="module")
def hw(tmp_path_factory):
    return build(tmp_path_factory.mktemp("release") / "hw.zip")


@pytest.fixture(scope="module")
def batch(setting, hw, tmp_path_factory):
    """Two submissions of it, graded: their folder and that of the results."""
    folder, out = (tmp_path_factory.mktemp(name) for name in ("class", "out"))
    used = material.read(release=hw)
    for name, texts in (("ada", used.solved), ("eve", used.blank)):
        for path, text in texts.items():
            (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / path).write_text(text, encoding="utf-8")
    done = kit("grade", folder, "--out", out, "--release", hw)
    assert done.returncode == 0 and "hw.zip asks 11 exercises" in done.stderr, done.stderr
    return folder, out


def test_only_what_was_asked_counts_and_for_as_much_as_was_said(batch, hw):
    _, out = batch
    used = material.read(release=hw)
    whole = sum(used.assignment.exercises.values())
    assert used.assignment.exercises["relu_backward"] == 30
    assert {float(row["checks_out_of"]) for row in rows(out).values()} == {whole}
    assert [float(rows(out)[name]["checks"]) for name in ("ada", "eve")] == [whole, 0]
    assert "affine_forward" not in rows(out)["ada"] and "rnn_forward" not in rows(out)["ada"]
    assert {answer["worth"] for answer in result(out, "ada")["answers"]} == {5}
    assert all(
        answer["notebook"] in used.assignment.files for answer in result(out, "ada")["answers"]
    )


def test_other_points_are_graded_anew_and_never_mixed(batch, hw, tmp_path):
    folder, out = batch
    dearer = build(tmp_path / "dearer.zip", rubric.Rubric({"relu_backward": 40}, {"default": 5}))
    done = kit("regrade", "--only", "adam", "--out", out, "--release", dearer)
    assert done.returncode == 1 and "ada: it was graded with another --release" in done.stderr
    later = build(tmp_path / "later.zip", due="2 May")
    assert "0 graded now, 2 kept" in kit("grade", folder, "--out", out, "--release", later).stdout
    assert "2 graded now" in kit("grade", folder, "--out", out, "--release", dearer).stdout
    earned = float(rows(out)["ada"]["checks"])
    assert earned == sum(material.read(release=hw).assignment.exercises.values()) + 10


def test_a_mistake_beside_what_is_given_costs_its_own_points(setting, hw):
    used = material.read(release=hw)
    own = Setting(used, setting.seed, "tests")
    theirs = dict(used.solved)
    theirs["cs231n/layers/activations.py"] += "\n\ndef relu_forward(x): return x, x\n"
    lost = {check["exercise"] for check in Marking(own, theirs).checks() if not check["passed"]}
    assert lost == {"relu_forward"}


def test_what_is_no_release_is_refused_with_the_way_out(hw, tmp_path):
    path = tmp_path / "notes.zip"
    path.write_bytes(b"my homework")
    (tmp_path / "empty").mkdir()
    for wrong in (path, tmp_path / "empty", tmp_path / "gone"):
        with pytest.raises(KitError, match=r"python -m kit release. wrote"):
            released.read(wrong)


def test_a_release_of_another_source_is_refused(hw, tmp_path):
    workspace.write_workspace(tmp_path / "kit", files=release.build())
    path = tmp_path / "kit" / PATH
    asked = json.loads(path.read_text(encoding="utf-8"))
    asked["exercises"]["swish_forward"] = 2
    path.write_text(json.dumps(asked), encoding="utf-8")
    with pytest.raises(KitError, match="asks for swish_forward, which this source doesn't have"):
        material.read(release=tmp_path / "kit")
