"""How figures look: colours and marks that any eyes tell apart, and matplotlib's defaults."""

import sys

import matplotlib.pyplot as plt

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
