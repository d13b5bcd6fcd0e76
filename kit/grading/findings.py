"""Says what a failed check got, without the numbers that it should have got."""

import re

LINES, LENGTH = 12, 300
ARRAY = r"shape \([\d, ]*\), dtype \w+"
# The judge writes for people who may see everything; shapes and dtypes may be seen by all.
REWORDED = [
    (re.compile(rf"\bgot (None|a \w+ of \d+), wanted ({ARRAY})$"), r"got \1; it should be \2"),
    (re.compile(rf"(?<!, )\bwanted ({ARRAY})$"), r"it should be \1"),
    (re.compile(r", as wanted\b"), ", as it should be"),
    (re.compile(r"\bdtype got (\w+), wanted (\w+)$"), r"dtype got \1, it should be \2"),
    (re.compile(r"\bof the largest wanted value\b"), "of the largest right value"),
    (re.compile(r"(\bwrong, first(?: at \[[\d, ]*\])?: got \S+), wanted \S+$"), r"\1"),
    (re.compile(r"\bnot wanted: "), "too many: "),
]


def shown(lines):
    """The lines of a check that a student may see, reworded; at most 12 of 300 characters.

    Whatever still speaks of what was wanted is left out.
    """
    kept = [line for line in map(_reworded, lines) if "wanted" not in line.lower()]
    more = [f"[… {len(kept) - LINES} more lines]"] if len(kept) > LINES else []
    return [_capped(line) for line in kept[:LINES]] + more


def _reworded(line):
    for pattern, words in REWORDED:
        line = pattern.sub(words, line)
    return line


def _capped(line):
    return line if len(line) <= LENGTH else f"{line[:LENGTH]} […]"
