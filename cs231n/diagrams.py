"""Diagrams that explain: a computational graph, and which numbers are normalised together."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from .house_style import PALETTE


def draw_normalization_axes(examples=4, channels=4, side=3):
    """Draw which numbers are normalised together: by batch, layer, group and instance norm.

    A row of tiles is an example, a column a channel, a tile the pixels of one channel. All
    numbers of a framed block share one mean and one variance; the first block is blue.

    Inputs:
    - examples, channels: Tiles downwards and across; channels is even, for two groups
    - side: Pixels of a tile, each way

    Returns the figure.
    """
    blocks = {
        "batch norm": (examples, 1),
        "layer norm": (1, channels),
        "group norm, 2 groups": (1, channels // 2),
        "instance norm": (1, 1),
    }
    figure, axes = plt.subplots(1, len(blocks), figsize=(10.5, 2.9))
    for axis, (kind, (height, width)) in zip(axes, blocks.items(), strict=True):
        rows = np.arange(examples * side)[:, None] // (side * height)
        columns = np.arange(channels * side) // (side * width)
        shade = np.where((rows == 0) & (columns == 0), 0, 1 + (rows + columns) % 2)
        colors = ListedColormap([PALETTE[0], "#DDDDDD", "#F2F2F2"])
        axis.pcolormesh(shade, cmap=colors, vmin=0, vmax=2, edgecolors="white", linewidth=0.4)
        axis.vlines(np.arange(channels + 1) * side, 0, examples * side, "gray", linewidth=0.6)
        axis.hlines(np.arange(examples + 1) * side, 0, channels * side, "gray", linewidth=0.6)
        frame = {"color": "black", "linewidth": 2.2, "clip_on": False}
        axis.vlines(np.arange(0, channels + 1, width) * side, 0, examples * side, **frame)
        axis.hlines(np.arange(0, examples + 1, height) * side, 0, channels * side, **frame)
        axis.set_xticks((np.arange(channels) + 0.5) * side, range(channels), fontsize=8)
        axis.set_yticks((np.arange(examples) + 0.5) * side, range(examples), fontsize=8)
        axis.set(title=kind, xlabel="channel", aspect="equal")
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
        axis.grid(False)
        axis.invert_yaxis()
    axes[0].set_ylabel("example")
    frames = (f"{kind}: {high} × {wide}" for kind, (high, wide) in blocks.items())
    figure.set_label(
        f"A table of {examples} examples by {channels} channels, framed in four ways. Examples × "
        f"channels in a frame, in {'; '.join(frames)}"
    )
    return figure


def draw_graph(nodes, edges, figsize=(9, 2.6)):
    """Draw a computational graph: values flow right in blue, gradients flow back in orange.

    Inputs:
    - nodes: Dictionary from a name to (column, row, text); a text of one or two characters is
      drawn as an operation, in a circle
    - edges: List of (from, to, forward text, backward text)

    Returns the figure.
    """
    figure, axis = plt.subplots(figsize=figsize)
    axis.axis("off")
    boxes = {}
    for name, (column, row, text) in nodes.items():
        shape = "circle" if len(text) <= 2 else "round"
        box = {"boxstyle": f"{shape},pad=0.4", "facecolor": "#F2F2F2", "edgecolor": "black"}
        centred = {"ha": "center", "va": "center", "fontsize": 11, "zorder": 3}
        boxes[name] = axis.text(column, row, text, bbox=box, **centred)
    columns, rows = zip(*(node[:2] for node in nodes.values()), strict=True)
    axis.set_xlim(min(columns) - 0.5, max(columns) + 0.5)
    axis.set_ylim(min(rows) - 0.4, max(rows) + 0.4)
    figure.canvas.draw()  # boxes have a size, and arrows a slope, only once they are drawn
    for start, end, forward, backward in edges:
        _draw_edge(axis, boxes[start], boxes[end], forward, backward)
    arrows = (
        f"{nodes[start][2]} to {nodes[end][2]}: {', back '.join(filter(None, (forward, backward)))}"
        for start, end, forward, backward in edges
    )
    figure.set_label(f"A graph. {'; '.join(arrows)}")
    return figure


def _draw_edge(axis, start, end, forward, backward):
    """One arrow from box to box, with what flows along it above and what flows back below."""
    ends = {"patchA": start.get_bbox_patch(), "patchB": end.get_bbox_patch()}
    arrow = {"arrowstyle": "-|>", "color": "black", "shrinkA": 2, "shrinkB": 2, **ends}
    axis.annotate("", xy=end.get_position(), xytext=start.get_position(), arrowprops=arrow)
    left, right = (box.get_bbox_patch().get_window_extent() for box in (start, end))
    run, rise = (right.min + right.max - left.min - left.max) / 2
    slope = np.arctan2(rise, run)
    middle = (left.min + left.max + right.min + right.max) / 4  # in pixels
    if rise == 0:
        middle[0] = (left.x1 + right.x0) / 2  # boxes of unequal width leave their gap elsewhere
    middle = axis.transData.inverted().transform(middle)
    for text, color, va, offset in (
        (forward, PALETTE[0], "bottom", 3),
        (backward, PALETTE[1], "top", -4),
    ):
        shift = (-offset * np.sin(slope), offset * np.cos(slope))
        axis.annotate(
            text, middle, shift, textcoords="offset points", color=color, va=va, ha="center",
            fontsize=9, rotation=np.degrees(slope), rotation_mode="anchor",
        )  # fmt: skip
