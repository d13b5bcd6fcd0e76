"""Marks come in whole or not at all, say what is wrong with them, and outlive every regrading."""

import json

import pytest

from kit import KitError
from kit.__main__ import main
from kit.grading import marks, pages, tables
from kit.grading.names import Names
from tests.kit.grading.stored_results import failed, store

HEAD = "submission,question,points,comment\n"


def submission(name, *texts):
    answers = [
        {
            "id": f"fc-q{i}",
            "notebook": "notebooks/FullyConnectedNets.ipynb",
            "question": f"**Question fc-q{i}.** Why?",
            "text": text,
            "state": "answered" if text else "unanswered",
            "worth": 2,
        }
        for i, text in enumerate(texts, 1)
    ]
    data = failed(name, "graded", "Every check was run.")
    return {**data, "score": 100, "answers": answers}


@pytest.fixture
def folder(tmp_path):
    store(tmp_path, submission("kim", "Because.", "So."))
    store(tmp_path, submission("lee", "Because .", ""))
    store(tmp_path, submission("=park", "Why not?", "Never"))
    return tmp_path


def table(folder, rows, name="in.csv"):
    path = folder / name
    path.write_text(HEAD + rows, encoding="utf-8")
    return path


def grades(folder):
    rows = tables.read(folder / "grades.csv", ("submission", "answers", "answers_to_mark", "score"))
    return {row.pop("submission"): row for _, row in rows}


def test_marks_reach_the_grades_and_the_feedback(folder, capsys):
    path = table(folder, 'kim,fc-q1,1.5,**Good**\nkim,fc-q2,0,\n\'=park,fc-q1,"1,5",\n')
    assert main(["marks", str(folder), str(path)]) == 0
    assert "3 new, 0 changed, 0 same marks" in capsys.readouterr().out
    rows = grades(folder)
    assert rows["kim"] == {"answers": "1.5", "answers_to_mark": "0", "score": "101.5"}
    assert rows["=park"] == {"answers": "1.5", "answers_to_mark": "1", "score": "101.5"}
    assert rows["lee"]["answers_to_mark"] == "1"
    assert "<strong>Good</strong>" in (folder / "feedback" / "kim.html").read_text("utf-8")
    assert 'value="1.5"' in (folder / "answers" / "question-1.html").read_text("utf-8")


PROBLEMS = [
    ("kin,fc-q1,1,", "line 2: no submission is called 'kin'; did you mean 'kim'?"),
    ("../results/kim,fc-q1,1,", "no submission is called '../results/kim'"),
    ("kim,fc-q9,1,", "kim has no question 'fc-q9'; did you mean 'fc-q"),
    ("kim,fc-q1,2.5,", "kim, fc-q1: points 2.5 are not within 0 and 2"),
    ("kim,fc-q1,-1,", "points -1 are not within 0 and 2"),
    ("kim,fc-q1,nan,", "points 'nan' are no number"),
    ("kim,fc-q1,inf,", "points 'inf' are no number"),
    ("kim,fc-q1,1_0,", "points '1_0' are no number"),
    ("kim,fc-q1,two,", "points 'two' are no number"),
    ("kim,fc-q1,1,\nkim,fc-q1,1,", "line 3: kim, fc-q1: marked already in in.csv, line 2"),
]


@pytest.mark.parametrize(("rows", "says"), PROBLEMS)
def test_a_wrong_row_is_named(rows, says, folder):
    with pytest.raises(KitError) as error:
        marks.take_in(folder, [table(folder, rows)])
    assert says in str(error.value)


def test_all_problems_are_told_at_once_and_nothing_is_stored(folder):
    marks.take_in(folder, [table(folder, "kim,fc-q2,1,\n")])
    before = (folder / "marks.json").read_bytes()
    good = table(folder, "lee,fc-q1,2,\n", "good.csv")
    bad = table(folder, "kim,fc-q1,3,\nnobody,fc-q1,1,\nkim,fc-q7,1,\n")
    with pytest.raises(KitError) as error:
        marks.take_in(folder, [good, bad])
    assert all(f"in.csv, line {line}:" in str(error.value) for line in (2, 3, 4))
    assert (folder / "marks.json").read_bytes() == before


def test_two_tables_may_not_mark_the_same_answer(folder):
    paths = [table(folder, "kim,fc-q1,1,\n", name) for name in ("a.csv", "b.csv")]
    with pytest.raises(KitError, match=r"b.csv, line 2: kim, fc-q1: marked already in a.csv"):
        marks.take_in(folder, paths)


def test_nor_two_tables_of_the_same_name(folder):
    paths = [folder / side / "m.csv" for side in "ab"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(HEAD + "kim,fc-q1,1,\n", encoding="utf-8")
    with pytest.raises(KitError, match="marked already"):
        marks.take_in(folder, paths)
    assert marks.take_in(folder, [paths[0], paths[0]])["new"] == 1


def test_many_unknown_names_are_told_in_time(folder):
    rows = "".join(f"nobody{i},fc-q1,1,\n" for i in range(5000))
    with pytest.raises(KitError, match="and 4800 more"):
        marks.take_in(folder, [table(folder, rows)])


def test_points_are_kept_to_a_hundredth(folder):
    marks.take_in(folder, [table(folder, "kim,fc-q1,1.23456,\n")])
    assert marks.load(folder)["kim"]["fc-q1"].points == 1.23


def test_a_new_mark_replaces_an_old_one_and_an_empty_row_nothing(folder):
    marks.take_in(folder, [table(folder, "kim,fc-q1,1,\nkim,fc-q2,1,\n")])
    counts = marks.take_in(folder, [table(folder, "kim,fc-q1,2,\nkim,fc-q2,,\nlee,fc-q1,,\n")])
    assert counts == {"new": 0, "changed": 1, "same": 0}
    assert marks.load(folder)["kim"]["fc-q1"].points == 2
    assert marks.load(folder)["kim"]["fc-q2"].points == 1


def test_a_comment_may_stand_without_points(folder):
    marks.take_in(folder, [table(folder, "kim,fc-q1,,see me\n")])
    pages.write_all(folder)
    assert grades(folder)["kim"]["answers_to_mark"] == "2"
    assert "see me" in (folder / "feedback" / "kim.html").read_text("utf-8")


def test_a_regrade_keeps_marks_and_says_where_the_answer_changed(folder):
    marks.take_in(folder, [table(folder, "kim,fc-q1,1,\nkim,fc-q2,2,\n")])
    store(folder, {**submission("kim", "Because!! Of this.", "So."), "score": 50})
    _, left = pages.write_all(folder)
    assert grades(folder)["kim"] == {"answers": "3", "answers_to_mark": "0", "score": "53"}
    assert left == ["1 answers changed since they were marked; answers.html shows where"]
    assert "changed since" in (folder / "answers" / "question-1.html").read_text("utf-8")
    store(folder, failed("kim", "unreadable", "This is no zip."))
    pages.write_all(folder)
    assert marks.load(folder)["kim"]["fc-q2"].points == 2
    assert grades(folder)["kim"]["score"] == "3"
    assert "2 of 2" in (folder / "feedback" / "kim.html").read_text("utf-8")


def test_the_template_comes_back_as_it_went(folder):
    pages.write_all(folder)
    template = folder / "marks.csv"
    rows = [[*row.values()] for _, row in tables.read(template, marks.COLUMNS)]
    assert rows == [
        ["=park", "fc-q1", "", ""],
        ["=park", "fc-q2", "", ""],
        ["kim", "fc-q1", "", ""],
        ["kim", "fc-q2", "", ""],
        ["lee", "fc-q1", "", ""],
    ]
    assert marks.take_in(folder, [template]).total() == 0
    marks.take_in(folder, [table(folder, 'kim,fc-q1,1.5,"two\nlines"\n=park,fc-q2,0,-\n')])
    pages.write_all(folder)
    assert marks.take_in(folder, [template]) == {"new": 0, "changed": 0, "same": 2}
    assert "lines" in marks.load(folder)["kim"]["fc-q1"].comment


def test_a_table_that_is_being_filled_in_is_never_overwritten(folder):
    pages.write_all(folder)
    template = folder / "marks.csv"
    filled = template.read_text("utf-8-sig").replace("kim,fc-q1,,", "kim,fc-q1,2,=fine")
    template.write_text(filled, encoding="utf-8")
    _, left = pages.write_all(folder)
    assert "left as it is" in left[0] and template.read_text("utf-8") == filled
    marks.take_in(folder, [template])
    assert pages.write_all(folder)[1] == []
    assert "kim,fc-q1,2,'=fine,2" in template.read_text("utf-8-sig")


def test_a_table_whose_marks_are_overtaken_is_written_anew(folder):
    marks.take_in(folder, [table(folder, "kim,fc-q1,1,\n")])
    pages.write_all(folder)
    marks.take_in(folder, [table(folder, "kim,fc-q1,2,\n")])
    assert pages.write_all(folder)[1] == []
    assert "kim,fc-q1,2,,2" in (folder / "marks.csv").read_text("utf-8-sig")


def test_an_unreadable_table_is_left_alone(folder):
    (folder / "marks.csv").write_bytes(b"\xff")
    assert "left as it is" in pages.write_all(folder)[1][0]
    assert (folder / "marks.csv").read_bytes() == b"\xff"


def test_a_table_that_is_not_there_is_named(folder, capsys):
    assert main(["marks", str(folder), str(folder / "none.csv")]) == 1
    assert "none.csv is not there" in capsys.readouterr().err


DAMAGED = [
    "{",
    "[]",
    '{"marks": []}',
    '{"marks": {"kim": {"fc-q1": {"points": "1", "comment": "", "of": ""}}}}',
    '{"marks": {"kim": {"fc-q1": {"points": 1}}}}',
]


@pytest.mark.parametrize("text", DAMAGED)
def test_damaged_marks_are_refused_and_kept(text, folder, capsys):
    (folder / "marks.json").write_text(text, encoding="utf-8")
    assert main(["marks", str(folder), str(table(folder, "kim,fc-q1,1,\n"))]) == 1
    assert "marks.json is damaged" in capsys.readouterr().err
    assert (folder / "marks.json").read_text("utf-8") == text


def test_anonymous_names_hide_and_come_back(folder):
    pages.write_all(folder, anonymous=True)
    for path in [folder / "marks.csv", *(folder / "answers").iterdir()]:
        assert "kim" not in path.read_text("utf-8") and "anon-" in path.read_text("utf-8")
    alias = Names(folder, anonymous=True).shown("kim")
    marks.take_in(folder, [table(folder, f"{alias},fc-q1,2,\nlee,fc-q1,1,\n")])
    assert marks.load(folder)["kim"]["fc-q1"].points == 2
    pages.write_all(folder)
    assert "kim" not in (folder / "marks.csv").read_text("utf-8")
    pages.write_all(folder, anonymous=False)
    assert "kim" in (folder / "marks.csv").read_text("utf-8")
    with pytest.raises(KitError, match="marked already"):
        marks.take_in(folder, [table(folder, f"{alias},fc-q1,2,\nkim,fc-q1,1,\n")])


def test_marks_are_stored_for_people_to_read(folder):
    marks.take_in(folder, [table(folder, "kim,fc-q1,1,gut\n")])
    data = json.loads((folder / "marks.json").read_text("utf-8"))
    assert data["marks"]["kim"]["fc-q1"]["points"] == 1
