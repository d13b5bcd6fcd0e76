"""Students' folders for the tests: a small one made by hand, and the released kit."""

import json
from pathlib import Path

from nbformat import v4

from cs231n.questions import PROMPT, anchor, digest, heading

ROOT = Path(__file__).resolve().parents[1]
MODULE, NOTEBOOK = "cs231n/layers.py", "notebooks/한글.ipynb"
FILES = (MODULE, NOTEBOOK)
QUESTION = f"{heading('q1')} Why two?"


def members(answer="Because one is too few."):
    """The cells of the small notebook, run once from top to bottom."""
    return [
        v4.new_code_cell("1 + 1", id="sum", execution_count=1),
        v4.new_code_cell("print(2)", id="two", execution_count=2),
        v4.new_markdown_cell(QUESTION, id="q1"),
        v4.new_markdown_cell(f"{anchor('q1')}\n\n{answer or PROMPT}", id="q1-answer"),
    ]


def small(root, cells=None, given_files=None):
    """Write a folder with two files to hand in, and two that stay at home; returns it."""
    notebook = {**v4.new_notebook(), "cells": members() if cells is None else cells}
    texts = {
        MODULE: "x = 1\n",
        NOTEBOOK: json.dumps(notebook),
        "cs231n/given.py": "y = 2\n",
        "datasets/cifar.bin": "pictures\n",
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    book = {
        "questions": [{"id": "q1", "points": 2, "text": QUESTION}],
        "given_cells": [digest(QUESTION)],
    }
    described = {
        "course": "Vision 1",
        "due": "",
        "version": "1.2",
        "files": FILES,
        "exercises": {},
        "notebooks": {NOTEBOOK: book},
        "given_files": given_files or {},
    }
    path = root / "cs231n" / "assignment.json"
    path.write_text(json.dumps(described), encoding="utf-8")
    return root
