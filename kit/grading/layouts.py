"""Reads a submission of either layout, and says which one it has."""

from . import flat, intake

KIT = "kit"
CHOICES = ("auto", KIT, flat.LAYOUT)
SHOWN = {KIT: "the kit's own layout", flat.LAYOUT: "the flat layout"}


def read(source, assignment, wanted="auto"):
    """Read a submission; as intake.read, with its layout.

    What tells the layouts apart: the kit's has files in cs231n/layers/, the flat one
    cs231n/layers.py or cs231n/rnn_layers.py. A submission of neither counts as the kit's.

    Inputs:
    - source: An intake.Source
    - assignment: A cs231n.assignment.Assignment
    - wanted: One of CHOICES; a submission of the other layout is not read
    """
    found = intake.read(source, {*assignment.files, *flat.FILES})
    if found.status in ("", "empty"):
        _settle(found, assignment.files, wanted)
        found.sha256 = intake.digest(found)
    return found


def _settle(found, files, wanted):
    """Set the layout, and keep the files that it hands in."""
    seen, telling = _seen(found.files, files)
    found.layout = wanted if wanted != "auto" else seen or KIT
    if seen and seen != found.layout:
        found.status = "unreadable"
        found.message = (
            f"it has {SHOWN[seen]} ({telling[0]}), and was to be graded as of "
            f"{SHOWN[found.layout]}; grade it with --layout {seen}, or --layout auto"
        )
    names = flat.FILES if found.layout == flat.LAYOUT else files
    found.files = {name: content for name, content in found.files.items() if name in names}
    if not found.status and not found.files:
        found.status, found.message = "empty", intake.NOTHING


def _seen(files, of_kit):
    """The layout that some files have, or "", and the files that tell it."""
    own = [name for name in sorted(files) if name in of_kit and name.startswith(flat.PACKAGE)]
    telling = [name for name in flat.TELLING if name in files]
    if own:  # a folder layers/ hides a file layers.py from Python as well
        return KIT, own
    return (flat.LAYOUT, telling) if telling else ("", [])
