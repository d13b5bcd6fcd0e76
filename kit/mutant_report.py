"""Holds surviving mutants against the list of those that are known, and prints what differs."""

from collections import Counter
from pathlib import Path

from cs231n.checks.cases import EXERCISES
from cs231n.checks.report import UnknownCheck, expand
from kit import KitError, manifest, survivors, toml

LISTED = "kit/surviving_mutants.toml"


def report(names=(), root=manifest.ROOT):
    """Examine exercises, all by default, and print what was caught and what was not.

    Returns the exit status: 1 if a survivor is not listed, or a listed one does not survive.
    Raises KitError for a name that is no exercise.
    """
    known, results, wanted = listed(root), [], _exercises(names)
    for path in survivors.files(root):
        result = survivors.examine(path, root, wanted)
        results.append(result)
        _print_exercises(result)
    strangers = [(r.path, m) for r in results for m in r.survivors if m.name not in known]
    gone = stale(results, known, everything=not names)
    for path, mutant in strangers:
        print(f"{path}:{mutant.line}: survives: {mutant.name}")
    for name in gone:
        print(f"{LISTED}: does not survive (any more): {name}")
    count, total = caught(results, known)
    share = 100 * count / total if total else 100
    print(f"{count} of {total} non-equivalent mutants caught ({share:.1f} %)")
    if strangers or gone:
        print(f"Strengthen a case, or list it in {LISTED} with the reason.")
    return int(bool(strangers or gone))


def listed(root=manifest.ROOT):
    """The survivors that are known: name -> (kind, reason); kind is "equivalent" or "accepted".

    Raises KitError where the list cannot be read or gives no reason.
    """
    known = {}
    for kind, entries in toml.read(Path(root) / LISTED, LISTED).items():
        for entry in entries:
            if kind not in ("equivalent", "accepted") or not entry.get("reason"):
                raise KitError(f"{LISTED}: a [[{kind}]] needs a reason; see the file's first lines")
            known |= {name: (kind, entry["reason"]) for name in entry["mutants"]}
    return known


def stale(results, known, everything=False):
    """The listed names, of the regions that were examined or of any, that do not survive."""
    regions = {mutant.region for result in results for mutant in result.mutants}
    surviving = {mutant.name for result in results for mutant in result.survivors}
    examined = [name for name in known if everything or name.split(": ")[0] in regions]
    return [name for name in examined if name not in surviving]


def caught(results, known):
    """(refused by a check, not equivalent): the two figures, equivalent ones left out."""
    total = sum(len(result.mutants) for result in results)
    survivors = [mutant.name for result in results for mutant in result.survivors]
    equivalent = sum(known.get(name, ("",))[0] == "equivalent" for name in survivors)
    return total - len(survivors), total - equivalent


def _print_exercises(result):
    """A line for each exercise of a file: mutants refused, of how many."""
    total = Counter(mutant.region for mutant in result.mutants)
    passed = Counter(mutant.region for mutant in result.survivors)
    for exercise, count in total.items():
        print(f"{result.path}: {exercise}: {count - passed[exercise]} of {count}")


def _exercises(names):
    try:
        return {exercise.name for exercise in expand(names)} if names else EXERCISES
    except UnknownCheck as error:
        raise KitError(str(error)) from None
