"""A learner's first hour in a real browser: from the blank kit to the zip, by what is seen."""

import json
import re
import shutil
import zipfile

import pytest

from cs231n.assignment import load
from kit.manifest import ROOT
from kit.regions import regions

expect = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed: the kit is not tried in a browser"
).expect

AFFINE, NOTEBOOK = "cs231n/layers/affine.py", "notebooks/FullyConnectedNets.ipynb"
FIRST = 'check("affine_forward")'
STDERR = '[data-mime-type="application/vnd.jupyter.stderr"]'
ANSWER = "The sigmoid where it is flat, ReLU below zero."


def test_from_the_blank_kit_to_the_zip(lab, student):
    stop_at_the_first_exercise(lab)
    solve_it_in_the_editor(lab, student)
    see_it_right(lab)
    train_with_the_rest_solved(lab, student)
    answer_a_question(lab, student)
    collect(lab, student)


def stop_at_the_first_exercise(lab):
    for begins in ("import os", "data = get_CIFAR10_data()", "first = [np.flatnonzero", FIRST):
        cell = lab.cell(begins)
        lab.run(cell)
    expect(lab.output(cell)).to_contain_text("NotImplementedError: affine_forward")
    expect(lab.output(cell)).to_contain_text("Your turn: lay each x[n] out as a row")
    lab.picture("stopped")


def solve_it_in_the_editor(lab, student):
    [region, _] = regions((ROOT / AFFINE).read_text(encoding="utf-8"))
    lab.output(lab.cell(FIRST)).get_by_role("link", name="affine.py").click()
    lines = lab.lines()
    blank = lines.filter(has_text='raise NotImplementedError("affine_forward")')
    lab.replace_line(blank, "".join(region.body).rstrip())
    expect(lines.filter(has_text="out += b")).to_be_visible()
    lab.picture("editor")
    lab.save()
    assert "".join(region.body) in (student / AFFINE).read_text(encoding="utf-8")


def see_it_right(lab):
    lab.show("FullyConnectedNets")
    cell = lab.cell(FIRST)
    lab.run(cell)
    expect(lab.output(cell)).to_contain_text("✔ affine_forward: 3/3 points")
    lab.picture("right")


def train_with_the_rest_solved(lab, student):
    for name in load(student).files:
        if name.endswith(".py"):
            shutil.copyfile(ROOT / name, student / name)
    cell = lab.cell("solver.train()")
    progress = lab.progress(cell)
    lab.begin(cell)
    expect(lab.output(cell)).to_contain_text("it/s")
    lab.output(cell).scroll_into_view_if_needed()
    lab.picture("training")
    lab.finished(cell)
    percents = [int(number) for number in re.findall(r"loss \d\.\d+: +(\d+)%", progress())]
    assert len({*percents}) > 3 and percents == sorted(percents)
    expect(lab.output(cell)).to_have_text(re.compile(r"^\s*best validation accuracy 0\.\d+\s*$"))
    expect(lab.output(cell).locator(STDERR)).to_have_count(0)  # it would be painted as an error
    plot = lab.cell('plot_solvers({"two layers": solver})')
    lab.run(plot)
    picture = lab.output(plot).locator("img")
    picture.scroll_into_view_if_needed()
    assert picture.bounding_box()["width"] > 600
    lab.picture("trained")


def answer_a_question(lab, student):
    cell = lab.cell("Your answer to fc-q1:")
    cell.scroll_into_view_if_needed()
    cell.locator(".jp-RenderedMarkdown").dblclick()
    lab.replace_line(cell.locator(".cm-line", has_text="Write your answer here"), ANSWER)
    lab.picture("answering")
    lab.page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-RenderedMarkdown")).to_contain_text(ANSWER)
    lab.save()
    assert ANSWER in (student / NOTEBOOK).read_text(encoding="utf-8")


def collect(lab, student):
    cell = lab.new_cell_below(lab.cell("What you have now"), "!python ../cs231n/submission")
    lab.run(cell)
    expect(lab.output(cell)).to_contain_text(re.compile(r"unanswered: fc-q2, fc-q3, fc-q4"))
    expect(lab.output(cell)).to_contain_text(re.compile(r"Wrote .*submission\.zip: hand in this"))
    lab.output(cell).scroll_into_view_if_needed()
    lab.picture("collected")
    with zipfile.ZipFile(student / "submission.zip") as archive:
        assert archive.read(AFFINE) == (student / AFFINE).read_bytes()
        answers = json.loads(archive.read("manifest.json"))["answers"]
    assert [(a["id"], a["answer"]) for a in answers if a["status"] == "answered"] == [
        ("fc-q1", ANSWER)
    ]
