"""Reads back a release: which exercises and questions it asks for, and the package it gives."""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cs231n.assignment import PATH, Assignment, AssignmentError, parsed
from kit import KitError

REMEDY = "give the zip or the folder that `python -m kit release` wrote"


@dataclass(frozen=True)
class Release:
    """What students were given.

    - assignment: The cs231n.assignment.Assignment that it describes
    - package: Path -> text of the modules of its package, blank where students write
    - contents: Path -> bytes of the same and the description, as they lie there
    """

    assignment: Assignment
    package: dict
    contents: dict

    @property
    def digest(self):
        """A name for what it asks and gives; the same for another course or date."""
        asked = json.loads(self.contents[PATH])
        told = [asked[key] for key in ("files", "exercises", "notebooks")]
        text = json.dumps([told, sorted(self.package.items())])
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def read(path):
    """Read a release.

    Inputs:
    - path: The zip or folder

    Returns a Release. Raises KitError, with a remedy, where there is none.
    """
    path = Path(path)
    try:
        contents = _folder(path) if path.is_dir() else _zip(path)
        package = {n: c.decode("utf-8") for n, c in contents.items() if n.endswith(".py")}
        assignment = parsed(contents[PATH].decode("utf-8"))
    except KeyError:
        raise KitError(f"{path} is no release: it has no {PATH}; {REMEDY}") from None
    except (OSError, zipfile.BadZipFile, ValueError, AssignmentError) as error:
        raise KitError(f"{path} cannot be read ({error}); {REMEDY}") from None
    return Release(assignment, package, contents)


def _folder(path):
    found = [p for p in sorted(path.glob("cs231n/**/*")) if p.is_file()]
    return {n: p.read_bytes() for p in found if _taken(n := p.relative_to(path).as_posix())}


def _zip(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if _taken(name)}


def _taken(name):
    """Whether a file is a module of the package, or the description."""
    return name == PATH or (name.endswith(".py") and PurePosixPath(name).parts[0] == "cs231n")
