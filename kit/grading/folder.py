"""Reads a submission that is a folder."""

from . import limits


def read(path, names):
    """The files that are handed in, and notes on those that could not be read.

    Inputs:
    - path: The folder; the files lie in it, or in the only folder in it that holds some
    - names: What is handed in

    Returns a dictionary path -> bytes, and a list of sentences. Links are not followed.
    """
    files, notes, base = {}, [], _base(path, names)
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
    """The folder itself, or the one in it that wraps the files."""

    def holds(folder):
        return any((folder / name).exists() for name in names)

    if holds(path):
        return path
    inside = [p for p in path.iterdir() if p.is_dir() and not p.is_symlink()]
    wrapping = [p for p in sorted(inside)[:100] if p.name != "__MACOSX" and holds(p)]
    return wrapping[0] if len(wrapping) == 1 else path
