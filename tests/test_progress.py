"""Progress bars: who sees one, and who does not."""

import io
import sys

import pytest

from cs231n import progress


class Console(io.StringIO):
    """Where a bar is written: a terminal, or a file."""

    def __init__(self, terminal):
        super().__init__()
        self.isatty = lambda: terminal


@pytest.fixture
def run(monkeypatch):
    """Goes through two trainings on some console; returns what was written there."""
    monkeypatch.delenv("CS231N_RECORDING", raising=False)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)

    def run(terminal):
        console = Console(terminal)
        monkeypatch.setattr(sys, "stderr", console)
        assert list(progress.progress([1, 2], "trainings")) == [1, 2]
        return console.getvalue()

    return run


def test_a_terminal_has_a_bar_and_a_log_has_none(run):
    seen = run(terminal=True)
    assert "trainings" in seen and "0/2" in seen
    assert run(terminal=False) == ""


def test_a_notebook_has_one_and_a_recording_has_none(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    assert "trainings" in run(terminal=False)
    monkeypatch.setenv("CS231N_RECORDING", "1")
    assert run(terminal=True) == ""


def test_what_is_not_to_be_shown_is_not(monkeypatch):
    console = Console(terminal=True)
    monkeypatch.setattr(sys, "stderr", console)
    with progress.bar([1], shown=False) as bar:
        assert list(bar) == [1]
    assert console.getvalue() == ""


def test_a_program_without_a_console_goes_on(run, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert not progress.somebody_watches()
    assert list(progress.progress([1], "trainings")) == [1]
