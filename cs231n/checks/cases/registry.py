"""The tables that rooms of cases fill: exercises in the order of work, and their cases."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Exercise:
    """One thing that a student writes: the regions of one function or method."""

    name: str
    room: str  # the notebook that leads to it
    needs: tuple[str, ...] = ()  # exercises whose code it runs


@dataclass(frozen=True)
class Case:
    """One way to feed an exercise: `function(cs, rng)` returns named arrays, compares nothing."""

    name: str
    exercise: str
    points: int
    limit: float  # largest scale-relative error that passes
    sizes: dict = field(compare=False)  # shape letters, to name a factor that is off: {"N": 4}
    function: Callable = field(compare=False)

    @property
    def title(self):
        """What the case feeds: its docstring's first line."""
        return (self.function.__doc__ or self.name).strip().splitlines()[0]


EXERCISES: dict[str, Exercise] = {}
CASES: dict[str, Case] = {}


def room(notebook, work):
    """Open a notebook's room: `work` maps exercises, in the order of work, to what they need."""
    for name, needs in work.items():
        EXERCISES[name] = Exercise(name, notebook, tuple(needs.split()))


def case(points, exercise=None, limit=1e-7, sizes=None):
    """Enter the decorated function as a case of an exercise (by default the one of its name)."""

    def enter(function):
        name = function.__name__
        owner = exercise or name
        if owner not in EXERCISES:
            raise ValueError(f"case {name}: no exercise {owner!r}; enter it with room() first")
        CASES[name] = Case(name, owner, points, limit, sizes or {}, function)
        return function

    return enter


def cases_of(exercise):
    """The cases of an exercise, in the order they were entered."""
    return [case for case in CASES.values() if case.exercise == exercise]
