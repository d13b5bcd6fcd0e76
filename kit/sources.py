"""Reads the solution regions of a source's files, modules and notebooks alike; errors name them."""

import contextlib
from pathlib import Path

from kit import KitError, cells, regions

OUTSIDE = "solution"  # the name of a region of a module that no function encloses
CODE = {".py", ".ipynb"}


@contextlib.contextmanager
def naming(path):
    """Let what is wrong inside one file be told with the file's name, as a KitError."""
    try:
        yield
    except regions.RegionError as error:
        raise KitError(f"{path}:{error.line}: {error.message}") from error
    except cells.CellError as error:
        raise KitError(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        raise KitError(f"{path}: not UTF-8 ({error.reason}); save it as UTF-8") from error


def regions_in(root, path):
    """The regions of one file of a source, with where each stands, in words.

    Inputs:
    - root: The solved source
    - path: Of a module or notebook, relative to it; other files have none

    Returns a list of (place, kit.regions.Region). Raises KitError, naming the file and the line.
    """
    with naming(path):
        text = (Path(root) / path).read_text(encoding="utf-8") if path.suffix in CODE else ""
        if path.suffix == ".ipynb":
            return [
                (f"{path}, cell {cell.id}", region)
                for cell in cells.parse(text).cells
                if cell.cell_type == "code"
                for region in cells.regions_in(cell)
            ]
        return [
            (f"{path}:{region.begin}", _within(region)) for region in regions.regions(text, OUTSIDE)
        ]


def _within(region):
    """A module's region; one that would keep the module from being imported is refused."""
    if region.name == OUTSIDE:
        message = "this region stands in no function: without it nobody could import the module"
        raise regions.RegionError(region.begin, message)
    return region
