"""Mistakes that can be seen in the numbers alone: a flipped sign, a lost factor, a transpose."""

import numpy as np

from .fingerprints import FLOOR

CLOSE = 1e-5


def look_alike(name, got, outcome, want, case):
    """One sentence on what a wrong array looks like, or "" if it looks like nothing known.

    Inputs:
    - name: the array's name in the case
    - got: the array itself
    - outcome: where it comes from; knows all arrays and inputs of the case
    - want: Dictionary name -> recorded array
    - case: knows the sizes (N, D, reg ...) that a factor could be
    """
    wanted = want[name]
    if got.size == 0 or wanted.size == 0:
        return "an empty array"
    if got.shape != wanted.shape:
        return _misshapen(got, wanted)
    if not np.all(np.isfinite(got)):
        return _not_finite(got)
    got, wanted = got.astype(np.float64), wanted.astype(np.float64)
    others = {other: array for other, array in want.items() if other != name}
    return (
        _factor(got, wanted, case.sizes)
        or _same_as(got, others, "these are the numbers of {}: are they swapped?")
        or _same_as(got, outcome.inputs, "this is {}, handed on unchanged")
        or _arranged(got, wanted)
        or _partly(got, wanted)
        or _offset(got, wanted)
    )


def _close(a, b):
    return a.shape == b.shape and np.max(np.abs(a - b)) <= CLOSE * max(FLOOR, np.max(np.abs(b)))


def _misshapen(got, wanted):
    if got.shape == wanted.shape[::-1] and np.all(np.isfinite(got)) and _close(got.T, wanted):
        return "the transpose of the right array"
    if got.size == wanted.size and _close(got.ravel(), wanted.ravel()):
        return f"the right numbers in another shape: reshape to {wanted.shape}"
    if got.ndim < wanted.ndim and got.size < wanted.size:
        return "a sum or a mean over an axis too many"
    if got.ndim > wanted.ndim:
        return "an axis that was kept (keepdims=True) or not summed over"
    if sorted(got.shape) == sorted(wanted.shape):
        return "axes or operands in another order"
    steps = [abs(a - b) for a, b in zip(got.shape, wanted.shape, strict=False)]
    if got.ndim == wanted.ndim and max(steps) == 1 and sum(steps) > 1:
        return "sizes that are off by one"
    return "a size taken from another array or axis, or a sum over another axis"


def _not_finite(got):
    kind = "NaN (0/0 or inf − inf)" if np.isnan(got).any() else "infinite"
    count = np.count_nonzero(~np.isfinite(got))
    return f"{count} of {got.size} numbers are {kind}: a division by 0, or an exp or log too far"


def _factor(got, wanted, sizes):
    """Zeros, a flipped sign, or a constant factor, by its name where it has one."""
    if not got.any():
        return "zeros: computed nowhere, or overwritten"
    if _close(got, wanted):
        return "right but for the last digits: a number of float32, or a small one that was added"
    if (np.count_nonzero(wanted) < 2 and wanted.size > 1) or np.max(np.abs(wanted)) < FLOOR:
        return ""
    ratio = float(np.vdot(got, wanted) / max(np.vdot(wanted, wanted), 1e-300))
    if ratio == 0 or not _close(got / ratio, wanted):
        return ""
    if abs(ratio + 1) < CLOSE:
        return "the sign is flipped"
    named = {2.0: "2", 0.5: "1/2", 2**0.5: "√2", 0.5**0.5: "1/√2"}
    for letter, size in sizes.items():
        named |= {size: f"{letter} = {size}", 1 / size: f"1/{letter} = 1/{size}"}
    sign = "−" if ratio < 0 else ""
    for factor, spelled in named.items():
        if abs(abs(ratio) - factor) < CLOSE * factor:
            return f"{sign}{spelled} times the right numbers" + _of_batch(abs(ratio), sizes)
    if got.size == 1:  # some factor leads from any number to any other
        return ""
    return f"{ratio:.4g} times the right numbers: a constant factor too many or missing"


def _of_batch(ratio, sizes):
    batch = sizes.get("N", 0)
    if batch and abs(ratio - batch) < CLOSE * batch:
        return ": a sum where the mean over the batch belongs"
    if batch and abs(ratio - 1 / batch) < CLOSE:
        return ": divided by the batch size once too often"
    return ""


def _same_as(got, arrays, sentence):
    for name, array in arrays.items():
        numeric = np.asarray(array).dtype.kind in "fiu"
        if got.size > 1 and numeric and _close(got, np.asarray(array, np.float64)):
            return sentence.format(name)
    return ""


def _arranged(got, wanted):
    if got.ndim == 2 and got.shape[0] == got.shape[1] and _close(got.T, wanted):
        return "the transpose of the right array"
    if got.size > 2 and _close(np.sort(got, axis=None), np.sort(wanted, axis=None)):
        return "the right numbers in another order: a reshape or transpose too many or missing"
    if _close(np.abs(got), np.abs(wanted)):
        return "right but for some signs"
    return ""


def _partly(got, wanted):
    """Some rows right, the others not."""
    if got.ndim == 0 or len(got) < 2:
        return ""
    scale = CLOSE * max(FLOOR, float(np.max(np.abs(wanted))))
    axes = tuple(range(1, got.ndim))
    rows = np.flatnonzero(np.max(np.abs(got - wanted), axis=axes) <= scale)
    if not 0 < len(rows) < len(got):
        return ""
    listed = ", ".join(map(str, rows[:6])) + (" ..." if len(rows) > 6 else "")
    what = "row" if got.ndim > 1 else "number"
    many = f"{what} {listed} is right" if len(rows) == 1 else f"{what}s {listed} are right"
    return f"only {many}, of {len(got)}"


def _offset(got, wanted):
    difference = got - wanted
    if got.size > 2 and _close(difference, np.full_like(difference, difference.mean())):
        return f"off by the same {difference.mean():.6g} everywhere: a term added or left out"
    return ""
