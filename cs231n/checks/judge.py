"""Holds what a case got against what was recorded, and says what differs and how."""

from dataclasses import dataclass, field

import numpy as np

from .fingerprints import FLOOR, matching_causes, signature
from .lookalikes import look_alike


@dataclass
class Finding:
    """One array that is wrong: `lines` say how, `hint` what it looks like."""

    name: str
    lines: list
    hint: str = ""


@dataclass
class Verdict:
    """What the judge says of one case."""

    case: object
    outcome: object
    findings: list = field(default_factory=list)
    right: list = field(default_factory=list)
    advice: list = field(default_factory=list)

    @property
    def passed(self):
        stopped = self.outcome.blank or self.outcome.error
        return not (stopped or self.findings or self.outcome.writes)

    @property
    def points(self):
        return self.case.points if self.passed else 0

    @property
    def signature(self):
        """What went wrong, in the form in which mistakes are recorded."""
        wrong = [finding.name for finding in self.findings]
        return {} if self.passed else signature(self.case, self.outcome, wrong)


def judge(case, outcome, want):
    """Compare an outcome with the recorded arrays of the same case and seed.

    Inputs:
    - case: gives the limit of the scale-relative error
    - outcome: an Outcome
    - want: Dictionary name -> array

    Returns a Verdict.
    """
    verdict = Verdict(case, outcome, advice=list(outcome.advice))
    if outcome.arrays is None:
        return verdict
    for name in want | outcome.arrays:
        finding = _compare(name, outcome, want, case, verdict.advice)
        if finding is None:
            verdict.right.append(name)
        else:
            verdict.findings.append(finding)
    return verdict


def relative_error(got, want):
    """Largest |got − want|, in units of the largest |want|; NaN where got has a NaN.

    Inputs:
    - got, want: Arrays of one shape, any; a `want` below FLOOR counts as FLOOR
    """
    if np.size(want) == 0:
        return 0.0
    got, want = np.asarray(got, np.float64), np.asarray(want, np.float64)
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(got - want)) / max(FLOOR, np.max(np.abs(want))))


def causes_of(verdicts, mistakes):
    """Recorded causes that the verdicts of one exercise look like, likeliest first."""
    failed = {key: value for verdict in verdicts for key, value in verdict.signature.items()}
    limits = {verdict.case.name: verdict.case.limit for verdict in verdicts}
    return matching_causes(failed, mistakes, limits)


def _compare(name, outcome, wanted, case, advice):
    """A Finding, or None if the array is right. Adds to advice what is no mistake."""
    if name not in wanted:
        return Finding(name, ["nobody asked for it"])
    value, want = outcome.arrays.get(name), wanted[name]
    if value is None or isinstance(value, tuple | list | dict):
        what = "None" if value is None else f"a {type(value).__name__} of {len(value)}"
        return Finding(name, [f"got {what}, wanted {_described(want)}"], _look_alike_of_none(value))
    got = np.asarray(value)
    if want.dtype.kind == "U":
        return _compare_names(name, got, want)
    if got.dtype.kind not in ("f" if want.dtype.kind == "f" else "fiub"):
        hint = "whole numbers or truth values: decimals were cut off, or never computed"
        lines = [f"got {_described(got)}", f"wanted {_described(want)}"]
        return Finding(name, lines, hint if got.dtype.kind in "iub" else "")
    if got.shape != want.shape:
        lines = [f"got {_described(got)}", f"wanted {_described(want)}"]
    elif not (error := relative_error(got, want)) <= case.limit:
        lines = _numbers(got, want, error, case.limit)
    elif got.dtype.kind == "f" and got.dtype.itemsize < want.dtype.itemsize:
        lines = [f"got {_described(got)}", f"wanted {_described(want)}"]
        return Finding(name, lines, f"digits are lost: {got.dtype} where {want.dtype} came in")
    else:
        _advise(name, got, want, advice)
        return None
    with np.errstate(all="ignore"):
        return Finding(name, lines, look_alike(name, got, outcome, wanted, case))


def _compare_names(name, got, want):
    got, want = list(map(str, got.ravel())), list(map(str, want.ravel()))
    if got == want:
        return None
    missing = [word for word in want if word not in got]
    surplus = [word for word in got if word not in want]
    lines = [f"missing: {', '.join(missing)}"] if missing else []
    lines += [f"not wanted: {', '.join(surplus)}"] if surplus else []
    return Finding(name, lines, _misnamed(missing, surplus))


def _misnamed(missing, surplus):
    """A hint for words such as "W2 (600, 80)": which of the names are there in another shape."""
    names = {word.split(" (")[0] for word in missing if " (" in word}
    reshaped = sorted(names & {word.split(" (")[0] for word in surplus})
    return f"the right name with another shape: {', '.join(reshaped)}" if reshaped else ""


def _numbers(got, want, error, limit):
    scale = max(FLOOR, float(np.max(np.abs(want))))
    with np.errstate(all="ignore"):
        bad = ~(np.abs(np.asarray(got, np.float64) - want) <= limit * scale)
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    at = f" at [{', '.join(map(str, index))}]" if index else ""
    return [
        f"shape {got.shape} and dtype {got.dtype}, as wanted"
        if got.dtype == want.dtype
        else f"shape {got.shape}, as wanted; dtype got {got.dtype}, wanted {want.dtype}",
        f"largest error {error:.1e} of the largest wanted value; limit {limit:.0e}",
        f"{np.count_nonzero(bad)} of {bad.size} wrong, first{at}: "
        f"got {got[index]:.9g}, wanted {want[index]:.9g}",
    ]


def _advise(name, got, want, advice):
    if got.ndim and got.dtype != want.dtype and want.dtype == np.float32:
        sentence = (
            f"{name} is {got.dtype} where the input is float32: right, but twice the memory and "
            "half the speed"
        )
        if not any("twice the memory" in other for other in advice):
            advice.append(sentence)


def _look_alike_of_none(value):
    """A hint for a value that is no array at all."""
    return "a value that was never set" if value is None else "a tuple that was not unpacked"


def _described(array):
    array = np.asarray(array)
    return f"shape {array.shape}, dtype {array.dtype}"
