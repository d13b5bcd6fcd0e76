"""Writes a student kit into a folder or a zip, all or nothing, and never over somebody's work."""

import os
import shutil
import tempfile
from pathlib import Path

from cs231n.files import write_whole
from cs231n.submission.packing import zip_bytes
from kit import KitError, manifest, release


def write_workspace(target, root=manifest.ROOT, files=None):
    """Write a student's workspace, unless something is there already.

    The files are written into a temporary folder beside the target, which is renamed at the end:
    an interrupted run leaves no half workspace.

    Inputs:
    - target: Folder to create; an existing one is used only if it is empty
    - root: The repository's root
    - files: Path -> content, as release.build gives it; the whole kit, blank, where None

    Returns True if it was written, False if a non-empty target was left as it is.

    Raises KitError if the target is a file, or cannot be written, or a source is refused.
    """
    target = Path(os.path.abspath(target))
    if target.exists() and not target.is_dir():
        raise KitError(f"{target} is a file; choose another name for the workspace")
    if target.is_dir() and any(target.iterdir()):
        return False
    files = release.build(root=root) if files is None else files
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return _write_aside(target, files)
    except OSError as error:
        raise _unwritable(target, error) from error


def write_zip(target, files):
    """Write a kit into a zip; the same files give the same bytes.

    Returns True if it was written, False if exactly this zip was there already.

    Raises KitError if something else is there, or if it cannot be written.
    """
    target = Path(os.path.abspath(target))
    scripts = [str(path) for path in files if path.suffix == ".sh" or path.name == "run_autograder"]
    content = zip_bytes({str(path): text for path, text in files.items()}, executable=scripts)
    if target.exists():
        if target.is_file() and target.read_bytes() == content:
            return False
        raise KitError(f"{target} is there already; delete it or choose another name")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)
    except OSError as error:
        raise _unwritable(target, error) from error
    return True


def _unwritable(target, error):
    reason, remedy = error.strerror or error, "free some space or choose another place"
    return KitError(f"cannot write {target} ({reason}); {remedy}")


def _write_aside(target, files):
    """Write into a temporary sibling, then rename; returns False if somebody else was faster."""
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for path, content in files.items():
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            (aside / path).write_bytes(content)
            if path.suffix == ".sh":
                (aside / path).chmod(0o755)
        aside.chmod(0o755)
        if target.is_dir():
            target.rmdir()  # empty; Windows does not rename onto it
        aside.rename(target)
        return True
    except FileExistsError:
        return False
    finally:
        shutil.rmtree(aside, ignore_errors=True)
