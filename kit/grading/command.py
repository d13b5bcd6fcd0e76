"""The commands `python -m kit grade` and `regrade`."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cs231n.checks.report import UnknownCheck, expand
from kit import KitError

from . import engine, intake, material, pages, sandbox, secret, summary
from .feedback import tidy
from .grade import grade
from .results import Results
from .setting import Setting


def add_to(commands):
    """Add the commands to argparse's sub-parsers."""
    command = commands.add_parser("grade", help="grade submissions, none of them trusted")
    command.add_argument(
        "submissions", nargs="+", type=Path, metavar="SUBMISSION",
        help="zips, folders, folders of them, a Gradescope export",
    )  # fmt: skip
    _common(command)
    command.set_defaults(run=run)
    again = commands.add_parser("regrade", help="run some checks again, and touch nothing else")
    again.add_argument("--only", required=True, metavar="CHECK", help="an exercise or one case")
    _common(again)
    again.set_defaults(run=run_again)


def _common(command):
    command.add_argument("--out", required=True, type=Path, metavar="DIR", help="for the results")
    jobs = max(1, len(getattr(os, "sched_getaffinity", lambda _: [0])(0)))
    command.add_argument("--jobs", type=int, default=jobs, metavar="N", help="at a time")
    command.add_argument("--secret", type=Path, metavar="FILE", help="else DIR/secret")
    command.add_argument(
        "--no-sandbox", action="store_true", help="let submissions do whatever you may do"
    )


def run(options):
    """Grade; returns 0 when every submission has a row."""
    sources = intake.find(options.submissions, skip=[options.out])
    if not sources:
        raise KitError("no submission was found there: give zips, folders, or folders of them")
    setting, results = _setting(options, material.read()), Results(options.out)
    with ThreadPoolExecutor(options.jobs) as executor:
        tally = engine.run(sources, setting, results, executor, options.jobs)
    missing = results.missing(source.id for source in sources)
    show(options.out)
    print(
        f"{len(sources) - len(missing)} of {len(sources)} submissions have a row in "
        f"{options.out / 'grades.csv'}: {tally.graded} graded now, {tally.kept} kept; "
        f"{tally.failed} could not be graded in full."
    )
    return 1 if missing else 0


def show(folder, anonymous=None):
    """Write feedback, answers, grades and summary of a folder, and say how the class did."""
    survey, left = pages.write_all(folder, anonymous)
    summary.say(survey)
    print("\n".join(["", *left, f"Wrote {folder / 'summary.html'} and what it links to."]))


def run_again(options):
    """Run some checks of graded submissions again; returns 0 when all were run."""
    used, results = material.read(), Results(options.out)
    wanted = _cases(options.only, used)
    setting = _setting(options, used)
    names = sorted(path.stem for path in results.folder.glob("*.json"))
    with ThreadPoolExecutor(options.jobs) as executor:
        done = list(executor.map(lambda name: _again(name, setting, results, wanted), names))
    show(options.out)
    for name, trouble in zip(names, done):
        if trouble:
            print(f"{name}: {trouble}", file=sys.stderr)
    print(f"{done.count('')} of {len(names)} results have {', '.join(sorted(wanted))} anew.")
    return 1 if any(done) else 0


def _again(name, setting, results, wanted):
    """Put new verdicts in the place of old ones; returns "" or what kept it from happening."""
    old = results.load(name)
    if old is None:
        return "its result is damaged; grade it again"
    new = grade(intake.Source(name, Path(old["source"])), setting, None, wanted)
    if new["sha256"] != old["sha256"]:
        return "the submission is not what was graded; grade it again"
    fresh = {check["name"]: check for check in new["checks"] if check["name"] in wanted}
    for check in fresh.values():
        check["regraded_with"] = setting.graded_with
    old["checks"] = [fresh.get(check["name"], check) for check in old["checks"]]
    old["score"] = tidy(sum(check["points"] for check in old["checks"]))
    results.save(old)
    return ""


def _cases(name, used):
    """The cases that a name means: of an exercise, or the one itself."""
    known = {case.name: case.exercise for case in used.cases}
    try:
        exercises = {exercise.name for exercise in expand([name])}
    except UnknownCheck as error:
        if name not in known:
            raise KitError(str(error)) from None
        return {name}
    if name in known and known[name] != name:
        return {name}
    return {case for case, exercise in known.items() if exercise in exercises}


def _setting(options, used):
    """The Setting of a batch, tried on the solved source."""
    if not hasattr(__import__("select"), "poll"):
        raise KitError("grading needs Linux or macOS; on Windows, use WSL or a Linux container")
    if options.jobs < 1:
        raise KitError("--jobs is a number of at least 1")
    if options.no_sandbox:
        print(sandbox.OPEN, file=sys.stderr)
    key = secret.load(options.secret or options.out / "secret")
    setting = Setting(
        used,
        secret.seed(key, used.assignment),
        secret.fingerprint(key, used.assignment),
        not options.no_sandbox,
    )
    print("Trying the checks on the solved source …", file=sys.stderr)
    _ = setting.shapes  # computes what is expected, and raises KitError where it cannot be trusted
    return setting
