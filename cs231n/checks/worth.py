"""What a course's release says of the exercises: which ones students write, and their points."""

import functools

from cs231n.assignment import AssignmentError, load

from .cases import EXERCISES, cases_of


@functools.cache
def asked():
    """Names of the exercises that students write, in the order of work; see `points`."""
    listed = _listed()
    return [name for name in EXERCISES if not listed or name in listed]


@functools.cache
def points(exercise):
    """What an exercise is worth: as the release says, else the sum of its cases' points."""
    return _listed().get(exercise, sum(case.points for case in cases_of(exercise)))


@functools.cache
def _listed():
    """Exercise -> points; empty where the description is gone: then everything is asked."""
    try:
        return load().exercises
    except AssignmentError:
        return {}
