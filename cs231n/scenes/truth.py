"""Whether a caption is true of a toycap scene: it is read into claims, and each is looked up.

BLEU counts words that captions have in common; a sentence that says nothing of the picture can get
a good part of them. Here a caption passes if everything it says is so. Saying little is easily
true ("there is a fish" in 18 of 100 pictures), so look at BLEU-4 as well.
"""

import math
import re
from itertools import permutations
from typing import NamedTuple

from ..caption_scores import words_of
from .captions import NOUNS, PLACE_PHRASES, RELATION_PHRASES, SIZE_WORDS
from .scene_graphs import COLOUR_NAMES, relation

KINDS = ("object", "colour", "size", "two", "relation", "place")


class Mention(NamedTuple):
    """An object that a caption speaks of; colour and size are None where it doesn't say."""

    name: str
    colour: str | None
    size: str | None


class Claims(NamedTuple):
    """What a caption says: of one or two objects, how they lie ("left" …), and where.

    two is True for "two cars": then the two mentions are alike, and count as one.
    """

    mentions: tuple
    two: bool
    relation: str | None
    place: str | None


def parse(caption):
    """Read a caption into Claims; None if it isn't a sentence of the grammar in `captions`.

    A caption with a word that isn't there, such as <UNK>, is none. <START>, <END> and <NULL> may
    stand around it.
    """
    found = _SENTENCE.fullmatch(" ".join(words_of(caption)))
    if found is None:
        return None
    relation, place = _RELATIONS.get(found["relation"]), _PLACES.get(found["place"])
    if found["plural"]:
        alike = Mention(_PLURALS[found["plural"]], found["both"], None)
        return Claims((alike, alike), True, None, place)
    mentions = tuple(
        Mention(_NOUNS[found["noun" + k]], found["colour" + k], _SIZES.get(found["size" + k]))
        for k in "12"
        if found["noun" + k]
    )
    return Claims(mentions, False, relation, place)


def judge(caption, scene):
    """Judge each claim of a caption.

    Mentions are matched with different objects of the scene, in the way that makes most claims
    true. A colour, size or relation is true only of an object that goes by the name.

    Inputs:
    - caption: string
    - scene: scene_graphs.Scene

    Returns a list of (kind, verdict), kind one of KINDS and verdict True or False; None if the
    caption cannot be read.
    """
    claims = parse(caption)
    if claims is None:
        return None
    candidates = (*scene.items, *[None] * len(claims.mentions))
    ways = permutations(candidates, len(claims.mentions))
    verdicts = (_judge_matched(claims, items, scene.place) for items in ways)
    return max(verdicts, key=lambda one: sum(verdict for _, verdict in one))


def wholly_true(caption, scene):
    """True if the caption can be read, and everything it says of the scene is so."""
    verdicts = judge(caption, scene)
    return verdicts is not None and all(verdict for _, verdict in verdicts)


def score_truth(captions, scenes):
    """Tell how true captions are, one caption for each scene.

    Inputs:
    - captions: list of N strings
    - scenes: list of N scene_graphs.Scene

    Returns a dictionary of shares in 0..1:
    - "true": of captions that are wholly true
    - "read": of captions that can be read
    - one for each of KINDS: of such claims, those that are true; nan where there is none

    Raises ValueError if there are no captions, or not as many as scenes.
    """
    if len(captions) != len(scenes) or not captions:
        raise ValueError(f"{len(captions)} captions for {len(scenes)} scenes: give one for each")
    judged = [judge(caption, scene) for caption, scene in zip(captions, scenes)]
    read = [verdicts for verdicts in judged if verdicts is not None]
    of_kind = {kind: [] for kind in KINDS}
    for kind, verdict in (pair for verdicts in read for pair in verdicts):
        of_kind[kind].append(verdict)
    true = sum(all(verdict for _, verdict in verdicts) for verdicts in read)
    shares = {kind: sum(v) / len(v) if v else math.nan for kind, v in of_kind.items()}
    return {"true": true / len(captions), "read": len(read) / len(captions), **shares}


def _judge_matched(claims, items, place):
    """The verdicts where each mention means the item, or None, at its place in items."""
    verdicts = [v for pair in zip(claims.mentions, items) for v in _judge_mention(*pair)]
    named = [item and item.name == m.name for m, item in zip(claims.mentions, items)]
    if claims.two:
        kinds = dict.fromkeys(kind for kind, _ in verdicts)
        verdicts = [(kind, all(v for k, v in verdicts if k == kind)) for kind in kinds]
        verdicts = [("two" if kind == "object" else kind, v) for kind, v in verdicts]
    if claims.relation:
        verdicts.append(("relation", all(named) and relation(*items) == claims.relation))
    if claims.place:
        verdicts.append(("place", claims.place == place))
    return verdicts


def _judge_mention(mention, item):
    named = item is not None and item.name == mention.name
    yield "object", named
    if mention.colour:
        yield "colour", named and item.colour == mention.colour
    if mention.size:
        yield "size", named and item.size == mention.size


def _any_of(words):
    # The longest first, or "left of" would hide "to the left of".
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_NOUNS = {w: name for name, n in NOUNS.items() for w in (n.usual, n.other, *n.rare)}
_PLURALS = {noun.plural: name for name, noun in NOUNS.items()}
_SIZES = {word: size for size, words in SIZE_WORDS.items() for word in words}
_RELATIONS = {phrase: name for name, phrases in RELATION_PHRASES.items() for phrase in phrases}
_PLACES = {phrase: name for name, phrase in PLACE_PHRASES.items()}
_COLOUR = _any_of(COLOUR_NAMES)
_OBJECT = (
    rf"an? (?:(?P<size%s>{_any_of(_SIZES)}) )?(?:(?P<colour%s>{_COLOUR}) )?"
    rf"(?P<noun%s>{_any_of(_NOUNS)})"
)
_LINK = rf"(?:and|(?(intro)|(?:is )?)(?P<relation>{_any_of(_RELATIONS)}))"
_SENTENCE = re.compile(
    rf"(?:two (?:(?P<both>{_COLOUR}) )?(?P<plural>{_any_of(_PLURALS)})"
    rf"|(?P<intro>there is |a picture of )?{_OBJECT % ('1', '1', '1')}"
    rf"(?: {_LINK} {_OBJECT % ('2', '2', '2')})?)"
    rf"(?: (?P<place>{_any_of(_PLACES)}))?"
)
