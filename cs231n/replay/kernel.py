"""Sets the environment of every kernel that records or replays a notebook, the same for both."""

import os
from pathlib import Path

MATPLOTLIBRC = Path(__file__).with_name("matplotlibrc")
NO_DATASETS = Path(__file__).with_name("no-datasets")  # never made


def environment():
    """This process's environment, plus what makes a recording silent and its figures small.

    Recordings are of the generated pictures, which everybody has, whatever lies in datasets/;
    CS231N_DATASETS, where it is set, chooses others.
    """
    return {
        "CS231N_DATASETS": str(NO_DATASETS),
        **os.environ,
        "CS231N_RECORDING": "1",
        "MATPLOTLIBRC": str(MATPLOTLIBRC),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
