"""Command line: `python -m cs231n.submission`."""

import sys

from .bundle import main

if __name__ == "__main__":
    sys.exit(main())
