"""Fingerprints of functions by winnowing, and how alike two sets of them are among many.

Source: S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003; the weights are the inverse document frequency of text search.
"""

import zlib

import numpy as np

from kit import KitError

TOKENS = 10  # of one fingerprint: a shorter copy is not seen
WINDOW = 5  # of so many neighbours the smallest is kept: a copy of 14 tokens is always seen
MOST = 10_000  # submissions: the table of pairs takes 4 bytes for each, 400 MB
FEW, SHARE = 8, 0.1  # what more than so many submissions hold, and more than this share, is common


def fingerprints(functions):
    """The fingerprints of some functions, as a sorted uint32 array without repetitions."""
    found = {number for function in functions for number in _winnowed(function.tokens)}
    return np.array(sorted(found), dtype=np.uint32)


def _winnowed(tokens):
    words = [word.encode("utf-8", "replace") for word in tokens]
    grams = (b" ".join(words[i : i + TOKENS]) for i in range(len(words) - TOKENS + 1))
    hashes = [zlib.crc32(gram) for gram in grams]
    return {min(hashes[i : i + WINDOW]) for i in range(max(0, len(hashes) - WINDOW + 1))}


def weights(documents):
    """What a shared fingerprint says: ln((1 + N) / n) where n of N documents hold it, else 0.

    Inputs:
    - documents: List of N arrays, as `fingerprints` gives them

    Returns two arrays: the fingerprints that at least two and not too many hold, and their weights.
    """
    count = len(documents)
    every = np.concatenate([np.empty(0, np.uint32), *documents])
    numbers, held = np.unique(every, return_counts=True)
    telling = held <= max(FEW, SHARE * count)
    return numbers[telling], np.log((1 + count) / held[telling])


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
    smaller = np.minimum.outer(whole, whole)
    first, second = np.nonzero(np.triu((shared >= least * smaller) & (shared > 0), 1))
    pairs = [
        (float(shared[a, b] / smaller[a, b]), float(shared[a, b]), int(a), int(b))
        for a, b in zip(first, second)
    ]
    return sorted(pairs, key=lambda pair: (-pair[0], -pair[1], *pair[2:]))


def _shared(documents):
    """Weight that each pair shares, (N, N), and that each document holds, (N,)."""
    numbers, worth = weights(documents)
    count = len(documents)
    shared, whole = np.zeros((count, count), np.float32), np.zeros(count, np.float32)
    holders, columns = [], []
    for index, document in enumerate(documents):
        column = np.nonzero(np.isin(numbers, document, assume_unique=True))[0]
        whole[index] = worth[column].sum()
        holders.append(np.full(len(column), index, np.int32))
        columns.append(column)
    if not count:
        return shared, whole
    column = np.concatenate(columns)
    order = np.argsort(column, kind="stable")
    holder, column = np.concatenate(holders)[order], column[order]
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    for group, number in zip(np.split(holder, starts[1:]), column[starts]):
        if len(group) > 1:
            shared[np.ix_(group, group)] += worth[number]
    return shared, whole
