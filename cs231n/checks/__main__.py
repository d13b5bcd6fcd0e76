"""Command line: `python -m cs231n.checks` for the board, with names for their details."""

import argparse
import sys
from pathlib import Path

if not __package__:  # run as `python some/where/cs231n/checks`
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from cs231n import console
from cs231n.checks.board import chosen, main
from cs231n.checks.watch import watch


def run(words=None):
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m cs231n.checks",
        description="The board of all exercises and what to do next; with names, their details.",
    )
    parser.add_argument("names", nargs="*", metavar="EXERCISE", help="such as affine_forward")
    parser.add_argument("--watch", action="store_true", help="check again whenever a file is saved")
    parser.add_argument("--rows", action="store_true", help="with names: rows of the board")
    options = parser.parse_args(words)
    if options.watch:
        exercises = chosen(options.names)
        return watch([exercise.name for exercise in exercises]) if exercises else 2
    return main(options.names, rows=options.rows)


if __name__ == "__main__":
    sys.exit(console.status_of(run))
