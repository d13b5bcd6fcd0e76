"""Works out what a release holds: which notebooks, what students write, what they are given."""

import difflib
import re
from dataclasses import dataclass, field

from kit import KitError, manifest, probe, sources
from kit.assignment import Course


@dataclass(frozen=True)
class Wishes:
    """What a teacher asks for.

    - solve: Names of exercises, of their beginnings ("affine") or of notebooks, to be given solved
    - notebooks: Names of the notebooks that ship; all where empty
    - course: A kit.assignment.Course
    """

    solve: tuple = ()
    notebooks: tuple = ()
    course: Course = field(default_factory=Course)


@dataclass(frozen=True)
class Plan:
    """What a release of some source holds.

    - paths: The files that ship, relative to the root
    - given: Names of the regions whose solutions ship
    - exercises: What students write, as probe.ask describes it
    - editable: The files that students hand in
    - course: A kit.assignment.Course
    """

    paths: tuple
    given: frozenset
    exercises: tuple
    editable: tuple
    course: Course


def work_out(wishes=None, root=manifest.ROOT):
    """Turn wishes into a Plan.

    Raises KitError for a name that nothing has, or where an exercise needs another one that no
    chosen notebook leads to and that is not given either.
    """
    wishes = wishes or Wishes()
    everything = probe.ask(root)
    shipped = manifest.shipped(root)
    books = {path.stem: path for path in shipped if path.suffix == ".ipynb"}
    chosen = [_named(name.removesuffix(".ipynb"), books) for name in wishes.notebooks] or [*books]
    names = region_names(root, shipped)
    given = frozenset(name for wish in wishes.solve for name in meant(wish, everything, names))
    todo = [e for e in everything if e["room"] in chosen and e["name"] not in given]
    _require_needs(todo, given, everything)
    paths = [path for path in shipped if path.suffix != ".ipynb" or path.stem in chosen]
    written = {e["name"] for e in todo} or names.keys() - given
    return Plan(
        paths=tuple(paths),
        given=given,
        exercises=tuple(todo),
        editable=tuple(p for p in paths if p.suffix == ".ipynb" or _holds(names, p, written)),
        course=wishes.course,
    )


def region_names(root, paths):
    """Name of each region -> the paths that hold one of that name."""
    found = {}
    for path in paths:
        for _, region in sources.regions_in(root, path):
            found.setdefault(region.name, set()).add(path)
    return found


def meant(wish, everything, names):
    """Names that a wish means: its own, those it begins, or those of a notebook.

    Inputs:
    - wish: Such as "adam", "affine" or "BatchNormalization"
    - everything: Exercises as probe.ask describes them: their "name" and "room"
    - names: Of the regions or exercises; in the order of work

    Raises KitError, with a guess, where nothing is called so.
    """
    stem = wish.removesuffix(".ipynb")
    rooms = [e["name"] for e in everything if e["room"] == stem]
    found = [n for n in names if n == wish or n.startswith((f"{wish}.", f"{wish}_"))]
    if not (rooms or found):
        beginnings = dict.fromkeys(re.split(r"[._]", name)[0] for name in names)
        _named(wish, [*beginnings, *names, *dict.fromkeys(e["room"] for e in everything)])
    return [*rooms, *found]


def _holds(names, path, written):
    """Whether a file has a region that students write."""
    return any(path in names.get(name, ()) for name in written)


def _named(name, known):
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        guess = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
        raise KitError(f"nothing is called {name!r}; {guess}")
    return name


def _require_needs(todo, given, everything):
    """Refuse an exercise that stands on one that is neither written nor given."""
    rooms = {exercise["name"]: exercise["room"] for exercise in everything}
    there = given | {exercise["name"] for exercise in todo}
    lacking = [(e["room"], need) for e in todo for need in e["needs"] if need not in there]
    if lacking:
        names = ", ".join(dict.fromkeys(need for _, need in lacking))
        homes = ",".join(dict.fromkeys(rooms[need] for _, need in lacking))
        raise KitError(
            f"{lacking[0][0]} stands on {names}, which no chosen notebook leads to; "
            f"give them solved (--solve {homes}) or choose that notebook too"
        )
