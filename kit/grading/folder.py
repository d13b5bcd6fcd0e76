"""Reads a submission that is a folder."""

from . import limits

MOST = 100  # folders that are looked into, at each depth


def read(path, names):
    """The files that are handed in, and notes on those that could not be read.

    Inputs:
    - path: The folder; the files lie in it, or in the only folder in it that holds some, which
      may be in other folders
    - names: What is handed in

    Returns a dictionary path -> bytes, and a list of sentences. Links are not followed.
    """
    files, (base, notes) = {}, _base(path, names)
    for name in sorted(names):
        place = base / name
        parents = [base.joinpath(*place.relative_to(base).parts[:i]) for i in range(1, 9)]
        if any(part.is_symlink() for part in parents):
            notes.append(f"{name} is a link; it was not followed")
        elif place.is_file():
            _take(name, place, files, notes)
        elif place.exists():
            notes.append(f"{name} is no file")
    return files, notes


def _take(name, place, files, notes):
    try:
        size = place.stat().st_size
        if size > limits.of(name):
            notes.append(f"{name} has {size} bytes; {limits.of(name)} are read at most")
            return
        with place.open("rb") as file:
            files[name] = file.read(limits.of(name))
    except OSError as error:
        notes.append(f"{name} cannot be read: {error.strerror}")


def _base(path, names):
    """The folder itself, or the one in it that wraps the files; and a note where several do."""
    wrapping, level = [], [path]
    for _ in range(limits.DEEP + 1):
        holding = [folder for folder in level if any((folder / name).exists() for name in names)]
        if path in holding:
            return path, []
        wrapping += holding
        level = [p for folder in level if folder not in holding for p in _folders(folder)][:MOST]
    tops = [f"{folder.relative_to(path).as_posix()}/" for folder in wrapping]
    return (wrapping[0], []) if len(wrapping) == 1 else (path, limits.several(tops))


def _folders(folder):
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        p
        for p in found
        if p.is_dir() and not p.is_symlink() and not p.name.startswith((".", "__MACOSX"))
    ]
