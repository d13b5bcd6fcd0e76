"""The judge of captions: what it reads, what it refuses, which claims it finds false."""

import math

import pytest

from cs231n.scenes.scene_graphs import Item, Scene
from cs231n.scenes.truth import Claims, Mention, judge, parse, score_truth, wholly_true

CAR = Item("car", "red", "large", -0.5, 0.0)
TREE = Item("tree", "blue", "small", 0.5, 0.1)
ROAD = Scene("road", (CAR, TREE))
SMALLER = Item("car", "white", "small", 0.0, 0.5)
CARS = Scene("sand", (Item("car", "red", "large", 0.0, -0.5), SMALLER))
ALIKE = Scene("sand", (CARS.items[0], SMALLER._replace(colour="red")))

TRUE = [
    ("a car", ROAD),
    ("there is a red car", ROAD),
    ("a picture of a little blue tree on the road", ROAD),
    ("a sapling", ROAD),
    ("a big red car is to the left of a small blue tree on the road", ROAD),
    ("a tree right of a car", ROAD),
    ("a blue tree and a red car", ROAD),
    ("two cars", CARS),
    ("two cars on the sand", CARS),
    ("two red cars", ALIKE),
    ("a car above a car", CARS),
    ("a car under a car", CARS),
    ("a small car is below a red car", CARS),
    ("<START> a car <END> <NULL> <NULL>", ROAD),
    ("a car <END> car car", ROAD),
]
FALSE = [
    ("a boat", ROAD),
    ("a blue car", ROAD),
    ("a small car", ROAD),
    ("a red tree", ROAD),
    ("a small red car", ROAD),
    ("a car in the sky", ROAD),
    ("a car right of a tree", ROAD),
    ("a car above a tree", ROAD),
    ("a car left of a boat", ROAD),
    ("a car and a car", ROAD),
    ("a red car and a red car", CARS),
    ("two cars", ROAD),
    ("two trees", CARS),
    ("two red cars", CARS),
    ("a white car above a red car", CARS),
]
GARBLED = [
    "", "a", "car", "a red", "a red a car car", "a red car a car", "a car car", "a red red car",
    "a car is", "a car is left of", "a car is a tree", "a car is and a tree", "red car",
    "there is a car is left of a tree", "a car to the left a tree", "a car on the", "a <UNK>",
    "a red <UNK> on the road", "two car", "two big cars", "two cars and a tree", "two",
    "a car left of a tree and a tree", "a car on the road on the road", "a purple road",
    "on the road", "a car <UNK>", "a red big car",
]  # fmt: skip


@pytest.mark.parametrize(("caption", "scene"), TRUE)
def test_true_captions(caption, scene):
    assert wholly_true(caption, scene)


@pytest.mark.parametrize(("caption", "scene"), FALSE)
def test_false_captions(caption, scene):
    assert parse(caption) is not None
    assert not wholly_true(caption, scene)


@pytest.mark.parametrize("caption", GARBLED)
def test_garbled_captions_are_not_true(caption):
    assert parse(caption) is None and judge(caption, ROAD) is None
    assert not wholly_true(caption, ROAD)


def test_claims_are_read():
    claims = parse("a big red car is to the left of a hut on the sand")
    mentions = Mention("car", "red", "large"), Mention("house", None, None)
    assert claims == Claims(mentions, False, "left", "sand")
    assert parse("two red fish") == Claims((Mention("fish", "red", None),) * 2, True, None, None)


def test_each_claim_has_its_verdict():
    caption = "a big blue car is right of a blue tree in the sky"
    assert judge(caption, ROAD) == [
        ("object", True), ("colour", False), ("size", True),
        ("object", True), ("colour", True), ("relation", False), ("place", False),
    ]  # fmt: skip
    assert judge("two red cars", CARS) == [("two", True), ("colour", False)]


def test_mentions_are_matched_to_the_captions_advantage():
    assert judge("a white car", CARS) == [("object", True), ("colour", True)]
    assert judge("a white car and a car", CARS)[2] == ("object", True)


def test_shares_are_counted_by_kind():
    captions = ["a red car", "a blue car left of a tree", "a car a car", "a car in the sky"]
    scores = score_truth(captions, [ROAD] * 4)
    assert scores["true"] == 1 / 4 and scores["read"] == 3 / 4
    assert scores["object"] == 1 and scores["colour"] == 1 / 2
    assert scores["relation"] == 1 and scores["place"] == 0
    assert math.isnan(scores["size"]) and math.isnan(scores["two"])


@pytest.mark.parametrize("captions", [[], ["a car"]])
def test_a_caption_is_needed_for_each_scene(captions):
    with pytest.raises(ValueError, match="one for each"):
        score_truth(captions, [ROAD] * (2 * len(captions)))
