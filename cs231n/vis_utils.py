"""Figures: image grids, training curves, first-layer weights, histograms, computational graphs."""

import sys
from math import ceil, sqrt

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap

from . import alt_text

# Okabe and Ito's palette: told apart by readers with any kind of colour vision.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Beside the colours, so that curves which cross are told apart without them.
MARKERS, STYLES = "osD^vP", ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))


def use_house_style(aloud=False):
    """Set matplotlib's defaults to ours: colour-blind-safe, light grid, white paper.

    In a notebook, each figure also gets words for those who don't see it (see `alt_text`).

    Inputs:
    - aloud: Whether these words are printed, too: JupyterLab has no other place for them
    """
    plt.rcParams.update(
        {
            "axes.prop_cycle": plt.cycler(color=PALETTE),
            "axes.grid": True,
            "axes.spines.right": False,
            "axes.spines.top": False,
            "figure.constrained_layout.use": True,
            "figure.facecolor": "white",
            "figure.figsize": (8, 3.5),
            "grid.alpha": 0.3,
            "image.interpolation": "nearest",
            "savefig.facecolor": "white",
        }
    )
    ipython = sys.modules.get("IPython")
    if ipython and (shell := ipython.get_ipython()):
        alt_text.attach(shell.display_formatter, aloud)


def visualize_grid(Xs, ubound=255.0, padding=1):
    """Lay pictures out in a square grid, each stretched to the full range of brightness.

    Inputs:
    - Xs: Pictures, shape (N, H, W, C), any range
    - ubound: Brightest value of the result; pictures go from 0 to ubound
    - padding: Pixels between pictures

    Returns:
    - grid: shape (R·(H + padding) − padding, likewise for W, C), where R = ceil(sqrt(N))
    """
    if np.ndim(Xs) != 4:
        raise ValueError(f"Xs must have shape (N, H, W, C), but has {np.shape(Xs)}")
    count, height, width, channels = Xs.shape
    side = ceil(sqrt(count))
    rows, columns = side * (height + padding) - padding, side * (width + padding) - padding
    grid = np.zeros((rows, columns, channels))
    for i, picture in enumerate(Xs):
        top, left = (i // side) * (height + padding), (i % side) * (width + padding)
        grid[top : top + height, left : left + width] = ubound * _stretched(picture)
    return grid


def _stretched(picture):
    """The picture, moved and scaled to reach from 0 to 1; one of a single value becomes 0."""
    low, high = picture.min(), picture.max()
    return (picture - low) / (high - low) if high > low else np.zeros(picture.shape)


def show_images(images, titles=None, columns=10, mean_image=0.0):
    """Draw pictures in rows.

    Inputs:
    - images: shape (N, 3, H, W), values 0..255 once mean_image is added
    - titles: A text above each, or None
    - columns: Pictures in a row
    - mean_image: What was subtracted from the pictures

    Returns the figure.
    """
    rows = ceil(len(images) / columns)
    size = (columns * 0.95, rows * (1.2 if titles is not None else 0.95))
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    pixels = np.clip(images + mean_image, 0, 255).astype(np.uint8).transpose(0, 2, 3, 1)
    for i, (axis, picture) in enumerate(zip(axes.flat, pixels, strict=False)):
        axis.imshow(picture)
        if titles is not None:
            axis.set_title(titles[i], fontsize=8, pad=2)
    return figure


def show_weights(w, image_shape=(3, 32, 32), count=16):
    """Draw the weights into each hidden unit as a picture: what the unit looks for.

    Inputs:
    - w: First-layer weights, shape (D, M), D = C·H·W
    - image_shape: (C, H, W)
    - count: Units to draw, those with the largest weights first

    Returns the figure.
    """
    strongest = np.argsort(-np.sum(w * w, axis=0), kind="stable")[:count]
    templates = w[:, strongest].T.reshape(-1, *image_shape).transpose(0, 2, 3, 1)
    grid = visualize_grid(templates, padding=2).astype(np.uint8)
    side = max(1, 270 // len(grid)) * len(grid) / plt.rcParams["figure.dpi"]  # whole pixels
    figure = plt.figure(figsize=(side, side), layout="none")
    axis = figure.add_axes((0, 0, 1, 1))
    axis.imshow(grid)
    axis.axis("off")
    size = " × ".join(map(str, image_shape[1:]))
    figure.set_label(f"The weights of {len(templates)} units, each drawn as a picture of {size}")
    return figure


def plot_solvers(solvers):
    """Draw the loss, training accuracy and validation accuracy of solvers, side by side.

    The loss of each minibatch is drawn thinly, its mean over a twentieth of the steps on top.

    Inputs:
    - solvers: Dictionary from a label to a trained Solver

    Returns the figure.
    """
    figure, (loss_axis, train_axis, val_axis) = plt.subplots(1, 3, figsize=(11, 3.2))
    for k, (label, solver) in enumerate(solvers.items()):
        color, marker, style = (kind[k % len(kind)] for kind in (PALETTE, MARKERS, STYLES))
        losses = np.asarray(solver.loss_history)
        epochs = np.arange(len(losses)) / solver.iterations_per_epoch
        window = max(1, len(losses) // 20)
        trend = np.convolve(losses, np.ones(window) / window, "valid")
        middles = epochs[window // 2 : window // 2 + len(trend)]
        loss_axis.plot(epochs, losses, color=color, linewidth=0.5, alpha=0.3)
        loss_axis.plot(middles, trend, color=color, linestyle=style, label=label)
        for axis, history in ((train_axis, "train_acc_history"), (val_axis, "val_acc_history")):
            curve = {"color": color, "linestyle": style, "marker": marker, "markersize": 4}
            axis.plot(getattr(solver, history), **curve, label=label)
    loss_axis.set(title="Loss of minibatches, and its trend", xlabel="epoch", ylabel="nats")
    train_axis.set(title="Training accuracy", xlabel="epoch")
    val_axis.set(title="Validation accuracy", xlabel="epoch")
    if len(solvers) > 1:
        named = train_axis.get_legend_handles_labels()
        loss_axis.legend(*named, fontsize=8, loc="upper right")  # a falling curve leaves room
    return figure


def plot_layer_histograms(layers, title, limits=None, axes=None):
    """Draw how the values of each layer are distributed, from the first layer to the last.

    Inputs:
    - layers: One array per layer, any shapes
    - title: Text left of the row
    - limits: (low, high) of the horizontal axis, or None for each layer's own range
    - axes: One matplotlib axis per layer, or None for a new figure

    Returns the axes.
    """
    if axes is None:
        _, axes = plt.subplots(1, len(layers), figsize=(1.7 * len(layers), 1.6))
    for i, (axis, values) in enumerate(zip(axes, layers, strict=True), start=1):
        axis.hist(np.ravel(values), bins=40, range=limits, color=PALETTE[0])
        axis.set_title(f"layer {i}: sd {np.std(values):.2g}", fontsize=8)
        axis.tick_params(labelsize=7)
        axis.set_yticks([])
    axes[0].set_ylabel(title, fontsize=9)
    return axes


def plot_confusion(y, predicted, class_names):
    """Draw how often each class (row) was taken for each other (column), in per cent of the row.

    Returns the figure.
    """
    count = len(class_names)
    table = np.bincount(y * count + predicted, minlength=count * count).reshape(count, count)
    share = 100 * table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    figure, axis = plt.subplots(figsize=(5.5, 5))
    axis.imshow(share, cmap="cividis", vmin=0, vmax=100)
    axis.set_xticks(range(count), class_names, rotation=60, ha="right", fontsize=8)
    axis.set_yticks(range(count), class_names, fontsize=8)
    axis.set(xlabel="predicted", ylabel="true")
    axis.grid(False)
    for row, column in np.ndindex(count, count):
        ink = "black" if share[row, column] > 55 else "white"
        text = f"{share[row, column]:.0f}"
        axis.text(column, row, text, ha="center", va="center", fontsize=7, color=ink)
    right = (f"{name} {of_class:.0f} %" for name, of_class in zip(class_names, share.diagonal()))
    figure.set_label(f"A table of true by predicted classes. Predicted rightly: {', '.join(right)}")
    return figure


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
