"""Attention maps: weights land on the places they belong to, and add up to what they were."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n import attention_views


def test_a_place_is_brightest_in_its_own_middle():
    grid = np.zeros((4, 4))
    grid[1, 2] = 1
    spread = attention_views.upsample(grid, 64)
    assert spread.shape == (64, 64)
    assert np.unravel_index(spread.argmax(), spread.shape) in [
        (r, c) for r in (23, 24) for c in (39, 40)
    ]
    assert spread[:8].max() == 0 and spread[40:].max() == 0


def test_equal_weights_stay_equal():
    assert np.allclose(attention_views.upsample(np.full((4, 4), 1 / 16), 64), 1 / 16)


def test_a_map_is_bright_where_the_weight_is():
    weights = np.zeros((2, 16))
    weights[0, 0], weights[1, 15] = 1, 1
    picture = np.full((64, 64, 3), 200, np.uint8)
    figure = attention_views.show_attention(picture, ["a", "car"], weights, columns=3)
    plain, first, second = (axis.get_images()[0].get_array() for axis in figure.axes)
    assert (plain == 200).all()
    assert first[4, 4, 0] == 200 and first[60, 60, 0] == 50
    assert second[4, 4, 0] == 50 and second[60, 60, 0] == 200
    assert [axis.get_title() for axis in figure.axes] == ["picture", "a  100 %", "car  100 %"]
    plt.close(figure)


@pytest.mark.parametrize("shape", [(1, 16), (2, 15), (2, 4, 4)])
def test_weights_that_do_not_fit_are_refused(shape):
    with pytest.raises(ValueError, match="a row for each word"):
        attention_views.show_attention(np.zeros((8, 8, 3), np.uint8), ["a", "car"], np.zeros(shape))


def test_weight_is_shared_out_between_two_points():
    left, right = (-0.5, 0.0), (0.5, 0.0)
    weights = np.zeros((3, 16))
    weights[0, 4], weights[1, 7], weights[2] = 1, 1, 1 / 16
    assert attention_views.share_nearer(weights, left, right).tolist() == [1, 0, 0.5]
    assert attention_views.share_nearer(weights, (0, -0.5), (0, 0.5)).tolist() == [1, 1, 0.5]
    assert attention_views.share_nearer(weights[0], left, left) == 0.5
