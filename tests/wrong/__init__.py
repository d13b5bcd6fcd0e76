"""Wrong solutions: small believable mistakes, each refused by its check and named in its hint."""

from collections.abc import Callable
from typing import NamedTuple


class Wrong(NamedTuple):
    """A mistake. `solution` stands in for the contract name `target` and fails `exercise`."""

    exercise: str
    cause: str  # what a student reads who made this mistake
    target: str
    solution: Callable


WRONG: list[Wrong] = []


def wrong(exercise, cause, target=None):
    """Enter the decorated function or class as a mistake in an exercise."""

    def enter(solution):
        WRONG.append(Wrong(exercise, cause, target or exercise.split(".")[0], solution))
        return solution

    return enter


# The files of mistakes need `wrong`, so they come last.
from . import attention as attention  # noqa: E402
from . import captioning as captioning  # noqa: E402
from . import convolution as convolution  # noqa: E402
from . import convolutional_networks as convolutional_networks  # noqa: E402
from . import dropout as dropout  # noqa: E402
from . import fully_connected as fully_connected  # noqa: E402
from . import lstm as lstm  # noqa: E402
from . import networks as networks  # noqa: E402
from . import normalization as normalization  # noqa: E402
from . import normalized_networks as normalized_networks  # noqa: E402
from . import recurrent as recurrent  # noqa: E402
from . import sequences as sequences  # noqa: E402
from . import spatial_normalization as spatial_normalization  # noqa: E402
from . import update_rules as update_rules  # noqa: E402
from . import words as words  # noqa: E402

# isort: split
# After the plain mistakes, of which an exercise's first is taken as an example.
from . import kept as kept  # noqa: E402
from . import settings as settings  # noqa: E402
from . import small_inputs as small_inputs  # noqa: E402
