"""Each thing that is not as it should be is told, by its file; what is fine is not mentioned."""

import hashlib
import json
import time

import pytest
from nbformat import v4

from cs231n.assignment import load
from cs231n.questions import anchor
from cs231n.submission.review import review
from tests.student_folders import MODULE, NOTEBOOK, members, small


def told(root):
    return review(root, load(root))


def code(source, run, **fields):
    return v4.new_code_cell(source, id=f"c{run}", execution_count=run, **fields)


ERROR = v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
ANSWER = v4.new_markdown_cell(f"{anchor('q1')}\n\nNo, three.", id="other")
BLANK = 'raise NotImplementedError("best")'
NOTEBOOKS = {
    "not run": ([*members(), code("1", None)], "never run: 1 of 3 code cells: cell 5"),
    "none run": ([*members()[2:], code("1", None)], "never run: all of its code cells"),
    "two runs": ([*members()[2:], code("1", 1), code("2", 1)], "out of order"),
    "out of order": ([*members()[2:], code("1", 2), code("2", 1)], "out of order"),
    "stopped": ([*members()[2:], code("1", 1, outputs=[ERROR])], 'ends in an error: cell 3 ("1")'),
    "unanswered": (members(""), "unanswered: q1 (its cell is empty)"),
    "gone": (members()[:2], "unanswered: q1 (no cell is left)"),
    "twice": ([*members(), ANSWER], "should stay: q1 (2 cells hold different answers)"),
    "recovered": ([*members()[:3], ANSWER], "(all of it is handed in): q1 (by its anchor)"),
    "ids": ([*members(), *members()[:2]], "cells with the same id, sum, two"),
    "blank": ([*members()[2:], code(BLANK, 1)], "1 not written yet: best"),
}


@pytest.mark.parametrize(("cells", "words"), NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_a_notebook_is_looked_over(tmp_path, cells, words):
    sentences = told(small(tmp_path, cells))
    assert any(s.startswith(f"{NOTEBOOK}: ") and words in s for s in sentences), sentences


def test_nothing_is_said_of_what_is_fine(tmp_path):
    assert told(small(tmp_path)) == []


FILES = {
    "a syntax error": (MODULE, "x = (\n", "does not compile, line 1"),
    "nested deeply": (MODULE, f"x = {'-' * 100_000}1\n", "does not compile"),
    "a NUL": (MODULE, "x = '\0'\n", "does not compile"),
    "a blank": (MODULE, 'def f():\n    raise NotImplementedError("f")\n', "not written yet: f"),
    "no JSON": (NOTEBOOK, "<<<<<<< HEAD\n", "no notebook any more"),
    "format 3": (NOTEBOOK, json.dumps({"nbformat": 3, "worksheets": []}), "format 3"),
    "no notebook": (NOTEBOOK, "[1]", "no notebook"),
}


@pytest.mark.parametrize(("name", "text", "words"), FILES.values(), ids=FILES)
def test_a_broken_file_is_a_sentence(tmp_path, name, text, words):
    root = small(tmp_path / "한글 folder")
    (root / name).write_text(text, encoding="utf-8")
    sentences = told(root)
    assert any(s.startswith(f"{name}: ") and words in s for s in sentences), sentences


WRITTEN = {
    "a mark": b"\xef\xbb\xbfx = 1\n",
    "declared": "# coding: cp949\nx = '\ud55c\uae00'\n".encode("cp949"),
    "a strange escape": b"x = '\\d'\n",
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
def test_what_python_imports_is_not_complained_of(tmp_path, content, recwarn):
    root = small(tmp_path)
    (root / MODULE).write_bytes(content)
    assert told(root) == [] and not recwarn.list


def test_another_encoding_is_named_as_python_would(tmp_path):
    root = small(tmp_path)
    (root / MODULE).write_bytes("x = '\ud55c\uae00'\n".encode("cp949"))
    assert "does not compile" in told(root)[0] and "utf-8" in told(root)[0]


def test_an_output_of_50_mb_is_named_by_its_cell(tmp_path):
    long = v4.new_output("stream", name="stdout", text="spam " * 10_000_000)
    root = small(tmp_path, [*members(), code("1", 3, outputs=[long])])
    start = time.perf_counter()
    (sentence,) = told(root)
    assert "is 50 MB" in sentence and 'clear the output of cell 5 ("1")' in sentence
    assert time.perf_counter() - start < 20


def test_large_pictures_in_text_are_told_from_outputs(tmp_path):
    pasted = v4.new_markdown_cell("![](attachment:a.png)", id="a")
    pasted["attachments"] = {"a.png": {"image/png": "A" * 21_000_000}}
    (sentence,) = told(small(tmp_path, [pasted, *members()]))
    assert "is 21 MB" in sentence and "the pictures in its text cells" in sentence


def test_a_changed_given_file_and_a_helper_of_ones_own_are_named(tmp_path):
    names = ("cs231n/given.py", "cs231n/__init__.py")
    given = {name: hashlib.sha256(b"y = 2\n").hexdigest() for name in names}
    root = small(tmp_path, given_files=given)
    (root / names[1]).write_bytes(b"y = 2\r\n")  # as git checks it out on Windows
    assert told(root) == []
    (root / "cs231n" / "mine.py").write_text("z = 3\n", encoding="utf-8")
    (root / names[0]).write_text("y = 3\n", encoding="utf-8")
    sentences = told(root)
    assert sentences[0].startswith(f"{names[0]}: you changed it")
    assert sentences[1].startswith("cs231n/mine.py is yours")
    (root / names[0]).unlink()
    assert f"{names[0]} is gone" in told(root)[0]


def test_own_modules_beside_the_notebooks_are_named_and_hidden_ones_are_not(tmp_path):
    root = small(tmp_path, given_files={"cs231n/given.py": hashlib.sha256(b"y = 2\n").hexdigest()})
    for name in (
        "notebooks/mine.py",
        "start.py",
        "top.py",
        "notebooks/.hidden.py",
        ".venv/lib/x.py",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("z = 3\n", encoding="utf-8")
    assert [sentence.split()[0] for sentence in told(root)] == ["notebooks/mine.py", "top.py"]
