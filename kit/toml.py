"""Reads the TOML files of the kit: a rubric, lines that are allowed, mutants that survive."""

import sys
from pathlib import Path

from kit import KitError

if sys.version_info >= (3, 11):
    import tomllib
else:  # JupyterLab brings it along
    import tomli as tomllib


def read(path, shown=None):
    """The tables of a TOML file, as dictionaries.

    Raises KitError, calling the file `shown`, where it cannot be read or is no TOML.
    """
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))  # Notepad writes a mark
    except OSError as error:
        raise KitError(f"{shown or path} cannot be read: {error.strerror}") from None
    except ValueError as error:  # of the encoding, or of TOML
        raise KitError(f"{shown or path} is no TOML: {error}") from None
