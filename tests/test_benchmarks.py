"""The performance table can say what stands in the way of every goal, met here or not."""

import pytest

pytest.importorskip("torch", reason="the table's rival")

from benchmarks import machine
from benchmarks.table import ROWS

BOUND = [row for row in ROWS if row.least]


@pytest.mark.parametrize("row", BOUND, ids=lambda row: row.label)
def test_the_least_time_of_a_row_is_a_sentence(row, monkeypatch):
    monkeypatch.setattr(machine, "PATIENCE", 1e-3)
    assert " alone " in machine.least_time(row.least, "float32")
