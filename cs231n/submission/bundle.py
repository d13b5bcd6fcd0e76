"""Packs your work into submission.zip: `python -m cs231n.submission`, standard library only."""

import argparse
import os
import sys
from pathlib import Path

from ..assignment import AssignmentError, load
from .packing import zip_bytes

ROOT = Path(__file__).resolve().parents[2]
NAME = "submission.zip"


class SubmissionError(Exception):
    """A sentence that says what keeps the submission from being packed, and the remedy."""


def expected_files(root=ROOT):
    """List the files that a submission holds, as paths relative to the root.

    Raises SubmissionError if the list itself is gone or damaged.
    """
    try:
        return load(root).files
    except AssignmentError as error:
        raise SubmissionError(str(error)) from error


def pack(root=ROOT):
    """Return the submission as the bytes of a zip: the same files always give the same bytes.

    Raises SubmissionError naming every file that is missing or empty.
    """
    root = Path(root)
    names = expected_files(root)
    absent = [name for name in names if not (root / name).is_file() or not _size(root / name)]
    if absent:
        raise SubmissionError(
            f"missing or empty: {', '.join(absent)}; put it back from your backup or a fresh "
            "student kit, then run this again"
        )
    return zip_bytes({name: (root / name).read_bytes() for name in names})


def save(content, root=ROOT):
    """Write submission.zip; an earlier one with other content is kept under the next free name.

    Inputs:
    - content: Bytes, from `pack`
    - root: Folder that gets the zip

    Returns a tuple of:
    - path: The written zip
    - kept: Where the earlier zip went, or None
    """
    path, kept = Path(root) / NAME, None
    if path.is_file() and path.read_bytes() == content:
        return path, kept
    aside = path.with_name(NAME + ".partial")
    aside.write_bytes(content)
    if path.exists():
        kept = _free_name(path)
        path.rename(kept)
    os.replace(aside, path)
    return path, kept


def main(arguments=None):
    """Pack the submission and say what is in it; returns the exit status, 0 or 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    argparse.ArgumentParser(prog="collect_submission.sh", description=__doc__).parse_args(arguments)
    try:
        path, kept = save(pack())
    except (SubmissionError, OSError) as error:
        print(f"No submission was written: {error}", file=sys.stderr)
        return 1
    for name in sorted(expected_files()):
        print(f"  {name}")
    if kept:
        print(f"Your earlier zip is kept as {kept.name}.")
    print(f"Wrote {path}: hand in this file.")
    return 0


def _size(path):
    return path.stat().st_size


def _free_name(path):
    """The first of submission-1.zip, submission-2.zip, … that does not exist."""
    number = 1
    while path.with_name(f"{path.stem}-{number}{path.suffix}").exists():
        number += 1
    return path.with_name(f"{path.stem}-{number}{path.suffix}")
