"""Command line: `python -m cs231n.checks` for the board, with names for their details."""

import sys
from pathlib import Path

if not __package__:  # run as `python some/where/cs231n/checks`
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from cs231n.checks.board import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
