"""Figures of data and of training: pictures in rows, weights, curves, histograms, confusions."""

from math import ceil, sqrt

import matplotlib.pyplot as plt
import numpy as np

from .diagrams import draw_graph as draw_graph
from .diagrams import draw_normalization_axes as draw_normalization_axes
from .house_style import MARKERS, PALETTE, STYLES
from .house_style import use_house_style as use_house_style


def visualize_grid(Xs, ubound=255.0, padding=1):
    """Lay pictures out in a square grid, each stretched to the full range of brightness.

    Inputs:
    - Xs: Pictures, shape (N, H, W, C), any range
    - ubound: Brightest value of the result; pictures go from 0 to ubound
    - padding: Pixels between pictures

    Returns:
    - grid: shape (R·(H + padding) − padding, likewise for W, C), where R = ceil(sqrt(N))

    Raises ValueError for another shape of Xs.
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

    Inputs:
    - y, predicted: True and predicted class of each example, shape (N,), integers in 0 .. C − 1
    - class_names: The C names, by class

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
