"""Captions spelt letter by letter, for a model that writes characters instead of words."""

import copy

import numpy as np

from .vocabulary import SPECIAL

CAPTIONS = ("train_captions", "val_captions")


def characters_of(data):
    """Spell the captions of a set: the same sentences of the same pictures, in characters.

    A caption becomes <START>, the characters of its words with a space between two words, and
    <END>; <UNK> stays one sign. What trains on words trains on the result unchanged, and
    decode_captions(..., separator="") writes it out.

    Inputs:
    - data: What load_coco_data returned, or a dictionary like it

    Returns a dictionary of the same kind, which shares with `data` all but these:
    - train_captions, val_captions: shape (M, T), int32, indices into idx_to_word, with T the
      length of the longest caption of both
    - idx_to_word: list of <NULL>, <START>, <END>, <UNK>, the space and every other character
    - word_to_idx: dictionary from each to its index
    """
    words = data["idx_to_word"]
    letters = {letter for word in words if word not in SPECIAL for letter in word} - {" "}
    signs = [*SPECIAL, " ", *sorted(letters)]
    numbers = {sign: number for number, sign in enumerate(signs)}
    spellings, lengths = _spellings(words, numbers)
    spelt = {name: _spell(data[name], words, spellings, lengths) for name in CAPTIONS}
    longest = max(captions.shape[1] for captions in spelt.values())
    result = copy.copy(data)
    for name, captions in spelt.items():
        padding = ((0, 0), (0, longest - captions.shape[1]))
        result[name] = np.pad(captions, padding, constant_values=numbers["<NULL>"])
    result["idx_to_word"], result["word_to_idx"] = signs, numbers
    return result


def _spellings(words, numbers):
    """Numbers of each word's characters (V, L), a space in front, and how many these are (V,)."""
    spelt = [[numbers[word]] if word in SPECIAL else [numbers[s] for s in word] for word in words]
    lengths = np.array([1 + len(spelling) for spelling in spelt])
    table = np.full((len(words), lengths.max()), numbers[" "], np.int32)
    for row, spelling in zip(table, spelt):
        row[1 : 1 + len(spelling)] = spelling
    return table, lengths


def _spell(captions, words, spellings, lengths):
    """Put the characters of each caption's words one behind the other: (M, T), int32, 0-padded."""
    silent = np.array([word == "<NULL>" for word in words])[captions]
    unspaced = np.array([word in SPECIAL[:3] for word in words])[captions]
    # The space in front of a word is skipped where no word stands before it.
    skipped = unspaced.copy()
    skipped[:, 1:] |= unspaced[:, :-1]
    skipped[:, :1] = True
    used = np.where(silent, 0, lengths[captions] - skipped)
    ends = used.cumsum(axis=1)
    spelt = np.zeros((len(captions), ends.max(initial=0)), np.int32)
    for place in range(spellings.shape[1]):
        rows, times = np.nonzero(place < used)
        target = ends[rows, times] - used[rows, times] + place
        spelt[rows, target] = spellings[captions[rows, times], place + skipped[rows, times]]
    return spelt
