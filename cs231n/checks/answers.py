"""Recorded answers: answers.json, what the solved package returns for the public seed."""

import json
from pathlib import Path

import numpy as np

ANSWERS = Path(__file__).resolve().with_name("answers.json")
DIGITS = 12  # of a float64, whose last ones differ between machines; limits begin at 1e-7


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
    """Write a recording, one line for each array and each mistake.

    Of float64 numbers DIGITS digits are kept; all others come back as they were.
    """
    cases = {
        case: {name: _entry(array) for name, array in arrays.items()}
        for case, arrays in recorded["cases"].items()
    }
    text = _lines({**recorded, "cases": cases}, depth=2)
    Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")


def _entry(array):
    array = np.asarray(array)
    values = array.ravel().tolist()
    if array.dtype == np.float32:
        values = [float(str(value)) for value in array.ravel()]  # the shortest that comes back
    elif array.dtype == np.float64:
        values = [float(f"{value:.{DIGITS}g}") for value in values]
    return {"shape": list(array.shape), "dtype": str(array.dtype), "values": values}


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
