"""Recording executes in place, keeps what did not change, and leaves a failing notebook alone."""

import base64
import io
import json

import numpy as np
import pytest
from nbformat import v4
from PIL import Image

from cs231n.checks import answers
from kit import KitError, cells, record
from kit.record import check

STEP = "import os, pathlib\nprint('loss 0.5', os.environ['CS231N_RECORDING'])"
NOISY = "import random\nprint('accuracy', random.uniform(0.50, 0.52))"
PLACE = "import sys\nprint(pathlib.Path.cwd())\nprint('careful', file=sys.stderr)"


def code(name, source, *tags):
    return v4.new_code_cell(source, id=name, metadata={"tags": list(tags)})


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "notebooks" / "Toy.ipynb"
    path.parent.mkdir()
    members = [code("step", STEP), code("noisy", NOISY, "tolerance=0.05"), code("place", PLACE)]
    cells.write(path, v4.new_notebook(cells=[*members, code("empty", "")]))
    return path


def edit(path, name, source):
    notebook = cells.read(path)
    next(cell for cell in notebook.cells if cell.id == name).source = source
    cells.write(path, notebook)


def test_a_recording_is_small_steady_and_only_changes_where_results_do(path, tmp_path, capsys):
    assert record.record(path, root=tmp_path) == ["step", "noisy", "place"]
    first = path.read_text(encoding="utf-8")
    notebook = cells.read(path)
    assert notebook.cells[0].outputs[0].text == "loss 0.5 1\n"
    assert notebook.cells[2].outputs[0].text == "notebooks\n", "the working directory, relative"
    assert "cell place writes to stderr" in capsys.readouterr().out
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3, None]

    edit(path, "step", STEP.replace("0.5", "0.6"))
    assert record.record(path, root=tmp_path) == ["step"]
    wanted = first.replace("loss 0.5", "loss 0.6")
    digests = [
        cells.read(path).metadata.cs231n.recorded.step,
        notebook.metadata.cs231n.recorded.step,
    ]
    assert path.read_text(encoding="utf-8").replace(*digests) == wanted


def test_a_failing_notebook_is_left_as_it_was(path, tmp_path):
    edit(path, "noisy", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(KitError, match=r"Toy\.ipynb was not recorded[\s\S]*ZeroDivisionError"):
        record.record(path, root=tmp_path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_recorded_picture_has_few_colours_and_no_metadata():
    pixels = np.random.RandomState(0).randint(0, 256, (40, 40, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", dpi=(72, 72))
    encoded = base64.b64encode(buffer.getvalue()).decode("ascii")
    output = v4.new_output("display_data", data={"image/png": encoded})
    small = base64.b64decode(record._with_small_png(output).data["image/png"])
    picture = Image.open(io.BytesIO(small))
    assert picture.mode == "P" and not picture.info and len(small) < len(buffer.getvalue()) / 2
    assert np.abs(np.asarray(picture.convert("RGB"), float) - pixels).mean() < 20


def ran(*counts, **metadata):
    members = [code(f"c{place}", "1") for place in range(len(counts))]
    for cell, count in zip(members, counts, strict=True):
        cell.execution_count = count
    notebook = cells.normalise(v4.new_notebook(cells=members))
    cells.sign(notebook)
    notebook.metadata.update(metadata)
    return notebook


def edited(place, source):
    notebook = ran(1, 2)
    notebook.cells[place].source = source
    return notebook


STALE = {
    "never run": (ran(1, None), "never run: c1"),
    "out of order": (ran(2, 1), "top to bottom"),
    "saved by an editor": (ran(1, 2, widgets={}), "saved by an editor"),
    "edited": (edited(1, "2"), "edited since it was recorded: c1\n"),
    "never signed": (ran(1, 2, cs231n={}), "edited since it was recorded: c0, c1"),
    "indented": (edited(1, " 1"), "edited since it was recorded: c1\n"),
    "recorded": (ran(1, 2), ""),
}


@pytest.mark.parametrize(("notebook", "words"), STALE.values(), ids=STALE)
def test_check_says_what_is_stale(path, tmp_path, capsys, notebook, words):
    cells.write(path, notebook)
    (tmp_path / "cs231n").mkdir()
    record.assignment.record(tmp_path)
    assert check(root=tmp_path) == bool(words)
    assert (words or "Nothing is stale.") in capsys.readouterr().out


def test_answers_that_come_out_otherwise_are_stale(path, tmp_path, monkeypatch, capsys):
    recorded = json.loads(answers.ANSWERS.read_text(encoding="utf-8"))
    assert not record._stale_answers()
    recorded["cases"].popitem()
    del recorded["mistakes"]["adam"]
    monkeypatch.setattr("kit.answers.stale.__defaults__", (tmp_path / "answers.json",))
    (tmp_path / "answers.json").write_text(json.dumps(recorded), encoding="utf-8")
    assert record.check([]) == 1
    assert "mistakes in adam changed since" in capsys.readouterr().out


def test_students_get_no_digest_of_a_recording(path, tmp_path):
    record.record(path, root=tmp_path)
    assert set(cells.read(path).metadata.cs231n.recorded) == {"step", "noisy", "place", "empty"}
    student = cells.strip(cells.read(path))
    assert "cs231n" not in student.metadata


def test_outputs_that_nobody_compares_change_only_with_their_cell(path, tmp_path):
    notebook = cells.read(path)
    clock = "import time\nprint(time.perf_counter())"
    notebook.cells.append(code("clock", clock, "nbval-ignore-output"))
    cells.write(path, notebook)
    assert "clock" in record.record(path, root=tmp_path)
    assert record.record(path, root=tmp_path) == []
    edit(path, "clock", clock + "\nprint(2)")
    assert record.record(path, root=tmp_path) == ["clock"]


def test_a_notebook_that_is_not_there_stops_before_anything_is_written(tmp_path):
    with pytest.raises(KitError, match=r"no such notebook: nope\.ipynb"):
        record.run(["nope.ipynb"], root=tmp_path)
    assert list(tmp_path.iterdir()) == []
