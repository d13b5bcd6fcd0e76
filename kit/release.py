"""Builds the student kit in memory: path -> content, the same paths minus the solutions."""

import re
from pathlib import Path, PurePosixPath

from cs231n import assignment as description
from cs231n.submission.bundle import sha256
from kit import assignment, cells, manifest, nbgrader, regions, sources
from kit.plan import work_out

TEXT = {"", ".ipynb", ".json", ".md", ".py", ".sh", ".toml", ".txt", ".typ"}
ROW = re.compile(r"^\| `(notebooks/\w+\.ipynb)` \|.*\n", re.MULTILINE)
COUNTS = re.compile(r"\| \d+ \([\d.]+\) \+ \d+ \([\d.]+\) \|")


def build(plan=None, root=manifest.ROOT):
    """Build the student kit: the planned files without the bodies of the regions.

    Inputs:
    - plan: A kit.plan.Plan; everything blank where None
    - root: The solved source

    Returns a dictionary path -> bytes, sorted by path. Raises KitError naming file and line where
    a source is refused.
    """
    root, plan = Path(root), plan or work_out(root=root)
    described = assignment.describe(plan.editable, root, plan.course, plan.exercises)
    files = {path: _content(path, root, plan, described) for path in plan.paths}
    given = [p for p in files if p.parts[0] == "cs231n" and p not in plan.editable]
    described["given_files"] = {
        str(path): sha256(files[path]) for path in given if str(path) != description.PATH
    }
    files[PurePosixPath(description.PATH)] = assignment.text_of(described).encode("utf-8")
    return dict(sorted(files.items()))


def solved_text(path, root, plan):
    """The text of one source file, with the given regions unmarked and all others solved.

    Returns None for a file that is not text. Raises KitError naming the file.
    """
    if path.suffix not in TEXT and path.name != "matplotlibrc":
        return None
    with sources.naming(path):
        text = (Path(root) / path).read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            return cells.text_of(cells.unmark(cells.parse(text), plan.given))
        return regions.unmark(text, plan.given) if path.suffix == ".py" else text


def _content(path, root, plan, described):
    text = solved_text(path, root, plan)
    if text is None:
        return (root / path).read_bytes()
    with sources.naming(path):
        if path.suffix == ".ipynb":
            text = _notebook(text, path, described)
        elif path.suffix == ".py":
            text = regions.strip(text)
        elif str(path) == "README.md":
            text = _readme(text, described, plan.exercises)
    return text.encode("utf-8")


def _notebook(text, path, described):
    notebook = cells.strip(cells.parse(text))
    asked = described["notebooks"][str(path)]["questions"]
    points = {question["id"]: question["points"] for question in asked}
    nbgrader.mark(notebook, described["exercises"], points)
    return cells.text_of(notebook)


def _readme(text, described, exercises):
    """The README with the course and the date under its title, and the shipped notebooks' rows."""

    def row(found):
        book = described["notebooks"].get(found[1])
        if book is None:
            return ""
        work = [e["name"] for e in exercises if f"notebooks/{e['room']}.ipynb" == found[1]]
        counts = count(map(described["exercises"].get, work), book["questions"])
        return COUNTS.sub(f"| {counts} |", found[0])

    text = ROW.sub(row, text)
    facts = [("Course", described["course"]), ("Due", described["due"])]
    line = " · ".join(f"**{label}:** {value}" for label, value in facts if value)
    title, rest = text.split("\n", 1)
    return f"{title}\n\n{line}\n{rest}" if line else text


def count(points, questions):
    """How the README counts a notebook's exercises and questions: "14 (63) + 4 (8)"."""
    parts = [[*points], [question["points"] for question in questions]]
    return " + ".join(f"{len(part)} ({sum(part):g})" for part in parts)
