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
    """Goes through two trainings; returns what was written on stderr, and on stdout."""
    monkeypatch.delenv("CS231N_RECORDING", raising=False)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)

    def run(terminal):
        consoles = Console(terminal), Console(terminal)
        for name, console in zip(("stderr", "stdout"), consoles):
            monkeypatch.setattr(sys, name, console)
        assert list(progress.progress([1, 2], "trainings")) == [1, 2]
        return [console.getvalue() for console in consoles]

    return run


def test_a_terminal_has_a_bar_and_a_log_has_none(run):
    seen, output = run(terminal=True)
    assert "trainings" in seen and "0/2" in seen and output == ""
    assert run(terminal=False) == ["", ""]


def test_a_notebook_has_one_which_is_no_error_and_a_recording_has_none(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    errors, output = run(terminal=False)
    assert errors == "" and "trainings" in output
    monkeypatch.setenv("CS231N_RECORDING", "1")
    assert run(terminal=True) == ["", ""]


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
