"""Captions: recorded words, grammar, vocabulary, encoding; and none says what is not so."""

import hashlib
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from cs231n.scenes import captions, scene_graphs, truth

# Of the captions of 10,000 training pictures, a line each.
SHA256 = "8086e188b74e7e4b41faae805f958b58b9b813d2e69439a81c46332f16af9c0b"


@pytest.fixture(scope="module")
def scenes():
    return scene_graphs.make_scene_graphs("train", 10000)


@pytest.fixture(scope="module")
def texts(scenes):
    return captions.write_captions("train", scenes)


@pytest.fixture(scope="module")
def words(texts):
    return captions.build_vocabulary(texts)


def test_captions_are_the_recorded_ones(texts):
    lines = "\n".join(text for five in texts for text in five)
    assert hashlib.sha256(lines.encode("ascii")).hexdigest() == SHA256


def test_no_caption_makes_a_false_claim(scenes, texts):
    false = [
        (text, scene)
        for five, scene in zip(texts, scenes)
        for text in five
        if not truth.wholly_true(text, scene)
    ]
    assert not false, false[:3]


def test_each_picture_has_five_captions_of_at_most_15_words(texts):
    assert {len(five) for five in texts} == {5}
    lengths = [len(text.split()) for five in texts for text in five]
    assert max(lengths) == captions.LONGEST and 7.5 < np.mean(lengths) < 8.5
    assert len({text for five in texts for text in five}) > 15000


def test_fewer_scenes_have_the_same_captions(scenes, texts):
    assert captions.write_captions("train", scenes[:7]) == texts[:7]
    assert captions.write_captions("val", scenes[:7]) != texts[:7]


def test_articles_fit_their_words(texts):
    for five in texts[:2000]:
        for text in five:
            parts = text.split()
            for article, word in pairwise(parts):
                if article in ("a", "an"):
                    assert article == ("an" if word[0] in "aeiou" else "a"), text


def test_vocabulary_leaves_out_the_rare_words(texts, words):
    idx_to_word, word_to_idx = words
    rare = {word for noun in captions.NOUNS.values() for word in noun.rare}
    spoken = {word for five in texts for text in five for word in text.split()}
    assert idx_to_word[:5] == ["<NULL>", "<START>", "<END>", "<UNK>", "a"]
    assert spoken - set(idx_to_word) == rare | {"an"} and len(idx_to_word) == 59
    assert all(idx_to_word[index] == word for word, index in word_to_idx.items())
    assert captions.standard_vocabulary() == words
    assert len(captions.build_vocabulary(texts[:2000])[0]) == 59


def test_vocabulary_is_ordered_by_frequency(texts, words):
    counts = Counter(word for five in texts for text in five for word in text.split())
    ordered = [counts[word] for word in words[0][4:]]
    assert ordered == sorted(ordered, reverse=True) and ordered[-1] >= 80


def test_encoding_can_be_read_back(texts, words):
    idx_to_word, word_to_idx = words
    encoded, image_idxs = captions.encode_captions(texts, word_to_idx)
    assert encoded.shape == (50000, 17) and encoded.dtype == np.int32
    assert image_idxs.dtype == np.int32 and image_idxs.tolist()[4:6] == [0, 1]
    unknown = np.mean(np.any(encoded == word_to_idx["<UNK>"], axis=1))
    assert 0.01 < unknown < 0.04
    for row, index in zip(encoded[:500].tolist(), range(500)):
        text = texts[index // 5][index % 5].split()
        back = [idx_to_word[number] for number in row]
        end = back.index("<END>")
        assert back[0] == "<START>" and set(back[end + 1 :]) <= {"<NULL>"}
        spoken = [word if word in word_to_idx else "<UNK>" for word in text]
        assert back[1:end] == spoken


def test_relation_is_left_open_between_the_directions():
    item = scene_graphs.Item("car", "red", "large", 0.0, 0.0)
    where = {
        (-1, 0.5): "left", (1, 0.5): "right", (0.5, -1): "above", (-0.5, 1): "below",
        (1, 1): None, (-1, 0.9): None,
    }  # fmt: skip
    for (x, y), expected in where.items():
        assert scene_graphs.relation(item._replace(x=x, y=y), item) == expected
