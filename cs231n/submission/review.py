"""Looks work over before it is handed in: unanswered, not run, or not going to be in the zip."""

import ast
import json
import re
from pathlib import Path

from ..notebook import NotebookError, read
from . import bundle

LARGE = 20_000_000  # bytes; many upload sites refuse more in all
BLANK = re.compile(r"^\s*raise NotImplementedError\([\"']([\w.-]+)[\"']\)\s*$", re.MULTILINE)
SHOWN = 6


def review(root, kit):
    """Look over the work in a folder.

    Inputs:
    - root: The kit's folder
    - kit: Its cs231n.assignment.Assignment

    Returns a list of sentences, each naming its file; empty where there is nothing to say.
    """
    root = Path(root)
    found = []
    for name in kit.files:
        look = _notebook if name.endswith(".ipynb") else _module
        found += [f"{name}: {sentence}" for sentence in look(root / name)]
    answers = _answers(bundle.answers(root, kit))
    return [*found, *answers, *_changed(root, kit), *_helpers(root, kit)]


def _module(path):
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        ast.parse(text)
    except SyntaxError as error:
        yield f"does not compile, line {error.lineno} ({error.msg})"
    except ValueError as error:
        yield f"does not compile ({error})"
    yield from _not_written(text)


def _not_written(text):
    names = dict.fromkeys(BLANK.findall(text))
    if names:
        yield f"not written yet: {_some(names)}"


def _notebook(path):
    try:
        cells = read(path)
    except NotebookError as error:
        yield f"{error} (it is handed in as it is)"
        return
    code = [(i, c) for i, c in enumerate(cells, start=1) if c.kind == "code" and c.source.strip()]
    yield from _not_written("\n".join(cell.source for _, cell in code))
    never = [number for number, cell in code if cell.run is None]
    if never:
        yield f"never run: {_cells(never)}; choose Run, Run All Cells, and save"
    order = [cell.run for _, cell in code if cell.run is not None]
    if order != sorted(order):
        yield "its cells were run out of order; choose Kernel, Restart Kernel and Run All Cells"
    stopped = [i for i, c in code if any(o.get("output_type") == "error" for o in c.outputs)]
    if stopped:
        yield f"ends in an error: {_cells(stopped)}"
    ids = [cell.id for cell in cells if cell.id]
    twice = [name for name in dict.fromkeys(ids) if ids.count(name) > 1]
    if twice:
        yield f"cells with the same id, {_some(twice)}; saving it in JupyterLab mends it"
    if path.stat().st_size > LARGE:
        yield _too_large(path, code)


def _too_large(path, code):
    largest = max(code, key=lambda pair: len(json.dumps(pair[1].outputs)), default=(0, None))[0]
    size = path.stat().st_size / 1e6
    return (
        f"is {size:.0f} MB, which upload sites may refuse; clear the output of cell {largest}, "
        "print less there, and save"
    )


def _answers(answers):
    """Sentences on answers that are not there, or are there more than once."""
    unanswered = {}
    for answer in answers:
        question = answer.question
        if answer.status == "unanswered":
            unanswered.setdefault(question.notebook, []).append(question.id)
        elif answer.status == "duplicated":
            yield f"{question.notebook}: question {question.id}: {answer.found}; keep one of them"
    for notebook, names in unanswered.items():
        yield f"{notebook}: unanswered: {', '.join(names)}"


def _changed(root, kit):
    """Given files that are not as they were; a checkout may have changed their line ends."""
    for name, wanted in kit.given_files.items():
        path = root / name
        if not path.is_file():
            yield f"{name} is gone; it is not handed in, but copy it back from a fresh kit"
        elif name.endswith(".py") and not _same(path, wanted):
            yield f"{name}: you changed it, but it is not handed in; graders use their own"


def _same(path, sha256):
    content = path.read_bytes()
    return sha256 in map(bundle.sha256, (content, content.replace(b"\r\n", b"\n")))


def _helpers(root, kit):
    """Modules of the student's own, which will not be in the zip."""
    if not kit.given_files:
        return
    for path in sorted((root / "cs231n").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name not in kit.files and name not in kit.given_files and ".ipynb_ch" not in name:
            yield f"{name} is yours and is not handed in; move its code into the files above"


def _cells(numbers):
    """ "cell 7", "cells 7, 8 and 9 others": numbers count all cells from the top."""
    return f"cell{'s' * (len(numbers) > 1)} {_some(map(str, numbers))}"


def _some(names):
    names = list(names)
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} others" if rest > 0 else "")
