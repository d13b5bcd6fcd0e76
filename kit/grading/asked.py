"""What a class is asked for: the whole assignment, without what its teacher says.

It is said once and for all, so that all totals are alike: what a submission lacks of its own accord
costs its points.
"""

from dataclasses import replace
from pathlib import PurePosixPath

from cs231n.checks.cases import EXERCISES, cases_of
from kit import KitError, plan

# Cases of networks that stand on an exercise more than on their own.
ALONG = {
    "layernorm_forward": (
        "initial_norms",
        "layernorm_net_scores",
        "layernorm_net_three_hidden_layers",
        "layernorm_net_float32",
    )
}


def without(material, names):
    """The Material that asks nobody for some exercises.

    Inputs:
    - material: A Material
    - names: Of exercises, of their beginnings ("lstm"), or of notebooks, which take their
      questions along

    Raises KitError for a name that nothing has, or where nothing is left to ask for.
    """
    everything = [{"name": name, "room": entry.room} for name, entry in EXERCISES.items()]
    gone = {e for name in names for e in plan.meant(name, everything, EXERCISES)}
    cases = {case.name for name in gone for case in cases_of(name)}
    cases |= {case for name in gone for case in ALONG.get(name, ())}
    books = {name.removesuffix(".ipynb") for name in names}
    left = replace(
        material,
        assignment=_without_notebooks(material.assignment, books),
        left_out=material.left_out | cases,
    )
    if not left.exercises:
        raise KitError(f"without {', '.join(names)} nothing is left to grade")
    return left


def _without_notebooks(assignment, names):
    def stays(path):
        return PurePosixPath(path).stem not in names or not path.endswith(".ipynb")

    return replace(
        assignment,
        files=tuple(path for path in assignment.files if stays(path)),
        questions=tuple(q for q in assignment.questions if stays(q.notebook)),
        given_cells={path: cells for path, cells in assignment.given_cells.items() if stays(path)},
    )
