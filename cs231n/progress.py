"""Progress bars: there while somebody watches, never in a recording or a log."""

import os
import sys

from tqdm import tqdm


def progress(items, what):
    """Go through a list, such as the settings of a study, with a bar whenever somebody watches.

    Inputs:
    - items: A sequence
    - what: What one of them is, to stand beside the bar

    Returns an iterator over the items.
    """
    return iter(bar(items, desc=what))


def bar(items=None, shown=True, **options):
    """A bar that goes away when its work is done.

    Inputs:
    - items: What to go through, or None for a bar that its owner updates
    - shown: False hides it from everybody
    - options: Those of tqdm

    Returns a tqdm.
    """
    hidden = not (shown and somebody_watches())
    return tqdm(items, leave=False, file=_screen(), disable=hidden, **options)


def somebody_watches():
    """Whether to show progress: in a terminal or a live notebook, not in a recording."""
    if os.environ.get("CS231N_RECORDING"):
        return False
    # Programs without a console, such as pythonw on Windows, have no stderr.
    return "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())


def _screen():
    """Where a bar is drawn: JupyterLab paints stderr red, and a bar is no error."""
    return sys.stdout if "ipykernel" in sys.modules else sys.stderr
