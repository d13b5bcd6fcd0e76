"""Notebooks are stripped cell by cell; whatever could carry a solution goes."""

import json

import pytest
from nbformat import v4

from cs231n.questions import PROMPT
from kit import KitError, cells


def code(name, source, tags=(), **fields):
    return v4.new_code_cell(source, id=name, metadata={"tags": list(tags)}, **fields)


def text(name, source, tags=()):
    return v4.new_markdown_cell(source, id=name, metadata={"tags": list(tags)})


def notebook(*members, **metadata):
    return v4.new_notebook(cells=list(members), metadata=metadata)


def test_outputs_counts_and_machine_metadata_go_ids_and_tags_stay():
    output = v4.new_output("stream", text="0.9\n")
    solved = notebook(
        code("a", "1", ["keep"], outputs=[output], execution_count=3), widgets={"w": 1}
    )
    solved.cells[0].metadata["execution"] = {"started": "today"}
    blank = cells.strip(solved)
    assert blank.cells[0] == code("a", "1", ["keep"])
    assert "widgets" not in blank.metadata and "version" not in blank.metadata.language_info
    assert solved.cells[0].execution_count == 3, "the solved notebook is left as it is"


def test_a_region_outside_any_function_is_named_by_its_cell():
    blank = cells.strip(notebook(code("best", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION")))
    assert 'raise NotImplementedError("best")' in blank.cells[0].source


def test_an_answer_keeps_only_its_anchor():
    answer = text("q1-answer", "**Your answer to q1:**\n\nBecause.\n", ["answer"])
    answer.attachments = {"why.png": {"image/png": "AAAA"}}
    blank = cells.strip(notebook(text("q1", "Why?", ["question"]), answer))
    assert blank.cells[0].source == "Why?"
    assert blank.cells[1].source == f"**Your answer to q1:**\n\n{PROMPT}"
    assert "attachments" not in blank.cells[1]


REFUSED = {
    "an answer on the anchor's line": text("q1-answer", "**Your answer to q1:** yes", ["answer"]),
    "another question's anchor": text("q1-answer", "**Your answer to q2:**", ["answer"]),
    "an answer without an id": text("q1", "**Your answer to q1:**", ["answer"]),
    "an unclosed region": code("best", "### BEGIN SOLUTION"),
}


@pytest.mark.parametrize("cell", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_stripped_is_refused_by_the_cells_id(cell):
    with pytest.raises(KitError, match=f"cell {cell.id}"):
        cells.strip(notebook(cell))


UNREADABLE = {
    "no JSON": ("{", "not a notebook"),
    "a list": ("[]", "not a notebook"),
    "old": (json.dumps({"nbformat": 3, "worksheets": []}), "format 3.0"),
    "no ids": (json.dumps({"nbformat": 4, "nbformat_minor": 4, "cells": []}), "format 4.4"),
    "broken": (json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": 1}), "not a notebook"),
    "a cell without a type": (
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"id": "a"}]}),
        "not a valid notebook",
    ),
    "ids twice": (
        json.dumps(notebook(code("a", "1"), code("b", "2"))).replace('"b"', '"a"'),
        "'a'",
    ),
}


@pytest.mark.parametrize(("content", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_bad_file_is_one_sentence(tmp_path, content, words):
    path = tmp_path / "x.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(cells.CellError, match=words):
        cells.read(path)


def test_a_written_notebook_reads_back_and_is_written_the_same(tmp_path):
    path = tmp_path / "x.ipynb"
    cells.write(path, notebook(code("a", "x = 1\nx"), text("b", "한글")))
    first = path.read_bytes()
    cells.write(path, cells.read(path))
    assert path.read_bytes() == first and first.endswith(b"}\n") and b"\r" not in first
