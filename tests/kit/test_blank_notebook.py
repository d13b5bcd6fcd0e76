"""A learner's first Run All: it works up to the first exercise, and stops there with a pointer."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from kit import kernel, workspace
from kit.manifest import ROOT


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("learner") / "my work"
    workspace.write(folder, ROOT)
    return folder


def test_run_all_stops_at_the_first_exercise(blank):
    notebook = nbformat.read(blank / "notebooks" / "FullyConnectedNets.ipynb", as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(blank / "notebooks")}},
    )
    with pytest.raises(CellExecutionError) as stopped:
        client.execute(env=kernel.environment())
    assert stopped.value.ename == "NotImplementedError"
    assert "affine.py" in stopped.value.traceback and "Your turn" in stopped.value.traceback
    ran = [c.id for c in notebook.cells if c.cell_type == "code" and c.execution_count]
    assert ran == ["fc-setup", "fc-data", "fc-data-show", "fc-affine-forward"]


def test_every_exercise_is_blank(blank):
    for path in blank.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        regions = text.count("### BEGIN SOLUTION\n") if "checks" not in path.parts else 0
        blanks = text.count("raise NotImplementedError(") - text.count("raise NotImplementedError(\n")
        assert path.name == "submission.py" or blanks >= regions, path
