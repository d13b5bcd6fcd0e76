"""The commands `python -m kit grade`, `merge` and `regrade`."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cs231n.checks.report import UnknownCheck, expand
from kit import KitError

from . import engine, intake, layouts, material, pages, sandbox, secret, shards, summary
from .cluster import Cluster
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
    command.add_argument(
        "--shard", type=shards.shard, metavar="i/n", help="only part i of n; later: kit merge"
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="grade on this dask.distributed cluster"
    )
    command.set_defaults(run=run)
    merge = commands.add_parser("merge", help="make one grading folder of those of --shard")
    merge.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    merge.add_argument("--out", required=True, type=Path, metavar="DIR", help="may be one of them")
    merge.set_defaults(run=run_merge)
    again = commands.add_parser("regrade", help="run some checks again, and touch nothing else")
    again.add_argument("--only", required=True, metavar="CHECK", help="an exercise or one case")
    _common(again)
    again.set_defaults(run=run_again)


def _common(command):
    command.add_argument("--out", required=True, type=Path, metavar="DIR", help="for the results")
    jobs = max(1, len(getattr(os, "sched_getaffinity", lambda _: [0])(0)))
    command.add_argument("--jobs", type=int, metavar="N", help="at a time; else one for each core")
    command.set_defaults(cores=jobs)
    command.add_argument("--secret", type=Path, metavar="FILE", help="else DIR/secret")
    command.add_argument(
        "--layout", choices=layouts.CHOICES, default="auto",
        help="of the submissions' files: the kit's, or Stanford's; else each one's own",
    )  # fmt: skip
    command.add_argument(
        "--no-sandbox", action="store_true", help="let submissions do whatever you may do"
    )


def run(options):
    """Grade; returns 0 when every submission has a row."""
    sources = intake.find(options.submissions, skip=[options.out])
    if not sources:
        raise KitError("no submission was found there: give zips, folders, or folders of them")
    if options.shard:
        sources = _part(sources, options)
    setting, results = _setting(options, material.read()), Results(options.out)
    with _executor(options, setting) as executor:
        jobs = options.jobs or getattr(executor, "threads", options.cores)
        tally = engine.run(sources, setting, results, executor, jobs)
    missing = results.missing(source.id for source in sources)
    if not options.shard:
        show(options.out)
    where = "a result" if options.shard else f"a row in {options.out / 'grades.csv'}"
    print(
        f"{len(sources) - len(missing)} of {len(sources)} submissions have {where}: "
        f"{tally.graded} graded now, {tally.kept} kept; {tally.failed} could not be graded in full."
    )
    if options.shard:
        print(f"Once all parts are there: python -m kit merge {options.out} … --out DIR")
    return 1 if missing else 0


def _part(sources, options):
    """The submissions of a shard; its secret must be there, or it would make one of its own."""
    if not (options.secret or (options.out / "secret").exists()):
        raise KitError("all parts need the same secret: give each --shard the same --secret FILE")
    return shards.part(sources, *options.shard)


def _executor(options, setting):
    """What runs a batch: a cluster, or threads, each of which drives a child at a time."""
    if options.scheduler:
        return Cluster(options.scheduler, setting)
    return ThreadPoolExecutor(options.jobs or options.cores)


def run_merge(options):
    """Make one folder of several, with pages, grades and summary; returns 0."""
    count, left = shards.merge(options.folders, options.out)
    show(options.out)
    print("\n".join([*left, f"{count} submissions have a row in {options.out / 'grades.csv'}."]))
    return 0


def show(folder, anonymous=None):
    """Write feedback, answers, grades and summary of a folder, and say how the class did."""
    survey, left = pages.write_all(folder, anonymous)
    summary.say(survey)
    print("\n".join(["", *left, f"Wrote {folder / 'summary.html'} and what it links to."]))


def run_again(options):
    """Run some checks of graded submissions again; returns 0 when all were run."""
    if not (options.secret or options.out / "secret").exists():
        raise KitError("regrading needs the secret of the first grading: give --secret FILE")
    used, results = material.read(), Results(options.out)
    wanted = _cases(options.only, used)
    setting = _setting(options, used)
    names = sorted(path.stem for path in results.folder.glob("*.json"))
    with ThreadPoolExecutor(options.jobs or options.cores) as executor:
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
    if options.jobs is not None and options.jobs < 1:
        raise KitError("--jobs is a number of at least 1")
    if options.no_sandbox:
        print(sandbox.OPEN, file=sys.stderr)
    key = secret.load(options.secret or options.out / "secret")
    setting = Setting(
        used,
        secret.seed(key, used.assignment),
        secret.fingerprint(key, used.assignment),
        not options.no_sandbox,
        layout=options.layout,
    )
    print("Trying the checks on the solved source …", file=sys.stderr)
    _ = setting.shapes  # computes what is expected, and raises KitError where it cannot be trusted
    return setting
