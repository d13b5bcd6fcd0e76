"""What the network should see in each cell of a picture, and how often it does."""

import numpy as np

from ..scenes.scene_graphs import COLOUR_NAMES, NAMES, SIZES
from .network import CELLS, KINDS, SIZED

NEAR = 0.14  # half pictures from an object's centre to that of a cell that should see it
FAR = 0.22  # from here on a cell should see nothing; between them, the object or nothing


def cell_labels(scenes):
    """The right answers for each cell.

    Inputs:
    - scenes: list of N Scene

    Returns a tuple of:
    - kind: index k of the object with its colour, KINDS for nothing, or either(k) where both will
      do; shape (N, 8, 8), int64
    - sized: index of the object with its size, SIZED for nothing, or either of the two; likewise
    """
    centres = (2 * np.arange(CELLS) + 1 - CELLS) / CELLS
    kind = np.full((len(scenes), CELLS, CELLS), KINDS, np.int64)
    sized = np.full_like(kind, SIZED)
    for row, scene in enumerate(scenes):
        for item in scene.items:
            across, down = np.abs(centres - item.x)[None, :], np.abs(centres - item.y)[:, None]
            distance, name = np.maximum(across, down), NAMES.index(item.name)
            for labels, nothing, own in (
                (kind[row], KINDS, name * len(COLOUR_NAMES) + COLOUR_NAMES.index(item.colour)),
                (sized[row], SIZED, name * len(SIZES) + SIZES.index(item.size)),
            ):
                labels[(distance < FAR) & (labels == nothing)] = either(own)
                labels[distance < NEAR] = own
    return kind, sized


def either(label):
    """The label of a cell that may see nothing, or what has this label; its own inverse."""
    return -1 - label


def accuracy(scores, kind, sized):
    """How often the highest score is right.

    Inputs:
    - scores: as from network.look, shape (N, 8, 8, 82)
    - kind, sized: as from cell_labels

    Returns a dictionary of shares in 0..1: of "kinds" and "sizes" in the cells that should see an
    object, and of "nothing" in those that should see none.
    """
    seen, large = scores[..., : KINDS + 1].argmax(-1), scores[..., KINDS + 1 :].argmax(-1)
    there, empty = (kind >= 0) & (kind != KINDS), kind == KINDS
    return {
        "kinds": float((seen == kind)[there].mean()),
        "sizes": float((large == sized)[there].mean()),
        "nothing": float((seen == KINDS)[empty].mean()),
    }
