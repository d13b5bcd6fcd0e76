"""Marks a released notebook for nbgrader's tools: which cells are written, which give points."""

import ast
import hashlib

from kit import cells, regions

# Source: nbgrader's documentation, "Cell metadata", schema version 3.
SCHEMA = 3


def mark(notebook, exercises, questions):
    """Write nbgrader's metadata into a stripped notebook, in place.

    An answer is graded by hand, a cell with a region is the student's, and the first cell that
    checks an exercise gives its points when it runs without an error.

    Inputs:
    - notebook: An nbformat notebook
    - exercises: Name -> points
    - questions: Id -> points
    """
    checked = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            names = [name for name in checks(cell.source, exercises) if name not in checked]
            if regions.regions(cell.source):
                _enter(cell, solution=True)
            elif names:
                checked.update(names)
                _enter(cell, grade=True, points=sum(exercises[name] for name in names))
        elif "question" in cells.tags(cell):
            _enter(cell)
        elif "answer" in cells.tags(cell):
            points = questions[cell.id.removesuffix("-answer")]
            _enter(cell, grade=True, solution=True, points=points)


def checks(source, exercises):
    """The exercises whose check a cell calls, with their methods: `check("TwoLayerNet")`."""
    tree = regions.parsed(source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "check":
            for argument in node.args:
                wanted = str(getattr(argument, "value", None))
                yield from (e for e in exercises if e == wanted or e.startswith(f"{wanted}."))


def _enter(cell, *, grade=False, solution=False, points=None):
    entry = {
        "cell_type": cell.cell_type,
        "grade": grade,
        "grade_id": cell.id,
        "locked": not solution,
        "schema_version": SCHEMA,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        entry["points"] = points
    cell.metadata["nbgrader"] = {**entry, "checksum": _checksum(cell, entry)}


def _checksum(cell, entry):
    """By it nbgrader sees whether a student changed a cell: MD5 over these fields, in this order.

    Source: nbgrader.utils.compute_checksum, version 0.9.
    """
    fields = [cell.source, cell.cell_type, entry["grade"], entry["solution"], entry["locked"]]
    fields.append(entry["grade_id"])
    if entry["grade"]:
        fields.append(float(entry["points"]))
    return hashlib.md5("".join(map(str, fields)).encode("utf-8"), usedforsecurity=False).hexdigest()
