"""A grading folder becomes pages and tables: answers side by side, a summary, grades."""

import base64
import hashlib
import random
import re
import tracemalloc

import pytest

from kit import KitError
from kit.__main__ import main
from kit.grading import answer_sheet, marks, pages, summary, tables
from kit.grading.grades import COLUMNS
from kit.grading.stored import read
from kit.grading.survey import Survey
from tests.kit.grading.stored_results import fill, result, store
from tests.kit.grading.test_feedback_page import ATTACKS, Reader


def answers(name, text, state="answered"):
    data = result(name, random.Random(2))
    first = data["answers"][0]
    return {**data, "answers": [{**first, "text": text, "state": state}]}


def test_every_result_has_a_row_and_a_page(tmp_path, capsys):
    fill(tmp_path, 60)
    (tmp_path / "results" / "zz.json").write_text("{", encoding="utf-8")
    assert main(["pages", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith(
        "61 submissions: 56 graded, 2 unreadable, 2 timed out, 1 damaged\n"
    )
    rows = {row["submission"]: row for _, row in tables.read(tmp_path / "grades.csv", COLUMNS)}
    assert len(rows) == 61 == len([*(tmp_path / "feedback").glob("*.html")])
    assert rows["student00007"]["status"] == "unreadable" and rows["zz"]["status"] == "damaged"
    assert {row["out_of"] for row in rows.values()} == {rows["zz"]["out_of"]}


def test_the_columns_of_grades_add_up(tmp_path):
    fill(tmp_path, 3)
    survey, _ = pages.write_all(tmp_path)
    names = [name.lower() for _, name in survey.exercises]
    for _, row in tables.read(tmp_path / "grades.csv", [*COLUMNS, *names]):
        assert sum(float(row[name]) for name in names) == float(row["checks"])
        assert float(row["score"]) == float(row["checks"]) + float(row["answers"])


def test_a_folder_without_results_is_an_error_that_names_the_remedy(tmp_path, capsys):
    assert main(["pages", str(tmp_path)]) == 1
    assert "python -m kit grade" in capsys.readouterr().err
    with pytest.raises(KitError):
        pages.write_all(tmp_path / "nowhere")


def test_answers_stand_side_by_side_with_the_question_and_the_model(tmp_path):
    for name, text in {"kim": "It **dies**.", "lee": "It \n**dies**", "oh": "No idea"}.items():
        store(tmp_path, answers(name, text))
    store(tmp_path, answers("ra", "", "unanswered"))
    pages.write_all(tmp_path)
    page = (tmp_path / "answers" / "question-1.html").read_text("utf-8")
    assert page.count("<article") == 2 and "2 the same" in page and "Question fc-q1." in page
    assert "Model answer" in page and page.count("<strong>dies</strong>") == 1
    index = Reader((tmp_path / "answers.html").read_text("utf-8")).text
    assert "fc-q1 3 2 1 0 –" in index


def test_a_mark_above_what_its_question_is_worth_by_now_is_told(tmp_path):
    data = answers("kim", "Because.")
    data["answers"][0]["worth"] = 1
    store(tmp_path, data)
    for points, told in ((1.0, []), (1.5, ["1 marks are above what their question is worth now"])):
        mark = marks.Mark(points, "", marks.digest("Because."))
        marks.save(tmp_path, {"kim": {"fc-q1": mark}})
        assert [line.partition(":")[0] for line in pages.write_all(tmp_path)[1]] == told


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_answers_and_names_stay_text(attack, tmp_path):
    store(tmp_path, answers("kim", attack))
    pages.write_all(tmp_path)
    page = Reader((tmp_path / "answers" / "question-1.html").read_text("utf-8"))
    assert page.alarms == [] and page.scripts == 1
    assert Reader((tmp_path / "summary.html").read_text("utf-8")).alarms == []


def test_only_our_script_may_run(tmp_path):
    store(tmp_path, answers("kim", "Because."))
    pages.write_all(tmp_path)
    page = (tmp_path / "answers" / "question-1.html").read_text("utf-8")
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"img-src data:; script-src 'sha256-{digest}'\">" in page
    for path in (
        tmp_path / "answers.html",
        tmp_path / "summary.html",
        tmp_path / "feedback/kim.html",
    ):
        assert "script" not in path.read_text("utf-8")


def test_many_answers_are_split_over_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_sheet, "GROUPS", 2)
    for i in range(5):
        store(tmp_path, answers(f"s{i}", f"Answer {i}"))
    pages.write_all(tmp_path)
    found = sorted(path.name for path in (tmp_path / "answers").iterdir())
    assert found == ["question-1-2.html", "question-1-3.html", "question-1.html"]
    assert "more answers" in (tmp_path / "answers" / "question-1-2.html").read_text("utf-8")
    monkeypatch.setattr(answer_sheet, "GROUPS", 5)
    pages.write_all(tmp_path)
    assert [path.name for path in (tmp_path / "answers").iterdir()] == ["question-1.html"]


def test_the_summary_counts_right(tmp_path):
    survey = Survey()
    for score in (0, 50, 50, 99, 100):
        data = result("kim", random.Random(score), ability=score == 100)
        store(tmp_path, {**data, "score": score, "out_of": 100, "seconds": score / 10})
        survey.add(read(tmp_path / "results" / "kim.json"), {})
    assert survey.histogram() == [1] + [0] * 9 + [2] + [0] * 8 + [2]
    assert survey.quartiles() == [50, 50, 99]
    assert survey.longest and max(survey.longest)[0] == 10
    assert all(share.rate == 0.2 for share in survey.exercises.values())
    assert all(share.counted == 5 for share in survey.checks.values())


def test_a_stranger_writes_no_line_of_the_summary(tmp_path):
    forged = "x\n1,000 submissions: 1,000 graded\x1b[2J\r"
    data = result("kim", random.Random(1))
    check = {**data["checks"][0], "passed": False, "status": "error", "lines": [forged]}
    store(tmp_path, {**data, "checks": [check, {**check, "hint": forged}], "status": forged})
    survey, _ = pages.write_all(tmp_path)
    lines = summary.text(survey).splitlines()
    assert sum(line.startswith("1,000") for line in lines) == 0 and "\x1b" not in "".join(lines)


def test_the_same_results_give_the_same_files(tmp_path):
    fill(tmp_path, 5)
    pages.write_all(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in files}
    pages.write_all(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_memory_does_not_grow_with_the_class(tmp_path):
    fill(tmp_path, 8)
    peaks = []
    for copies in (0, 6):
        for path in [*(tmp_path / "results").glob("student*.json")][: 8 if copies else 0]:
            for i in range(copies):
                (path.parent / f"copy{i}{path.name}").write_bytes(path.read_bytes())
        pages.write_all(tmp_path)
        tracemalloc.start()
        pages.write_all(tmp_path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0], peaks
