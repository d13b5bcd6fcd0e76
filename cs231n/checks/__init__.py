"""Checks: a verdict and a hint on every exercise, in a notebook or by `python -m cs231n.checks`.

from cs231n.checks import check
check("affine_backward")
"""

import importlib.util

if importlib.util.find_spec("numpy") is None:  # a shell's own setting may put conda or pyenv first
    raise ModuleNotFoundError(
        "this Python has no NumPy; the kit's own, which start.py makes, is .venv/bin/python "
        "(Windows: .venv\\Scripts\\python): write that in place of python",
        name="numpy",
    )

from .report import UnknownCheck as UnknownCheck
from .verdict import CheckFailed as CheckFailed
from .verdict import check as check
