"""Takes in the marks of inline answers, all or none, and keeps them over every regrading."""

import difflib
import hashlib
import json
import math
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from kit import KitError

from . import tables
from .names import Names
from .page import points, write
from .stored import read

STORE = "marks.json"
COLUMNS = ("submission", "question", "points", "comment")
TOLD, GUESSES = 200, 20  # problems that are shown; those with a guess what was meant


@dataclass(frozen=True)
class Mark:
    """The mark of one answer.

    - points: None where there is only a comment
    - comment: Markdown
    - of: The digest of the answer that was marked
    """

    points: float | None
    comment: str
    of: str

    def __post_init__(self):
        number = isinstance(self.points, int | float) and math.isfinite(self.points)
        if not (number or self.points is None) or not isinstance(self.comment, str):
            raise TypeError(f"points {self.points!r}, comment {self.comment!r}")


def digest(text):
    """By what an answer is known again."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def load(folder):
    """The marks of a grading folder: submission -> question -> Mark. Raises KitError."""
    path = Path(folder, STORE)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {
            submission: {question: Mark(**mark) for question, mark in questions.items()}
            for submission, questions in data["marks"].items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "put back a copy of it, or move it away and take in the CSV files again"
        raise KitError(f"{path} is damaged ({error}); {remedy}") from None


def take_in(folder, paths):
    """Read marks from CSV files and store them.

    Inputs:
    - folder: The grading folder
    - paths: Tables with the columns submission, question, points, comment; a row without points
      and comment changes nothing

    Returns a Counter of "new", "changed" and "same". Raises KitError that lists every problem, and
    then stores nothing.
    """
    ids = [path.stem for path in Path(folder, "results").glob("*.json")]
    reader = _Reader(folder, Names(folder).real(ids))
    for path in map(Path, paths):
        reader.read(path)
    if reader.problems:
        more = len(reader.problems) - TOLD
        told = [*reader.problems[:TOLD], *[f"… and {more} more"] * (more > 0)]
        raise KitError("\n  ".join(["no mark was stored; mend these lines first:", *told]))
    marks, counts = load(folder), Counter(new=0, changed=0, same=0)
    for (submission, question), mark in reader.marks.items():
        mine = marks.setdefault(submission, {})
        news = _news(mine.get(question), mark)
        counts[news] += 1
        if news != "same":  # else it stays the mark of the answer that it was given to
            mine[question] = mark
    save(folder, marks)
    return counts


def save(folder, marks):
    """Store marks, as `load` returns them."""
    data = {name: {q: asdict(mark) for q, mark in mine.items()} for name, mine in marks.items()}
    text = json.dumps({"version": 1, "marks": data}, indent=1, ensure_ascii=False)
    write(Path(folder, STORE), text + "\n")


class _Reader:
    """Collects the marks of tables, and all that is wrong with them."""

    def __init__(self, folder, real):
        self.folder, self.real = Path(folder), real
        self.marks, self.problems, self.seen, self.answers = {}, [], {}, {}

    def read(self, path):
        for line, row in tables.read(path, COLUMNS):
            if row["points"] or row["comment"]:
                problem = self._row(row, (path, line))
                self.problems += [f"{path.name}, line {line}: {problem}"] if problem else []

    def _row(self, row, place):
        """Keep the mark of one row; returns what is wrong with it, or None."""
        submission, question = self.real.get(row["submission"]), row["question"]
        if submission is None:
            name = row["submission"]
            return f"no submission is called {name!r}{self._near(name, self.real)}"
        answers = self._answers(submission)
        if question not in answers:
            return f"{submission} has no question {question!r}{self._near(question, answers)}"
        first = self.seen.setdefault((submission, question), place)
        if first != place:
            where = f"{first[0].name}, line {first[1]}"
            return f"{submission}, {question}: marked already in {where}; keep one of the two"
        try:
            value = _points(row["points"], answers[question].worth)
        except ValueError as error:
            return f"{submission}, {question}: {error}"
        mark = Mark(value, row["comment"], digest(answers[question].text))
        self.marks[submission, question] = mark
        return None

    def _answers(self, submission):
        if submission not in self.answers:
            result = read(self.folder / "results" / f"{submission}.json")
            self.answers[submission] = {answer.id: answer for answer in result.answers}
        return self.answers[submission]

    def _near(self, name, known):
        """What may have been meant; looked for in the first problems only, since it takes time."""
        few = [*known][:20_000] if len(self.problems) < GUESSES else []
        near = difflib.get_close_matches(name, few, n=1)
        return f"; did you mean {near[0]!r}?" if near else ""


def _points(text, worth):
    if not text:
        return None
    try:
        value = float(text.replace(",", ".")) if "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"points {text!r} are no number")
    value = round(value, 2)
    if not 0 <= value <= round(worth, 2):
        raise ValueError(f"points {text} are not within 0 and {points(worth)}")
    return value


def _news(old, new):
    if old is None:
        return "new"
    same = old.points == new.points and flat(old.comment) == flat(new.comment)
    return "same" if same else "changed"


def flat(text):
    """A comment as a table gives it back."""
    return tables.unguarded(tables.guarded(text))
