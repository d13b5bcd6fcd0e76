"""Recognises recorded mistakes: a few numbers for each wrong array, never the array itself."""

import numpy as np

TOLERANCE = 1e-5
FLOOR = 1e-6  # below this an array counts as zero, so that rounding is not held against it
DIGITS = 7  # kept of a number: enough for the tolerance in arrays of up to 40,000 numbers


def signature(case, outcome, wrong):
    """What a failed case left behind: "case.array" -> fingerprint, writes and errors in words.

    Inputs:
    - case, outcome: of the run
    - wrong: names of the arrays that are wrong
    """
    found = {
        f"{case.name}.{name}": fingerprint(outcome.arrays[name])
        for name in wrong
        if name in (outcome.arrays or {})
    }
    if outcome.writes:
        found[f"{case.name}: writes"] = sorted(outcome.writes)
    if outcome.error:
        found[f"{case.name}: error"] = outcome.kind
    return found


def fingerprint(value):
    """[shape, largest magnitude, count of not finite, three projections]; words if no numbers."""
    array = np.asarray(value) if not isinstance(value, tuple | list | dict) else None
    if array is None or array.dtype.kind not in "fiub":
        return [str(word) for word in np.ravel(array)] if array is not None else repr(type(value))
    numbers = array.astype(np.float64).ravel()
    finite = np.isfinite(numbers)
    kept = np.where(finite, numbers, 0.0)
    places = np.arange(1, kept.size + 1)
    projections = [_short(kept @ np.cos(k * places)) for k in (0.7, 1.1, 2.3)]
    largest = _short(np.max(np.abs(kept), initial=0.0))
    return [list(array.shape), largest, int(np.count_nonzero(~finite)), projections]


def alike(a, b, tolerance=TOLERANCE):
    """Whether two fingerprints are of the same array, up to rounding."""
    numeric = [isinstance(f, list) and len(f) == 4 and isinstance(f[3], list) for f in (a, b)]
    if not all(numeric):
        return a == b
    if a[0] != b[0] or a[2] != b[2]:
        return False
    size = max(1, int(np.prod(a[0])))
    room = tolerance * max(FLOOR, a[1], b[1]) * size**0.5
    return all(abs(p - q) <= room for p, q in zip([a[1], *a[3]], [b[1], *b[3]], strict=True))


def _short(number):
    return float(f"{number:.{DIGITS}g}")


def matching_causes(failed, mistakes, limits):
    """Causes of the recorded mistakes that explain what failed, best match first.

    Inputs:
    - failed: signature of an exercise's failed cases
    - mistakes: list of {"cause": text, "signature": as above}
    - limits: case name -> its limit, the tolerance where that is wider

    Returns the causes that match best: every trace of the mistake is there, or else most of them.
    A cause must explain what the message shows first, or it would be read as if it did. Where only
    exceptions match, they must be all that failed, and all that the mistake left: a ValueError is
    common.
    """
    ranked = []
    for mistake in mistakes:
        traces = mistake["signature"]
        hits = {
            key
            for key, value in traces.items()
            if key in failed and alike(failed[key], value, max(TOLERANCE, _limit(key, limits)))
        }
        if _tells(hits, traces, failed):
            ranked.append((len(traces) - len(hits), -len(hits), mistake["cause"]))
    best = min((rank[:2] for rank in ranked), default=None)
    return list(dict.fromkeys(cause for *rank, cause in ranked if tuple(rank) == best))


def _tells(hits, traces, failed):
    """Whether the traces found explain what a message shows first, and are not just exceptions."""
    if all(key.endswith(": error") for key in hits):
        return bool(hits) and traces.keys() == failed.keys() == hits
    return bool(hits & _shown_first(failed))


def _shown_first(failed):
    """What stands at the top of the message: an array of the first failed case, and its writes."""
    first = next(iter(failed), "")
    return {first, f"{first.partition(': ')[0].partition('.')[0]}: writes"}


def _limit(key, limits):
    return limits.get(key.split(".")[0].split(":")[0], 0.0)
