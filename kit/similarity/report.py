"""Writes what is alike for people: a page with the functions side by side, and a table."""

import numpy as np

from kit.grading import tables
from kit.grading.page import apart, page, plain
from kit.grading.page import write as write_file

from .fingerprints import fingerprints

FUNCTIONS = 12  # of a pair
SAID = """<p><strong>Advice for a person, and no mark.</strong> A high figure says where to look: it
doesn't say who wrote what, nor that anything is wrong. People who heard the same lecture write
alike, and a function of three lines has few ways to be written.</p>
<p class="small faint">Compared are the functions of what is handed in, without names, comments and
layout. What the kit gives, and what stands in the solved source, is left out; what many hold counts
little, and nothing where more than a tenth of a class hold it. 100 % says that all that is left of
the smaller submission stands in the other, too. Figures of different classes can't be compared.</p>
"""
STYLE = """
body { max-width: 90rem } .pair { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem }
.pair pre { max-height: 30rem; overflow: auto; white-space: pre }
"""


def matches(left, right, common):
    """The functions of two submissions that share most.

    Inputs:
    - left, right: Lists of functions.Function
    - common: Fingerprints that say nothing

    Returns a list of (shared fingerprints, function of left, function of right), most first.
    """
    theirs = [(function, _left_over(function, common)) for function in right]
    found = []
    for function in left:
        mine = _left_over(function, common)
        counts = [len(np.intersect1d(mine, other, assume_unique=True)) for _, other in theirs]
        best = int(np.argmax(counts)) if counts else 0
        if counts and counts[best]:
            found.append((counts[best], function, theirs[best][0]))
    return sorted(found, key=lambda match: -match[0])


def write(target, table, shown, sources, pairs, unread):
    """Write page and table.

    Inputs:
    - target, table: Files to write
    - shown: List of (a pair as fingerprints.alike has it, its matches)
    - sources: List of intake.Source
    - pairs: How many there are, shown or not
    - unread: Names of submissions that hold nothing to compare
    """
    rows = [_row(pair, found, sources) for pair, found in shown]
    parts = [f"<h1>Similarity</h1>{SAID}", _counts(len(shown), pairs, len(sources), unread)]
    parts += [_pair(pair, found, sources) for pair, found in shown]
    write_file(target, page("Similarity", "\n".join(parts), STYLE))
    with tables.writer(table, ("similarity", "shared weight", "a", "b", "functions")) as add:
        for row in rows:
            add(row)


def _left_over(function, common):
    return np.setdiff1d(fingerprints([function]), common, assume_unique=True)


def _row(pair, found, sources):
    names = ", ".join(f"{a.name} / {b.name}" for _, a, b in found[:FUNCTIONS])
    return pair[0], pair[1], sources[pair[2]].id, sources[pair[3]].id, names


def _counts(shown, pairs, count, unread):
    told = f"<p>{count} submissions; {pairs} pairs, of which {shown} are shown.</p>"
    if unread:
        told += "<p>Nothing to compare beside the kit's own and the solved source's code: "
        told += f"{', '.join(map(apart, unread))}.</p>"
    return told


def _pair(pair, found, sources):
    a, b = (apart(sources[place].id) for place in pair[2:])
    head = f"<h2>{a} and {b}<small>{pair[0]:.0%}, weight {pair[1]:.0f}</small></h2>"
    return head + "\n".join(_functions(*match) for match in found[:FUNCTIONS])


def _functions(count, left, right):
    sides = (
        f"<div><h3>{plain(side.name, 200)}<small>{plain(side.path)}, line {side.line}</small></h3>"
        f"<pre>{plain(side.text)}</pre></div>"
        for side in (left, right)
    )
    return (
        f'<p class="small">{count} fingerprints shared</p><div class="pair">{"".join(sides)}</div>'
    )
