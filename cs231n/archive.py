"""Take named files out of an archive that nobody vouches for."""

import gzip
import lzma
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from .download import BLOCK, DamagedError, UnsafeArchiveError

NO_ARCHIVE = (tarfile.TarError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError)


def extract(archive, names, folder, limit):
    """Copy named regular files out of a tar archive into a folder, and nothing else.

    Inputs:
    - archive: Path of the archive, packed by gzip, bzip2, xz or not at all
    - names: Names of the members wanted, with their folders and "/" between
    - folder: Path of an existing folder; members land in it by the last part of their name
    - limit: Largest size of a member, in bytes

    Returns the set of the names found.

    Raises UnsafeArchiveError if any member has an absolute name or "..", is a link or a device,
    or if a wanted one is above the limit; DamagedError if the archive cannot be read.
    """
    names, found = set(names), set()
    try:
        with tarfile.open(archive, "r:*") as tar:
            for member in tar:
                name = _safe_name(archive, member)
                if name not in names or not member.isfile():
                    continue
                if member.size > limit:
                    raise UnsafeArchiveError(f"{archive} holds a huge {name}: get another one.")
                with (
                    tar.extractfile(member) as source,
                    open(Path(folder) / PurePosixPath(name).name, "wb") as file,
                ):
                    shutil.copyfileobj(source, file, BLOCK)
                found.add(name)
            # A checksum of all stands at the very end, which tarfile does not read on its own.
            while tar.fileobj.read(BLOCK):
                pass
    except NO_ARCHIVE as error:
        raise DamagedError(
            f"{archive} is cut off or no tar archive ({error}): delete it and get it again."
        ) from None
    return found


def _safe_name(archive, member):
    """Return the member's name with "/" and without "./", if it stays in its folder."""
    path = PurePosixPath(member.name.replace("\\", "/"))
    outside = path.is_absolute() or ".." in path.parts or ":" in member.name
    if outside or not (member.isfile() or member.isdir()):
        raise UnsafeArchiveError(
            f"{archive} holds {member.name!a}, a name outside its folder or a link: "
            "do not trust it, get another one."
        )
    return str(path)
