"""Two runs are compared by their numbers and by sight, and a real change is never let through."""

import base64
import io

import pytest
from nbformat import v4
from PIL import Image

from cs231n.replay import outputs


def stream(text, name="stdout"):
    return v4.new_output("stream", name=name, text=text)


def shown(**data):
    return v4.new_output("display_data", data={k.replace("_", "/"): v for k, v in data.items()})


def picture(row, size=(64, 64), column=slice(0, 64)):
    """A white picture with a black line at the given row, as base64."""
    image = Image.new("RGB", size, "white")
    for x in range(*column.indices(size[0])):
        image.putpixel((x, row), (0, 0, 0))
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


SAME = {
    "text": ("x = 1, ok", "x = 1, ok", 0),
    "rounding": ("loss 2.3025851", "loss 2.3025852", 0),
    "tiny errors": ("error 3e-9", "error 8.8e-08", 0),
    "no error at all": ("error 0.0", "error 1e-12", 0),
    "accuracy within its tag": ("val_acc: 0.52", "val_acc: 0.55", 0.05),
    "percent within its tag": ("  9.8 %", " 10.1 %", 0.05),
    "exponent's width": ("1e-05", "1.0000001e-05", 0),
}
DIFFERENT = {
    "a digit": ("loss 2.3025", "loss 2.3026", 0),
    "a count": ("3 wrong", "4 wrong", 0),
    "a word": ("all right", "all wrong", 0),
    "a sign": ("x = 1.0", "x = -1.0", 0),
    "an error figure": ("error 1e-9", "error 1e-3", 0),
    "nan": ("loss 2.3", "loss nan", 0.05),
    "a line more": ("a 1", "a 1\nb 2", 0),
    "a line less": ("a 1\nb 2", "a 1", 0),
    "beyond its tag": ("val_acc: 0.52", "val_acc: 0.60", 0.05),
    "a dtype": ("float32", "float64", 0.05),
}


@pytest.mark.parametrize(("old", "new", "tolerance"), SAME.values(), ids=SAME)
def test_the_same_text(old, new, tolerance):
    assert outputs.difference([stream(old)], [stream(new)], tolerance) == ""


@pytest.mark.parametrize(("old", "new", "tolerance"), DIFFERENT.values(), ids=DIFFERENT)
def test_another_text(old, new, tolerance):
    assert outputs.difference([stream(old)], [stream(new)], tolerance).startswith("stdout: ")


PICTURES = {
    "the same": (picture(20), picture(20), 0, ""),
    "another line": (picture(20), picture(50), 0, "grey levels"),
    "another short line": (picture(20), picture(23, column=slice(0, 16)), 0, "grey levels"),
    "another line, tolerated": (picture(20), picture(21), 0.2, ""),
    "another shape": (picture(20), picture(20, (64, 48)), 0.2, "width to height"),
}


@pytest.mark.parametrize(("old", "new", "tolerance", "words"), PICTURES.values(), ids=PICTURES)
def test_pictures(old, new, tolerance, words):
    found = outputs.difference([shown(image_png=old)], [shown(image_png=new)], tolerance)
    assert words in found and bool(found) == bool(words)


def test_kinds_of_output_are_counted_and_their_order_among_each_other_is_free():
    one, two = [stream("a"), shown(text_plain="b")], [shown(text_plain="b"), stream("a")]
    assert outputs.difference(one, two) == ""
    assert outputs.difference(one, two[:1]) == "stdout: 1 recorded, 0 now"
    assert outputs.difference(two[:1], one) == "stdout: 0 recorded, 1 now"


def test_tidy_removes_what_belongs_to_this_machine_and_this_run(tmp_path):
    error = v4.new_output("error", ename="E", evalue=f"in {tmp_path}/x", traceback=["File /home"])
    raw = [
        stream(f"reading {tmp_path}/datasets\n"),
        stream("<object at 0x7f12ab34cd>\n"),
        stream("Matplotlib is building the font cache; this may take a moment.\n", "stderr"),
        shown(text_plain="bar", **{"application_vnd.jupyter.widget-view+json": {}}),
        error,
    ]
    tidied = outputs.tidy(raw, tmp_path)
    assert [output.output_type for output in tidied] == ["stream", "error"]
    assert tidied[0].text == "reading datasets\n<object at 0x…>\n"
    assert tidied[1].traceback == ["E: in x"]
    assert raw[4].traceback == ["File /home"], "the input is left as it is"


@pytest.mark.parametrize(
    ("about", "kept"),
    [
        ({"image/png": {"alt": "a curve", "width": 9}}, {"image/png": {"alt": "a curve"}}),
        ({"image/png": {"width": 9}, "needs_background": "light"}, {}),
        ({"image/png": None}, {}),
        ({}, {}),
    ],
)
def test_of_what_is_said_about_a_figure_only_its_words_stay(about, kept, tmp_path):
    figure = shown(image_png=picture(20))
    figure.metadata = about
    (tidied,) = outputs.tidy([figure], tmp_path)
    assert tidied.metadata == kept
    assert (
        outputs.difference([tidied], outputs.tidy([shown(image_png=picture(20))], tmp_path)) == ""
    )


def test_a_cell_tells_its_tolerance():
    cell = v4.new_code_cell("", id="a", metadata={"tags": ["x", "tolerance=0.05"]})
    assert outputs.tolerance_of(cell) == 0.05
    cell.metadata.tags = ["tolerance=much"]
    with pytest.raises(outputs.ToleranceError, match="cell a"):
        outputs.tolerance_of(cell)


def test_a_long_line_is_shown_around_its_first_difference():
    before, after = ([stream("a" * 500 + end + "b" * 50_000)] for end in ("x", "y"))
    found = outputs.difference(before, after)
    assert len(found) < 1000 and "ax" in found and "ay" in found
