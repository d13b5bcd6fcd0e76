"""What the command `python -m kit similar` does; options has its words."""

import sys

import numpy as np
from tqdm import tqdm

from kit import KitError
from kit.grading import intake, material

from . import report
from .fingerprints import alike, fingerprints
from .functions import functions

LEAST = 0.25


def run(options):
    """Write FILE.html, and the same as a table beside it; returns 0."""
    table = options.out.with_suffix(".csv")
    if options.out.suffix != ".html" or options.pairs < 1:
        raise KitError("--out is a file that ends in .html, and --pairs at least 1")
    sources = intake.find(options.submissions, skip=[options.out, table])
    used = material.read()
    if len(sources) < 2:
        raise KitError("give at least two submissions; there is nothing to compare")
    pairs, unread = similar(sources, used)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    ours = common(used)
    shown = [
        (pair, report.matches(*_functions_of(pair, sources, used), ours))
        for pair in pairs[: options.pairs]
    ]
    report.write(options.out, table, shown, sources, len(pairs), unread)
    print(f"{len(sources)} submissions, {len(pairs)} pairs to look at: {options.out}, {table}.")
    return 0


def similar(sources, used, least=LEAST):
    """The pairs of submissions that are alike, as fingerprints.alike lists them.

    Inputs:
    - sources: List of intake.Source
    - used: The kit.grading.material.Material of the assignment
    - least: See alike

    Returns the pairs, and the names of submissions in which there is nothing to compare.
    """
    ours, documents = common(used), []
    for source in tqdm(sources, unit="submission", disable=not sys.stderr.isatty()):
        found = fingerprints(read(source, used))
        documents.append(np.setdiff1d(found, ours, assume_unique=True))
    unread = [source.id for source, found in zip(sources, documents) if not len(found)]
    return alike(documents, least), unread


def read(source, used):
    """The functions of a submission's Python files; none where it cannot be read."""
    names = [name for name in used.assignment.files if name.endswith(".py")]
    found = intake.read(source, names)
    texts = {name: intake.text_of(name, text, []) for name, text in sorted(found.files.items())}
    return [function for name, text in texts.items() for function in functions(name, text)]


def common(used):
    """What says nothing: the fingerprints of the blank kit and of the solved source."""
    texts = [*used.blank.items(), *used.solved.items()]
    return fingerprints([function for name, text in texts for function in functions(name, text)])


def _functions_of(pair, sources, used):
    return read(sources[pair[2]], used), read(sources[pair[3]], used)
