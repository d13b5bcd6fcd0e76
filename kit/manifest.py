"""Says of every path whether it ships to students: an explicit list, nothing by default."""

from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from kit import KitError

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = (
    "LICENSE",
    "README.md",
    "collect_submission.sh",
    "cs231n/**/*.json",
    "cs231n/**/*.py",
    "cs231n/replay/matplotlibrc",
    "cs231n/submission/page.typ",
    "cs231n/submission/pdf-requirements.txt",
    "cs231n/vision/weights.npz",
    "datasets/README.md",
    "docs/pictures/*.png",
    "notebooks/*.ipynb",
    "notebooks/pictures/*.png",
    "requirements.txt",
    "start.py",
)
STAFF = (
    ".ci/**",
    ".dockerignore",
    ".gitattributes",
    ".github/**",
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "benchmarks/**",
    "docs/**",
    "kit/**",
    "mkdocs.yml",
    "pyproject.toml",
    "tests/**",
)


def shipped(root=ROOT):
    """List the files that ship, as sorted paths relative to the root.

    Raises KitError where none is found. Hidden folders and __pycache__ never ship, whatever
    they hold.
    """
    found = {path for pattern in SHIPPED for path in Path(root).glob(pattern) if path.is_file()}
    relative = sorted(PurePosixPath(path.relative_to(root).as_posix()) for path in found)
    result = [path for path in relative if not _hidden(path)]
    if not result:
        raise KitError(f"{root} holds nothing that ships; is it the repository's root?")
    return result


def unlisted(paths):
    """Of the given relative paths, those that neither ship nor are known as staff's."""
    return [path for path in paths if not _listed(path, SHIPPED) and not _listed(path, STAFF)]


def missing(root=ROOT):
    """The named files (no patterns) that should ship and are not there."""
    return [name for name in SHIPPED if "*" not in name and not (Path(root) / name).is_file()]


def editable(root=ROOT):
    """The shipped files that a student edits: those with a solution region, and the notebooks."""
    from kit import sources  # it needs nbformat, which Gradescope's container doesn't have

    return [
        path
        for path in shipped(root)
        if path.suffix == ".ipynb" or (path.suffix == ".py" and sources.regions_in(root, path))
    ]


def _hidden(path):
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _listed(path, patterns):
    return any(fnmatchcase(str(path), pattern.replace("**/*", "*")) for pattern in patterns)
