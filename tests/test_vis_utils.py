"""Figures: grids are laid out right, and every drawing function draws."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from cs231n import vis_utils


def test_grid_places_and_stretches_pictures():
    pictures = np.zeros((3, 2, 2, 1))
    pictures[1, 0, 0] = -5
    grid = vis_utils.visualize_grid(pictures, padding=1)
    assert grid.shape == (5, 5, 1)
    np.testing.assert_array_equal(grid[:2, 3:, 0], [[0, 255], [255, 255]])
    assert not grid[:, :2].any()


def test_grid_refuses_other_shapes():
    with pytest.raises(ValueError, match="N, H, W, C"):
        vis_utils.visualize_grid(np.zeros((2, 2)))


def test_everything_draws():
    figures = [
        vis_utils.show_images(np.zeros((3, 3, 4, 4)), ["a", "b", "c"], columns=2, mean_image=128),
        vis_utils.show_weights(np.random.default_rng(0).standard_normal((48, 9)), (3, 4, 4)),
        vis_utils.plot_confusion(np.array([0, 1]), np.array([0, 0]), ["a", "b"]),
        vis_utils.draw_normalization_axes(examples=2, channels=4, side=2),
        vis_utils.draw_graph({"x": (0, 0, "x"), "y": (1, 1, "+")}, [("x", "y", "x", "dx")]),
    ]
    for figure in figures:
        figure.canvas.draw()
    assert len(vis_utils.plot_layer_histograms([np.ones(5), np.zeros(5)], "h")) == 2


@pytest.mark.parametrize(("panel", "together"), [(0, 3 * 4), (1, 4 * 4), (2, 2 * 4), (3, 4)])
def test_the_first_block_of_each_normalisation_is_marked(panel, together):
    figure = vis_utils.draw_normalization_axes(examples=3, channels=4, side=2)
    shades = figure.axes[panel].collections[0].get_array()
    assert np.sum(shades == 0) == together
