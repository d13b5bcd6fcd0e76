"""Staff tools: one solved source becomes the student's workspace and the recorded notebooks.

Run as `python -m kit …` from the repository's root. Nothing here ships, and `cs231n` never
imports it. A step is a file: regions (text), cells (notebooks), manifest (what ships),
workspace (writes it), assignment (describes it), record (keeps results).
"""


class KitError(Exception):
    """A sentence for the person at the keyboard; the command line prints it and exits with 1."""
