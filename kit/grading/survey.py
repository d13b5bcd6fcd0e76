"""Counts over a class, one result at a time: scores, exercises, checks, questions, seconds."""

import heapq
from collections import Counter
from dataclasses import dataclass, field

from .feedback import LONG
from .feedback_page import STATUS

BINS = 20
REASONS = 500  # different ones kept of a check; students' errors can be of any number
SLOWEST = 5


@dataclass
class Share:
    """How many have been counted, how many of them were right, and the points."""

    name: str
    room: str = ""
    title: str = ""
    exercise: str = ""
    counted: int = 0
    right: int = 0
    blank: int = 0
    points: float = 0
    worth: float = 0
    reasons: Counter = field(default_factory=Counter)

    def add(self, points, worth, right, blank=False, reason=""):
        """Count one more."""
        self.counted += 1
        self.right += right
        self.blank += blank
        self.points += points
        self.worth += worth
        if reason and (reason in self.reasons or len(self.reasons) < REASONS):
            self.reasons[reason] += 1

    @property
    def rate(self):
        """The share that was right."""
        return self.right / self.counted if self.counted else 0

    @property
    def mean(self):
        """The mean share of the points."""
        return self.points / self.worth if self.worth else 0


@dataclass
class Survey:
    """What a summary says; `asked` is one Answer for each question, in order of appearance."""

    submissions: int = 0
    named: bool = False  # whether it is known of some submission whose it is
    statuses: Counter = field(default_factory=Counter)
    scores: Counter = field(default_factory=Counter)  # (score, of how many points) -> how many
    exercises: dict = field(default_factory=dict)
    checks: dict = field(default_factory=dict)
    asked: dict = field(default_factory=dict)
    questions: dict = field(default_factory=dict)
    seconds: float = 0
    longest: list = field(default_factory=list)

    def add(self, result, marks):
        """Count one result, with its marks by question."""
        self.submissions += 1
        self.named = self.named or bool(result.students)
        self.statuses[result.status or "unknown"] += 1
        self.scores[round(result.score, 2), result.out_of] += 1
        self.seconds += result.seconds
        entry = (result.seconds, result.id)
        keep = heapq.heappush if len(self.longest) < SLOWEST else heapq.heappushpop
        keep(self.longest, entry)
        for answer in result.answers:
            self._answer(answer, marks.get(answer.id))
        exercises = {}
        for check in result.checks:
            self._check(check)
            exercises.setdefault((check.room, check.exercise), []).append(check)
        for (room, name), checks in exercises.items():
            share = self.exercises.setdefault((room, name), Share(name, room))
            earned, worth = (sum(getattr(c, key) for c in checks) for key in ("points", "worth"))
            blank = all(c.status == "blank" for c in checks)
            share.add(earned, worth, all(c.passed for c in checks), blank)

    def _check(self, check):
        first = Share(check.name, check.room, check.title, check.exercise)
        share = self.checks.setdefault(check.name, first)
        share.add(check.points, check.worth, check.passed, check.status == "blank", reason(check))

    def _answer(self, answer, mark):
        self.asked.setdefault(answer.id, answer)
        share = self.questions.setdefault(answer.id, Share(answer.id, answer.notebook))
        marked = mark is not None and mark.points is not None
        worth = answer.worth if marked or answer.blank else 0
        share.add(mark.points if marked else 0, worth, marked, answer.blank)

    def asked_of(self, result):
        """The questions that a submission was asked: none in the flat layout."""
        return () if result.layout == "flat" else self.asked.values()

    @property
    def totals(self):
        """The points that the checks gave in all, a sorted list: of one class there is one."""
        return sorted({out_of for _, out_of in self.scores if out_of})

    @property
    def out_of(self):
        """The largest of the totals."""
        return max(self.totals, default=0)

    def histogram(self):
        """How many submissions earned each twentieth of the checks' points, a list."""
        bins = [0] * BINS
        for (score, out_of), count in self.scores.items():
            bins[min(BINS - 1, max(0, int(_share(score, out_of) * BINS)))] += count
        return bins

    def measured(self):
        """Sorted pairs (score, how many have it): in points, or in % where totals differ."""
        if len(self.totals) < 2:
            return sorted((score, count) for (score, _), count in self.scores.items())
        return sorted((100 * _share(*pair), count) for pair, count in self.scores.items())

    def quartiles(self):
        """The scores below which a quarter, half and three quarters of the submissions are."""
        seen, found = 0, []
        for score, count in self.measured():
            seen += count
            while len(found) < 3 and seen >= (len(found) + 1) / 4 * self.submissions:
                found.append(score)
        return found

    def most_failed(self, number):
        """Checks in the order of how many fail them."""
        failed = [share for share in self.checks.values() if share.right < share.counted]
        return sorted(failed, key=lambda share: (share.rate, share.name))[:number]

    def hardest(self):
        """Questions by their mean mark, the lowest first; then those without marks."""
        return sorted(
            self.questions.values(), key=lambda q: (not q.right, q.mean, -q.blank, q.name)
        )


def _share(score, out_of):
    return score / out_of if out_of else 0


def reason(check):
    """Why a check failed, in a few words that others share; "" where it passed."""
    if check.passed:
        return ""
    if check.hint:
        return check.hint[:LONG]
    if check.status == "error" and check.lines:
        return check.lines[0][:LONG]
    return STATUS.get(check.status, check.status)[:LONG]
