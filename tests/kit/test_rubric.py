"""A rubric prices exercises and questions by name; what it cannot mean is refused."""

import pytest

from kit import KitError, rubric


def written(tmp_path, text):
    path = tmp_path / "rubric.toml"
    path.write_text(text, encoding="utf-8")
    return rubric.load(path)


def test_names_defaults_and_what_is_not_named(tmp_path):
    points = written(tmp_path, "[exercises]\nadam = 6\n[questions]\ndefault = 2\nfc-q1 = 2.5\n")
    assert (points.of_exercise("adam", 3), points.of_exercise("sgd", 3)) == (6, 3)
    assert (points.of_question("fc-q1"), points.of_question("fc-q2")) == (2.5, 2)
    points.require(["adam", "sgd"], ["fc-q1"])
    with pytest.raises(KitError, match=r"nothing is called 'adam' in \[exercises\].*'adams'"):
        points.require(["adams"], ["fc-q1"])


def test_the_mark_that_notepad_writes_is_no_trouble(tmp_path):
    assert written(tmp_path, "\ufeff[exercises]\nadam = 6\n").of_exercise("adam", 3) == 6


REFUSED = {
    "no TOML": ("exercises", "no TOML"),
    "another table": ("[points]\nadam = 3\n", "neither"),
    "no table": ("exercises = 3\n", "neither"),
    "words": ('[exercises]\nadam = "six"\n', "points are a number"),
    "a truth value": ("[exercises]\nadam = true\n", "points are a number"),
    "less than nothing": ("[questions]\nfc-q1 = -1\n", "points are a number"),
    "not a number": ("[questions]\nfc-q1 = nan\n", "points are a number"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_what_it_cannot_mean_is_refused(tmp_path, text, words):
    with pytest.raises(KitError, match=words):
        written(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(KitError, match=r"none\.toml cannot be read"):
        rubric.load(tmp_path / "none.toml")


def test_the_kit_s_own_rubric_names_what_there_is():
    assert rubric.of(rubric.Path(rubric.__file__).parents[1]).of_question("fc-q1") > 0
