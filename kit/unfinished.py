"""Names what an exercise or a notebook still lacks, each with its remedy."""

import re
from pathlib import Path

from kit import cells, manifest, nbgrader, probe, regions
from kit.plan import region_names

LISTED = ("cs231n/checks/cases", "tests/wrong", "tests/right")  # their __init__ imports each file


def sentences(root=manifest.ROOT):
    """What is half done in a source: a list of sentences, empty where nothing is.

    A source without checks has nothing to lack. Raises KitError where the checks cannot be
    imported, with the reason.
    """
    root = Path(root)
    if not (everything := probe.ask(root)):
        return []
    shipped = manifest.shipped(root)
    names = region_names(root, [path for path in shipped if path.suffix == ".py"])
    books = {path.stem: path for path in shipped if path.suffix == ".ipynb"}
    found = [line for folder in LISTED for line in _unread(root / folder, folder)]
    found += [line for exercise in everything for line in _lacking(exercise, names)]
    found += _unchecked(names, {exercise["name"] for exercise in everything})
    for room in dict.fromkeys(exercise["room"] for exercise in everything):
        work = {e["name"]: e["points"] for e in everything if e["room"] == room}
        found += _of_room(root, room, books.get(room), work)
    return found


def _unread(folder, name):
    """Files of a folder that none of its others imports."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    for stem in texts:
        line = re.compile(rf"^from \.(?: import )?{stem}\b", re.MULTILINE)
        if stem != "__init__" and not any(map(line.search, texts.values())):
            yield f"{name}/{stem}.py: nothing reads it; import it in {name}/__init__.py"


def _lacking(exercise, names):
    name, lives = exercise["name"], exercise["lives"]
    if not exercise["count"]:
        yield f"{name}: no case feeds it; write one in cs231n/checks/cases/"
    if not lives:
        yield f"{name}: say in cs231n/checks/contract.py where it lives, takes and returns"
    elif name not in names:
        yield (
            f"{name}: no region is called so; put {regions.BEGIN!r} and {regions.END!r} around "
            f"what students write of it in {lives}"
        )
    for need in exercise["unknown"]:
        yield f"{name}: needs {need!r}, which is no exercise; mend it in room()"


def _unchecked(names, checked):
    for name in sorted(names.keys() - checked):
        yield (
            f"{min(names[name])}: no check looks at {name}; enter it with room() in "
            "cs231n/checks/cases/, and write a case for it"
        )
    for name, paths in names.items():
        if len(paths) > 1:
            listed = ", ".join(map(str, sorted(paths)))
            yield f"{name}: {listed} have regions of this name, and one check; rename a function"


def _of_room(root, room, path, work):
    """What the notebook of some exercises lacks."""
    if path is None:
        yield f"room({room!r}) in cs231n/checks/cases/: there is no notebooks/{room}.ipynb"
        return
    code = [cell.source for cell in cells.read(root / path).cells if cell.cell_type == "code"]
    called = {name for source in code for name in nbgrader.checks(source, work)}
    for name in work:
        if name not in called:
            yield f"{path}: no cell has check({name!r}); add one where {name} is written"
