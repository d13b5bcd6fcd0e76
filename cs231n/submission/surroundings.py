"""What lies around the files that are handed in: the kit's given files, and a student's own."""

from . import bundle

PLACES = ("cs231n/**/*.py", "notebooks/*.py", "*.py")


def given(root, kit):
    """Names of the given files that are there, the description of the kit among them.

    In the solved source, whose description does not list them, those of the package.
    """
    names = kit.given_files or [
        path.relative_to(root).as_posix()
        for path in (root / "cs231n").rglob("*")
        if path.suffix in (".py", ".json") and "__pycache__" not in path.parts
    ]
    wanted = {*names, "cs231n/assignment.json"} - {*kit.files}
    return [name for name in sorted(wanted) if (root / name).is_file()]


def gone(root, kit):
    """Names of the given files that are not there any more."""
    return [name for name in kit.given_files if not (root / name).is_file()]


def changed(root, kit):
    """Names of the given files that are not as they were given; line ends may differ."""
    there = [name for name in kit.given_files if (root / name).is_file()]
    return [name for name in there if kit.given_files[name] not in _digests(root / name)]


def own(root, kit):
    """Names of the modules that a student added, which are not in the zip."""
    known = {*kit.files, *kit.given_files, "start.py"}
    names = {path.relative_to(root).as_posix() for pattern in PLACES for path in root.glob(pattern)}
    hidden = {name for name in names if any(part.startswith(".") for part in name.split("/"))}
    return sorted(names - known - hidden) if kit.given_files else []


def _digests(path):
    """SHA-256 of a file as it is, and as it was before git gave it Windows' line ends."""
    content = path.read_bytes()
    return {bundle.sha256(content), bundle.sha256(content.replace(b"\r\n", b"\n"))}
