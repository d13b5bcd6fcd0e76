"""Reads the staff's TOML files; Python 3.10 has no reader of its own."""

import sys
from pathlib import Path

from kit import KitError

if sys.version_info >= (3, 11):
    import tomllib
else:  # JupyterLab brings it along
    import tomli as tomllib


def read(path, name=None):
    """The tables of a TOML file, as a dictionary.

    Inputs:
    - path: Of the file
    - name: What errors call it; the path by default

    Raises KitError for a file that cannot be read or is no TOML.
    """
    name = name or path
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise KitError(f"{name} cannot be read: {error.strerror}") from None
    except ValueError as error:  # of encoding, or of TOML
        raise KitError(f"{name} is no TOML: {error}") from None
