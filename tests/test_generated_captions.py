"""What is seen in generated pictures is kept on disk, and is the same from there."""

import numpy as np
import pytest

from cs231n import generated_captions

NUMBERS = (130, 20)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(generated_captions, "FOLDER", tmp_path / "datasets" / "generated")
    monkeypatch.setattr(generated_captions, "KEPT_FROM", 100)
    return generated_captions.FOLDER


@pytest.fixture
def looks(monkeypatch):
    """The splits that were looked at anew."""
    seen, look = [], generated_captions._look
    monkeypatch.setattr(
        generated_captions, "_look", lambda split, n: seen.append(split) or look(split, n)
    )
    return seen


def make():
    generated_captions.make_set.cache_clear()
    return generated_captions.make_set(*NUMBERS)


def same(one, other):
    for name, values in one[0].items():
        np.testing.assert_array_equal(values, other[0][name])
        assert getattr(values, "dtype", None) == getattr(other[0][name], "dtype", None)
    return one[1] == other[1] and one[0].keys() == other[0].keys()


def test_a_second_start_reads_what_a_first_has_seen(folder, looks):
    first = make()
    assert looks == ["train", "val"] and len([*folder.iterdir()]) == 1  # 20 are not worth a file
    assert same(make(), first) and looks == ["train", "val", "val"]


@pytest.mark.parametrize("damage", [b"", b"PK", None], ids=["empty", "cut off", "one byte"])
def test_a_damaged_file_is_made_again(folder, looks, damage):
    first = make()
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    middle = len(whole) // 2
    changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    path.write_bytes(changed if damage is None else damage)
    assert same(make(), first) and looks.count("train") == 2
    assert path.read_bytes() == whole


def test_another_version_takes_the_place_of_the_earlier_one(folder, looks, monkeypatch):
    first = make()
    monkeypatch.setattr(generated_captions, "_version", lambda: "another")
    assert same(make(), first) and looks.count("train") == 2
    assert [path.name for path in folder.iterdir()] == ["train-130-another.npz"]


def test_where_nothing_can_be_written_nothing_is_kept(folder, looks):
    folder.parent.mkdir()
    folder.write_text("a file in its place")
    assert same(make(), make()) and looks.count("train") == 2


def test_the_version_is_of_what_draws_and_of_the_weights(monkeypatch, tmp_path):
    now = generated_captions._version()
    generated_captions._version.cache_clear()
    for name in ("__init__.py", "weights.npz"):
        (tmp_path / name).write_bytes(b"other")
    monkeypatch.setattr(generated_captions.vision, "__file__", str(tmp_path / "__init__.py"))
    assert generated_captions._version() != now
    generated_captions._version.cache_clear()
