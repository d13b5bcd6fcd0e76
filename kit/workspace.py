"""Writes the student's workspace: the shipped files, without the solutions, all or nothing."""

import os
import shutil
import tempfile
from pathlib import Path

from kit import KitError, cells, manifest, regions

TEXT = {"", ".json", ".md", ".py", ".sh", ".txt"}


def write_workspace(target, root=manifest.ROOT):
    """Write a student's workspace, unless something is there already.

    The files are written into a temporary folder beside the target, which is renamed at the end:
    an interrupted run leaves no half workspace.

    Inputs:
    - target: Folder to create; an existing one is used only if it is empty
    - root: The repository's root

    Returns True if it was written, False if a non-empty target was left as it is.

    Raises KitError if the target is a file, or cannot be written, or a source is refused.
    """
    target = Path(os.path.abspath(target))
    if target.exists() and not target.is_dir():
        raise KitError(f"{target} is a file; choose another name for the workspace")
    if target.is_dir() and any(target.iterdir()):
        return False
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return _write_aside(target, Path(root))
    except OSError as error:
        reason = error.strerror or error
        remedy = "free some space or choose another place"
        raise KitError(f"cannot write {target} ({reason}); {remedy}") from error


def student_text(path, root=manifest.ROOT):
    """The text of one shipped file as a student gets it; None for a file that is not text."""
    source = Path(root) / path
    if path.suffix == ".ipynb":
        return _student_notebook(cells.read(source), path)
    if path.suffix not in TEXT:
        return None
    try:
        text = source.read_text(encoding="utf-8")
        return regions.strip(text, outside=path.stem) if path.suffix == ".py" else text
    except UnicodeDecodeError as error:
        raise KitError(f"{path}: not UTF-8 ({error.reason}); save it as UTF-8") from None
    except regions.RegionError as error:
        raise KitError(f"{path}:{error.line}: {error.message}") from error


def _student_notebook(notebook, path):
    try:
        return cells.text_of(cells.strip(notebook))
    except regions.RegionError as error:
        raise KitError(f"{path}:{error.line}: {error.message}") from error
    except cells.CellError as error:
        raise KitError(f"{path}: {error}") from error


def _write_aside(target, root):
    """Write into a temporary sibling, then rename; returns False if somebody else was faster."""
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for path in manifest.shipped(root):
            _write_file(aside / path, path, root)
        aside.chmod(0o755)
        if target.is_dir():
            target.rmdir()  # empty; Windows does not rename onto it
        aside.rename(target)
        return True
    except FileExistsError:
        return False
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_file(destination, path, root):
    destination.parent.mkdir(parents=True, exist_ok=True)
    text = student_text(path, root)
    if text is None:
        destination.write_bytes((root / path).read_bytes())
    else:
        destination.write_text(text, encoding="utf-8", newline="\n")
    if os.stat(root / path).st_mode & 0o100 or path.suffix == ".sh":
        destination.chmod(0o755)
