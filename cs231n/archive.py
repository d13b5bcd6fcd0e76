"""Take named files out of an archive that nobody vouches for."""

import contextlib
import lzma
import shutil
import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from .download import BLOCK, DamagedError, UnsafeArchiveError

# zipfile answers a password or an unknown method by RuntimeError, a wild offset by ValueError.
BROKEN = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error,
    RuntimeError, ValueError, OverflowError, OSError,
)  # fmt: skip


def extract(archive, names, folder, limit):
    """Copy named regular files out of a tar or zip archive into a folder, and nothing else.

    Inputs:
    - archive: Path of the archive; a tar may be packed by gzip, bzip2, xz or not at all
    - names: Names of the members wanted, with their folders and "/" between
    - folder: Path of an existing folder; members land in it by the last part of their name
    - limit: Largest size of a member, in bytes

    Returns the set of the names found.

    Raises UnsafeArchiveError if any member has an absolute name or "..", is a link or a device,
    or if a wanted one is above the limit or there twice; DamagedError if the archive cannot be
    read; OSError where the disk fails.
    """
    names, found = set(names), set()
    try:
        with contextlib.closing(_members(archive)) as members:
            for member, ordinary, size, opened in members:
                name = _safe_name(archive, member, ordinary)
                if name not in names or opened is None:
                    continue
                if size > limit:
                    raise UnsafeArchiveError(f"{archive} holds a huge {name}: get another one.")
                if name in found:
                    raise UnsafeArchiveError(f"{archive} holds two {name}: get another one.")
                with (
                    opened() as source,
                    open(Path(folder) / PurePosixPath(name).name, "wb") as file,
                ):
                    shutil.copyfileobj(source, file, BLOCK)
                found.add(name)
    except BROKEN as error:
        if getattr(error, "errno", None) is not None:
            raise  # the disk's fault, not the archive's
        reason = str(error).partition("\n")[0].rstrip(":")
        raise DamagedError(
            f"{archive} is cut off or no archive ({reason}): delete it and get it again."
        ) from None
    return found


def _members(archive):
    """Yield each member's name, whether it is a file or folder, its size, how a file is opened."""
    with open(archive, "rb") as file:
        zipped = file.read(2) == b"PK"
    return _zip_members(archive) if zipped else _tar_members(archive)


def _tar_members(archive):
    with tarfile.open(archive, "r:*") as tar:
        for member in tar:
            opened = (lambda m=member: tar.extractfile(m)) if member.isfile() else None
            yield member.name, member.isfile() or member.isdir(), member.size, opened
        # A checksum of all stands at the very end, which tarfile does not read on its own.
        while tar.fileobj.read(BLOCK):
            pass


def _zip_members(archive):
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            if member.header_offset < 0:
                raise zipfile.BadZipFile(f"{member.filename!a} begins before the file does")
            kind = stat.S_IFMT(member.external_attr >> 16)  # 0 where no Unix packed it
            opened = None if member.is_dir() else (lambda m=member: packed.open(m))
            ordinary = kind in (0, stat.S_IFREG, stat.S_IFDIR)
            yield member.orig_filename, ordinary, member.file_size, opened


def _safe_name(archive, member, ordinary):
    """Return the member's name with "/" and without "./", if it stays in its folder."""
    path = PurePosixPath(member.replace("\\", "/"))
    outside = path.is_absolute() or ".." in path.parts or ":" in member or "\0" in member
    if outside or not ordinary:
        raise UnsafeArchiveError(
            f"{archive} holds {member!a}, a name outside its folder or a link: "
            "do not trust it, get another one."
        )
    return str(path)
