"""Builds submission.zip: the files that are handed in, and a manifest with the answers as data."""

import hashlib
import json
import os
import zipfile
from pathlib import Path

from ..assignment import ROOT, AssignmentError, load
from ..notebook import NotebookError, read
from ..questions import find
from .packing import zip_bytes

NAME = "submission.zip"
MANIFEST = "manifest.json"


class SubmissionError(Exception):
    """A sentence that says what keeps the submission from being packed, and the remedy."""


def assignment(root=ROOT):
    """The description of the kit in a folder; raises SubmissionError if it is gone or damaged."""
    try:
        return load(root)
    except AssignmentError as error:
        raise SubmissionError(str(error)) from error


def pack(root=ROOT):
    """Return the submission as the bytes of a zip: the same files always give the same bytes.

    Raises SubmissionError naming every file that is missing or empty.
    """
    root, kit = Path(root), assignment(root)
    contents = {n: (root / n).read_bytes() for n in kit.files if (root / n).is_file()}
    absent = [name for name in kit.files if not contents.get(name, b"").strip()]
    if absent:
        raise SubmissionError(
            f"missing or empty: {', '.join(absent)}; put it back from your backup or a fresh "
            "student kit, then run this again"
        )
    return zip_bytes({**contents, MANIFEST: _manifest(kit, contents, answers(root, kit))})


def answers(root, kit):
    """The answers to the inline questions in a folder, in the order of the questions.

    Those of a notebook that cannot be read are left out. Returns a list of questions.Answer.
    """
    found = []
    for path in kit.notebooks:
        try:
            cells = read(Path(root) / path)
        except NotebookError:
            continue
        found += find(cells, kit.questions_of(path), kit.given_cells[path])
    return found


def opened(path, kit):
    """Read a submission back from its file.

    Inputs:
    - path: The zip
    - kit: The cs231n.assignment.Assignment that it is of

    Returns a dictionary path -> bytes, without the manifest. Raises SubmissionError unless the
    files are those that are handed in, each as its manifest says it is.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            contents = {name: archive.read(name) for name in names}
        listed = json.loads(contents.pop(MANIFEST))["files"]
        wanted = {name: listed[name]["sha256"] for name in listed}
    except Exception as error:  # zipfile, zlib and the manifest have many ways to be damaged
        raise SubmissionError(f"{path} cannot be read back ({error}); try again") from error
    found = {name: sha256(content) for name, content in contents.items()}
    for name in sorted({*found, *wanted, *kit.files}):
        right = name in kit.files and found.get(name, "gone") == wanted.get(name)
        if not right or names.count(name) != 1:
            raise SubmissionError(f"{path}: {name} is not what was packed; try again")
    return contents


def save(content, path):
    """Write a file in one step; an earlier one of other content is kept beside it.

    Inputs:
    - content: Bytes
    - path: Where to

    Returns where the earlier file went, or None. Raises OSError where it cannot be written, and
    SubmissionError where a folder is in the way; then everything is as it was.
    """
    path, kept = Path(path), None
    if path.is_dir():
        raise SubmissionError(f"{path.name} is a folder; rename it, then run this again")
    if path.is_file() and path.read_bytes() == content:
        return None
    aside = path.with_name(path.name + ".partial")
    try:
        aside.write_bytes(content)
        if path.exists():
            kept = free_name(path)
            path.rename(kept)
        os.replace(aside, path)
    except BaseException:
        if kept and kept.exists() and not path.exists():
            kept.rename(path)
        raise
    finally:
        aside.unlink(missing_ok=True)
    return kept


def free_name(path):
    """The first of submission-1.zip, submission-2.zip, … that does not exist."""
    number = 1
    while path.with_name(f"{path.stem}-{number}{path.suffix}").exists():
        number += 1
    return path.with_name(f"{path.stem}-{number}{path.suffix}")


def sha256(content):
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _manifest(kit, contents, found):
    files = {name: {"sha256": sha256(c), "bytes": len(c)} for name, c in sorted(contents.items())}
    data = {
        "course": kit.course,
        "version": kit.version,
        "files": files,
        "answers": [answer.as_data() for answer in found],
    }
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
