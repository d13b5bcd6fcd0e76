"""A solved source of three files, without checks, for the tests of release, leaks and plan."""

import json
from pathlib import PurePosixPath

from nbformat import v4

from kit import KitError, cells, gate, manifest, plan

SECRET = "scaled = weights * inputs + offset"
MODULE = f'''"""One layer."""

import numpy as np


def forward(inputs, weights, offset):
    """Scale, shift, and cut off below."""
    # Your turn: three steps.
    ### BEGIN SOLUTION
    {SECRET}
    total = scaled.sum(axis=0, keepdims=True)
    out = np.maximum(scaled - total, 0.5)
    ### END SOLUTION
    return out
'''
ANSWER = "The second one, since its slope never falls below a tenth of what it was."
PATH = PurePosixPath("cs231n/toy.py")
NOTEBOOK = PurePosixPath("notebooks/Toy.ipynb")


def members():
    output = v4.new_output("stream", name="stdout", text="0.75\n")
    best = "### BEGIN SOLUTION\nbest = 0.75\n### END SOLUTION\nprint(best)"
    text = v4.new_markdown_cell
    return [
        text("# Toy", id="toy-title"),
        v4.new_code_cell(best, id="toy-best", outputs=[output], execution_count=1),
        text("**Question toy-q1.** Which?", id="toy-q1", metadata={"tags": ["question"]}),
        text(
            f"**Your answer to toy-q1:**\n\n{ANSWER}",
            id="toy-q1-answer",
            metadata={"tags": ["answer"]},
        ),
    ]


def write(root):
    """Write the source into a folder; returns the folder."""
    (root / "kit").mkdir(parents=True)
    for name in [*manifest.missing(root), PATH, NOTEBOOK]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("", encoding="utf-8")
    (root / PATH).write_text(MODULE, encoding="utf-8", newline="\n")
    (root / "cs231n" / "given.json").write_text(json.dumps({"a": ["b"]}), encoding="utf-8")
    (root / "README.md").write_text("# Toy kit\n\nRead me.\n", encoding="utf-8", newline="\n")
    cells.write(root / NOTEBOOK, cells.normalise(v4.new_notebook(cells=members())))
    return root


def edited(root, path, old, new):
    """Replace a text in a file, which must hold it."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def troubles(root, wishes=None):
    """What the gate says of a source, also where it cannot even build the kit."""
    try:
        return gate.troubles(plan.work_out(wishes, root), root)[1]
    except KitError as error:
        return [str(error)]
