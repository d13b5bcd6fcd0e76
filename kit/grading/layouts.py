"""Reads a submission of the layout that is graded; one of the other is refused with the remedy."""

from . import intake

OTHER = {"kit": "flat", "flat": "kit"}


def read(source, material):
    """Read a submission; as intake.read.

    A submission cannot choose: it is of the other layout where it has none of the files by which a
    submission of this one shows itself, and some of the other's.

    Inputs:
    - source: An intake.Source
    - material: A Material
    """
    found = intake.read(source, material.assignment.files)
    if found.status == "unreadable" or any(name in found.files for name in material.telling):
        return found
    foreign = sorted(intake.read(source, material.foreign).files)
    if foreign:
        other = OTHER[material.layout]
        found.files, found.status = {}, "unreadable"
        found.message = (
            f"it has the {other} layout ({foreign[0]}), and this is graded with --layout "
            f"{material.layout}: grade it with --layout {other}, into a folder of its own"
        )
        found.sha256 = intake.digest(found)
    return found
