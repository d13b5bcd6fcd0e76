"""The animation has a frame for each window, with the window where it belongs."""

import imageio.v3 as iio
import numpy as np

from cs231n.animation import CELL, show, sliding_filter


def frames(**options):
    x, w = np.arange(12.0).reshape(3, 4), np.ones((2, 2))
    shape = options.pop("shape", (2, 3))
    return iio.imread(sliding_filter(x, w, np.ones(shape), **options), extension=".gif")


def is_orange(pixel):
    red, green, blue = map(int, pixel[:3])
    return red > green + 50 and red > blue + 100


def test_there_is_a_frame_for_each_window_and_it_moves_by_the_stride():
    shown = frames()
    assert len(shown) == 6
    assert is_orange(shown[0][1, CELL // 2]) and not is_orange(shown[1][1, CELL // 2])
    assert is_orange(shown[1][1, CELL + CELL // 2])
    two = frames(stride=2, shape=(1, 2))
    assert len(two) == 2 and is_orange(two[1][1, 2 * CELL + CELL // 2])


def test_padding_makes_the_left_panel_larger():
    plain, padded = frames(), frames(pad=1, shape=(4, 5))
    assert len(padded) == 20 and padded.shape[1] == plain.shape[1] + 2 * CELL


def test_a_flat_picture_is_drawn_too():
    flat = sliding_filter(np.ones((3, 3)), np.ones((3, 3)), np.ones((1, 1)))
    assert flat.startswith(b"GIF")


def test_it_is_shown_with_words_for_those_who_do_not_see_it():
    shown = show(b"GIF89a", 'a "window"')
    assert 'alt="a &quot;window&quot;"' in shown.data and "base64,R0lGODlh" in shown.data
    assert repr(shown) == '[Animation: a "window"]'
