"""`--record-answers FILE`: keeps the answers of a run, and sums up how long its cells took.

FILE gets them as JSON; readable sheets stand beside it, ending in .md and .html. Everything here
happens in one process, under xdist the controller.
"""

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

from cs231n import assignment
from cs231n.files import write_whole
from cs231n.replay import sheet
from cs231n.replay.answers import PROPERTY

SLOWEST = 3
FINISHED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


def pytest_addoption(parser):
    """Add the option."""
    group = parser.getgroup("replay", "replay of the course's notebooks")
    group.addoption(
        "--record-answers",
        metavar="FILE",
        help="keep the answers to the inline questions in FILE (JSON), and as .md and .html",
    )


def pytest_configure(config):
    """Refuse at once what could not be written at the end; listen where reports arrive."""
    if hasattr(config, "workerinput"):
        return
    path = config.option.record_answers
    if path:
        path = Path(config.invocation_params.dir) / path
        trouble = refusal(path)
        if trouble:
            raise pytest.UsageError(f"--record-answers: {trouble}")
    config.pluginmanager.register(Memory(path), "replay-memory")


class Memory:
    """Listens to the reports of a run: answers, and seconds of cells."""

    def __init__(self, path=None):
        """Keep where the answers go; None for nowhere."""
        self.path, self.answers, self.seconds, self.told = path, {}, defaultdict(dict), ""

    def pytest_runtest_logreport(self, report):
        """Take from a report the answer, or the time of a cell."""
        notebook, colons, name = report.nodeid.partition("::")
        if report.when != "call" or not colons or not notebook.endswith(".ipynb"):
            return
        told = dict(report.user_properties).get(PROPERTY)
        if told is None:
            self.seconds[notebook][name] = report.duration
        else:
            data = json.loads(told)
            self.answers[data["notebook"], data["id"]] = data

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        """Write the recording of a run that came to its end."""
        if not self.path:
            return
        if exitstatus not in FINISHED:
            self.told = f"No answers recorded: the run did not finish; {self.path} is as it was."
            return
        try:
            files = save(self.path, recorded(self.answers, _kit(session.config)))
            self.told = f"Answers recorded: {', '.join(map(str, files))}"
        except (OSError, assignment.AssignmentError) as error:
            self.told = f"No answers recorded: {error}"
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        """Tell where the answers are, and which cells took longest."""
        if self.seconds:
            terminalreporter.section("time of the notebooks' cells")
        for notebook, cells in self.seconds.items():
            terminalreporter.line(timing(notebook, cells))
        if self.told:
            terminalreporter.section("answers")
            terminalreporter.line(self.told)


def refusal(path):
    """Why a recording may not be written there, in one sentence; "" if it may."""
    if path.suffix in (".md", ".html"):
        return f"{path.name} is the name of a sheet beside the recording; end it in .json"
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}; make it first"
    for file in (path, *sheet.beside(path)):
        if file.is_dir():
            return f"{file} is a folder; name a file"
        if file.exists() and not _is_ours(file):
            return f"{file} is there and no recording of answers; choose another name"
    target = path if path.exists() else path.parent
    return "" if os.access(target, os.W_OK) else f"{target} cannot be written; choose another place"


def recorded(found, root=assignment.ROOT):
    """The recording as data.

    Inputs:
    - found: (Notebook's path, question's id) -> Answer.as_data()
    - root: Folder of the kit whose description it is

    Returns a dictionary: format (how a recording is known), course, version, and answers in the
    order of the assignment. Raises AssignmentError where the description is damaged.
    """
    known = assignment.load(root)
    order = [(question.notebook, question.id) for question in known.questions]
    answers = [found[key] for key in order if key in found]
    return {
        "format": sheet.MARK,
        "course": known.course,
        "version": known.version,
        "answers": answers,
    }


def save(path, data):
    """Write a recording and its sheets, each whole or not at all; returns their paths."""
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    files = [path, *sheet.beside(path)]
    for file, content in zip(files, (text, sheet.markdown(data), sheet.html(data)), strict=True):
        write_whole(file, content)
    return files


def timing(notebook, cells):
    """One line on a notebook: seconds in all, and its slowest cells."""
    slowest = sorted(cells, key=cells.get, reverse=True)[:SLOWEST]
    named = ", ".join(f"{name} {cells[name]:.1f}" for name in slowest)
    return f"{notebook}: {sum(cells.values()):.1f} s in {len(cells)} cells; slowest: {named}"


def _kit(config):
    """The kit that pytest was started in or found, else the one that this file is of."""
    folders = [config.invocation_params.dir, config.rootpath]
    folders += [folder.parent for folder in folders]
    described = [folder for folder in folders if (folder / assignment.PATH).is_file()]
    return [*described, assignment.ROOT][0]


def _is_ours(file):
    try:
        return sheet.MARK in file.read_text(encoding="utf-8")[:300]
    except (OSError, ValueError):
        return False
