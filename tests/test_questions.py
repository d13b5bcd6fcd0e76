"""Answers are found whatever an editor dropped and wherever a student wrote them."""

import json
import time
from pathlib import Path

import pytest

from cs231n import assignment, notebook, questions
from cs231n.questions import PROMPT, Answer, Question, anchor, digest, find, heading
from tests.editors import EDITORS

ROOT = Path(__file__).resolve().parents[1]
PATH = "notebooks/FullyConnectedNets.ipynb"
Q1 = Question("t-q1", "notebooks/T.ipynb", 2, f"{heading('t-q1')} Why is a **bold** $x_1$ small?")
Q2 = Question("t-q2", "notebooks/T.ipynb", 1, f"{heading('t-q2')} And why is the sky blue?")
INTRO, MIDDLE, END = "## Intro, by the kit", "## Next, by the kit", "## End"
GIVEN = {digest(text) for text in (INTRO, MIDDLE, END, Q1.text, Q2.text)}


def text(source, name="", kind="markdown"):
    return notebook.Cell(kind, source, name)


def code(source="print(1)", name=""):
    return notebook.Cell("code", source, name)


def page(*middle, ids=True):
    """A notebook whose first question is followed by the given cells; the second is answered."""
    cells = [
        text(INTRO, "t-intro"),
        text(Q1.text, "t-q1"),
        *middle,
        text(MIDDLE, "t-next"),
        code(name="t-run"),
        text(Q2.text, "t-q2"),
        text(f"{anchor('t-q2')}\n\nRayleigh.", "t-q2-answer"),
        text(END, "t-end"),
    ]
    return cells if ids else [notebook.Cell(cell.kind, cell.source) for cell in cells]


def answer_of(cells, given=GIVEN):
    first, second = find(cells, [Q1, Q2], given)
    return first, second


def home(words, name="t-q1-answer", kind="markdown"):
    return text(f"{anchor('t-q1')}\n\n{words}", name, kind)


# name: (cells after the question, status, text)
CASES = {
    "written": ([home("Because.")], "answered", "Because."),
    "beside the prompt": ([home(f"{PROMPT}\n\nBecause.")], "answered", "Because."),
    "anchor deleted": ([text("Because.", "t-q1-answer")], "answered", "Because."),
    "emptied": ([home("")], "unanswered", ""),
    "untouched": ([home(PROMPT)], "unanswered", ""),
    "no word": ([home("...")], "unanswered", ""),
    "cell deleted": ([], "unanswered", ""),
    "id lost": ([home("Because.", "x7")], "recovered", "Because."),
    "retyped": ([text("Because.", "x7")], "recovered", "Because."),
    "retyped below": ([home(PROMPT), text("Because.", "x7")], "recovered", "Because."),
    "split": ([home("One."), text("Two."), text("Three.")], "recovered", "One.\n\nTwo.\n\nThree."),
    "below an empty code cell": (
        [home(PROMPT), code(""), text("Because.", "x7")],
        "recovered",
        "Because.",
    ),
    "raw": ([home("Because.", kind="raw")], "answered", "Because."),
    "raw retyped": ([text("Because.", kind="raw")], "recovered", "Because."),
    "made code": ([home("Because.", kind="code")], "answered", "Because."),
    "duplicated": ([home("One."), home("Two.", "x7")], "duplicated", "One.\n\n---\n\nTwo."),
    "copied": ([home("One."), home("One.", "x7")], "answered", "One."),
    "copied, then the first emptied": ([home(""), home("Two.", "x7")], "recovered", "Two."),
    "same id twice": ([home("One."), home("Two.")], "duplicated", "One.\n\n---\n\nTwo."),
    "above its cell": ([text("Because."), home(PROMPT)], "recovered", "Because."),
    "after code": ([code(), home("Because.")], "answered", "Because."),
    "anchor respaced": ([text("Your  answer to t-q1: Because.")], "recovered", "Because."),
    "bold before the anchor": (
        [text(f"**Note**\n\n{anchor('t-q1')}\n\nSo.", "t-q1-answer")],
        "answered",
        "**Note**\n\n\n\nSo.",
    ),
    "Hangul": ([home("기울기가 0이 된다.")], "answered", "기울기가 0이 된다."),
}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_is_found_where_it_was_written(name):
    cells, status, wanted = CASES[name]
    first, second = answer_of(page(*cells))
    assert (first.status, first.text) == (status, wanted), first.found
    assert (second.status, second.text) == ("answered", "Rayleigh.")


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if "deleted" not in n])
def test_without_any_id_it_is_found_all_the_same(name):
    cells, status, wanted = CASES[name]
    first, second = answer_of(page(*cells, ids=False))
    lost = {"answered": "recovered"}
    assert (first.status, first.text) == (lost.get(status, status), wanted), first.found
    assert (second.status, second.text) == ("recovered", "Rayleigh.")


def test_a_cell_of_a_hundred_thousand_stars_is_read_at_once():
    started = time.process_time()
    first, _ = answer_of(page(home("*" * 100_000 + " Because.")))
    assert first.status == "answered"
    assert time.process_time() - started < 10


def test_an_answer_moved_elsewhere_is_followed():
    cells = page()
    cells.insert(len(cells) - 1, home("Because."))
    first, second = answer_of(cells)
    assert (first.status, first.text, second.text) == ("answered", "Because.", "Rayleigh.")


@pytest.mark.parametrize("form", ["{q}\n\nBecause it is.", "Because it is.\n\n{q}"])
def test_an_answer_typed_into_the_question_s_cell_is_found(form):
    cells = page(home(PROMPT))
    cells[1] = text(form.format(q=Q1.text), "t-q1")
    first, _ = answer_of(cells)
    assert (first.status, first.text) == ("recovered", "Because it is.")


def test_an_answer_typed_between_the_question_s_lines_is_found():
    cells = page(home(PROMPT))
    cells[1] = text(Q1.text.replace("small?", "small?\n(a) as it shrinks, (b) never"), "t-q1")
    first, _ = answer_of(cells)
    assert (first.status, first.text) == ("recovered", "(a) as it shrinks, (b) never")


def test_a_mended_typo_of_the_question_is_no_answer():
    cells = page(home(PROMPT))
    cells[1] = text(Q1.text.replace("small", "tiny"), "t-q1")
    assert answer_of(cells)[0].status == "unanswered"


def test_question_and_answer_merged_into_one_cell_are_told_apart():
    cells = page()
    cells[1] = text(f"{Q1.text}\n\n{anchor('t-q1')}\n\nBecause it is.", "x7")
    first, second = answer_of(cells)
    assert (first.status, first.text) == ("recovered", "Because it is.")
    assert second.status == "answered"


def test_two_answers_merged_into_one_cell_are_told_apart():
    both = f"{anchor('t-q1')}\n\nOne.\n\n{anchor('t-q2')}\n\nTwo."
    first, second = answer_of([text(Q1.text), text(Q2.text), text(both)])
    assert (first.text, second.text) == ("One.", "Two.")
    assert first.status == second.status == "recovered"


def test_a_kit_s_cell_that_a_student_wrote_into_is_no_answer():
    cells = page(home(PROMPT))
    cells[3] = text(f"{MIDDLE}\n\n(read this again)", "t-next")
    assert answer_of(cells)[0].status == "unanswered"


def test_ids_that_begin_alike_are_told_apart():
    ten = Question("t-q10", Q1.notebook, 1, f"{heading('t-q10')} Ten?")
    cells = [text(Q1.text), text(f"{anchor('t-q1')}\n\nOne."), text(ten.text)]
    cells.append(text(f"{anchor('t-q10')}\n\nTen."))
    assert [answer.text for answer in find(cells, [Q1, ten], GIVEN)] == ["One.", "Ten."]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("one two", 2),
        ("the loss $L = -\\log p_y$ falls", 4),
        ("기울기가 작아진다", 2),
        ("梯度消失", 4),
        ("", 0),
    ],
)
def test_words_are_counted_as_people_count_them(words, number):
    assert Answer(Q1, words, "answered", "").words == number


@pytest.mark.parametrize("editor", EDITORS)
def test_the_solved_notebook_s_answers_survive_every_editor(editor, tmp_path):
    source = json.loads((ROOT / PATH).read_text(encoding="utf-8"))
    wanted = {
        cell["id"].removesuffix("-answer"): "".join(cell["source"]).split("\n\n", 1)[1].strip()
        for cell in source["cells"]
        if "answer" in cell["metadata"].get("tags", [])
    }
    path = tmp_path / "Saved.ipynb"
    saved = EDITORS[editor](source)
    path.write_text(json.dumps(saved), encoding="utf-8")
    known = assignment.load(ROOT)
    found = find(notebook.read(path), known.questions_of(PATH), known.given_cells[PATH])
    assert {answer.question.id: answer.text for answer in found} == wanted
    kept = saved["cells"][0].get("id") == "fc-title"
    assert {answer.status for answer in found} == {"answered" if kept else "recovered"}


@pytest.mark.parametrize("editor", EDITORS)
def test_a_blank_notebook_has_no_answer_whoever_saved_it(editor, tmp_path):
    source = json.loads((ROOT / PATH).read_text(encoding="utf-8"))
    for cell in source["cells"]:
        if "answer" in cell["metadata"].get("tags", []):
            cell["source"] = [anchor(cell["id"].removesuffix("-answer")), "\n\n", PROMPT]
    path = tmp_path / "Saved.ipynb"
    path.write_text(json.dumps(EDITORS[editor](source)), encoding="utf-8")
    known = assignment.load(ROOT)
    found = find(notebook.read(path), known.questions_of(PATH), known.given_cells[PATH])
    assert {answer.status for answer in found} == {"unanswered"}


def test_an_answer_as_data_says_everything_that_a_sheet_needs():
    data = Answer(Q1, "Because.", "answered", "by its id").as_data()
    assert data == {
        "id": "t-q1",
        "notebook": "notebooks/T.ipynb",
        "points": 2,
        "question": Q1.text,
        "answer": "Because.",
        "words": 1,
        "status": "answered",
        "found": "by its id",
    }


def test_a_digest_sees_words_and_not_their_spacing():
    assert questions.digest("a  b\n") == questions.digest("a b") != questions.digest("a c")
