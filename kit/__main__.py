"""The staff's command line: `release`, `workspace`, `record`, `mutants`, `grade`, `marks` …"""

import argparse
import sys
from pathlib import Path

from cs231n import console
from kit import KitError
from kit.grading import options as grading
from kit.similarity import options as similarity


def main(arguments=None):
    """Run one command; returns the exit status: 0, 1, or 130 after Ctrl-C."""
    console.spare_letters()
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except KitError as error:
        print(f"kit: {error}", file=sys.stderr)
    except BrokenPipeError:  # of `| head`; console.status_of ends it quietly
        raise
    except OSError as error:
        remedy = "free some space, or see to it that you may read and write there"
        where = f"{error.filename}: " if error.filename else ""
        print(f"kit: {where}{error.strerror or error}; {remedy}", file=sys.stderr)
    except KeyboardInterrupt:
        print(
            "kit: stopped; every file that is there is whole: start it again to go on",
            file=sys.stderr,
        )
        return 130
    return 1


def _parser():
    parser = argparse.ArgumentParser(prog="python -m kit", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_release(commands)
    _add_upkeep(commands)
    grading.add_to(commands)
    _add_gradescope(commands)
    similarity.add_to(commands)
    return parser


def _add_release(commands):
    release = commands.add_parser("release", help="write the student kit, once the gate holds")
    release.add_argument("target", nargs="?", metavar="DIR|ZIP", help="folder or zip to write")
    release.add_argument("--check", action="store_true", help="write nothing, say if it would pass")
    release.add_argument(
        "--solve",
        type=grading.names,
        default=(),
        metavar="NAMES",
        help="give these solved: exercises, their beginnings (affine,relu) or whole notebooks",
    )
    release.add_argument(
        "--notebooks",
        type=grading.names,
        default=(),
        metavar="NAMES",
        help="ship only these notebooks",
    )
    release.add_argument(
        "--course", type=_line, default="", metavar="NAME", help="name, for the README"
    )
    release.add_argument(
        "--due", type=_line, default="", metavar="WHEN", help="date, for the README"
    )
    release.add_argument("--rubric", type=Path, metavar="FILE", help="points; else kit/rubric.toml")
    release.set_defaults(run=_release)

    workspace = commands.add_parser("workspace", help="write a blank kit, without the gate")
    workspace.add_argument("target", metavar="DIR", help="folder to create")
    workspace.set_defaults(run=_workspace)


def _add_upkeep(commands):
    record = commands.add_parser("record", help="execute the solved notebooks, keep their outputs")
    record.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    record.add_argument("--answers", action="store_true", help="only the checks' recorded answers")
    record.add_argument("--check", action="store_true", help="run nothing, say what is stale")
    record.add_argument("--force", action="store_true", help="rewrite outputs within tolerance too")
    record.set_defaults(run=_record)

    mutants = commands.add_parser("mutants", help="break every solution; say what no check refuses")
    mutants.add_argument("exercises", nargs="*", metavar="EXERCISE", help="all by default")
    mutants.set_defaults(run=_mutants)


def _add_gradescope(commands):
    gradescope = commands.add_parser("gradescope", help="write an autograder for Gradescope")
    gradescope.add_argument("target", type=Path, metavar="DIR|ZIP", help="where to write the zip")
    gradescope.add_argument(
        "--secret", required=True, type=Path, metavar="FILE", help="made where it is not there"
    )
    grading.add_release(gradescope)
    gradescope.set_defaults(run=_gradescope)


def _line(text):
    """A name or a date as the README can hold it."""
    if len(text.splitlines()) > 1 or text != text.encode("utf-8", "replace").decode("utf-8"):
        raise argparse.ArgumentTypeError("write it as one line, in UTF-8")
    return text


def _wishes(options):
    from kit import assignment, plan, rubric

    points = rubric.load(options.rubric) if options.rubric else None
    course = assignment.Course(options.course, options.due, points)
    return plan.Wishes(options.solve, options.notebooks, course)


def _release(options):
    from kit import gate, plan, workspace

    if not (options.target or options.check):
        raise KitError("say where to: python -m kit release DIR or ZIP; or --check")
    planned = plan.work_out(_wishes(options))
    files = gate.require(planned)
    told = f"{len(files)} files, {len(planned.exercises)} exercises to write"
    if options.check:
        print(f"The gate holds: {told}.")
    elif options.target.endswith(".zip"):
        new = workspace.write_zip(options.target, files)
        print(f"{'Wrote' if new else 'Nothing changed in'} {options.target}: {told}.")
    elif workspace.write_workspace(options.target, files=files):
        print(f"Wrote {options.target}: {told}.")
    else:
        raise KitError(f"{options.target} is there already; choose another name")
    return 0


def _gradescope(options):
    from kit.gradescope import package

    target, new, points = package.write(options.target, options.secret, options.release)
    print(f"{'Wrote' if new else 'Nothing changed in'} {target}: upload it as the autograder.")
    print(f"In Gradescope, set its points to {points}; inline answers are marked by hand.")
    print("It holds the solutions and the secret: keep it, and the secret, to yourself.")
    return 0


def _workspace(options):
    from kit.workspace import write_workspace

    if write_workspace(options.target):
        print(f"Wrote the student workspace {options.target}.")
    else:
        print(f"{options.target} is there already and is left as it is.")
    return 0


def _record(options):
    from kit import record

    if options.check:
        return record.check(options.notebooks)
    return record.run(options.notebooks, only_answers=options.answers, force=options.force)


def _mutants(options):
    from kit import mutant_report

    return mutant_report.report(options.exercises)


if __name__ == "__main__":
    sys.exit(console.status_of(main))
