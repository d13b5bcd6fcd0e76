"""Figures of captioning: marks, missing pictures, unrolled steps and bars."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from cs231n import caption_views

PICTURE = np.zeros((6, 8, 3), np.uint8)


def texts_of(figure):
    return [text.get_text() for axis in figure.axes for text in axis.texts]


def test_captions_are_marked_by_a_sign_and_a_colour():
    figure = caption_views.show_captions(
        [PICTURE] * 3, ["<START> a car <END> <NULL>", "a fish", "a kite"], [True, np.False_, None]
    )
    assert texts_of(figure) == ["✓ a car", "✗ a fish", "a kite"]
    assert len({text.get_color() for axis in figure.axes for text in axis.texts}) == 3


def test_several_captions_stand_below_each_other():
    figure = caption_views.show_captions([PICTURE], [["a car", "a fish"]], [[True, False]])
    upper, lower = figure.axes[0].texts
    assert upper.xyann[1] > lower.xyann[1]


def test_each_caption_needs_its_verdict():
    with pytest.raises(ValueError, match="zip"):
        caption_views.show_captions([PICTURE], [["a car", "a fish"]], [[True]])


def test_a_missing_picture_says_so():
    figure = caption_views.show_captions([None, PICTURE], ["a car", "a fish"], columns=2)
    assert "picture\nnot here" in texts_of(figure)


def test_an_unrolled_network_names_its_gradients_only_if_asked():
    for back, expected in ((True, 2), (False, 0)):
        figure = caption_views.draw_unrolled(
            ["x1", "x2"], ["", "L2"], source=("features", "W_proj"), back=back
        )
        texts = texts_of(figure)
        assert texts.count("+= dWx") == expected
        assert texts.count("Wx") == 2 and texts.count("L2") == 1
        figure.canvas.draw()


def test_scores_are_bars_and_nan_is_none():
    scores = {"ours": {"true": 0.5, "size": np.nan}, "theirs": {"true": 0.25, "size": 1.0}}
    figure = caption_views.plot_scores(scores, ("true", "size"))
    left, right = figure.axes
    assert [bar.get_width() for bar in left.patches] == [0.5, 0.25]
    assert [text.get_text() for text in right.texts] == ["none", "1.00"]
