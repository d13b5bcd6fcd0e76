"""The release gate: everything that has to hold of a student kit before a student sees it."""

import io
import subprocess
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from kit import (
    KitError,
    cells,
    leaks,
    manifest,
    neatness,
    probe,
    regions,
    release,
    unfinished,
    workspace,
)
from kit.plan import region_names, work_out


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
    found = [*_listing(root), *_compiling(files), *neatness.troubles(files, plan, root)]
    found += _refilled(files, plan, root)
    blank = release.build(work_out(root=root), root) if plan.given else files
    found += leaks.find(blank, root)  # what a teacher gives away is no leak
    found += leaks.given_away(root, plan.given)
    found += unfinished.sentences(root)
    if not found:
        found = [*_collected(files, plan), *_judged(files, plan, root)]
    if not found:
        found = [*_alone(files, plan, root)]
    return files, found


def _listing(root):
    """What should ship and is not there, or lies elsewhere, or nobody has said whether it ships."""
    for name in manifest.missing(root):
        yield f"{name} is missing; restore it from git, or take it off kit/manifest.py"
    for path in manifest.shipped(root):
        if (root / path).resolve() != root.resolve() / path:
            yield f"{path} is a link, or lies in one; put the file itself there"
    tracked, strays = _git(root, "ls-files"), _git(root, "ls-files", "--others")
    for path in manifest.unlisted(map(PurePosixPath, tracked)):
        yield f"{path}: say in kit/manifest.py whether it ships"
    for path in {str(path) for path in manifest.shipped(root)} & set(strays):
        yield f"{path} would ship, but git does not know it; `git add` it, or move it away"


def _git(root, *command):
    """Paths that git tells of the root; none where the root is no repository of its own.

    Raises KitError where git cannot tell: what is not tracked would ship unseen.
    """
    if not (Path(root) / ".git").exists():
        return []
    try:
        done = subprocess.run(["git", "-C", str(root), *command, "-z"], capture_output=True)
    except OSError as error:
        raise KitError(f"git cannot be run ({error.strerror}); install it") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise KitError(f"git does not tell which files are tracked: {said}")
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
    blank = _verdicts(files)
    for name in (exercise["name"] for exercise in plan.exercises):
        yield from _not_blank(name, [case for case in blank[name] if case["blank"] is None])
    for name in plan.given & blank.keys():
        if not all(case["passed"] or case["blank"] for case in blank[name]):
            yield f"{name}: given solved, but its checks fail in the kit"


def _verdicts(files, only=()):
    """Exercise -> its cases, run on a kit of these files; see probe.ask."""
    with tempfile.TemporaryDirectory(prefix="kit-") as folder:
        workspace.write_workspace(Path(folder) / "kit", files=files)
        found = probe.ask(Path(folder) / "kit", run=True, only=only)
    return {exercise["name"]: exercise["cases"] for exercise in found}


def _not_blank(name, cases):
    for case in cases:
        state = "passes" if case["passed"] else f"stops with {case['trouble']!r}"
        yield (
            f"{case['name']}: {state} where {name} is not written; it has to raise "
            f'NotImplementedError("{name}"): does its region hold the whole solution?'
        )


def _alone(files, plan, root):
    """Where all that an exercise needs is written, its checks have to stop at the exercise itself.

    In the blank kit they may stop before they come to it.
    """
    names = region_names(root, plan.paths).keys()
    modules = [path for path in files if path.suffix == ".py"]
    for group in _groups(plan.exercises):
        others = names - group
        solved = {path: regions.strip(_given(root, path, others)).encode() for path in modules}
        for name, cases in _verdicts({**files, **solved}, only=sorted(group)).items():
            yield from _not_blank(name, [case for case in cases if case["blank"] != name])


def _given(root, path, names):
    return regions.unmark((root / path).read_text(encoding="utf-8"), names)


def _groups(exercises):
    """Sets of exercises of which none needs another of its own set."""
    needs = {exercise["name"]: exercise["needs"] for exercise in exercises}
    depths = {}

    def depth(name):
        if name not in depths:
            depths[name] = 1 + max((depth(need) for need in needs.get(name, ())), default=0)
        return depths[name]

    return [{name for name in needs if depth(name) == d} for d in sorted({*map(depth, needs)})]


def require(plan=None, root=manifest.ROOT):
    """The kit's files where the gate holds; else a KitError that lists what is wrong."""
    files, found = troubles(plan, root)
    if found:
        listed = "\n".join(f"  {sentence}" for sentence in found)
        raise KitError(f"no release: {len(found)} things are not as they have to be.\n{listed}")
    return files
