"""Finds submissions and reads them with care: path -> bytes of what is handed in, and no more."""

import hashlib
import os
import re
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path

from kit import KitError

from . import folder, roster, zipped
from .limits import Refused

ROOMS = ("cs231n", "notebooks")
LONGEST = 80  # bytes of a name: file systems take 255, of which we add some
DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True)
class Source:
    """Where a submission lies, and what it is called in results: a name that fits a file.

    `students` says whose it is, where that is known.
    """

    id: str
    path: Path
    students: tuple = ()


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
    students: tuple = ()


def find(paths, skip=()):
    """The submissions in some paths, as a list of Source in the order of their names.

    A zip is one, and a folder that holds cs231n/ or notebooks/; in any other folder, such as a
    Gradescope export, everything is one. Hidden files are not, nor what is in `skip`.

    Raises KitError for a path that is not there, or an export that is still packed.
    """
    found, whose, skipped = [], {}, {os.path.realpath(path) for path in skip}
    paths = list(map(Path, paths))
    for path in paths:
        if not path.exists():
            raise KitError(f"{path} is not there; give zips, folders, or folders of them")
        # Among others it could be a student's own doing, and must not stop theirs.
        if len(paths) == 1 and path.is_file() and zipped.is_export(path):
            raise KitError(f"{path}: {zipped.EXPORT}")
        if path.is_dir() and not any((path / room).is_dir() for room in ROOMS):
            inside = sorted(p for p in path.iterdir() if not _hidden(p.name))
            inside = [
                p
                for p in inside
                if p.name != roster.METADATA and os.path.realpath(p) not in skipped
            ]
            known = roster.read(path)
            whose |= {p: known[p.name] for p in inside if p.name in known}
            found += inside
        else:
            found.append(path)
    return [replace(source, students=whose.get(source.path, ())) for source in _named(found)]


def read(source, names):
    """Read a submission; whatever it is, a Submission comes of it.

    Inputs:
    - source: A Source
    - names: What is handed in, relative to the kit's folder
    """
    found = Submission(source.id, str(source.path.absolute()), students=source.students)
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
        name = plain = _plain(path.stem if path.is_file() else path.name)
        if plain.casefold() in taken or _awkward(plain):
            mark = hashlib.sha256(os.path.realpath(path).encode("utf-8", "replace")).hexdigest()[:8]
            name = f"{plain.strip('._-') or 'submission'}-{mark}"
        taken.add(name.casefold())
        sources.append(Source(name, path))
    return sources


def _hidden(name):
    """Whether a file is a system's own; "..zip" is somebody's."""
    return name.startswith((".", "__MACOSX")) and not name.startswith("..")


def _plain(stem):
    """A name of letters, digits and a few signs that fits a file, with endings of our own."""
    text = unicodedata.normalize("NFC", stem.encode("utf-8", "replace").decode())
    return re.sub(r"[^\w.@+-]+", "_", text).encode()[:LONGEST].decode("utf-8", "ignore")


def _awkward(name):
    """Whether a name is none, an option to other programs, or a device or nothing to Windows."""
    device = name.partition(".")[0].casefold() in DEVICES
    return device or not name.strip("._-") or name.startswith("-") or name.endswith(".")
