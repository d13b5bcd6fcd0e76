"""Figures of captioning: pictures with captions beneath, a recurrence unrolled, scores as bars."""

import textwrap
from math import ceil

import matplotlib.pyplot as plt
import numpy as np

from .caption_scores import words_of
from .diagrams import draw_graph
from .house_style import PALETTE

# A sign and a colour for each verdict, so that neither is needed to read the other.
MARKS = {True: ("✓ ", PALETTE[0]), False: ("✗ ", PALETTE[1]), None: ("", "black")}


def show_captions(pictures, captions, verdicts=None, columns=4, width=26):
    """Draw pictures with captions beneath: true ones ✓ and blue, wrong ones ✗ and orange.

    Inputs:
    - pictures: A list of arrays (H, W, 3), uint8; None where a picture could not be had
    - captions: For each picture a string, or a list of strings; <START>, <END>, <NULL> are left out
    - verdicts: In the same form True, False, or None for no mark; or None for no marks at all
    - columns: Pictures in a row
    - width: Letters in a line of text

    Returns the figure.
    """
    texts = [_marked(*pair, width) for pair in zip(captions, verdicts or [None] * len(captions))]
    lines = max(sum(len(piece) for piece, _ in of_picture) for of_picture in texts)
    rows, height = ceil(len(pictures) / columns), 2.35 + 0.2 * lines
    size = (2.35 * columns, height * rows)
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    for axis, picture, of_picture in zip(axes.flat, pictures, texts):
        axis.imshow(np.full((8, 8, 3), 235, np.uint8) if picture is None else picture)
        axis.set_anchor("N")  # the room for texts is all below
        if picture is None:
            axis.text(3.5, 3.5, "picture\nnot here", ha="center", va="center", color="gray")
        _write_beneath(axis, of_picture)
    return figure


def _marked(captions, verdicts, width):
    """Captions of one picture as (lines, colour), each with the sign of its verdict in front."""
    captions = [captions] if isinstance(captions, str) else captions
    verdicts = verdicts if isinstance(verdicts, list | tuple) else [verdicts] * len(captions)
    found = []
    for caption, verdict in zip(captions, verdicts, strict=True):
        sign, color = MARKS[None if verdict is None else bool(verdict)]
        text = sign + " ".join(words_of(caption))
        found.append((textwrap.wrap(text, width, subsequent_indent="   " if sign else ""), color))
    return found


def _write_beneath(axis, texts):
    """Texts under an axis, each in its colour."""
    depth = 4  # points
    for lines, color in texts:
        axis.annotate(
            "\n".join(lines), (0, 0), (0, -depth), "axes fraction", textcoords="offset points",
            va="top", fontsize=9, color=color, annotation_clip=False,
        )  # fmt: skip
        depth += 13 * len(lines) + 2


def draw_unrolled(inputs, outputs, labels=("Wx", "Wh", "Wy"), start="h0", source=None, back=True):
    """Draw a recurrent network unrolled in time: a column for each step, the same weights in all.

    Values flow right and up in blue, gradients flow back in orange.

    Inputs:
    - inputs: A text for each step, below
    - outputs: A text for each step, above; "" for none
    - labels: Weights of an input, of the state, of an output; "" for none
    - start: Text of the state before the first step
    - source: (text, label) of what the state is made from, below it, or None
    - back: Whether gradients are named too

    Returns the figure.
    """
    below, beside, above = labels
    nodes, edges = {"h0": (0, 1, start)}, []
    if source is not None:
        nodes["source"] = (0, 0, source[0])
        edges.append(("source", "h0", source[1], _gradient(source[1], back)))
    for t, (low, high) in enumerate(zip(inputs, outputs, strict=True), start=1):
        nodes |= {f"x{t}": (t, 0, low), f"h{t}": (t, 1, f"step {t}")}
        edges.append((f"x{t}", f"h{t}", below, _gradient(below, back)))
        handed_on = "dprev_h" if t > 1 else "dh0"
        edges.append((f"h{t - 1}", f"h{t}", beside, handed_on if back else ""))
        if high:
            nodes[f"y{t}"] = (t, 2, high)
            from_above = _gradient(above, back) if above else f"dh[:, {t - 1}]" * back
            edges.append((f"h{t}", f"y{t}", above, from_above))
    return draw_graph(nodes, edges, figsize=(2 * len(inputs) + 2, 4))


def _gradient(label, back):
    return f"+= d{label}" if back and label else ""


def plot_scores(scores, measures=("true", "BLEU-1", "BLEU-4")):
    """Draw scores as bars, a panel for each measure, a bar for each set of captions.

    Inputs:
    - scores: Dictionary from a name to a dictionary of shares in 0..1; nan draws no bar
    - measures: Which of them to draw

    Returns the figure.
    """
    height = 0.9 + 0.27 * len(scores)
    figure, axes = plt.subplots(1, len(measures), figsize=(10, height), sharey=True, squeeze=False)
    for axis, measure in zip(axes[0], measures):
        values = [of_set[measure] for of_set in scores.values()]
        bars = axis.barh(list(scores), np.nan_to_num(values), height=0.7)
        texts = ["none" if np.isnan(value) else f"{value:.2f}" for value in values]
        axis.bar_label(bars, texts, padding=2, fontsize=8)
        axis.set(title=measure, xlim=(0, 1.12))
        axis.grid(False, axis="y")
    axes[0, 0].invert_yaxis()
    return figure
