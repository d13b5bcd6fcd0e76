"""Settings of normalisation and dropout: what a network takes, and what its layers make of it."""

import numpy as np


def require_known(normalization, known, dropout_keep_ratio):
    """Raise ValueError, naming the way out, for settings that a network does not know.

    Inputs:
    - normalization: None, or one of the names in `known`
    - known: A tuple of two names
    - dropout_keep_ratio: Share of units kept, above 0 and at most 1
    """
    if normalization not in (None, *known):
        one, other = known
        raise ValueError(
            f"unknown normalization {normalization!r}; choose None, {one!r} or {other!r}"
        )
    if not 0 < dropout_keep_ratio <= 1:
        raise ValueError(
            f"dropout_keep_ratio is the share of units kept, above 0 and at most 1, "
            f"but is {dropout_keep_ratio}"
        )


def norm_param(normalization):
    """A new bn_param, ln_param or gn_param: only batch norm is another thing in a test."""
    return {"mode": "train"} if normalization == "batchnorm" else {}


def dropout_param(keep_ratio, seed, rng):
    """What dropout_forward needs; empty without dropout."""
    if keep_ratio == 1:
        return {}
    source = {"rng": np.random.default_rng(rng)} if seed is None else {"seed": seed}
    return {"mode": "train", "p": keep_ratio, **source}
