"""answers.json is small, readable, up to date, and only rewritten when something changed."""

import copy
import json

import numpy as np
import pytest

from cs231n.checks import answers
from cs231n.checks.cases import CASES, EXERCISES
from cs231n.checks.fingerprints import alike, fingerprint
from kit import KitError
from kit import answers as recorder
from tests.wrong import WRONG, Wrong


@pytest.fixture(scope="module")
def fresh():
    return recorder.computed()


def test_the_recording_is_up_to_date(fresh):
    stale = recorder.changes(fresh, answers.load())
    assert not stale, f"run `python -m kit record --answers`; changed: {stale}"


def test_every_case_and_every_mistake_is_recorded():
    recorded = answers.load()
    assert list(recorded["cases"]) == list(CASES)
    assert list(recorded["mistakes"]) == list(EXERCISES)
    causes = {m["cause"] for mistakes in recorded["mistakes"].values() for m in mistakes}
    assert causes == {wrong.cause for wrong in WRONG}


def test_it_stays_small_and_readable():
    text = answers.ANSWERS.read_text(encoding="utf-8")
    # It grows with the notebooks, and hardly faster: a captioning model has 8 gradients.
    assert len(text.encode()) < 12_500 * len(EXERCISES)
    assert text.count("\n") > 300
    entry = json.loads(text)["cases"]["affine_backward"]["db"]
    assert (entry["shape"], entry["dtype"], len(entry["values"])) == ([5], "float64", 5)


def test_numbers_survive(tmp_path, fresh):
    answers.save(fresh, tmp_path / "answers.json")
    back = answers.load(tmp_path / "answers.json")
    for case, arrays in fresh["cases"].items():
        for name, array in arrays.items():
            read = back["cases"][case][name]
            assert read.dtype == array.dtype
            if array.dtype == np.float64:  # a ten-thousandth of the tightest limit
                np.testing.assert_allclose(read, array, rtol=1e-11, atol=0)
            else:
                assert np.array_equal(read, array)
    assert back["mistakes"] == fresh["mistakes"]
    answers.save(back, tmp_path / "again.json")
    again = (tmp_path / "again.json").read_bytes()
    assert again == (tmp_path / "answers.json").read_bytes()


def test_rounding_rewrites_nothing_and_a_change_only_itself(tmp_path, fresh, monkeypatch):
    monkeypatch.setattr(recorder, "computed", lambda: copy.deepcopy(fresh))
    path = tmp_path / "answers.json"
    old = {**fresh, "cases": {name: dict(arrays) for name, arrays in fresh["cases"].items()}}
    old["cases"]["affine_forward"]["out"] = old["cases"]["affine_forward"]["out"] * (1 + 1e-12)
    answers.save(old, path)
    before = path.read_bytes()
    assert recorder.record(path) == []
    assert path.read_bytes() == before

    old["cases"]["relu_backward"]["dx"] = old["cases"]["relu_backward"]["dx"] * 1.001
    answers.save(old, path)
    assert recorder.record(path) == ["relu_backward"]
    assert path.read_bytes() == before

    old = copy.deepcopy(fresh)
    old["mistakes"]["relu_forward"][0]["signature"]["relu_forward.out"][1] *= 2
    answers.save(old, path)
    assert recorder.record(path) == ["mistakes in relu_forward"]


def test_a_mistake_that_passes_is_refused(monkeypatch):
    from cs231n.layers import relu_forward

    harmless = Wrong("relu_forward", "nothing at all", "relu_forward", relu_forward)
    monkeypatch.setattr(recorder, "WRONG", [harmless])
    with pytest.raises(KitError, match="no case refuses the mistake 'nothing at all'"):
        recorder.computed()


def test_a_missing_recording_names_the_remedy(tmp_path):
    with pytest.raises(FileNotFoundError, match="take it from a fresh copy"):
        answers.load(tmp_path / "answers.json")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (lambda a: a * (1 + 1e-9), True),
        (lambda a: a * 1.001, False),
        (lambda a: a.T, False),
        (lambda a: a[::-1], False),
        (lambda a: -a, False),
        (lambda a: np.where(a == a[0, 0], np.nan, a), False),
    ],
)
def test_fingerprints_tell_arrays_apart(other, same):
    array = np.random.RandomState(0).randn(4, 4)
    assert alike(fingerprint(array), fingerprint(other(array))) is same


def test_fingerprints_of_rounding_errors_are_alike():
    noise, other = np.random.RandomState(0).randn(2, 8) * 1e-15
    assert alike(fingerprint(noise), fingerprint(other))
    assert not alike(fingerprint(noise), fingerprint(other + 1e-9))
