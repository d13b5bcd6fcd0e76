"""Lets an exercise that stands on a wrong one be judged: right functions stand in for its needs.

The right functions run in a child of their own; the submission's child gets what they return.
"""

from cs231n.checks.cases import EXERCISES

from .inside.link import Proxy
from .material import stem
from .session import Session


def failed_needs(needs, failed):
    """Of what an exercise runs, what must be stood in for, in the order of work.

    A cache is its pair's own affair, so that a forward and its backward are replaced together.
    Nothing else is: an exercise could be handed in as a call of the one beside it.
    """
    stems = {stem(need) for need in needs if need in failed}
    return tuple(name for name in EXERCISES if name in needs and stem(name) in stems)


class StandIns:
    """Runs a submission's cases with right functions in the place of some of its own.

    Inputs:
    - setting: A Setting
    - theirs: Path -> text of the files that were handed in
    - deadline: On time.monotonic()'s clock
    - fatal: See Session
    """

    def __init__(self, setting, theirs, deadline, fatal):
        self._setting, self._theirs, self._deadline = setting, theirs, deadline
        self._fatal = fatal
        self._key = self._right = self._session = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for session in (self._session, self._right):
            if session is not None:
                session.close()

    def session(self, names, exercise):
        """The Session to run the next case of an exercise in.

        It is the one of the case before, if that had the same names stood in for. Raises Gone
        where the right functions' child cannot be had any more.
        """
        # A right method runs right functions, unless it is told to run the submission's.
        method = any("." in name for name in names)
        back = (exercise,) if method and "." not in exercise else ()
        if self._key != (names, back):
            self.__exit__()
            self._key = (names, back)
            kit = self._setting.kit
            self._session = self._new(
                self._setting, self._theirs, self._fatal, names, self._call_right
            )
            self._right = self._new(kit, kit.material.solved, {}, back, self._reach_submission)
            self._right.admit = lambda array: None  # its arrays are handed on, not computed with
        self._right.ready().forget()
        return self._session

    def _new(self, setting, files, fatal, names, serve):
        places = tuple((setting.material.home(name), name) for name in names)
        return Session(setting, files, self._deadline, fatal, places, serve)

    def _call_right(self, operation, parts):
        """What a submission's child may ask for: the right functions, by their names."""
        if operation != "reference" or parts[0] not in self._key[0]:
            raise PermissionError("nothing but the needs of the exercise stands in")
        name, args, kwargs = parts
        module = self._setting.kit.material.home(name)
        return self._right.ready().ask("call", module, name, args, kwargs, ())

    def _reach_submission(self, operation, parts):
        """What the right functions may do: ask an object of the submission's; call the exercise."""
        if operation == "reference" and parts[0] in self._key[1]:
            name, args, kwargs = parts
            module = self._setting.material.home(name)
            return self._session.ready().ask("call", module, name, args, kwargs, ())
        owner, *rest = parts
        if not isinstance(owner, Proxy) or operation not in ("get", "set", "method"):
            raise PermissionError("only an object that was handed over can be asked")
        return owner._link.ask(operation, owner, *rest)
