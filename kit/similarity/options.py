"""The command line of `python -m kit similar`; what it runs is imported when it is asked for."""

from pathlib import Path

from kit.grading.options import add_submissions, later

SHOWN = 200  # pairs


def add_to(commands):
    """Add the command to argparse's sub-parsers."""
    command = commands.add_parser("similar", help="list submissions to compare by eye; no mark")
    add_submissions(command)
    command.add_argument("--out", required=True, type=Path, metavar="FILE.html")
    command.add_argument("--pairs", type=int, default=SHOWN, metavar="N", help="at most so many")
    command.set_defaults(run=later("kit.similarity.command", "run"))
