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
    - groups: Dictionary from a group's name to a dictionary of arrays, numbers or further such
      dictionaries; no name has a "/"
    - state: Dictionary of values that JSON can hold
    """
    content = io.BytesIO()
    np.savez(content, state=np.array(json.dumps(state)), **dict(_flat(groups)))
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
            *path, name = key.split("/")
            if path:
                members = groups[path[0]]
                for step in path[1:]:
                    members = members.setdefault(step, {})
                members[name] = saved[key]
        return groups, json.loads(str(saved["state"]))


def require_same_shapes(saved, params, path):
    """Raise ValueError unless the parameters in a checkpoint are a model's, by name and shape.

    Inputs:
    - saved, params: Dictionaries of arrays, of the checkpoint and of the model
    - path: Of the checkpoint, for the message
    """
    shapes, wanted = ({k: v.shape for k, v in p.items()} for p in (saved, params))
    if shapes != wanted:
        raise ValueError(f"{path} holds parameters {shapes}, but the model has {wanted}")


def _flat(groups, prefix=""):
    """Pairs of a place, such as "optim/W1/velocity", and the array or number there."""
    for name, value in groups.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}", np.asarray(value)
