"""Makes the autograder's zip: the solved source, the grader, the secret, and two scripts."""

from pathlib import Path, PurePosixPath

from kit import manifest, workspace
from kit.grading import material, released, secret
from kit.grading.feedback import tidy

from . import COURSE, RELEASE, SECRET

HERE = Path(__file__).resolve().parent
SCRIPTS = ("setup.sh", "run_autograder")
GRADER = ("kit/**/*", "tests/__init__.py", "tests/wrong/**/*.py")
NEEDED = ("numpy",)  # the grader computes with nothing else


def write(target, secret_file, release=None, root=manifest.ROOT):
    """Write the autograder as a zip.

    Inputs:
    - target: The zip, or a folder that it is put into as autograder.zip
    - secret_file: The course's secret; made where it is not there
    - release: Zip or folder of the release to grade; the whole kit where None
    - root: The solved source

    Returns the zip's path, whether it was written (not where exactly it was there already), and
    the points that its checks give.
    Raises KitError if something else is there, or if the release is none of this source.
    """
    target = Path(target)
    target = target if target.suffix == ".zip" else target / "autograder.zip"
    points = tidy(sum(material.read(root, release).assignment.exercises.values()))
    return target, workspace.write_zip(target, files(secret_file, release, root)), points


def files(secret_file, release=None, root=manifest.ROOT):
    """The autograder's files: a dictionary path -> bytes. Inputs as of `write`."""
    root = Path(root)
    key = secret.load(secret_file)
    found = {PurePosixPath(COURSE, path): (root / path).read_bytes() for path in _paths(root)}
    for path, content in released.read(release).contents.items() if release else ():
        found[PurePosixPath(RELEASE, path)] = content
    for name in SCRIPTS:
        found[PurePosixPath(name)] = (HERE / name).read_bytes()
    found[PurePosixPath("requirements.txt")] = _requirements(root)
    found[PurePosixPath(SECRET)] = f"{key.hex()}\n".encode()
    return found


def _paths(root):
    grader = {path for pattern in GRADER for path in root.glob(pattern) if path.is_file()}
    relative = {path.relative_to(root) for path in grader if "__pycache__" not in path.parts}
    return sorted({PurePosixPath(path.as_posix()) for path in relative} | {*manifest.shipped(root)})


def _requirements(root):
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return "".join(f"{line}\n" for line in lines if line.startswith(NEEDED)).encode()
