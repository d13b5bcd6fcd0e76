"""A pytest plugin beside nbval: re-executes the notebooks, compares what they print and draw.

Use: `python -m pytest -p cs231n.replay.plugin --nbval notebooks`. nbval runs the cells; this plugin
decides what is equal (cs231n.replay.outputs), refuses references that were never run, and notices a
dead kernel within a second (cs231n.replay.kernel). Beside the cells stand the inline questions
(cs231n.replay.answers); `--record-answers` keeps the answers (cs231n.replay.recording). Only
notebooks/*.ipynb of the kit that pytest runs in are collected. Under xdist, use --dist loadfile:
the cells of a notebook share a kernel.
"""

from collections import Counter

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from cs231n import notebook
from cs231n.replay import kernel, outputs
from cs231n.replay.answers import QuestionFile, Unreadable

pytest_plugins = ["cs231n.replay.recording"]


class ReplayFile(IPyNbFile):
    """A notebook: one kernel, and an item named by its id for each code cell."""

    died_in = None
    nb = None

    def setup(self):
        """Start the kernel in the notebook's folder, silent and in this Python."""
        if self.nb:
            seconds = self.config.option.nbval_kernel_startup_timeout
            self.kernel = kernel.WatchedKernel(self.path.parent, kernel.environment(), seconds)

    def collect(self):
        """Yield nbval's cells as our own; for a broken notebook, one item that says so."""
        try:
            code = [cell for cell in notebook.read(self.path) if cell.kind == "code"]
            found = list(super().collect())
        except Exception as error:  # one broken notebook must not end the session of the others
            self.nb = None
            yield Unreadable.from_parent(self, name="notebook", reason=_sentence(error, self.path))
            return
        names = Counter()
        for ours, cell in zip(code, found, strict=True):
            name = ours.id or cell.name  # nbformat puts random ids in the place of double ones
            names[name] += 1
            yield ReplayCell.from_parent(
                self,
                name=name if names[name] == 1 else f"{name}[{names[name]}]",
                cell_num=cell.cell_num,
                cell=cell.cell,
                options=cell.options,
            )


class ReplayCell(IPyNbCell):
    """One code cell, re-executed and compared."""

    def reportinfo(self):
        """The cell's place, by its id, for the head of a failure."""
        return self.path, 0, f"{self.path.name}::{self.name}"

    def runtest(self):
        """Run the cell; an unexecuted reference is an error, never a silent pass."""
        if self.parent.died_in:
            pytest.skip(f"the kernel died in cell {self.parent.died_in}")
        try:
            super().runtest()
        except kernel.KernelDied:
            self.parent.died_in = self.name
            self.raise_cell_error("The kernel died (out of memory, or killed)")
        if self.cell.execution_count is None and self.cell.source.strip():
            self.raise_cell_error(
                "The reference was never run, so nothing was compared; run `python -m kit record`"
            )

    def compare_outputs(self, test, ref, skip_compare=None):
        """Compare by our rules, in place of nbval's; the reason goes where nbval reports it."""
        root = self.config.rootpath
        reason = outputs.difference(
            outputs.tidy(ref, root), outputs.tidy(test, root), outputs.tolerance_of(self.cell)
        )
        self.comparison_traceback = [reason]
        return not reason


def _sentence(error, path):
    """What is wrong with a notebook, in one line."""
    if isinstance(error, notebook.NotebookError):
        return str(error)
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return f"{path.name} is not a whole notebook ({reason}); put back your copy of it"


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Put our collectors in the place of nbval's; drop notebooks that are not the course's."""
    collected = yield
    rest = [node for node in collected if not isinstance(node, IPyNbFile)]
    if file_path.suffix != ".ipynb" or not _is_ours(file_path, parent.config):
        return rest
    cells = [ReplayFile] * (len(collected) - len(rest))
    return [*rest, *(kind.from_parent(parent, path=file_path) for kind in [*cells, QuestionFile])]


def _is_ours(path, config):
    """Whether a notebook is of the kit that pytest was started in, or whose root it found.

    Without an ini file pytest takes notebooks/ for its root; in a workspace inside a clone, the
    clone.
    """
    started = (config.rootpath, config.invocation_params.dir)
    return path.parent.name == "notebooks" and any(
        folder.is_relative_to(path.parents[1]) for folder in started
    )
