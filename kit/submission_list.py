"""Derives the list of files that a submission holds and keeps it where the student kit finds it."""

import json
from pathlib import Path

from kit import manifest

PATH = "cs231n/submission.json"


def text(root=manifest.ROOT):
    """The list as JSON: every file with a solution region, and every notebook."""
    files = [str(path) for path in manifest.editable(root)]
    return json.dumps({"files": files}, indent=1, ensure_ascii=False) + "\n"


def recorded(root=manifest.ROOT):
    """The list as it stands in the repository; "" where there is none."""
    path = Path(root) / PATH
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def record(root=manifest.ROOT):
    """Write the list where it changed."""
    if recorded(root) != text(root):
        (Path(root) / PATH).write_text(text(root), encoding="utf-8", newline="\n")
