"""A batch in parts: which submissions are a part's, and how the parts' results become one."""

import argparse
import hashlib
import json
import re
from pathlib import Path

from cs231n.files import write_whole
from kit import KitError

from .marks import STORE
from .results import NEVER_KEPT, Results

NAMED = 10  # submissions in a message


def shard(text):
    """The shard i/n as (i, n), 1 ≤ i ≤ n; a type for argparse."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    i, n = map(int, found.groups()) if found else (0, 0)
    if not 1 <= i <= n:
        raise argparse.ArgumentTypeError("write i/n, such as 3/8: the third of eight")
    return i, n


def part(sources, i, n):
    """Those of some sources that are in shard i of n; by their ids alone."""
    return [source for source in sources if _number(source.id) % n == i - 1]


def _number(name):
    digest = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big")


def merge(folders, out):
    """Put the results of some folders, and those in `out`, together in `out`.

    One submission's results of the same files count once; a result that says that the grader
    failed gives way to another. Everything is compared before anything is written.

    Inputs:
    - folders: Paths of grading folders
    - out: The grading folder to write; may be one of them

    Returns the number of results, and sentences on what a person should know.

    Raises KitError where results are missing or damaged, where folders were graded with different
    secrets, versions or sandboxes, or hold results of different files under one name.
    """
    folders = list(dict.fromkeys(Path(folder).resolve() for folder in folders))
    own = Path(out).resolve()
    if own not in folders and any((own / "results").glob("*.json")):
        folders.append(own)
    chosen, different, known = {}, [], {}
    for folder in folders:
        for path, facts in _facts(folder):
            _require_alike(known, folder, facts.pop("graded_with"), path.stem)
            before = chosen.setdefault(path.stem, (path, facts))
            if facts["lost"] or before[1] == facts:
                continue
            if before[1]["lost"]:
                chosen[path.stem] = (path, facts)
            else:
                different.append(f"{path.stem} (in {before[0].parents[1]} and {folder})")
    if different:
        raise KitError(
            f"different submissions have one name: {_some(different)}; remove the result that is "
            "not wanted, or rename one of the submissions and grade it again; nothing was written"
        )
    results = Results(out)
    for name, (path, _) in chosen.items():
        if path.parent != own / "results":
            write_whole(results.path(name), path.read_bytes())
    return len(chosen), _left(folders, own, Path(out))


def _facts(folder):
    """Yield path, and what is compared, of each result in a folder."""
    results = Path(folder, "results")
    if not results.is_dir():  # one without files is a shard that none of a small class fell into
        raise KitError(f"{folder} holds no results; give folders that were an --out of kit grade")
    damaged = []
    for path in sorted(results.glob("*.json")):
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            facts = {key: found[key] for key in ("sha256", "graded_with")}
            yield path, {**facts, "lost": found["status"] == NEVER_KEPT}
        except (ValueError, TypeError, KeyError):
            damaged.append(path.stem)
    if damaged:
        raise KitError(f"{folder} holds damaged results: {_some(damaged)}; grade these again")


def _require_alike(known, folder, graded_with, name):
    """Raise where a result was graded with something else than the first one."""
    first, where = known.setdefault("first", (graded_with, f"{name} in {folder}"))
    if graded_with == first:
        return
    here = f"{name} in {folder}"
    if graded_with.get("seed") != first.get("seed"):
        raise KitError(
            f"{where} and {here} were graded with different secrets (fingerprints "
            f"{first.get('seed')} and {graded_with.get('seed')}), so on different hidden inputs: "
            "grade the one part again with the --secret FILE of the other; nothing was written"
        )
    raise KitError(
        f"{where} and {here} were not graded alike ({first} and {graded_with}): grade the older "
        "part again with this version of the source and the same options; nothing was written"
    )


def _left(folders, own, out):
    """Sentences on marks that are not taken along."""
    return [
        f"{folder / STORE} holds marks, which stay there; take them in: python -m kit marks {out} "
        f"{folder / 'marks.csv'}"
        for folder in folders
        if folder != own and (folder / STORE).exists()
    ]


def _some(names):
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
