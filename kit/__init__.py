"""Staff tools: one solved source becomes the student's kit, and judges what comes back of it.

Run as `python -m kit …` from the repository's root. Nothing here ships, and `cs231n` never
imports it. A step is a file: regions (text), cells (notebooks), manifest and plan (what ships),
release (builds it), leaks and gate (refuse it), workspace (writes it), assignment (describes it),
record (keeps results). grading/ is a room of its own.
"""


class KitError(Exception):
    """A sentence for the person at the keyboard; the command line prints it and exits with 1."""
