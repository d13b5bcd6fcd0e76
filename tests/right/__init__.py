"""Right solutions that look different from ours: every one of them must pass its check."""

from collections.abc import Callable
from typing import NamedTuple


class Right(NamedTuple):
    """Solutions that stand in for contract names and pass an exercise."""

    exercise: str
    overrides: dict[str, Callable]


RIGHT: list[Right] = []


def right(exercise, **overrides):
    """Enter solutions that stand in for contract names and must pass an exercise."""
    RIGHT.append(Right(exercise, overrides))


# The files of solutions need `right`, so they come last.
from . import captioning as captioning  # noqa: E402
from . import convolution as convolution  # noqa: E402
from . import convolution_styles as convolution_styles  # noqa: E402
from . import dropout as dropout  # noqa: E402
from . import fully_connected as fully_connected  # noqa: E402
from . import hidden_layers as hidden_layers  # noqa: E402
from . import lstm as lstm  # noqa: E402
from . import network_styles as network_styles  # noqa: E402
from . import normalization as normalization  # noqa: E402
from . import normalization_styles as normalization_styles  # noqa: E402
from . import recurrent as recurrent  # noqa: E402
from . import recurrent_styles as recurrent_styles  # noqa: E402
from . import styles as styles  # noqa: E402
from . import unusual as unusual  # noqa: E402
from . import update_rules as update_rules  # noqa: E402
