"""The staff's command line: `python -m kit workspace DIR`, `python -m kit record [NOTEBOOK …]`."""

import argparse
import sys
from pathlib import Path

from kit import KitError


def main(arguments=None):
    """Run one command; returns the exit status, 0 or 1."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may not know every character of a path or an answer.
        stream.reconfigure(errors="replace") if hasattr(stream, "reconfigure") else None
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except KitError as error:
        print(f"kit: {error}", file=sys.stderr)
        return 1


def _parser():
    parser = argparse.ArgumentParser(prog="python -m kit", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    workspace = commands.add_parser("workspace", help="write a student's workspace")
    workspace.add_argument("target", metavar="DIR", help="folder to create")
    workspace.set_defaults(run=_workspace)

    record = commands.add_parser("record", help="execute the solved notebooks, keep their outputs")
    record.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    record.add_argument("--answers", action="store_true", help="only the checks' recorded answers")
    record.add_argument("--check", action="store_true", help="run nothing, say what is stale")
    record.add_argument("--force", action="store_true", help="rewrite outputs within tolerance too")
    record.set_defaults(run=_record)
    return parser


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


if __name__ == "__main__":
    sys.exit(main())
