"""Checkpoints: groups of named arrays and a few plain values, in one .npz file."""

import io
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from .files import write_whole


def write(path, groups, state):
    """Write a checkpoint, whole or not at all; missing folders are made.

    Inputs:
    - path: Of the file, with its suffix .npz
    - groups: Dictionary from a group's name, without "/", to a dictionary of arrays or numbers
    - state: Dictionary of values that JSON can hold
    """
    arrays = {
        f"{group}/{name}": np.asarray(value)
        for group, members in groups.items()
        for name, value in members.items()
    }
    content = io.BytesIO()
    np.savez(content, state=np.array(json.dumps(state)), **arrays)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content.getvalue())


def read(path):
    """Read what `write` wrote.

    Returns a tuple of:
    - groups: as they were written, numbers as arrays without axes; a group that is not there is
      empty
    - state: as it was written

    Raises FileNotFoundError if there is no such file.
    """
    groups = defaultdict(dict)
    with np.load(path, allow_pickle=False) as saved:
        for key in saved.files:
            group, slash, name = key.partition("/")
            if slash:
                groups[group][name] = saved[key]
        return groups, json.loads(str(saved["state"]))
