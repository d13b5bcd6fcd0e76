"""Cases: what the checks feed the package with. One file for each notebook."""

from . import fully_connected as fully_connected  # first: it opens the room
from . import update_rules as update_rules
from .registry import CASES as CASES
from .registry import EXERCISES as EXERCISES
from .registry import Case as Case
from .registry import Exercise as Exercise
from .registry import case as case
from .registry import cases_of as cases_of
