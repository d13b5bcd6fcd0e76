"""Small animations: a filter slides over a picture, and its answers appear one by one."""

import base64
import html

import imageio.v3 as iio
import numpy as np
from IPython.display import HTML

CELL = 18  # pixels that one number is drawn with, each way
GAP = 3 * CELL
WINDOW, CURRENT = (213, 94, 0), (0, 114, 178)  # of the house's palette: orange and blue
PAPER, UNKNOWN = 255, 235


def sliding_filter(x, w, out, stride=1, pad=0, milliseconds=150):
    """Draw one frame for each window: the picture with the window on the left, the answers so far.

    Inputs:
    - x: A grey picture, shape (H, W)
    - w: The filter, shape (HH, WW); only its size is drawn
    - out: What the filter answers, shape (H', W')
    - stride: Pixels between neighbouring windows
    - pad: Zeros around the picture, in pixels; drawn as a checkerboard
    - milliseconds: How long a frame is shown

    Returns the animation as the bytes of a GIF.
    """
    left, right = _stretched(np.pad(x, pad)), _stretched(out)
    frames = [
        _frame(left, right, np.array(window) * stride, w.shape, window, pad)
        for window in np.ndindex(out.shape)
    ]
    return iio.imwrite("<bytes>", frames, extension=".gif", duration=milliseconds, loop=0)


def show(gif, alt):
    """Show an animation below a notebook's cell, in whatever shows the notebook.

    Inputs:
    - gif: Bytes of a GIF
    - alt: What is to be seen, for those who don't see it

    Returns an IPython.display.HTML; where only text can be shown, as on paper, it is these words.
    """
    encoded = base64.b64encode(gif).decode("ascii")
    shown = f'<img src="data:image/gif;base64,{encoded}" alt="{html.escape(alt)}">'
    return type("Animation", (HTML,), {"__repr__": lambda self: f"[Animation: {alt}]"})(shown)


def _frame(left, right, corner, size, window, pad):
    """One picture: left with a framed window, right with the answers up to this window."""
    shown = np.where(
        np.arange(right.size).reshape(right.shape) <= _count(window, right.shape), right, UNKNOWN
    )
    panels = [_blocks(_checkered(left, pad)), _blocks(shown)]
    _outline(panels[0], corner, size, WINDOW)
    _outline(panels[1], np.array(window), (1, 1), CURRENT)
    height = max(len(panel) for panel in panels)
    width = sum(panel.shape[1] for panel in panels) + GAP
    frame = np.full((height, width, 3), PAPER, np.uint8)
    frame[: len(panels[0]), : panels[0].shape[1]] = panels[0]
    frame[: len(panels[1]), -panels[1].shape[1] :] = panels[1]
    return frame


def _count(window, shape):
    return window[0] * shape[1] + window[1]


def _checkered(picture, pad):
    """The zeros around the picture in a light checkerboard, so that they are not taken for dark."""
    rows, columns = np.indices(picture.shape)
    inside = np.zeros(picture.shape, bool)
    inside[pad : len(picture) - pad, pad : picture.shape[1] - pad] = True
    return np.where(inside, picture, 215 + 25 * ((rows + columns) % 2))


def _blocks(values):
    """Each number as a block of CELL × CELL pixels with a thin white edge, in grey, as RGB."""
    block = np.repeat(np.repeat(values, CELL, axis=0), CELL, axis=1)
    block[::CELL] = block[:, ::CELL] = PAPER
    return np.repeat(block[:, :, None], 3, axis=2).astype(np.uint8)


def _outline(panel, corner, size, colour, thickness=3):
    """Frame some numbers; writes into the panel."""
    top, left = corner * CELL
    bottom, right = top + size[0] * CELL, left + size[1] * CELL
    inner = panel[top + thickness : bottom - thickness, left + thickness : right - thickness].copy()
    panel[top:bottom, left:right] = colour
    panel[top + thickness : bottom - thickness, left + thickness : right - thickness] = inner


def _stretched(values):
    """Numbers moved and scaled to 0..255."""
    values = np.asarray(values, np.float64)
    low, high = values.min(), values.max()
    return (255 * (values - low) / (high - low)).astype(np.uint8) if high > low else values * 0
