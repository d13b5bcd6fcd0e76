"""Scores of captions, and captions that need no network: from a set of four words."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

from cs231n import caption_study
from cs231n.scenes import toycap

WORDS = ["<NULL>", "<START>", "<END>", "<UNK>", "a", "red", "car", "fish"]
A_CAR, A_RED_CAR, A_FISH = [1, 4, 6, 2, 0], [1, 4, 5, 6, 2], [1, 4, 7, 2, 0]


class Generated(dict):
    """What CaptionSet is: a dictionary with scenes beside it."""


@pytest.fixture
def data():
    """Two pictures to train on, two to validate; the last has no caption."""
    return {
        "train_captions": np.array([A_CAR, A_RED_CAR, A_CAR, A_FISH, A_FISH]),
        "train_image_idxs": np.array([0, 0, 0, 1, 1]),
        "train_features": np.array([[1.0, 0.0], [0.0, 1.0]]),
        "val_captions": np.array([A_FISH]),
        "val_image_idxs": np.array([0]),
        "val_features": np.array([[0.1, 0.9], [2.0, 0.3]]),
        "idx_to_word": WORDS,
    }


@pytest.fixture
def generated(data):
    """The same with two generated scenes to validate."""
    found = Generated(data)
    found.scenes = {"train": [], "val": toycap.make_scenes("val", 2)[1]}
    found["val_urls"] = np.array(["toycap://val/0", "toycap://val/1"])
    return found


def test_captions_come_with_their_pictures(data):
    assert caption_study.captions_of(data, "train") == [
        ["a car", "a red car", "a car"],
        ["a fish"] * 2,
    ]
    assert caption_study.captions_of(data) == [["a fish"], []]


def test_scores_leave_out_pictures_without_captions(data):
    scores = caption_study.score_captions(["a car", "nothing"], data)
    assert scores["BLEU-1"] == pytest.approx(0.5)
    assert "true" not in scores


def test_scores_want_a_caption_for_each_picture(data):
    with pytest.raises(ValueError, match="1 captions for 2 pictures"):
        caption_study.score_captions(["a car"], data)


def test_generated_scenes_are_judged(generated):
    scores = caption_study.score_captions(["a <UNK>", "a <UNK>"], generated)
    assert scores["true"] == scores["read"] == 0


def test_true_captions_are_found(generated):
    captions = [f"there is a {scene.items[0].name}" for scene in generated.scenes["val"]]
    found = caption_study.true_captions([captions[0], "there is a <UNK>"], generated)
    assert found.tolist() == [True, False]


def test_a_part_of_a_set_keeps_pictures_and_captions_together(generated):
    part = caption_study.first_pictures(generated, 1, "train")
    assert caption_study.captions_of(part, "train") == [["a car", "a red car", "a car"]]
    assert len(part["val_captions"]) == 1 and len(part.scenes["val"]) == 2
    assert len(caption_study.first_pictures(generated, 1).scenes["val"]) == 1
    assert len(generated["train_captions"]) == 5 and len(generated.scenes["val"]) == 2


def test_examples_are_marked_by_the_scene(generated):
    scene = generated.scenes["val"][1]
    figure = caption_study.show_examples(
        [[f"there is a {scene.items[0].name}", "there is a zebra"]], generated, [1], columns=1
    )
    assert [text.get_text()[0] for text in figure.axes[0].texts] == ["✓", "✗"]


def test_blind_captions_are_the_same_whatever_the_pictures(data):
    blind = caption_study.blind_captions(data, rng=3)
    other = caption_study.blind_captions(data | {"val_features": np.ones((2, 2))}, rng=3)
    assert blind == other
    assert blind["one caption for all"] == ["a car"] * 2
    assert set(blind["a random caption"]) <= {"a car", "a red car", "a fish"}


def test_the_nearest_picture_lends_its_caption(data):
    captions = caption_study.nearest_captions(data)
    assert captions[0] == "a fish" and captions[1] in ("a car", "a red car")


def test_what_is_compared_can_be_chosen(data):
    seen = np.array([[1.0, 1.0]]), np.array([[0.0, 9.0], [0.0, 9.0]])
    captions = caption_study.nearest_captions(data, seen=seen)
    assert set(captions) <= {"a car", "a red car"}
