"""Finds what no student should meet in a kit: outputs, markers, remarks, traces of our machines."""

import json
import re
from pathlib import Path

from kit import cells, regions, sources

MACHINE = re.compile(r"(?<![\w.])(?:/home|/Users|[A-Za-z]:[\\/]+Users)[\\/]+[\w.-]+")
HIDDEN = re.compile(r"<!--")
REMARKS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}  # parts of a PNG that say who made it, or anything
PICTURE = re.compile(r"[\w.-]+\.png\b")


def troubles(files, plan, root):
    """Look over a kit's files.

    Inputs:
    - files: Path -> content in bytes
    - plan: The kit.plan.Plan that they were built for
    - root: The solved source

    Yields sentences that name the file and the remedy.
    """
    for path, content in files.items():
        if path.suffix == ".png":
            yield from _remarks(path, content)
        elif path.suffix != ".npz":
            yield from _words(path, content.decode("utf-8", "replace"))
    for path in plan.paths:
        if path.suffix == ".ipynb":
            yield from _notebook(path, json.loads(files[path])["cells"])
    yield from _pictures(files, plan, root)


def _words(path, text):
    """Nothing tells of the machine that it was made on, or is there for some eyes only."""
    if found := MACHINE.search(text):
        yield f"{path}: {found[0]!r} is a folder of somebody's machine; write a relative path"
    if path.suffix in (".md", ".ipynb") and HIDDEN.search(text):
        yield f"{path}: a comment in HTML does not show, but every student can open it; remove it"
    if path.suffix not in (".md", ".py", ".ipynb", ".json") and regions.MARKER.search(text):
        yield f"{path}: regions are taken out of .py and .ipynb only; this one would ship whole"


def _notebook(path, members):
    """Nothing of a run is left, and no prose looks like a region."""
    for cell in members:
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"{path}, cell {cell['id']}: an output is left; this is a bug of kit.cells"
        prose = "".join(cell["source"]) if cell["cell_type"] != "code" else ""
        if regions.MARKER.search(prose):
            yield (
                f"{path}, cell {cell['id']}: prose spells a region's marker, and nbgrader "
                "takes it for one; write 'the two lines that say SOLUTION'"
            )


def _remarks(path, content):
    """No PNG carries texts beside its pixels."""
    at, kinds = 8, set()
    while at + 8 <= len(content):
        kinds.add(content[at + 4 : at + 8])
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    if kinds & REMARKS:
        yield f"{path}: this PNG holds remarks beside its pixels; save it without metadata"


def _pictures(files, plan, root):
    """No picture ships that only a solution or a model answer shows."""
    told = " ".join(
        content.decode("utf-8", "replace") for path, content in files.items() if _says(path)
    )
    solved = {name for path in plan.paths for name in _shown(path, root)}
    for path in files:
        if path.suffix == ".png" and path.name in solved and path.name not in told:
            yield f"{path}: only a solution or a model answer shows it; attach it to that cell"


def _says(path):
    return path.suffix in (".ipynb", ".md", ".py")


def _shown(path, root):
    """The pictures that the solved texts of a notebook's answers and regions name."""
    if path.suffix != ".ipynb":
        return
    texts = ["".join(region.body) for _, region in sources.regions_in(root, path)]
    for cell in cells.read(Path(root) / path).cells:
        texts += [cell.source] * ("answer" in cells.tags(cell))
    for text in texts:
        yield from PICTURE.findall(text)
