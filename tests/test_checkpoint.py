"""Checkpoints come back as they were written, and the earlier one stays where writing fails."""

import numpy as np
import pytest

from cs231n import checkpoint

GROUPS = {
    "params": {"W1": np.arange(6, dtype=np.float32).reshape(2, 3), "b1": np.zeros(0)},
    "optim": {"W1": {"velocity": np.ones((2, 3)), "learning_rate": 0.1}},
    "best": {},
}


def test_what_is_written_is_read(tmp_path):
    path, state = tmp_path / "새 folder" / "net.npz", {"epoch": 3, "losses": [0.5, 1e-9]}
    checkpoint.write(path, GROUPS, state)
    groups, found = checkpoint.read(path)
    assert found == state and groups["best"] == {} == groups["unheard of"]
    for members, given in (
        (groups["params"], GROUPS["params"]),
        (groups["optim"]["W1"], GROUPS["optim"]["W1"]),
    ):
        assert members.keys() == given.keys()
        for name, value in given.items():
            np.testing.assert_array_equal(members[name], value)
            assert members[name].dtype == np.asarray(value).dtype
    assert [entry.name for entry in path.parent.iterdir()] == ["net.npz"]


def test_a_full_disk_leaves_the_earlier_one(tmp_path, monkeypatch):
    path = tmp_path / "net.npz"
    checkpoint.write(path, GROUPS, {"epoch": 1})

    def full(self, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError):
        patch.setattr(type(path), "write_bytes", full)
        checkpoint.write(path, GROUPS, {"epoch": 2})
    assert checkpoint.read(path)[1] == {"epoch": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.npz"]
