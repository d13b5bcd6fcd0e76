"""The files that a batch leaves: a result of each submission, and grades.csv."""

import csv
import json
import os
from pathlib import Path

from .feedback import tidy

NEVER_KEPT = "grader error"


class Results:
    """The results in a folder: DIR/results/<id>.json, each written in one step."""

    def __init__(self, out):
        self.out, self.folder = Path(out), Path(out) / "results"
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, name):
        """Where the result of a submission lies."""
        return self.folder / f"{name}.json"

    def load(self, name):
        """An earlier result, or None where there is none, or only a damaged one."""
        try:
            return json.loads(self.path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def known(self, name, graded_with):
        """The sha256 that an earlier result is of, if it can be kept."""
        found = self.load(name)
        if not isinstance(found, dict) or found.get("graded_with") != graded_with:
            return None
        return None if found.get("status") == NEVER_KEPT else found.get("sha256")

    def save(self, result):
        """Write a result, or the one before stays whole."""
        text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
        write(self.path(result["submission"]), text.encode("utf-8", "replace"))

    def write_grades(self, names, exercises):
        """Write grades.csv: one row for each name, in their order; returns how many there are.

        Inputs:
        - names: Of submissions
        - exercises: Of the assignment, one column each
        """
        path, count = self.out / "grades.csv", 0
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        with partial.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(["submission", "status", "score", "out_of", *exercises])
            for name in names:
                if result := self.load(name):
                    table.writerow(_row(result, exercises))
                    count += 1
        os.replace(partial, path)
        return count


def write(path, content):
    """Write a file in one step."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _row(result, exercises):
    points = dict.fromkeys(exercises, 0)
    for check in result["checks"]:
        points[check["exercise"]] = points.get(check["exercise"], 0) + check["points"]
    facts = [result[key] for key in ("submission", "status", "score", "out_of")]
    return [*facts, *(tidy(points[name]) for name in exercises)]
