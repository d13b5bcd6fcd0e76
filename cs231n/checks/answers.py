"""Recorded answers: answers.json, what the solved package returns for the public seed."""

import json
from pathlib import Path

import numpy as np

ANSWERS = Path(__file__).resolve().with_name("answers.json")


def load(path=ANSWERS):
    """The recording: {"seed", "cases": {case: {name: array}}, "mistakes": {exercise: [...]}}.

    Raises FileNotFoundError, naming the remedy.
    """
    try:
        recorded = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"{path} is missing; take it from a fresh copy of the kit"
        ) from None
    for arrays in recorded["cases"].values():
        arrays.update({name: _array(entry) for name, entry in arrays.items()})
    return recorded


def save(recorded, path=ANSWERS):
    """Write a recording, one line for each array and each mistake."""
    cases = {
        case: {name: _entry(array) for name, array in arrays.items()}
        for case, arrays in recorded["cases"].items()
    }
    text = _lines({**recorded, "cases": cases}, depth=2)
    Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")


def _entry(array):
    array = np.asarray(array)
    return {"shape": list(array.shape), "dtype": str(array.dtype), "values": array.ravel().tolist()}


def _array(entry):
    return np.array(entry["values"], dtype=entry["dtype"]).reshape(entry["shape"])


def _lines(value, depth, indent=""):
    """JSON with one line for each entry below `depth`."""
    if depth < 0 or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    inner = indent + " "
    if isinstance(value, list):
        rows = [inner + _lines(item, depth - 1, inner) for item in value]
        return "[\n" + ",\n".join(rows) + "\n" + indent + "]"
    rows = [f"{inner}{json.dumps(k)}: {_lines(v, depth - 1, inner)}" for k, v in value.items()]
    return "{\n" + ",\n".join(rows) + "\n" + indent + "}"
