"""Fingerprints of functions by winnowing, and how alike two sets of them are among many.

Source: S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003; the weights are the inverse document frequency of text search.
"""

import functools
import zlib

import numpy as np

from kit import KitError

TOKENS = 10  # of one fingerprint: a shorter copy is not seen
WINDOW = 5  # of so many neighbours the smallest is kept: a copy of 14 tokens is always seen
MOST = 10_000  # submissions: of 1,500 fingerprints each, so many take 800 MB, 3,000 take 230
FEW, SHARE = 8, 0.1  # what more than so many submissions hold, and more than this share, is common


def fingerprints(functions):
    """The fingerprints of some functions, as a sorted uint32 array without repetitions."""
    found = {number for function in functions for number in _winnowed(function.tokens)}
    return np.array(sorted(found), dtype=np.uint32)


@functools.lru_cache(maxsize=2000)
def _winnowed(tokens):
    words = [word.encode("utf-8", "replace") for word in tokens]
    grams = (b" ".join(words[i : i + TOKENS]) for i in range(len(words) - TOKENS + 1))
    hashes = [zlib.crc32(gram) for gram in grams]
    return {min(hashes[i : i + WINDOW]) for i in range(max(0, len(hashes) - WINDOW + 1))}


def weights(documents):
    """What a shared fingerprint says: ln((1 + N) / n) where n of N documents hold it.

    0 where more than max(FEW, SHARE * N) hold it.

    Inputs:
    - documents: List of N arrays, as `fingerprints` gives them

    Returns three arrays: the fingerprints, their weights, and how many hold each.
    """
    count = len(documents)
    every = np.concatenate([np.empty(0, np.uint32), *documents])
    numbers, held = np.unique(every, return_counts=True)
    told = np.log((1 + count) / held)
    return numbers, np.where(held <= max(FEW, SHARE * count), told, 0), held


def alike(documents, least):
    """The pairs of documents that share much of what few others hold.

    similarity = weight of what both hold / weight of what the smaller one holds

    Inputs:
    - documents: List of arrays, as `fingerprints` gives them
    - least: Similarity from which a pair counts, 0 to 1

    Returns a list of (similarity, weight of what is shared, first, second), the most alike first;
    the last two are places in `documents`. Raises KitError for more than MOST documents.
    """
    if len(documents) > MOST:
        raise KitError(f"{len(documents)} submissions are too many at a time; give {MOST} or fewer")
    shared, whole = _shared(documents)
    pairs = []
    for a in range(len(documents)):  # row by row: no second table of pairs is made
        row, smaller = shared[a, a + 1 :], np.minimum(whole[a], whole[a + 1 :])
        for place in np.flatnonzero((row >= least * smaller) & (row > 0)):
            share = float(row[place] / smaller[place])
            pairs.append((share, float(row[place]), a, a + 1 + int(place)))
    return sorted(pairs, key=lambda pair: (-pair[0], -pair[1], *pair[2:]))


def _shared(documents):
    """Weight that each pair shares, (N, N), and that each document holds, (N,)."""
    numbers, worth, held = weights(documents)
    columns = [np.searchsorted(numbers, document).astype(np.int32) for document in documents]
    whole = np.array([worth[column].sum() for column in columns], np.float32)
    shared = np.zeros((len(documents), len(documents)), np.float32)
    column = np.concatenate([np.empty(0, np.int32), *columns])
    lengths = [len(document) for document in documents]
    holder = np.repeat(np.arange(len(documents), dtype=np.int32), lengths)
    counts = ((held > 1) & (worth > 0))[column]
    order = np.argsort(column[counts], kind="stable")
    column, holder = column[counts][order], holder[counts][order]
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    for group, number in zip(np.split(holder, starts[1:]), column[starts]):
        shared[np.ix_(group, group)] += worth[number]
    return shared, whole
