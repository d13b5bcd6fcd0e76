"""Reads, normalises, strips and writes notebooks, cell by cell."""

import copy
import hashlib
import json
from pathlib import Path

import nbformat

from cs231n.questions import PROMPT, anchor
from kit import KitError, regions

NOTEBOOK_KEYS = {"cs231n", "kernelspec", "language_info", "title"}
CELL_KEYS = {"deletable", "editable", "tags"}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}


class CellError(KitError):
    """A notebook that cannot be used as a source; the message names the cell."""


def read(path):
    """Read a notebook of our own.

    Inputs:
    - path: An .ipynb file of format 4.5 or later (its cells have ids)

    Returns an nbformat NotebookNode.

    Raises CellError, with a remedy, for anything else.
    """
    try:
        return parse(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise CellError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CellError(f"{path}: not a notebook ({error}); restore it from git") from None
    except CellError as error:
        raise CellError(f"{path}: {error}") from None


def parse(text):
    """The notebook that a text holds; returns and raises as `read` does, without the path."""
    try:
        content = json.loads(text)
        version = content["nbformat"], content.get("nbformat_minor", 0)
        ids = [cell.get("id") for cell in content.get("cells", [])]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CellError(f"not a notebook ({error}); restore it from git") from None
    if version < (4, 5):
        raise CellError(f"format {version[0]}.{version[1]} has no cell ids; save it as 4.5")
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise CellError(f"cell ids must be unique, but {twice} stand twice")
    try:
        nbformat.validate(content)
    except nbformat.ValidationError as error:
        reason = str(error).split("\n", 1)[0]
        raise CellError(f"not a valid notebook ({reason})") from None
    return nbformat.reads(json.dumps(content), as_version=4)


def write(path, notebook):
    """Write a notebook with sorted keys, one-space indentation and a final line end."""
    Path(path).write_text(text_of(notebook), encoding="utf-8", newline="\n")


def text_of(notebook):
    """The exact text that `write` puts into the file."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def normalise(notebook):
    """Return a copy without what differs between machines: versions, timings, editor state."""
    result = copy.deepcopy(notebook)
    kept = {key: value for key, value in notebook.metadata.items() if key in NOTEBOOK_KEYS}
    kept.update(kernelspec=KERNEL, language_info=LANGUAGE)
    result.metadata = nbformat.from_dict(kept)
    for cell in result.cells:
        for key in set(cell.metadata) - CELL_KEYS:
            del cell.metadata[key]
    return result


def unmark(notebook, given):
    """Return a copy of a solved notebook in which some regions are part of the given code."""
    result = copy.deepcopy(notebook)
    for cell in _code(result):
        cell.source = _in_cell(cell, regions.unmark, cell.source, given)
    return result


def strip(notebook):
    """Return the student's copy of a solved notebook.

    Code cells lose their regions' bodies, their outputs and their execution counts; a markdown
    cell tagged `answer` keeps its first line, the anchor, above a prompt. Ids and tags stay.

    Raises CellError (an answer without its anchor) or RegionError, both naming the cell.
    """
    result = normalise(notebook)
    result.metadata.pop("cs231n", None)
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.source = _in_cell(cell, regions.strip, cell.source)
            cell.outputs, cell.execution_count = [], None
        elif "answer" in tags(cell):
            cell.source = f"{_anchor(cell)}\n\n{PROMPT}"
            cell.pop("attachments", None)
    return result


def fill(blank, solved):
    """Put what `strip` took from a solved notebook back into a student's copy of it.

    Raises CellError where the two have other cells, RegionError where they have other regions.
    """
    result = copy.deepcopy(blank)
    if [cell.id for cell in blank.cells] != [cell.id for cell in solved.cells]:
        raise CellError("the student's notebook has other cells than the solved one")
    result.metadata.update({k: v for k, v in solved.metadata.items() if k == "cs231n"})
    for cell, source in zip(result.cells, solved.cells, strict=True):
        cell.metadata.pop("nbgrader", None)
        if cell.cell_type == "code":
            bodies = regions_in(source)
            cell.source = _in_cell(cell, regions.fill, cell.source, bodies)
            cell.outputs, cell.execution_count = source.outputs, source.execution_count
        elif "answer" in tags(cell):
            cell.source = source.source
            if "attachments" in source:
                cell.attachments = source.attachments
    return result


def regions_in(cell):
    """The regions of a code cell; one that no function encloses goes by the cell's id."""
    return _in_cell(cell, regions.regions, cell.source)


def sign(notebook):
    """Note in a notebook's metadata of what its outputs are: a digest of each code cell's text."""
    notebook.metadata.setdefault("cs231n", nbformat.from_dict({}))["recorded"] = _digests(notebook)


def edited(notebook):
    """Ids of the code cells that were edited, added or removed since `sign`."""
    before, now = notebook.metadata.get("cs231n", {}).get("recorded", {}), _digests(notebook)
    return sorted(name for name in before | now if before.get(name) != now.get(name))


def _digests(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return nbformat.from_dict({cell.id: _digest(cell.source) for cell in code})


def _digest(source):
    return hashlib.sha256(source.encode("utf-8")).hexdigest()[:12]


def tags(cell):
    """A cell's tags; an empty list where it has none."""
    return cell.metadata.get("tags", [])


def _code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _in_cell(cell, work, *arguments):
    """Do something of kit.regions to a cell; its errors then name the cell."""
    try:
        return work(*arguments, outside=cell.id)
    except regions.RegionError as error:
        raise regions.RegionError(error.line, f"of cell {cell.id}: {error.message}") from None


def _anchor(cell):
    """The answer's first line, by which it is found again where ids and tags are lost."""
    wanted = anchor(cell.id.removesuffix("-answer"))
    first = cell.source.split("\n", 1)[0].rstrip()
    if first != wanted or not cell.id.endswith("-answer"):
        raise CellError(
            f"cell {cell.id}: an answer's id ends in '-answer' and its first line is {wanted!r}, "
            f"not {first!r}"
        )
    return wanted
