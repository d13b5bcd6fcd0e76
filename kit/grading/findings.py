"""Says what a failed check got, without the numbers that it should have got."""

import re

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


def shown(finding):
    """Yield the lines of a judge's Finding that a student may see, reworded, each with its name.

    Whatever still speaks of what was wanted is left out.
    """
    for line in finding.lines:
        for pattern, words in REWORDED:
            line = pattern.sub(words, line)
        if "wanted" not in line.lower():
            yield f"{finding.name}: {line}"
