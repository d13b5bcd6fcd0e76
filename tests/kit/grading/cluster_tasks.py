"""What the tests of the cluster run on its workers in the place of grading."""

import os
import time

from kit.grading.grade import grade


def deadly(found, setting):
    """Ends the worker at one submission, whichever worker it is."""
    if found.id == "poison":
        os._exit(1)
    return quick(found, setting)


def quick(found, setting):
    """A result without grading."""
    time.sleep(0.05)
    return {"submission": found.id, "sha256": found.sha256, "status": "graded"}


def slowly(found, setting):
    """Grades, and takes its time before."""
    time.sleep(0.3)
    return grade(found, setting)
