"""Reads the rubric: what each exercise and each question is worth."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path

from kit import KitError, toml


@dataclass(frozen=True)
class Rubric:
    """Points by name: of the exercises that it prices, and of the questions."""

    exercises: dict = field(default_factory=dict)
    questions: dict = field(default_factory=dict)
    path: str = "the rubric"

    def of_exercise(self, name, otherwise):
        """What an exercise is worth; `otherwise` where the rubric doesn't name it."""
        return self.exercises.get(name, otherwise)

    def of_question(self, name):
        """What a question is worth."""
        return self.questions.get(name, self.questions.get("default", 0))

    def require(self, exercises, questions):
        """Raise KitError for a name that the assignment doesn't have."""
        for part, known in (("exercises", exercises), ("questions", [*questions, "default"])):
            for name in getattr(self, part):
                if name not in known:
                    near = difflib.get_close_matches(name, known, n=1)
                    guess = f"; did you mean {near[0]!r}?" if near else f"; there are {[*known]}"
                    raise KitError(f"{self.path}: nothing is called {name!r} in [{part}]{guess}")


def of(root):
    """The rubric that a source brings along; one that prices nothing where it has none."""
    path = Path(root) / "kit" / "rubric.toml"
    return load(path) if path.is_file() else Rubric()


def load(path):
    """Read a rubric from a TOML file with the tables [exercises] and [questions].

    Raises KitError for a file that cannot be read, other tables, or points that are no number.
    """
    tables = toml.read(path)
    for part, points in tables.items():
        if part not in ("exercises", "questions") or not isinstance(points, dict):
            raise KitError(f"{path}: {part!r} is neither [exercises] nor [questions]")
        for name, value in points.items():
            if (
                isinstance(value, bool)
                or not isinstance(value, int | float)
                or not 0 <= value < 1e6
            ):
                raise KitError(f"{path}: {name} = {value!r}; points are a number, 0 or more")
    return Rubric(**tables, path=str(path))
