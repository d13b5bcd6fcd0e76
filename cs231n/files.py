"""Files are written whole or not at all."""

import contextlib
import os
from pathlib import Path


def write_whole(path, content):
    """Write a file in one step: whatever stops it, the earlier file or the new one is there.

    Inputs:
    - path: Where to; an earlier file is replaced
    - content: Bytes, or text, which is written as UTF-8 with \\n

    Raises OSError where it cannot be written; then everything is as it was.
    """
    path = Path(path)
    aside = path.with_name(path.name + ".partial")
    try:
        aside.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        os.replace(aside, path)
    finally:
        with contextlib.suppress(OSError):
            aside.unlink()
