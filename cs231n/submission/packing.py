"""Writes zips of which the same files always give the same bytes."""

import io
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)


def zip_bytes(files, executable=()):
    """Pack files into a zip: sorted, without dates, as if written on Unix.

    Inputs:
    - files: Dictionary path -> content in bytes; paths are relative, with forward slashes
    - executable: Paths of the scripts among them

    Returns bytes. They are the same on every machine with the same zlib; another zlib may
    compress otherwise.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, date_time=EPOCH)
            entry.create_system = 3  # Unix, whatever the machine: the bytes are to be the same
            entry.external_attr = (0o100755 if path in executable else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()
