"""Reads a submission that is a zip, which may be of any kind of malice."""

import io
import stat
import zipfile
from collections import Counter

from . import limits, roster
from .limits import Refused

END, END64 = b"PK\x05\x06", b"PK\x06\x07"
DIRECTORY = 2 << 20  # bytes: some 2,000 entries
CHUNK = 1 << 16
EXPORT = "it is a Gradescope export, of many submissions: unpack it, and give the folder"


def read(path, names):
    """The files that are handed in, and notes on those that could not be read.

    Inputs:
    - path: The zip; the files lie at its top, or in the only folder that holds some, which may
      be in other folders
    - names: What is handed in

    Returns a dictionary path -> bytes, and a list of sentences. Nothing is unpacked but these
    files. Raises Refused for what is no zip or too large a one, and whatever zipfile raises.
    """
    if not path.is_file():
        raise Refused("it is neither a folder nor a file")
    if path.stat().st_size > limits.TOTAL:
        raise Refused(f"it has more than {limits.TOTAL >> 20} MB")
    content = path.read_bytes()
    _require_directory(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > limits.FILES:
            raise Refused(f"it holds {len(entries)} files; {limits.FILES} are read at most")
        if any(map(_lists_submissions, archive.namelist())):
            raise Refused(EXPORT)
        return _read(archive, entries, names)


def is_export(path):
    """Whether a file is Gradescope's export of an assignment, of any size, as it was downloaded."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - (1 << 17)))
            _require_directory(file.read())
        with zipfile.ZipFile(path) as archive:
            return any(map(_lists_submissions, archive.namelist()))
    except Exception:  # it is no zip that can be opened, which its row will say
        return False


def _lists_submissions(name):
    """Whether a path is that of an export's list: at the top, or in the folder around it all."""
    return name.split("/")[-1] == roster.METADATA and name.count("/") < 2


def _read(archive, entries, names):
    files, total = {}, 0
    prefix, notes = _prefix(entries, names)
    copies = Counter(entry.filename for entry in entries)
    for entry in entries:
        name = entry.filename.removeprefix(prefix) if entry.filename.startswith(prefix) else ""
        if reason := _refused(entry):
            notes.append(f"{_shown(entry.orig_filename)} {reason}; it was left out")
        elif name in names and copies[entry.filename] > 1:
            notes.append(f"{name} is in it {copies[entry.filename]} times; none was taken")
        elif name in names:
            _take(archive, entry, name, files, notes, limits.TOTAL - total)
            total += len(files.get(name, b""))
    return files, list(dict.fromkeys(notes))[:50]


def _require_directory(content):
    """Refuse a directory that is larger than its limit before it is read into memory."""
    place = content.rfind(END, max(0, len(content) - (1 << 16) - 22))
    if place < 0 or len(content) < place + 22:
        raise Refused("it is no zip, or only the beginning of one")
    size = int.from_bytes(content[place + 12 : place + 16], "little")
    if size > DIRECTORY or content[place - 20 : place - 16] == END64:
        raise Refused(f"it holds more than {limits.FILES} files, or very long names")


def _prefix(entries, names):
    """ "" or "folder/": where the files lie; and a note where that cannot be told."""
    found = [entry.filename for entry in entries]
    if any(name in names for name in found):
        return "", []
    tops = {top for name in found if (top := _top(name, names))}
    # A copy inside of it is an older one.
    tops = sorted(t for t in tops if not any(t != o and t.startswith(o) for o in tops))
    return (tops[0], []) if len(tops) == 1 else ("", limits.several(tops))


def _top(path, names):
    """What stands in a path before one of some names, as in "folder/"; "" where none is there."""
    parts = path.split("/")
    for depth in range(1, min(limits.DEEP, len(parts) - 1) + 1):
        if "/".join(parts[depth:]) in names:
            hidden = any(part.startswith((".", "__MACOSX")) for part in parts[:depth])
            return "" if hidden else "/".join(parts[:depth]) + "/"
    return ""


def _refused(entry):
    """Why an entry is not read, or ""."""
    name = entry.orig_filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link or a device"
    if "\0" in name or "\\" in name:
        return "has a backslash or a NUL in its name"
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        return "leads out of the folder"
    return ""


def _take(archive, entry, name, files, notes, room):
    found, most = bytearray(), min(limits.of(name), room)
    try:
        with archive.open(entry) as stream:
            while part := stream.read(CHUNK):
                found += part
                packed = max(1, entry.compress_size)
                if len(found) > most or (
                    len(found) > 1 << 20 and len(found) > limits.RATIO * packed
                ):
                    notes.append(f"{name} is too large once it is unpacked; it was left out")
                    return
    except Exception as error:  # a wrong checksum, a password, an unknown compression
        notes.append(f"{name} cannot be unpacked ({type(error).__name__}: {error})"[:300])
        return
    files[name] = bytes(found)


def _shown(name):
    return "".join(c if c.isprintable() else "?" for c in name)[:100]
