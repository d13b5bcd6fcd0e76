"""Tells of a package in some folder what its exercises are and how its checks judge it.

A script, run by path in a process of its own, so that several packages can be asked in turn:
`ask` starts it.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

MINUTES = 10


def ask(folder, *, run=False, only=()):
    """Ask the package in a folder; an empty answer where it has no checks.

    Inputs:
    - folder: The one that holds cs231n/
    - run: Run every case too, which takes a few seconds
    - only: Names of the exercises to tell of; all where empty

    Returns a list of dictionaries in the order of work: name, room, needs, points, unknown (needs
    that are no exercises), count (of its cases), lives (its module's path, or ""), and with `run`
    cases: a list of name, passed, blank (the exercise that is not written, or None) and trouble.

    Raises KitError, with the last line of what it said, where the package cannot be imported.
    """
    folder = Path(folder).resolve()
    if not (folder / "cs231n" / "checks").is_dir():
        return []
    command = [sys.executable, "-I", "-B", __file__, str(folder), *["run"] * run, *only]
    environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **os.environ}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60 * MINUTES,
    )
    if done.returncode:
        from kit import KitError  # not where this file runs as a script

        reason = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise KitError(f"the checks in {folder} cannot be run: {reason}")
    return json.loads(done.stdout.splitlines()[-1])


def _exercises(run, only):
    from cs231n.checks.cases import EXERCISES, cases_of
    from cs231n.checks.contract import CONTRACT

    for exercise in EXERCISES.values():
        if only and exercise.name not in only:
            continue
        found = {key: getattr(exercise, key) for key in ("name", "room", "needs")}
        found["points"] = sum(case.points for case in cases_of(exercise.name))
        found["count"] = len(cases_of(exercise.name))
        found["unknown"] = [need for need in exercise.needs if need not in EXERCISES]
        entry = CONTRACT.get(exercise.name.partition(".")[0])
        found["lives"] = entry.module.replace(".", "/") + ".py" if entry else ""
        yield {**found, "cases": [*_verdicts(exercise)]} if run else found


def _verdicts(exercise):
    from cs231n.checks import answers
    from cs231n.checks.package import local
    from cs231n.checks.report import examine

    for verdict in examine(exercise, local(), answers.load()).verdicts:
        outcome = verdict.outcome
        wrong = [f"{finding.name} is wrong" for finding in verdict.findings]
        yield {
            "name": verdict.case.name,
            "passed": verdict.passed,
            "blank": outcome.blank,
            "trouble": outcome.error or "; ".join([*outcome.writes, *wrong]),
        }


def _main(folder, run="", *only):
    sys.path.insert(0, folder)
    sys.stdout.reconfigure(encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = list(_exercises(run == "run", only))
    print(json.dumps(found))


if __name__ == "__main__":
    _main(*sys.argv[1:])
