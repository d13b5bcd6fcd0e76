"""Finds submissions and reads them with care: path -> bytes of what is handed in, and no more."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from kit import KitError

from . import folder, zipped
from .limits import Refused

METADATA = "submission_metadata.yml"  # of a Gradescope export
ROOMS = ("cs231n", "notebooks")


@dataclass(frozen=True)
class Source:
    """Where a submission lies, and what it is called in results: a name that fits a file."""

    id: str
    path: Path


@dataclass
class Submission:
    """What was read of a submission.

    - files: Path -> bytes, of the names that are handed in
    - notes: Sentences on what was left out, and why
    - status: "" if it can be graded, else "empty" or "unreadable"; `message` says why
    """

    id: str
    source: str
    files: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    status: str = ""
    message: str = ""
    sha256: str = ""


def find(paths, skip=()):
    """The submissions in some paths, as a list of Source in the order of their names.

    A zip is one, and a folder that holds cs231n/ or notebooks/; in any other folder, such as a
    Gradescope export, everything is one. Hidden files are not, nor what is in `skip`.

    Raises KitError for a path that is not there.
    """
    found, skipped = [], {Path(path).resolve() for path in skip}
    for path in map(Path, paths):
        if not path.exists():
            raise KitError(f"{path} is not there; give zips, folders, or folders of them")
        if path.is_dir() and not any((path / room).is_dir() for room in ROOMS):
            inside = sorted(p for p in path.iterdir() if not p.name.startswith((".", "__MACOSX")))
            found += [p for p in inside if p.name != METADATA and p.resolve() not in skipped]
        else:
            found.append(path)
    return _named(found)


def read(source, names):
    """Read a submission; whatever it is, a Submission comes of it.

    Inputs:
    - source: A Source
    - names: What is handed in, relative to the kit's folder
    """
    found = Submission(source.id, str(source.path.absolute()))
    try:
        reader = folder if source.path.is_dir() else zipped
        found.files, found.notes = reader.read(source.path, frozenset(names))
    except Refused as error:
        found.status, found.message = "unreadable", str(error)
    except Exception as error:  # zipfile and zlib have many ways to be damaged
        kind = type(error).__name__
        found.status, found.message = "unreadable", f"it cannot be opened ({kind}: {error})"[:300]
    if not found.status and not found.files:
        found.status, found.message = "empty", "nothing that is handed in was found in it"
    found.sha256 = digest(found)
    return found


def text_of(name, content, notes):
    """The text of a Python file; notes say where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.append(f"{name} is not UTF-8; it was read as Latin-1")
        return content.decode("latin-1")


def digest(found):
    """A hash of what was read of a submission."""
    digest = hashlib.sha256(f"{found.status} {found.message}\n".encode("utf-8", "replace"))
    for name, content in sorted(found.files.items()):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    for note in found.notes:
        digest.update(note.encode("utf-8", "replace"))
    return digest.hexdigest()


def _named(paths):
    """Sources whose names differ, also where letters' case makes no difference."""
    taken, sources = set(), []
    for path in dict.fromkeys(paths):
        stem = path.stem if path.is_file() else path.name
        name = plain = re.sub(r"[^\w.@+-]+", "_", stem.encode("utf-8", "replace").decode())[:80]
        if not plain.strip("._") or plain.casefold() in taken:
            mark = hashlib.sha256(str(path.resolve()).encode("utf-8", "replace")).hexdigest()[:8]
            name = f"{plain.strip('._') or 'submission'}-{mark}"
        taken.add(name.casefold())
        sources.append(Source(name, path))
    return sources
