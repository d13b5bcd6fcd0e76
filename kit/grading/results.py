"""The results that a batch leaves: a file for each submission."""

import json
from pathlib import Path

from cs231n.files import write_whole

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
        write_whole(self.path(result["submission"]), text.encode("utf-8", "replace"))

    def missing(self, names):
        """Those of some submissions' names that have no result, or only a damaged one."""
        return [name for name in names if self.load(name) is None]
