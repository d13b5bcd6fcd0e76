"""Makes the autograder's zip: the solved source, the grader, the secret, and two scripts."""

from pathlib import Path, PurePosixPath

from kit import assignment, manifest, regions, workspace
from kit.grading import secret
from kit.plan import work_out

from . import SECRET

HERE = Path(__file__).resolve().parent
SCRIPTS = ("setup.sh", "run_autograder")
COURSE = "course"
GRADER = ("kit/**/*", "tests/__init__.py", "tests/wrong/**/*.py")
NEEDED = ("numpy",)  # the grader computes with nothing else


def write(target, secret_file, wishes=None, root=manifest.ROOT):
    """Write the autograder as a zip.

    Inputs:
    - target: The zip, or a folder that it is put into as autograder.zip
    - secret_file: The course's secret; made where it is not there
    - wishes: A kit.plan.Wishes; what it gives away solved is not graded
    - root: The solved source

    Returns the zip's path and whether it was written; False where exactly it was there already.
    Raises KitError if something else is there, or a wish names nothing.
    """
    target = Path(target)
    target = target if target.suffix == ".zip" else target / "autograder.zip"
    return target, workspace.write_zip(target, files(secret_file, wishes, root))


def files(secret_file, wishes=None, root=manifest.ROOT):
    """The autograder's files: a dictionary path -> bytes. Inputs as of `write`."""
    root = Path(root)
    key, plan = secret.load(secret_file), work_out(wishes, root)
    found = {PurePosixPath(COURSE, path): _content(path, root, plan) for path in _paths(root)}
    told = assignment.describe(plan.editable, root, plan.course, plan.exercises)
    found[PurePosixPath(COURSE, assignment.PATH)] = assignment.text_of(told).encode("utf-8")
    for name in SCRIPTS:
        found[PurePosixPath(name)] = (HERE / name).read_bytes()
    found[PurePosixPath("requirements.txt")] = _requirements(root)
    found[PurePosixPath(SECRET)] = f"{key.hex()}\n".encode()
    return found


def _paths(root):
    grader = {path for pattern in GRADER for path in root.glob(pattern) if path.is_file()}
    relative = {path.relative_to(root) for path in grader if "__pycache__" not in path.parts}
    return sorted({PurePosixPath(path.as_posix()) for path in relative} | {*manifest.shipped(root)})


def _content(path, root, plan):
    """A file as the solved source has it; what is given away solved is no region any more."""
    content = (root / path).read_bytes()
    if path.suffix != ".py" or path.parts[0] != "cs231n":
        return content
    return regions.unmark(content.decode("utf-8"), plan.given).encode("utf-8")


def _requirements(root):
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return "".join(f"{line}\n" for line in lines if line.startswith(NEEDED)).encode()
