"""What `grade`, `merge`, `regrade`, `pages` and `marks` do; options has their words."""

import select
import sys
from pathlib import Path

from cs231n.checks.report import UnknownCheck, expand
from kit import KitError

from . import asked, engine, flat, intake, marks, material, pages, sandbox, secret, shards, summary
from .cluster import Cluster
from .drivers import Drivers
from .feedback import tidy
from .grade import grade
from .results import Results
from .setting import Setting

# What of a result's "graded_with" a teacher says, and by which option.
SAID = {"seed": "--secret", "release": "--release", "layout": "--layout", "not asked": "--without"}


def run(options):
    """Grade; returns 0 when every submission has a row."""
    sources = intake.find(options.submissions, skip=[options.out])
    if not sources:
        raise KitError("no submission was found there: give zips, folders, or folders of them")
    if options.shard:
        sources = _part(sources, options)
    setting, results = _setting(options, _asked(options)), Results(options.out)
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
    if options.secret is None and not _secret_file(options).exists():
        raise KitError("all parts need the same secret: give each --shard the same --secret FILE")
    return shards.part(sources, *options.shard)


def _secret_file(options):
    return options.secret or options.out / "secret"


def _executor(options, setting):
    """What runs a batch: a cluster, or processes of this machine."""
    if options.scheduler:
        return Cluster(options.scheduler, setting)
    return Drivers(setting, options.jobs or options.cores)


def run_merge(options):
    """Make one folder of several, with pages, grades and summary; returns 0."""
    count, left = shards.merge(options.folders, options.out)
    show(options.out)
    print("\n".join([*left, f"{count} submissions have a row in {options.out / 'grades.csv'}."]))
    return 0


def run_pages(options):
    """Write everything anew that comes of stored results; returns 0."""
    show(options.folder, options.anonymous)
    return 0


def run_marks(options):
    """Take in marks, then write everything anew; returns 0."""
    counts = marks.take_in(options.folder, options.tables)
    print(", ".join(f"{count} {news}" for news, count in counts.items()), "marks.")
    show(options.folder, options.anonymous)
    return 0


def show(folder, anonymous=None):
    """Write feedback, answers, grades and summary of a folder, and say how the class did."""
    survey, left = pages.write_all(folder, anonymous)
    summary.say(survey)
    print("\n".join(["", *left, f"Wrote {folder / 'summary.html'} and what it links to."]))


def run_again(options):
    """Run some checks of graded submissions again; returns 0 when all were run."""
    if not (file := _secret_file(options)).exists():
        raise KitError(
            f"regrading needs the secret of the first grading, and {file} is not there: give "
            "--secret FILE; where it is lost, grade all again: python -m kit grade"
        )
    used = _asked(options)
    wanted = _cases(options.only, flat.view(used) if options.layout == "flat" else used)
    setting, results = _setting(options, used), Results(options.out)
    names = sorted(path.stem for path in results.folder.glob("*.json"))
    with Drivers(setting, options.jobs or options.cores) as drivers:
        tasks = [drivers.submit(_again, name, setting, results, wanted) for name in names]
        done = [task.result() for task in tasks]
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
    if other := _other(old.get("graded_with"), setting.graded_with):
        return f"it was graded with another {other}: give regrade the same"
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


def _other(before, now):
    """What a result was graded with, and would not be now: then its total would be a mixture."""
    before = before if isinstance(before, dict) else {}
    return ", ".join(word for key, word in SAID.items() if before.get(key, now[key]) != now[key])


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
    found = {case for case, exercise in known.items() if exercise in exercises}
    if not found:
        raise KitError(f"{name} is asked of nobody here; see --layout and --without")
    return found


def _asked(options):
    return asked.without(material.read(release=options.release), options.without)


def _setting(options, used):
    """The Setting of a batch, tried on the solved source."""
    if not hasattr(select, "poll"):
        raise KitError("grading needs Linux or macOS; on Windows, use WSL or a Linux container")
    if options.jobs is not None and options.jobs < 1:
        raise KitError("--jobs is a number of at least 1")
    if options.no_sandbox:
        print(sandbox.OPEN, file=sys.stderr)
    key = secret.load(_secret_file(options))
    setting = Setting(
        used,
        secret.seed(key, used.assignment),
        secret.fingerprint(key, used.assignment),
        not options.no_sandbox,
    )
    print(_told(options, used), "Trying the checks on the solved source …", file=sys.stderr)
    _ = setting.shapes  # computes what is expected, and raises KitError where it cannot be trusted
    return flat.of(setting) if options.layout == "flat" else setting


def _told(options, used):
    """A sentence on what is graded, so that a forgotten release is seen."""
    whose = f"{options.release} asks" if options.release else "No --release: the whole kit asks"
    count, questions = len(used.exercises), len(used.assignment.questions)
    return f"{whose} {count} exercises ({tidy(used.points)} points), {questions} questions."
