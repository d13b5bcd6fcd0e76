"""The release gate: everything that has to hold of a student kit before a student sees it."""

import io
import json
import subprocess
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from kit import (
    KitError,
    cells,
    leaks,
    manifest,
    probe,
    regions,
    release,
    unfinished,
    workspace,
)
from kit.plan import work_out


def troubles(plan=None, root=manifest.ROOT):
    """Build the kit and hold it against the gate.

    Inputs:
    - plan: A kit.plan.Plan; everything blank where None
    - root: The solved source

    Returns a tuple of:
    - files: Path -> content, as release.build gives it
    - found: List of sentences that name file, line and remedy; empty where the gate holds

    Raises KitError where the kit cannot even be built.
    """
    root, plan = Path(root), plan or work_out(root=root)
    files = release.build(plan, root)
    found = [*_listing(root), *_compiling(files), *_neat(files), *_refilled(files, plan, root)]
    blank = release.build(work_out(root=root), root) if plan.given else files
    found += leaks.find(blank, root)  # what a teacher gives away is no leak
    found += unfinished.sentences(root)
    if not found:
        found = [*_collected(files, plan), *_judged(files, plan, root)]
    return files, found


def _listing(root):
    """What should ship and is not there, and what nobody has said of whether it ships."""
    for name in manifest.missing(root):
        yield f"{name} is missing; restore it from git, or take it off kit/manifest.py"
    tracked, strays = _git(root, "ls-files"), _git(root, "ls-files", "--others")
    for path in manifest.unlisted(map(PurePosixPath, tracked)):
        yield f"{path}: say in kit/manifest.py whether it ships"
    for path in {str(path) for path in manifest.shipped(root)} & set(strays):
        yield f"{path} would ship, but git does not know it; `git add` it, or move it away"


def _git(root, *command):
    """Paths that git tells of the root; none where the root is no repository of its own."""
    if not (Path(root) / ".git").exists():
        return []
    try:
        done = subprocess.run(["git", "-C", str(root), *command, "-z"], capture_output=True)
    except OSError:
        return []
    return [name for name in done.stdout.decode("utf-8", "replace").split("\0") if name]


def _compiling(files):
    for path, text in _python(files):
        if regions.parsed(text) is None and not text.startswith("%%"):
            yield f"{path}: does not compile without its solutions; mend the source"


def _python(files):
    """(where, text) of every Python text of a kit: modules and code cells."""
    for path, content in files.items():
        if path.suffix == ".py":
            yield str(path), content.decode("utf-8")
        elif path.suffix == ".ipynb":
            for cell in cells.parse(content.decode("utf-8")).cells:
                if cell.cell_type == "code":
                    yield f"{path}, cell {cell.id}", cell.source


def _neat(files):
    """Nothing of a run is left in a notebook, and no text looks like a region."""
    for path, content in files.items():
        if path.suffix != ".ipynb":
            continue
        for cell in json.loads(content)["cells"]:
            if cell.get("outputs") or cell.get("execution_count"):
                yield f"{path}, cell {cell['id']}: an output is left; this is a bug of kit.cells"
            prose = "".join(cell["source"]) if cell["cell_type"] != "code" else ""
            if regions.MARKER.search(prose):
                yield (
                    f"{path}, cell {cell['id']}: prose spells a region's marker, and nbgrader "
                    "takes it for one; write 'the two lines that say SOLUTION'"
                )


def _refilled(files, plan, root):
    """Put the solutions back into the kit: it has to be the source again, byte for byte."""
    for path in plan.paths:
        solved = release.solved_text(path, root, plan)
        if path.suffix not in (".py", ".ipynb"):
            continue
        if refill(files[path].decode("utf-8"), solved, path) != solved:
            yield f"{path}: filled with its solutions it is not the source; this is a bug of kit"


def refill(text, solved, path):
    """Put the solutions of a solved text back into a student's text of the same file."""
    if path.suffix == ".ipynb":
        return cells.text_of(cells.fill(cells.parse(text), cells.parse(solved)))
    return regions.fill(text, regions.regions(solved))


def _collected(files, plan):
    """What the kit's own collecting takes has to be what students edit."""
    from cs231n.submission import bundle

    with tempfile.TemporaryDirectory(prefix="kit-") as folder:
        workspace.write_workspace(Path(folder) / "kit", files=files)
        packed = zipfile.ZipFile(io.BytesIO(bundle.pack(Path(folder) / "kit"))).namelist()
    editable = {str(path) for path in plan.editable}
    for path in sorted(editable ^ {name for name in packed if name != "manifest.json"}):
        what = "not handed in" if path in editable else "handed in"
        yield f"{path}: is {what}; run `python -m kit record --answers`"


def _judged(files, plan, root):
    """Every check has to pass in the source, and in the kit to stop at what is not written."""
    done = {exercise["name"]: exercise["cases"] for exercise in probe.ask(root, run=True)}
    for name, cases in done.items():
        for case in cases:
            if not case["passed"]:
                yield f"{case['name']}: the solved {name} fails it ({case['trouble']})"
    with tempfile.TemporaryDirectory(prefix="kit-") as folder:
        workspace.write_workspace(Path(folder) / "kit", files=files)
        blank = {e["name"]: e["cases"] for e in probe.ask(Path(folder) / "kit", run=True)}
    asked = [exercise["name"] for exercise in plan.exercises]
    for name in asked:
        for case in blank[name]:
            if case["blank"] is None:
                state = "passes" if case["passed"] else f"stops with {case['trouble']!r}"
                yield (
                    f"{case['name']}: {state} where {name} is not written; it has to raise "
                    f'NotImplementedError("{name}"): does its region hold the whole solution?'
                )
    for name in plan.given & blank.keys():
        if not all(case["passed"] or case["blank"] for case in blank[name]):
            yield f"{name}: given solved, but its checks fail in the kit"


def require(plan=None, root=manifest.ROOT):
    """The kit's files where the gate holds; else a KitError that lists what is wrong."""
    files, found = troubles(plan, root)
    if found:
        listed = "\n".join(f"  {sentence}" for sentence in found)
        raise KitError(f"no release: {len(found)} things are not as they have to be.\n{listed}")
    return files
