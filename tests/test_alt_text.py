"""What a figure shows is said in words, and the words reach the notebook and the page."""

import json
from pathlib import Path

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from IPython.core.formatters import DisplayFormatter

from cs231n import alt_text, vis_utils
from cs231n.alt_text import describe

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SAYS_NOTHING = ("A picture", "A figure")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_curves_are_said_by_their_ends_and_axes_by_their_names():
    figure, axis = plt.subplots()
    axis.plot([0, 1, 2], [0.1, np.nan, 0.5], label="Adam")
    axis.plot([0, 1, 2, 3], [1, 9, 0.5, 2], label="SGD")
    axis.plot([0, 1, 0], [1, 2, 3], label="a loop")
    axis.axhline(0.3)
    axis.plot([0, 1, 2], [7, 8, 9])
    axis.set(title="Accuracy", xlabel="epoch", ylabel="share", yscale="log")
    assert describe(figure) == (
        "Accuracy, share (logarithmic) against epoch: Adam from 0.1 to 0.5; "
        "SGD from 1 up to 9 at 1 to 2; a loop from (0, 1) to (0, 3)"
    )


def test_bars_are_said_by_their_names_and_values():
    figure, (upright, lying, many) = plt.subplots(1, 3)
    upright.bar(["a car", "a kite"], [0.25, 1], label="true")
    lying.bar_label(lying.barh(["a", "b"], [2, 0]), ["2.0", "none"])
    many.hist(np.repeat([0.0, 1.0, 5.0], [1, 9, 1]), bins=50, range=(0, 5))
    said = describe(figure)
    assert "true bars a car 0.25, a kite 1" in said and "bars a 2.0, b none" in said
    assert "histogram, highest at 1" in said


def test_pictures_are_counted_and_what_is_written_at_them_is_read():
    pictures = np.zeros((3, 3, 4, 4))
    assert describe(vis_utils.show_images(pictures, ["a", "b\n→ c", "d"])) == (
        "3 pictures: a; b → c; d"
    )
    assert describe(vis_utils.show_images(pictures[:1])) == "A picture"


def test_a_matrix_is_no_picture():
    figure, axis = plt.subplots()
    figure.colorbar(axis.imshow(np.eye(2)), label="cosine")
    axis.set_xticks(range(2), ["sky", "sand"])
    axis.set_yticks(range(2), ["sky", "sand"])
    assert describe(figure) == "2 × 2 colours, each way sky, sand. Colours: cosine"


def test_of_many_panels_only_the_titles_are_said():
    figure, axes = plt.subplots(3, 4)
    for k, axis in enumerate(axes.flat):
        axis.plot([1, 2, 3], label="curve")
        axis.set_title(f"layer {k}")
    figure.suptitle("twelve layers")
    assert describe(figure).startswith("twelve layers. layer 0. layer 1. ")
    assert "curve" not in describe(figure)


def test_a_label_is_taken_instead_and_nothing_is_longer_than_can_be_heard():
    figure = vis_utils.draw_graph({"x": (0, 0, "x"), "y": (1, 0, "+")}, [("x", "y", "x²", "dx")])
    assert describe(figure) == "A graph. x to +: x², back dx"
    figure.set_label("word " * 1000)
    assert len(describe(figure)) <= alt_text.LONGEST
    assert describe(plt.figure()) == "A figure without data"


def test_whatever_cannot_be_described_is_shown_all_the_same(monkeypatch, capsys):
    formatter = DisplayFormatter()
    alt_text.attach(formatter, aloud=True)
    figure, axis = plt.subplots(subplot_kw={"projection": "3d"})
    axis.plot([0, 1, 2], [0, 1, 2], [0, 1, 2])
    data, about = formatter.format(figure)
    assert about["image/png"]["alt"] and "image/png" not in data, "this kernel draws no PNG"
    assert f"[Figure: {about['image/png']['alt']}]" in capsys.readouterr().out

    monkeypatch.setattr(alt_text, "describe", lambda figure: 1 / 0)
    assert "ZeroDivisionError" in formatter.format(figure)[1]["image/png"]["alt"]


def outputs_of(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            yield cell["id"], output


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_recorded_figure_has_words(path):
    found = 0
    for name, output in outputs_of(path):
        if "image/png" in output.get("data", {}):
            words = output["metadata"].get("image/png", {}).get("alt", "")
            assert words.removesuffix("…") and words not in SAYS_NOTHING, f"{name} says nothing"
            assert "could not be put into words" not in words, f"{name}: {words}"
            found += 1
        page = "".join(output.get("data", {}).get("text/html", ""))
        assert page.count("<img") == page.count('alt="'), name
    assert found > 5


def test_a_web_page_of_a_notebook_tells_them():
    from nbconvert import HTMLExporter

    page, _ = HTMLExporter(template_name="classic").from_filename(str(NOTEBOOKS[0]))
    assert "No description has been provided" not in page and '<img alt=""' not in page
    for _, output in outputs_of(NOTEBOOKS[0]):
        if words := output.get("metadata", {}).get("image/png", {}).get("alt"):
            assert words[:40].split("&")[0] in page
