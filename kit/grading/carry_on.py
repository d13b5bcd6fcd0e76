"""Lets an exercise that stands on a wrong one be judged: right functions stand in for its needs.

The right functions run in a child of their own; the submission's child gets what they return.
"""

from cs231n.checks.cases import EXERCISES
from cs231n.checks.contract import CONTRACT

from .inside.link import Proxy
from .session import Session


def failed_needs(exercise, failed):
    """Of what an exercise runs, what must be stood in for, in the order of work.

    A cache is its pair's own affair, so that a forward and its backward are replaced together.
    Nothing else is: an exercise could be handed in as a call of the one beside it.
    """
    needs = EXERCISES[exercise].needs
    stems = {_stem(need) for need in needs if need in failed}
    return tuple(name for name in EXERCISES if name in needs and _stem(name) in stems)


def _stem(name):
    """What the functions of a pair have in common; a method is its own."""
    return name.partition("_forward")[0].partition("_backward")[0] if "." not in name else name


class StandIns:
    """The right functions of a batch's source, run for one submission in a child of their own."""

    def __init__(self, setting, deadline):
        self._session = Session(setting, setting.material.solved, deadline, serve=_attributes)

    def session(self, setting, theirs, deadline, names):
        """A Session of a submission in which the right functions stand in for some names."""
        places = tuple((_module(name), name) for name in names)
        allowed = dict(zip(names, places))

        def serve(operation, parts):
            if operation != "reference" or parts[0] not in allowed:
                raise PermissionError("nothing but the needs of the exercise stands in")
            name, args, kwargs = parts
            child = self._session.ready()
            return child.ask("call", *allowed[name], args, kwargs, ())

        return Session(setting, theirs, deadline, places, serve)

    def forget(self):
        """Begin a case."""
        self._session.ready().forget()

    def close(self):
        """End the child."""
        self._session.close()


def _attributes(operation, parts):
    """What the right methods may do to a submission's object: read, set, call."""
    owner, *rest = parts
    if not isinstance(owner, Proxy) or operation not in ("get", "set", "method"):
        raise PermissionError("only an object handed over can be asked")
    return owner._link.ask(operation, owner, *rest)


def _module(name):
    return CONTRACT[name.partition(".")[0]].module
