"""Captions of toycap's scenes: five for each picture, and their words as numbers.

    caption  = ["there is" | "a picture of"] object [place]
             | "two" [colour] plural [place]
             | object ["is"] relation object [place]
             | object "and" object [place]
    object   = "a" [size] [colour] noun
    place    = "in the sky" | "on the water" | "on the road" | "in a meadow" | "on the sand"

Things have several names. Some of these are rare, so that they fall out of the vocabulary and
become <UNK>, as rare words do in captions that people wrote.
"""

from collections import Counter
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from ..vocabulary import SPECIAL
from .dice import Dice
from .scene_graphs import VERSION, make_scene_graphs, relation

PER_PICTURE = 5
LONGEST = 15  # words
SHARE = 0.0016  # a word belongs to the vocabulary if it is in so many words a caption, or more


class Noun(NamedTuple):
    """What an object is called: mostly the first two, the rare ones hardly ever; and the plural."""

    usual: str
    other: str
    rare: tuple
    plural: str


NOUNS = MappingProxyType(
    {
        "balloon": Noun("balloon", "balloon", ("blimp", "airship"), "balloons"),
        "boat": Noun("boat", "sailboat", ("dinghy", "yacht"), "boats"),
        "car": Noun("car", "car", ("sedan", "taxi"), "cars"),
        "fish": Noun("fish", "fish", ("carp", "trout"), "fish"),
        "flower": Noun("flower", "flower", ("blossom", "daisy"), "flowers"),
        "house": Noun("house", "hut", ("cottage", "cabin"), "houses"),
        "kite": Noun("kite", "kite", ("glider", "toy"), "kites"),
        "mushroom": Noun("mushroom", "toadstool", ("fungus", "agaric"), "mushrooms"),
        "tree": Noun("tree", "tree", ("sapling", "shrub"), "trees"),
        "truck": Noun("truck", "lorry", ("van", "pickup"), "trucks"),
    }
)
SIZE_WORDS = MappingProxyType({"large": ("large", "big"), "small": ("small", "little")})
PLACE_PHRASES = MappingProxyType(
    {
        "sky": "in the sky",
        "water": "on the water",
        "road": "on the road",
        "meadow": "in a meadow",
        "sand": "on the sand",
    }
)
RELATION_PHRASES = MappingProxyType(
    {
        "left": ("to the left of", "left of"),
        "right": ("to the right of", "right of"),
        "above": ("above", "over"),
        "below": ("below", "under"),
    }
)


def write_captions(split, scenes):
    """Write five captions for each scene, the same on every machine.

    Inputs:
    - split: "train", "val", "test" or "vision"; another split words the same scene otherwise
    - scenes: list of Scene, from the split's first picture on

    Returns a list with a list of five strings for each scene; the first lists of a longer set are
    those of a shorter one.
    """
    luck = Dice(f"{VERSION}/{split}/captions").uniform(0, 1, len(scenes), PER_PICTURE, 20).tolist()
    return [
        [_write(scene, iter(draws)) for draws in of_scene] for scene, of_scene in zip(scenes, luck)
    ]


def build_vocabulary(captions):
    """Choose the words that are frequent enough to be learned.

    A word must occur SHARE times the number of captions. The special ones come first, then the
    others by frequency, and by the alphabet where that is equal.

    Inputs:
    - captions: list of lists of strings, as from write_captions

    Returns a tuple of:
    - idx_to_word: list of words
    - word_to_idx: dictionary from each word to its index in idx_to_word
    """
    texts = [text for of_scene in captions for text in of_scene]
    counts = Counter(word for text in texts for word in text.split())
    kept = [word for word in counts if counts[word] >= SHARE * len(texts)]
    idx_to_word = [*SPECIAL, *sorted(kept, key=lambda word: (-counts[word], word))]
    return idx_to_word, {word: index for index, word in enumerate(idx_to_word)}


def standard_vocabulary():
    """The vocabulary of the first 10,000 training pictures, as from build_vocabulary.

    It serves whatever part of them is in use, so that its numbers keep their meaning.
    """
    return build_vocabulary(write_captions("train", make_scene_graphs("train", 10000)))


def encode_captions(captions, word_to_idx):
    """Write captions as numbers, between <START> and <END>, filled up with <NULL>.

    Inputs:
    - captions: list of N lists of strings
    - word_to_idx: dictionary from words to numbers; other words become <UNK>

    Returns a tuple of:
    - encoded: shape (M, 17), int32, M the number of captions
    - image_idxs: index of each caption's picture, shape (M,), int32
    """
    null, start, end, unknown = (word_to_idx[word] for word in SPECIAL)
    texts = [text for of_scene in captions for text in of_scene]
    encoded = np.full((len(texts), LONGEST + 2), null, np.int32)
    for row, text in zip(encoded, texts):
        words = [word_to_idx.get(word, unknown) for word in text.split()]
        row[: len(words) + 2] = [start, *words, end]
    counts = [len(of_scene) for of_scene in captions]
    return encoded, np.repeat(np.arange(len(captions), dtype=np.int32), counts)


def _write(scene, luck):
    """One caption; luck is an iterator over numbers in 0..1, each used for one decision."""
    first, *others = scene.items
    if others and next(luck) < 0.72:
        words = _about_two(first, others[0], luck)
    else:
        item = others[0] if others and next(luck) < 0.5 else first
        words = _choose(("", "there is", "a picture of"), luck).split() + _name(item, luck)
    phrase = PLACE_PHRASES[scene.place].split()
    if next(luck) < 0.5 and len(words) + len(phrase) <= LONGEST:
        words += phrase
    return " ".join(words)


def _about_two(one, other, luck):
    if one.name == other.name and next(luck) < 0.6:
        colour = [one.colour] if one.colour == other.colour and next(luck) < 0.95 else []
        return ["two", *colour, NOUNS[one.name].plural]
    if next(luck) < 0.2:
        one, other = other, one
    if next(luck) < 0.25:
        link = ["and"]
    else:
        phrase = _choose(RELATION_PHRASES[relation(one, other)], luck)
        link = ["is"] * (next(luck) < 0.5) + phrase.split()
    return _name(one, luck) + link + _name(other, luck)


def _name(item, luck):
    """A phrase for an item, as a list of words."""
    size = [_choose(SIZE_WORDS[item.size], luck)] if next(luck) < 0.35 else []
    colour = [item.colour] if next(luck) < 0.95 else []
    noun, share = NOUNS[item.name], next(luck)
    usual = noun.other if share < 0.25 else noun.usual
    word = _choose(noun.rare, luck) if share < 0.015 else usual
    first = (size + colour + [word])[0]
    return ["an" if first[0] in "aeiou" else "a", *size, *colour, word]


def _choose(options, luck):
    return options[int(next(luck) * len(options))]
