"""Looks work over before it is handed in: unanswered, not run, or not going to be in the zip."""

import ast
import itertools
import json
import re
import textwrap
import warnings
from pathlib import Path

from ..notebook import NotebookError, read
from . import bundle, surroundings

LARGE = 20_000_000  # bytes; many upload sites refuse more in all
BLANK = re.compile(r"^\s*raise NotImplementedError\([\"']([\w.-]+)[\"']\)\s*$", re.MULTILINE)
SHOWN = 6
PLACED = {
    "unanswered": "unanswered",
    "duplicated": "more than one answer, of which one should stay",
    "recovered": "answered, but not just in the answer's own cell (all of it is handed in)",
}


def review(root, kit):
    """Look over the work in a folder.

    Inputs:
    - root: The kit's folder
    - kit: Its cs231n.assignment.Assignment

    Returns a list of sentences, each naming its file; empty where there is nothing to say.
    """
    root, found = Path(root), []
    for name in kit.files:
        look = _notebook if name.endswith(".ipynb") else _module
        found += [f"{name}: {sentence}" for sentence in look(root / name)]
    return [*found, *_answers(bundle.answers(root, kit)), *_around(root, kit)]


def _module(path):
    content = path.read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(content)  # bytes: Python itself minds the file's encoding and its mark
    except SyntaxError as error:
        yield f"does not compile, line {error.lineno or 1} ({error.msg})"
    except (ValueError, MemoryError, RecursionError) as error:
        yield f"does not compile ({str(error) or 'it is nested too deeply'})"
    yield from _not_written(content.decode("utf-8", "replace"))


def _not_written(text):
    names = dict.fromkeys(BLANK.findall(text))
    if names:
        yield f"{len(names)} not written yet: {_some(names)}"


def _notebook(path):
    try:
        cells = read(path)
    except NotebookError as error:
        yield f"{error} (it is handed in as it is)"
        return
    code = [(i, c) for i, c in enumerate(cells, start=1) if c.kind == "code" and c.source.strip()]
    yield from _not_written("\n".join(cell.source for _, cell in code))
    yield from _runs(code)
    stopped = [
        _named(*pair)
        for pair in code
        if any(o.get("output_type") == "error" for o in pair[1].outputs)
    ]
    if stopped:
        yield f"ends in an error: {_some(stopped)}"
    ids = [cell.id for cell in cells if cell.id]
    twice = [name for name in dict.fromkeys(ids) if ids.count(name) > 1]
    if twice:
        yield f"cells with the same id, {_some(twice)}; saving it in JupyterLab mends it"
    if path.stat().st_size > LARGE:
        yield _too_large(path, code)


def _runs(code):
    """What is to say of which cells were run, and in which order."""
    never = [str(number) for number, cell in code if cell.run is None]
    if never:
        which = f"{len(never)} of {len(code)} code cells: cell{'s' * (len(never) > 1)} "
        which = "all of its code cells" if len(never) == len(code) else which + _some(never)
        yield f"never run: {which}; choose Run, Run All Cells, and save"
    order = [cell.run for _, cell in code if cell.run is not None]
    if any(later <= earlier for earlier, later in itertools.pairwise(order)):
        yield "its cells were run out of order; choose Kernel, Restart Kernel and Run All Cells"


def _too_large(path, code):
    sizes, size = [len(json.dumps(cell.outputs)) for _, cell in code], path.stat().st_size
    remedy = "make the pictures in its text cells smaller, and save"
    if sum(sizes) > size / 2:
        largest = code[sizes.index(max(sizes))]
        remedy = f"clear the output of {_named(*largest)}, print less there, and save"
    return f"is {size / 1e6:.0f} MB, which upload sites may refuse; {remedy}"


def _answers(answers):
    """One sentence for each notebook and each way in which answers are not as they should be."""
    alike = {}
    for answer in answers:
        if answer.status in PLACED:
            key = answer.question.notebook, PLACED[answer.status], answer.found
            alike.setdefault(key, []).append(answer.question.id)
    for (notebook, words, found), names in alike.items():
        yield f"{notebook}: {words}: {', '.join(names)} ({found})"


def _around(root, kit):
    for name in surroundings.gone(root, kit):
        yield f"{name} is gone; it is not handed in, but copy it back from a fresh kit"
    for name in surroundings.changed(root, kit):
        yield f"{name}: you changed it, but it is not handed in; graders use their own"
    for name in surroundings.own(root, kit):
        yield (
            f"{name} is yours and not in the zip; if your work imports it, move its code into the "
            "files above"
        )


def _named(number, cell):
    """A cell by its place, counted from the top, and by how it begins."""
    line = textwrap.shorten(cell.source.strip().splitlines()[0], 40, placeholder=" ...")
    return f'cell {number} ("{line}")'


def _some(names):
    names = list(names)
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
