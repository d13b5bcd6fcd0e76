"""Notebooks of every editor are read; what cannot be read is said in one sentence."""

import json

import pytest

from cs231n import notebook
from cs231n.notebook import Cell, NotebookError, read

CODE = {
    "cell_type": "code",
    "id": "run",
    "metadata": {"tags": ["x"]},
    "source": ["a = 1\n", "b"],
    "execution_count": 3,
    "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}],
}


def written(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "한글 notebook.ipynb"
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_bytes(text.encode(encoding))
    return path


def book(*cells, nbformat=4, **rest):
    return {"nbformat": nbformat, "nbformat_minor": 5, "metadata": {}, "cells": [*cells], **rest}


def test_a_cell_is_read_whole(tmp_path):
    [cell] = read(written(tmp_path, book(CODE)))
    assert cell == Cell("code", "a = 1\nb", "run", ("x",), 3, (CODE["outputs"][0],))


def test_what_an_editor_left_out_is_empty(tmp_path):
    cells = read(written(tmp_path, book({"cell_type": "markdown", "source": "한글"}, {})))
    assert cells == [Cell("markdown", "한글"), Cell("raw", "")]


@pytest.mark.parametrize(
    "odd",
    [
        {"metadata": None, "source": None},
        {"metadata": [], "id": 7, "outputs": {}, "execution_count": "3"},
        {"metadata": {"tags": "x", "id": 3}, "outputs": [None, 1]},
    ],
)
def test_odd_values_are_taken_for_nothing(tmp_path, odd):
    [cell] = read(written(tmp_path, book({"cell_type": "code", **odd})))
    assert cell == Cell("code", "")


def test_colab_s_own_id_stands_in_for_a_missing_one(tmp_path):
    cells = [{"metadata": {"id": "abc123XYZ"}}, {"id": "mine", "metadata": {"id": "abc"}}]
    assert [cell.id for cell in read(written(tmp_path, book(*cells)))] == ["abc123XYZ", "mine"]


def test_double_ids_and_a_byte_order_mark_are_borne(tmp_path):
    path = written(tmp_path, book(CODE, CODE), "utf-8-sig")
    assert [cell.id for cell in read(path)] == ["run", "run"]


def test_half_a_character_can_be_written_again(tmp_path):
    [cell] = read(written(tmp_path, book({"source": "a\ud83d b"})))
    assert cell.source.encode("utf-8") == b"a? b"


BROKEN = {
    "no JSON": ("{", "no JSON, line 1"),
    "conflict": ('{\n"cells": [\n<<<<<<< HEAD\n', "no JSON, line 3"),
    "empty": ("", "no JSON"),
    "deep": ("[" * 200_000, "no JSON"),
    "list": ("[1]", "no notebook"),
    "format 3": (book(nbformat=3), "format 3"),
    "format 5": (book(nbformat=5), "format 5"),
    "format of text": (book(nbformat="4"), "no notebook"),
    "no cells": ({"nbformat": 4}, "no list of cells"),
    "odd cells": (book(1), "no list of cells"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path, name):
    content, words = BROKEN[name]
    with pytest.raises(NotebookError, match=words) as error:
        read(written(tmp_path, content))
    assert "한글 notebook.ipynb" in str(error.value) and "\n" not in str(error.value)


def test_another_encoding_is_named(tmp_path):
    path = tmp_path / "old.ipynb"
    path.write_bytes(json.dumps(book(CODE)).encode("utf-16"))
    with pytest.raises(NotebookError, match="no UTF-8 text"):
        read(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(NotebookError, match=r"gone\.ipynb cannot be read"):
        notebook.read(tmp_path / "gone.ipynb")
