"""Says in words what a Matplotlib figure shows, for readers who hear it instead of seeing it."""

import textwrap

import numpy as np
from matplotlib.collections import QuadMesh
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

LONGEST = 1200  # characters
PANELS = 8  # of more, only the titles are said
CURVES = 8  # of more in a panel, only their number is said
BARS = 12  # more are a histogram


def attach(display_formatter, aloud=False):
    """Have a notebook keep with each figure what it shows, as its picture's alternative text.

    The text stands in the output's metadata, under image/png and alt. Changes the formatter.

    Inputs:
    - display_formatter: IPython's, get_ipython().display_formatter
    - aloud: Whether each text is printed too
    """

    def with_words(figure):
        text = _safely(figure)
        if aloud:
            print(f"[Figure: {text}]")
        return {}, {"image/png": {"alt": text}}

    display_formatter.mimebundle_formatter.for_type(Figure, with_words)


def describe(figure):
    """Say what a figure shows: titles, axes, each curve by its two ends, each bar by its value.

    A label that was given to the figure (`figure.set_label`) is taken instead.

    Returns a string of at most LONGEST characters.
    """
    if figure.get_label():
        return _shortened(figure.get_label())
    panels = [axis for axis in figure.axes if axis.get_label() != "<colorbar>" and axis.has_data()]
    if all(map(_is_picture, panels)):
        said = [_pictures(panels)]
    else:
        said = map(_panel if len(panels) <= PANELS else _head, panels)
    above = getattr(figure, "get_suptitle", str)()
    keys = (f"Colours: {_label(a.yaxis)}" for a in figure.axes if a.get_label() == "<colorbar>")
    return _shortened(". ".join(filter(None, (above, *said, *keys))))


def _safely(figure):
    try:
        return describe(figure)
    except Exception as error:  # a figure without words is better than a traceback in its place
        return f"A figure that could not be put into words ({type(error).__name__})"


def _shortened(text):
    return textwrap.shorten(text.replace("$", ""), LONGEST, placeholder=" …")


def _is_picture(axis):
    """Whether a panel is a mere picture, without axes that mean something."""
    named = axis.get_xlabel() or axis.get_ylabel() or _names(axis.xaxis) or _names(axis.yaxis)
    return bool(axis.images) and not named


def _pictures(panels):
    """All panels of a figure that has nothing but pictures, with what is written at them."""
    if not panels:
        return "A figure without data"
    words = (" ".join([axis.get_title(), *(t.get_text() for t in axis.texts)]) for axis in panels)
    count = f"{len(panels)} pictures" if len(panels) > 1 else "A picture"
    return ": ".join(filter(None, (count, "; ".join(w.strip() for w in words if w.strip()))))


def _head(axis):
    """A panel's title and axes."""
    down, across = _label(axis.yaxis), _label(axis.xaxis)
    head = ", ".join(filter(None, (axis.get_title(), down)))
    return f"{head} against {across}".strip() if across else head


def _label(axis):
    text = axis.get_label().get_text()
    return f"{text} (logarithmic)" if text and axis.get_scale() == "log" else text


def _panel(axis):
    fields = [*axis.images, *(c for c in axis.collections if isinstance(c, QuadMesh))]
    drawn = [_field(axis, fields[0])] if fields else [*_bars(axis), *_curves(axis), *_areas(axis)]
    return ": ".join(filter(None, (_head(axis), "; ".join(drawn))))


def _field(axis, field):
    """A matrix drawn in colours; of few names, those of its rows and columns."""
    height, width = field.get_array().shape[:2]
    down, across = _names(axis.yaxis), _names(axis.xaxis)
    both = f"each way {', '.join(down)}"
    names = both if down == across else f"down {', '.join(down)}, across {', '.join(across)}"
    return f"{height} × {width} colours" + (f", {names}" if down and across else "")


def _bars(axis):
    groups = [bars for bars in axis.containers if isinstance(bars, BarContainer)]
    written = [text.get_text() for text in axis.texts]
    written = iter(written if len(written) == sum(map(len, groups)) else ())
    for bars in groups:
        upright = bars.orientation != "horizontal"
        values = [bar.get_height() if upright else bar.get_width() for bar in bars]
        name = "" if bars.get_label().startswith("_") else f"{bars.get_label()} "
        if len(values) > BARS:
            highest = bars[int(np.argmax(values))]
            yield f"{name}histogram, highest at {highest.get_x() + highest.get_width() / 2:.2g}"
            continue
        places = _names(axis.xaxis if upright else axis.yaxis)
        places = places if len(places) == len(values) else [""] * len(values)
        values = [next(written, f"{value:.3g}") for value in values]
        said = (f"{place} {value}".strip() for place, value in zip(places, values))
        yield f"{name}bars {', '.join(said)}"


def _curves(axis):
    """Curves that the legend names; all, where there is none. Lines of two points only guide."""
    lines = [line for line in axis.lines if len(line.get_xdata()) > 2]
    lines = [line for line in lines if not line.get_label().startswith("_")] or lines
    if len(lines) > CURVES:
        yield f"{len(lines)} curves"
        return
    for line in lines:
        x, y = (np.asarray(data, float) for data in (line.get_xdata(), line.get_ydata()))
        known = np.flatnonzero(np.isfinite(y))
        if known.size:
            name = "a curve" if line.get_label().startswith("_") else line.get_label()
            yield f"{name} from {_course(x[known], y[known])}"


def _course(x, y):
    """From where to where a curve goes, and a peak or a valley that rises or sinks beyond both."""
    if np.all(np.diff(x) <= 0):
        x, y = x[::-1], y[::-1]
    if np.any(np.diff(x) < 0):  # a way on a map
        return f"({x[0]:.3g}, {y[0]:.3g}) to ({x[-1]:.3g}, {y[-1]:.3g})"
    low, high = sorted((y[0], y[-1]))
    beyond = 0.2 * np.ptp(y)
    way = [f"{y[0]:.3g}"]
    if y.max() > high + beyond:
        way.append(f"up to {y.max():.3g} at {x[y.argmax()]:.3g}")
    if y.min() < low - beyond:
        way.append(f"down to {y.min():.3g} at {x[y.argmin()]:.3g}")
    return " ".join((*way, f"to {y[-1]:.3g}"))


def _areas(axis):
    names = (area.get_label() for area in axis.collections)
    return [f"shaded where {name}" for name in names if name and not name.startswith("_")]


def _names(axis):
    """The texts of an axis' ticks, unless they are numbers."""
    texts = [label.get_text().replace("\n", " ") for label in axis.get_ticklabels()]
    return [text for text in texts if any(map(str.isalpha, text)) and "mathdefault" not in text]
