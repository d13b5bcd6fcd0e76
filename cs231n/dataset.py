"""A data set that comes as one archive: found, fetched, verified file by file, kept in a folder."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .archive import extract
from .download import DamagedError, DataError, digest, fetch, mismatch

ACCEPTED = "accepted.json"


class Member(NamedTuple):
    """What is known of a file: its length in bytes, its sha256, the rows in it."""

    size: int
    sha256: str
    rows: int = 0


class UnofficialError(DamagedError):
    """The files are sound, and others than the official ones."""


def folders():
    """Return the paths of the folders where data sets are looked for, the nearest first.

    They are datasets/ beside the package, then datasets/ one level up, where a workspace inside a
    clone finds the clone's; or what CS231N_DATASETS says, and only that.
    """
    if chosen := os.environ.get("CS231N_DATASETS"):
        return [Path(chosen).expanduser()]
    home = Path(__file__).resolve().parent.parent
    return [home / "datasets", home.parent / "datasets"]


@dataclass(frozen=True)
class DataSet:
    """A data set: where it comes from, which files it has and how they are told apart.

    - title: Its name in sentences
    - about: What it is, in a few words
    - command: What to type to get it
    - folder: Name of the folder that it is unpacked to, and that it has in the archive
    - archive: Name of the archive
    - url: Address of the archive
    - members: Dictionary from file name to Member, of the official files
    - needed: Names of the files that it is useless without
    - limit: Largest size of a file, in bytes
    - rows: Function from a file's path to the number of rows in it; raises DamagedError if the
      file is not what its name says
    - contents: Function from a folder's path to a few words on how much is in it
    - size, md5: Length of the archive in bytes and its md5, or None where they are not known
    """

    title: str
    about: str
    command: str
    folder: str
    archive: str
    url: str
    members: Mapping[str, Member]
    needed: tuple[str, ...]
    limit: int
    rows: Callable[[Path], int]
    contents: Callable[[Path], str]
    size: int | None = None
    md5: str | None = None

    def find(self):
        """Return the path of the folder with its files, or None; see folders()."""
        places = [folder / self.folder for folder in folders()]
        return next((place for place in places if place.is_dir()), None)

    def home(self):
        """Return the path of the datasets folder that has it or its archive, or would get it."""
        names = (self.folder, self.archive)
        found = [f for f in folders() if any((f / name).exists() for name in names)]
        return (found or folders())[0]

    def known_members(self, folder):
        """Return the table that a folder's files are held against, after a look at their sizes.

        Inputs:
        - folder: Path of the folder

        Returns a dictionary from file name to Member: the official one, or the one recorded when
        other files were accepted.

        Raises DamagedError if a file is missing or of another size.
        """
        folder = Path(folder)
        try:
            text = (folder / ACCEPTED).read_text(encoding="utf-8")
            members = {name: Member(**known) for name, known in json.loads(text).items()}
        except FileNotFoundError:
            members = self.members
        except (ValueError, TypeError, AttributeError):
            raise self.damaged(folder / ACCEPTED, "cannot be read") from None
        for name in self.needed:
            if name not in members or not (folder / name).is_file():
                raise self.damaged(folder / name, "is missing")
            if fault := mismatch(folder / name, members[name].size):
                raise self.damaged(folder / name, f"has {fault}")
        return members

    def verify(self, folder, names=None):
        """Raise DamagedError unless every file of a folder has the sha256 known for it.

        Inputs:
        - folder: Path of the folder
        - names: The files to look at; without them, all that are known and there
        """
        for name, member in self.known_members(folder).items():
            path = Path(folder) / name
            if (
                (names is None or name in names)
                and path.exists()
                and (fault := mismatch(path, member.size, member.sha256))
            ):
                raise self.damaged(path, f"has {fault}")

    def damaged(self, path, fault):
        """Return the DamagedError that says what is wrong with a file, and what to do."""
        return DamagedError(
            f"{path} {fault}: run `{self.command}` to get the whole set again "
            f"(files that are meant to differ need --accept-unverified), or delete {path.parent}."
        )

    def kind(self, folder):
        """Return "official" or "accepted": the kind of files that a folder holds."""
        return "accepted" if (Path(folder) / ACCEPTED).exists() else "official"

    def install(self, datasets, mirror=None, archive=None, accept=False):
        """Put the set into its folder, unless it is there.

        Inputs:
        - datasets: Path of the folder that holds the data sets
        - mirror: Address of the archive, instead of its home's
        - archive: Path of an archive at hand; without one, the one in `datasets` is used if it is
          there, and fetched if not
        - accept: Whether files other than the official ones will do; their lengths, digests and
          rows are then recorded in accepted.json beside them

        Returns True if something was installed, False if the set was there.

        Raises DataError, or one of its kinds, if the set cannot be had.
        """
        folder = Path(datasets) / self.folder
        if folder.is_dir() and self._is_whole(folder):
            return False
        by_hand = Path(datasets) / self.archive
        fetched = archive is None and not by_hand.exists()
        source = by_hand if archive is None else Path(archive)
        if fetched:
            self._fetch(mirror or self.url, by_hand, accept)
        elif not source.is_file():
            raise DataError(f"{source} is no file: give the path of {self.archive} to --archive.")
        try:
            self._unpack(source, folder, accept)
        except DamagedError as error:
            if not fetched or isinstance(error, UnofficialError):
                raise
            by_hand.unlink()
            raise type(error)(
                f"{error} It came from {mirror or self.url} and is deleted; "
                "--mirror URL and --archive FILE name other sources."
            ) from None
        if fetched:
            by_hand.unlink()
        return True

    def _fetch(self, url, target, accept):
        sure = {} if accept else {"size": self.size, "md5": self.md5, "resume": True}
        remedy = (
            f"try again, or name a mirror with --mirror URL (and --accept-unverified, if it packs "
            f"the set anew), or put {self.archive}, however you get it, at {target} and run this "
            "again; until then generated pictures stand in"
        )
        fetch(url, target, remedy=remedy, **sure)

    def _is_whole(self, folder):
        try:
            self.verify(folder)
        except DamagedError:
            return False
        return True

    def _unpack(self, archive, folder, accept):
        """Extract and verify beside `folder`, then move each file: a bad archive breaks nothing."""
        scratch = folder.with_name(folder.name + ".part")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        try:
            names = [f"{place}{name}" for place in (f"{self.folder}/", "") for name in self.members]
            extract(archive, names, scratch, self.limit)
            self._judge(archive, scratch, accept)
            folder.mkdir(exist_ok=True)
            (folder / ACCEPTED).unlink(missing_ok=True)
            for path in scratch.iterdir():
                os.replace(path, folder / path.name)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _judge(self, archive, folder, accept):
        """Raise DamagedError unless the files are official, or accepted and then recorded."""
        for name in self.needed:
            if not (folder / name).exists():
                raise DamagedError(f"{archive} holds no {self.folder}/{name}: get another archive.")
        faults = [
            f"{path.name} in {archive} has {fault}"
            for path in sorted(folder.iterdir())
            if (fault := mismatch(path, *self.members[path.name][:2]))
        ]
        if faults and not accept:
            raise UnofficialError(
                f"{faults[0]}, so this is not the official set: delete the archive and get it "
                "again, or add --accept-unverified if it is meant to differ."
            )
        if faults:
            self._record(folder)

    def _record(self, folder):
        members = {
            path.name: Member(path.stat().st_size, digest(path), self.rows(path))._asdict()
            for path in sorted(folder.iterdir())
        }
        with open(folder / ACCEPTED, "w", encoding="utf-8", newline="\n") as file:
            json.dump(members, file, indent=2)
