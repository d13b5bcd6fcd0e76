"""Who handed in what: from a Gradescope export's list to the table of grades, and no further."""

import csv
import random
import zipfile

import pytest

from kit import KitError
from kit.grading import intake, limits, pages, roster
from kit.grading.roster import Student
from tests.kit.grading.stored_results import result, store

EXPORT = """---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: 00815
    :email: ada@example.org
  :created_at: 2026-11-25 10:00:00.000000000 Z
  :score: 10.0
  :results: !ruby/object:Some::Class
    tests:
    - output: ":submitters: [{:name: Eve}]"
      :name: affine
  :history:
  - :submitters:
    - :name: Somebody else
submission_102:
  :submitters:
  - :name: "김철수 \\U0001F600"
    :sid:
    :email: kim@example.org
  - :name: =HYPERLINK("x")
    :sid: '007'
submission_103: &again
  :submitters: none
submission_104: *again
"""
ADA = (Student("Ada Lovelace", "00815", "ada@example.org"),)
GROUP = (Student("김철수 😀", "", "kim@example.org"), Student('=HYPERLINK("x")', "007", ""))


def export(folder, text=EXPORT):
    for number in range(101, 105):
        (folder / f"submission_{number}").mkdir(parents=True)
    (folder / roster.METADATA).write_text(text, encoding="utf-8")
    return folder


def test_names_ids_and_addresses_are_read_as_they_are_written(tmp_path):
    assert roster.read(export(tmp_path)) == {"submission_101": ADA, "submission_102": GROUP}
    assert roster.read(tmp_path / "submission_101") == {}


def test_a_submission_carries_its_students(tmp_path):
    found = intake.find([export(tmp_path)])
    assert [source.students for source in found] == [ADA, GROUP, (), ()]
    assert intake.read(found[1], ["cs231n/optim.py"]).students == GROUP


@pytest.mark.parametrize("home", ["", "assignment_9_export/"])
@pytest.mark.parametrize("files", [2, limits.FILES])
def test_an_export_that_is_still_packed_is_told_to_be_unpacked(tmp_path, home, files):
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{home}{roster.METADATA}", EXPORT)
        for number in range(files):
            archive.writestr(f"{home}submission_{number}/cs231n/optim.py", "x = 1")
    with pytest.raises(KitError, match=r"export\.zip: .* unpack it, and give the folder"):
        intake.find([packed])


def test_a_student_who_plays_an_export_stops_nobody_else(tmp_path):
    for name, member in (("ada", "cs231n/optim.py"), ("eve", roster.METADATA)):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr(member, "x = 1")
    found = [intake.read(s, ["cs231n/optim.py"]) for s in intake.find(sorted(tmp_path.iterdir()))]
    assert [submission.status for submission in found] == ["", "unreadable"]


DAMAGED = {
    "no YAML": "a: [",
    "binary": "\0\1",
    "a list": "- a\n- b\n",
    "a text": "hello",
    "nothing": "",
    "deep": "[" * 9000,
    "other submitters": "submission_101:\n  :submitters:\n    :name: Ada\n",
    "a key that is a list": "? [a, b]\n: c\nsubmission_101:\n  :submitters:\n  - - x\n",
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_list_costs_the_names_and_nothing_else(tmp_path, text, capsys):
    found = intake.find([export(tmp_path, text)])
    assert [source.students for source in found] == [()] * 4
    said = capsys.readouterr().err
    assert not said or ("names are left out" in said and said.count("\n") == 1)


def test_no_more_than_a_group_and_no_endless_name_is_kept(tmp_path):
    many = "".join(f"  - :name: {'n' * 999}\n" for _ in range(50))
    found = roster.read(export(tmp_path, f"submission_101:\n  :submitters:\n{many}"))
    (students,) = found.values()
    assert len(students) == roster.MOST and len(students[0].name) == roster.LONGEST


def rows(folder):
    with open(folder / "grades.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_grades_have_a_column_for_names_only_where_some_are_known(tmp_path):
    for name in ("submission_101", "submission_102", "late"):
        store(tmp_path, result(name, random.Random(1)))
    pages.write_all(tmp_path)
    assert "name" not in rows(tmp_path)[0]
    known = [student._asdict() for student in GROUP]
    store(tmp_path, {**result("submission_102", random.Random(1)), "students": known})
    pages.write_all(tmp_path, anonymous=True)
    late, _, group = sorted(rows(tmp_path), key=lambda row: row["submission"])
    assert (late["name"], group["student_id"], group["email"]) == ("", "007", "kim@example.org")
    assert group["name"] == '김철수 😀; =HYPERLINK("x")'
    shown = [path for path in tmp_path.rglob("*.html") if "김철수" in path.read_text("utf-8")]
    assert shown == []
