"""A released notebook carries what nbgrader's tools read: ids, points, and its checksums."""

import pytest
from nbformat import v4

from kit import nbgrader, release
from kit.cells import parse

QUESTION = v4.new_markdown_cell("**Question q1.** ?", id="q1", metadata={"tags": ["question"]})
ANSWER = v4.new_markdown_cell(
    "**Your answer to q1:**\n\n한글", id="q1-answer", metadata={"tags": ["answer"]}
)
EXERCISES = {"f": 4.5, "Net.loss": 2, "Net.__init__": 1}


def code(name, source):
    return v4.new_code_cell(source, id=name)


def marked(*members):
    notebook = v4.new_notebook(cells=[*members])
    nbgrader.mark(notebook, EXERCISES, {"q1": 2})
    return [cell.metadata.get("nbgrader") for cell in notebook.cells]


def test_checksums_are_nbgrader_s():
    """Computed by nbgrader 0.9.6, nbgrader.utils.compute_checksum, for the same three cells."""
    found = marked(ANSWER, code("c1", 'check("f")'), QUESTION)
    assert [cell["checksum"] for cell in found] == [
        "68538f091eef3dfdcfdab49b318b71b3",
        "6912db46f8ff531e2c696709f5172352",
        "1d33bd6e952c80e212c7fc2fb7e026e2",
    ]


def test_each_kind_of_cell_is_marked_as_nbgrader_marks_it():
    region = code("best", "### BEGIN SOLUTION\npass\n### END SOLUTION")
    answer, solution, check, plain = marked(
        ANSWER, region, code("c", 'x = 1\ncheck("Net", "f")'), code("d", "%%bash\ncheck 1 2")
    )
    keys = ("grade", "solution", "locked", "points", "schema_version")
    assert [answer.get(key) for key in keys] == [True, True, False, 2, 3]
    assert [solution.get(key) for key in keys] == [False, True, False, None, 3]
    assert [check.get(key) for key in keys] == [True, False, True, 7.5, 3]
    assert plain is None


def test_an_exercise_gives_its_points_once():
    first, second = marked(code("c", 'check("f")'), code("d", 'check("f")'))
    assert first["points"] == 4.5 and second is None


def test_the_release_is_valid_to_nbgrader_where_it_is_installed():
    utils = pytest.importorskip("nbgrader.utils")
    for path, content in release.build().items():
        for cell in parse(content.decode("utf-8")).cells if path.suffix == ".ipynb" else ():
            if "nbgrader" in cell.metadata:
                assert utils.compute_checksum(cell) == cell.metadata.nbgrader["checksum"]
