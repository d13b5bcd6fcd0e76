"""How close captions come to those that people, or a generator, wrote of the same pictures: BLEU.

Source: K. Papineni, S. Roukos, T. Ward, W.-J. Zhu. BLEU: a method for automatic evaluation of
machine translation. ACL 2002.
"""

import math
from collections import Counter

LONGEST = 4  # words in the longest run that is compared


def words_of(caption):
    """The words of a caption up to <END>, without <START> and <NULL>: a list of strings."""
    words = [word for word in caption.split() if word not in ("<START>", "<NULL>")]
    return words[: words.index("<END>")] if "<END>" in words else words


def corpus_bleu(captions, references):
    """Score captions by the runs of 1 to 4 words that they share with reference captions.

    p_n = the captions' n-word runs that are in a reference, over all their n-word runs. A run
    counts at most as often as in the reference that has it most often.
    BLEU-n = min(1, exp(1 - r / c)) * (p_1 * … * p_n) ** (1 / n), with c the length of all captions
    and r that of their references: of each picture's, the one that comes closest, the shorter one
    if two do.

    Inputs:
    - captions: list of N strings
    - references: list of N lists of strings, at least one for each caption

    Returns a list of BLEU-1, BLEU-2, BLEU-3 and BLEU-4, each in 0..1.

    Raises ValueError if there are no captions, or one is without a reference.
    """
    if not captions or len(captions) != len(references) or not all(references):
        raise ValueError(
            f"{len(captions)} captions, {len(references)} lists of references: give at least one "
            "caption, and for each a list of at least one reference"
        )
    captions = [words_of(caption) for caption in captions]
    references = [[words_of(text) for text in texts] for texts in references]
    brevity = _brevity(captions, references)
    precisions = [_precision(captions, references, n) for n in range(1, LONGEST + 1)]
    return [brevity * math.prod(precisions[:n]) ** (1 / n) for n in range(1, LONGEST + 1)]


def _brevity(captions, references):
    """The factor that punishes captions shorter than their references."""
    ours = sum(map(len, captions))
    theirs = sum(
        min(map(len, texts), key=lambda length: (abs(length - len(caption)), length))
        for caption, texts in zip(captions, references)
    )
    if ours == 0:
        return 0.0
    return min(1.0, math.exp(1 - theirs / ours))


def _precision(captions, references, n):
    """The share of the captions' n-word runs that their references have; 0 if there are none."""
    shared = total = 0
    for caption, texts in zip(captions, references):
        runs, most = _runs(caption, n), Counter()
        for text in texts:
            most |= _runs(text, n)
        shared += (runs & most).total()
        total += runs.total()
    return shared / total if total else 0.0


def _runs(words, n):
    return Counter(zip(*(words[start:] for start in range(n))))
