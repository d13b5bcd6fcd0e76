"""Derives assignment.json, the description of a kit, from the source, and keeps it current."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from cs231n.assignment import PATH
from cs231n.questions import digest, heading
from kit import KitError, cells, manifest, probe, rubric


@dataclass(frozen=True)
class Course:
    """What a teacher says of a course: its name, when the work is due, and the points."""

    name: str = ""
    due: str = ""
    points: rubric.Rubric | None = None


def describe(paths, root=manifest.ROOT, course=None, exercises=None):
    """Describe a kit.

    Inputs:
    - paths: What is handed in, relative to the root
    - root: The solved source
    - course: A Course
    - exercises: Those that students write, as probe.ask gives them; all where None

    Returns a dictionary; see cs231n.assignment for its fields.

    Raises KitError where a question is not followed by its answer.
    """
    course, everything = course or Course(), probe.ask(root)
    points = course.points or rubric.of(root)
    chosen = everything if exercises is None else exercises
    rooms = list(dict.fromkeys(exercise["room"] for exercise in everything))
    ordered = sorted((str(p) for p in paths if p.suffix == ".ipynb"), key=_order(rooms))
    books = {path: _notebook(Path(root) / path, points) for path in ordered}
    points.require([exercise["name"] for exercise in everything], _question_names(root))
    worth = {e["name"]: points.of_exercise(e["name"], e["points"]) for e in chosen}
    return {
        "course": course.name,
        "due": course.due,
        "version": version(root),
        "files": [str(path) for path in paths],
        "exercises": worth,
        "notebooks": books,
        "given_files": {},
    }


def text_of(description):
    """The description as the text of its file."""
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"


def text(root=manifest.ROOT):
    """The description of the whole source, without a course, as it is kept in the repository."""
    return text_of(describe(manifest.editable(root), root))


def recorded(root=manifest.ROOT):
    """The description as it stands in the repository; "" where there is none."""
    path = Path(root) / PATH
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def record(root=manifest.ROOT):
    """Write the description where it changed; returns whether it did."""
    new = text(root)
    if recorded(root) == new:
        return False
    (Path(root) / PATH).write_text(new, encoding="utf-8", newline="\n")
    return True


def version(root):
    """The kit's version, from pyproject.toml; "0" where the root has none."""
    path = Path(root) / "pyproject.toml"
    found = re.search(r'^version = "(.+)"$', path.read_text("utf-8"), re.M) if path.exists() else 0
    return found[1] if found else "0"


def _order(rooms):
    """Sort notebooks by the order of work; those without exercises stand last, by name."""
    place = {f"notebooks/{room}.ipynb": number for number, room in enumerate(rooms)}
    return lambda path: (place.get(path, len(place)), path)


def _notebook(path, points):
    notebook = cells.read(path)
    texts = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    given = [digest(cell.source) for cell in texts if "answer" not in cells.tags(cell)]
    return {"questions": [*_questions(notebook, path, points)], "given_cells": given}


def _question_names(root):
    paths = [Path(root) / path for path in manifest.shipped(root) if path.suffix == ".ipynb"]
    members = [cell for path in paths for cell in cells.read(path).cells]
    return [cell.id for cell in members if "question" in cells.tags(cell)]


def _questions(notebook, path, points):
    following = {a.id: b for a, b in zip(notebook.cells, notebook.cells[1:], strict=False)}
    asked = {f"{cell.id}-answer" for cell in notebook.cells if "question" in cells.tags(cell)}
    for cell in notebook.cells:
        if "answer" in cells.tags(cell) and cell.id not in asked:
            raise KitError(
                f"{path}: cell {cell.id} is tagged `answer` and answers no question: "
                "its id must be the question's, with -answer behind"
            )
        if "question" not in cells.tags(cell):
            continue
        if not cell.source.startswith(heading(cell.id)):
            raise KitError(f"{path}: cell {cell.id}: a question begins with {heading(cell.id)!r}")
        answer = following.get(cell.id, {})
        if answer.get("id") != f"{cell.id}-answer":
            raise KitError(f"{path}: cell {cell.id}: its answer {cell.id}-answer must follow it")
        if answer.cell_type != "markdown" or "answer" not in cells.tags(answer):
            raise KitError(
                f"{path}: cell {answer.id} is no text cell tagged `answer`: it would ship as it is"
            )
        yield {"id": cell.id, "points": points.of_question(cell.id), "text": cell.source}
