"""Tables survive spreadsheets, and no cell of a stranger's is computed by one."""

import csv

import pytest

from kit import KitError
from kit.grading import tables

COLUMNS = ("submission", "points")
WANTED = [(2, {"submission": "kim", "points": "1.5"}), (3, {"submission": "박", "points": "2"})]
TEXT = "submission,points\nkim,1.5\n박,2\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace("submission,points", " Submission , POINTS ").encode(),
        b"points,comment,submission\n1.5,,kim\n2,," + "박".encode(),
        (TEXT + ",\n,,\n\n").encode(),
    ],
)
def test_a_table_is_read_as_spreadsheets_save_it(content, tmp_path):
    path = tmp_path / "marks.csv"
    path.write_bytes(content)
    assert tables.read(path, COLUMNS) == WANTED


def test_a_first_line_that_names_the_separator_is_skipped(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text("sep=;\nsubmission;points\nkim;1.5\n", encoding="utf-8")
    assert tables.read(path, COLUMNS) == [(3, WANTED[0][1])]


def test_a_cell_of_several_lines_does_not_shift_the_line_numbers(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text('submission,points\n"k\ni\nm",1\nlee,2\n', encoding="utf-8")
    assert [line for line, _ in tables.read(path, COLUMNS)] == [2, 5]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "must name the columns submission, points"),
        (b"a,b\n1,2\n", "must name the columns"),
        (b"submission,points,points\nkim,1,2\n", "twice"),
        (b"submission,points\nkim,1\nm\xfcller,2\n", "line 3: not UTF-8"),
        (b"submission,points\n" + b"x" * 200_000 + b",1\n", "no table"),
    ],
)
def test_what_is_no_table_is_refused_with_its_remedy(content, says, tmp_path):
    path = tmp_path / "marks.csv"
    path.write_bytes(content)
    with pytest.raises(KitError, match=says):
        tables.read(path, COLUMNS)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "\r=1", "=a", "\x00=1"]
)
def test_no_cell_is_a_formula(cell, tmp_path):
    path = tmp_path / "grades.csv"
    with tables.writer(path, ["submission", "score"]) as add:
        add([cell, 3.14159265])
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with open(path, encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert header == ["submission", "score"] and row[0].startswith("'") and row[1] == "3.1416"
    ((_, again),) = tables.read(path, ("submission", "score"))
    assert again["submission"] == cell.strip(" \t\r\n\x00")


def test_a_table_that_stops_in_the_middle_leaves_the_old_one(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), tables.writer(path, ["a"]) as add:
        add([1 / 0])
    assert path.read_text(encoding="utf-8") == "old" and [*tmp_path.iterdir()] == [path]
