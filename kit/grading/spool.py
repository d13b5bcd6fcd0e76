"""Holds all answers of a class on the disk, so that they can be read question by question."""

import contextlib
import sqlite3
from dataclasses import dataclass
from itertools import groupby

from .page import cleaned

EDGES = " \t\r\n.,;:!?。、"


@dataclass(frozen=True)
class Group:
    """Answers that are the same but for white space: one text, and whose it is."""

    text: str
    members: tuple


class Spool:
    """All answers of a class, in a file that goes when the spool is closed."""

    def __init__(self):
        self.base = sqlite3.connect("")
        self.base.execute("PRAGMA journal_mode = OFF")
        self.base.execute("CREATE TABLE answers (question, key, submission, state, text)")

    def add(self, result):
        """Keep the answers of a stored.Result."""
        rows = []
        for answer in result.answers:
            if not answer.blank:
                text = cleaned(answer.text)
                key = " ".join(text.split()).strip(EDGES) or text
                rows.append((cleaned(answer.id), key, cleaned(result.id), answer.state, text))
        self.base.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?)", rows)

    def groups(self, question):
        """Yield the Groups of one question's answers, those that most gave first.

        The members are (submission, state).
        """
        order = "COUNT(*) OVER (PARTITION BY key) DESC, key, submission"
        select = (
            f"SELECT key, submission, state, text FROM answers WHERE question = ? ORDER BY {order}"
        )
        with contextlib.closing(self.base.execute(select, [question])) as rows:
            for _, same in groupby(rows, key=lambda row: row[0]):
                members = list(same)
                yield Group(members[0][3], tuple((row[1], row[2]) for row in members))

    def close(self):
        """Remove the file."""
        self.base.close()
