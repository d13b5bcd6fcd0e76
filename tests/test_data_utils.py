"""CIFAR-10 in every state a folder can be in, and the generated pictures in its place."""

import dataclasses
import hashlib
import io
import json
import os
import pickle
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from cs231n import cifar10, data_utils, dataset, download, pickled
from cs231n.dataset import ACCEPTED, Member
from tests.cifar_files import batches, pack, python2_batch

ROWS = 20
KEYS = ["X_train", "y_train", "X_val", "y_val", "X_test", "y_test"]


@pytest.fixture
def official(datasets, monkeypatch):
    """Small files that count as the official ones, packed outside the datasets folder."""
    contents = batches(ROWS) | {"readme.html": b"hello"}
    table = {
        name: Member(
            len(content), hashlib.sha256(content).hexdigest(), ROWS if "batch" in name else 0
        )
        for name, content in contents.items()
    }
    path = pack(datasets.parent / "official.tar.gz", contents)
    known = {"size": path.stat().st_size, "md5": download.digest(path, "md5")}
    monkeypatch.setattr(cifar10, "SET", dataclasses.replace(cifar10.SET, members=table, **known))
    return path


@pytest.fixture
def installed(official, datasets):
    cifar10.SET.install(datasets, archive=official)
    return datasets / cifar10.SET.folder


def run(capsys, *words):
    """Run the command line; return exit status and the one line it printed."""
    status = data_utils.main(["cifar10", *map(str, words)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return status, lines[0]


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_install_from_the_archive_put_there_by_hand(official, datasets, capsys):
    by_hand = datasets / cifar10.SET.archive
    by_hand.write_bytes(official.read_bytes())
    status, line = run(capsys)
    assert status == 0
    assert "is there now: 100 training and 20 test pictures, official files" in line
    assert listing(datasets) == sorted([cifar10.SET.folder, cifar10.SET.archive])
    status, line = run(capsys)
    assert status == 0 and "was already there" in line


def test_install_downloads_and_tidies_up(official, datasets, site, capsys, monkeypatch):
    folder, address = site
    (folder / "c.tgz").write_bytes(official.read_bytes())
    monkeypatch.setattr(cifar10, "SET", dataclasses.replace(cifar10.SET, url=f"{address}/c.tgz"))
    assert run(capsys)[0] == 0
    assert listing(datasets) == [cifar10.SET.folder]


def test_install_from_a_mirror_into_another_folder(official, site, capsys, tmp_path):
    folder, address = site
    (folder / "c.tgz").write_bytes(official.read_bytes())
    options = ("--mirror", f"{address}/c.tgz", "--datasets", tmp_path / "new" / "place")
    assert run(capsys, *options)[0] == 0
    assert listing(tmp_path / "new" / "place" / cifar10.SET.folder) == sorted(cifar10.SET.members)


def test_a_mirror_without_the_set_says_what_to_do(official, datasets, site, capsys):
    status, line = run(capsys, "--mirror", f"{site[1]}/nothing")
    assert status == 1
    assert "answers 404" in line and "--mirror" in line
    assert str(datasets / cifar10.SET.archive) in line


def test_a_corrupt_download_is_refused(official, datasets, site, capsys):
    folder, address = site
    content = bytearray(official.read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "c.tgz").write_bytes(content)
    status, line = run(capsys, "--mirror", f"{address}/c.tgz")
    assert status == 1 and "another md5" in line
    assert listing(datasets) == []
    status, line = run(capsys, "--mirror", f"{address}/c.tgz", "--accept-unverified")
    assert status == 1 and "cut off or no archive" in line
    assert listing(datasets) == []


def test_a_repacked_mirror_of_official_files_is_verified(official, datasets, site, capsys):
    folder, address = site
    pack(folder / "c.tgz", batches(ROWS))
    assert run(capsys, "--mirror", f"{address}/c.tgz", "--accept-unverified")[0] == 0
    assert ACCEPTED not in listing(datasets / cifar10.SET.folder)


def test_a_subset_needs_to_be_accepted(official, datasets, capsys):
    archive = pack(datasets.parent / "subset.tar.gz", batches(rows=7, seed=1))
    status, line = run(capsys, "--archive", archive)
    assert status == 1 and "--accept-unverified" in line
    assert listing(datasets) == []
    status, line = run(capsys, "--archive", archive, "--accept-unverified")
    assert status == 0 and "35 training and 7 test pictures, accepted files" in line
    known = json.loads((datasets / cifar10.SET.folder / ACCEPTED).read_text("utf-8"))
    batch = (datasets / cifar10.SET.folder / "data_batch_3").read_bytes()
    assert known["data_batch_3"] == {
        "size": len(batch), "sha256": hashlib.sha256(batch).hexdigest(), "rows": 7
    }  # fmt: skip
    assert run(capsys)[0] == 0


def test_official_files_replace_accepted_ones_that_broke(official, datasets, capsys):
    archive = pack(datasets.parent / "subset.tar.gz", batches(rows=7, seed=1))
    cifar10.SET.install(datasets, archive=archive, accept=True)
    (datasets / cifar10.SET.folder / "data_batch_2").unlink()
    assert run(capsys, "--archive", official)[0] == 0
    assert listing(datasets / cifar10.SET.folder) == sorted(cifar10.SET.members)


@pytest.mark.parametrize(
    "spoil, words",
    [
        ({"data_batch_2": None}, "holds no cifar-10-batches-py/data_batch_2"),
        ({"data_batch_2": b"nothing"}, "no batch of CIFAR-10"),
        ({"../../evil": b"x"}, "do not trust it"),
    ],
)
def test_a_bad_archive_changes_nothing(installed, datasets, capsys, spoil, words):
    (installed / "test_batch").write_bytes(b"broken")
    before = {path.name: path.read_bytes() for path in installed.iterdir()}
    contents = {k: v for k, v in (batches(7) | spoil).items() if v is not None}
    archive = pack(datasets.parent / "bad.tar.gz", contents)
    status, line = run(capsys, "--archive", archive, "--accept-unverified")
    assert status == 1 and words in line
    assert {path.name: path.read_bytes() for path in installed.iterdir()} == before
    assert listing(datasets) == [cifar10.SET.folder]
    assert "evil" not in listing(datasets.parent)


def test_interrupted_unpacking_is_repaired(official, datasets, capsys, monkeypatch):
    moved = []

    def move_two(source, target):
        if len(moved) == 2:
            raise KeyboardInterrupt
        moved.append(target)
        replace(source, target)

    replace = os.replace
    with monkeypatch.context() as patch:
        patch.setattr(dataset.os, "replace", move_two)
        status, line = run(capsys, "--archive", official)
    assert status == 1 and "Interrupted" in line
    assert len(listing(datasets / cifar10.SET.folder)) == 2
    assert run(capsys, "--archive", official)[0] == 0
    assert listing(datasets) == [cifar10.SET.folder]


def test_archive_that_is_not_there(datasets, capsys):
    status, line = run(capsys, "--archive", datasets / "none.tar.gz")
    assert status == 1 and "is no file" in line


@pytest.mark.parametrize(
    "words, status, said",
    [
        ([], 1, "cifar10  60,000 photographs"),
        (["--help"], 0, "cifar10  60,000 photographs"),
        (["mnist"], 1, "choose from '?cifar10'?, '?coco"),
        (["cifar10", "--mirror", "a", "--archive", "b"], 1, "not allowed with"),
    ],
)
def test_help_lists_what_there_is(capsys, words, status, said):
    assert data_utils.main(words) == status
    assert re.search(said, "".join(capsys.readouterr()))


def test_console_without_the_letters_of_a_folder(official, tmp_path):
    folder = tmp_path / "данные-東京"
    done = subprocess.run(
        [sys.executable, "-m", "cs231n.data_utils", "cifar10", "--archive", str(folder)],
        cwd=Path(data_utils.__file__).parent.parent,
        env=os.environ | {"PYTHONIOENCODING": "cp1252", "CS231N_DATASETS": str(folder)},
        capture_output=True,
    )
    assert done.returncode == 1 and b"is no file" in done.stdout and done.stderr == b""


def test_load_cifar10_returns_every_row(installed):
    X_train, y_train, X_test, y_test = data_utils.load_CIFAR10(installed)
    assert X_train.shape == (5 * ROWS, 3, 32, 32) and X_test.shape == (ROWS, 3, 32, 32)
    assert {a.dtype for a in (X_train, X_test)} == {np.dtype(np.float32)}
    assert {a.dtype for a in (y_train, y_test)} == {np.dtype(np.int64)}
    images, labels = cifar10.read_batch(installed / "data_batch_2")
    np.testing.assert_array_equal(X_train[ROWS : 2 * ROWS], images)
    np.testing.assert_array_equal(y_train[ROWS : 2 * ROWS], labels)


def test_pictures_come_back_as_they_were_written(installed):
    random = np.random.RandomState(0)
    planes = random.randint(0, 256, (ROWS, 3072)).astype(np.uint8)
    labels = random.randint(0, 10, ROWS)
    images, read_labels = cifar10.read_batch(installed / "data_batch_1")
    np.testing.assert_array_equal(images[:, 1, 2, 3], planes[:, 1024 + 2 * 32 + 3])
    np.testing.assert_array_equal(read_labels, labels)


@pytest.mark.parametrize("source", ["real", "auto"])
def test_validation_is_the_rows_after_the_training_rows(installed, source, capsys):
    whole = data_utils.load_CIFAR10(installed)
    data = data_utils.get_CIFAR10_data(
        num_training=70, num_validation=15, num_test=9, subtract_mean=False, source=source
    )
    assert list(data) == KEYS
    np.testing.assert_array_equal(data["X_train"], whole[0][:70])
    np.testing.assert_array_equal(data["X_val"], whole[0][70:85])
    np.testing.assert_array_equal(data["y_val"], whole[1][70:85])
    np.testing.assert_array_equal(data["X_test"], whole[2][:9])
    line = "CIFAR-10 (official files): 70 training, 15 validation, 9 test\n"
    assert capsys.readouterr().out == line
    assert data.source == "real" and data.classes[9] == "truck"


@pytest.mark.parametrize("source", ["real", "generated"])
def test_the_mean_of_the_training_pictures_is_subtracted(installed, source):
    numbers = {"num_training": 60, "num_validation": 10, "num_test": 5, "source": source}
    raw = data_utils.get_CIFAR10_data(**numbers, subtract_mean=False)
    data = data_utils.get_CIFAR10_data(**numbers)
    assert not raw.mean_image.any()
    np.testing.assert_allclose(data.mean_image, raw["X_train"].mean(axis=0), rtol=1e-5)
    for name in ("X_train", "X_val", "X_test"):
        assert data[name].dtype == np.float32 and data[name].flags.c_contiguous
        np.testing.assert_array_equal(data[name], raw[name] - data.mean_image)
        np.testing.assert_allclose(data[name] + data.mean_image, raw[name], atol=1e-4)


def test_mean_image_is_exact_beyond_float32():
    X = np.random.RandomState(0).randint(0, 2**24, (700, 3, 2, 2)).astype(np.float32)
    exact = X.astype(np.float64).mean(axis=0).astype(np.float32)
    assert (X.mean(axis=0) != exact).any()  # what a sum in float32 would give
    np.testing.assert_array_equal(data_utils.mean_image(X, block=9), exact)


def test_auto_takes_what_a_subset_has(installed, capsys):
    data = data_utils.get_CIFAR10_data(num_validation=30)
    assert (len(data["X_train"]), len(data["X_val"]), len(data["X_test"])) == (70, 30, ROWS)
    out = capsys.readouterr().out
    assert "70 training (not 49,000), 30 validation, 20 test (not 1,000)" in out


@pytest.mark.parametrize(
    "numbers", [{"source": "real"}, {"source": "real", "num_training": 91, "num_validation": 10},
                {"source": "real", "num_training": 50, "num_validation": 10, "num_test": 21},
                {"source": "auto", "num_validation": 100}],
)  # fmt: skip
def test_too_few_pictures_is_said(installed, numbers):
    with pytest.raises(download.DataError, match="100 training and 20 test pictures, too few"):
        data_utils.get_CIFAR10_data(**numbers)


def test_generated_pictures_stand_in(datasets, capsys):
    data = data_utils.get_CIFAR10_data(num_training=120, num_validation=30, num_test=0)
    shapes = [data[key].shape for key in KEYS]
    assert shapes == [(120, 3, 32, 32), (120,), (30, 3, 32, 32), (30,), (0, 3, 32, 32), (0,)]
    assert [data[key].dtype for key in KEYS] == [np.dtype(np.float32), np.dtype(np.int64)] * 3
    out = capsys.readouterr().out
    assert out == (
        "Generated pictures (standard): 120 training, 30 validation, 0 test\n"
        "For CIFAR-10 run: python -m cs231n.data_utils cifar10\n"
    )
    assert data.source == "generated" and len(data.classes) == 10


def test_default_numbers_of_generated_pictures(datasets, monkeypatch, capsys):
    made = []

    def make_pictures(split, n, preset):
        made.append((split, n, preset))
        return np.zeros((n, 3, 1, 1), np.uint8), np.zeros(n, np.int64)

    data_utils._make_pictures.cache_clear()
    monkeypatch.setattr(data_utils.toy10, "make_pictures", make_pictures)
    data_utils.get_CIFAR10_data(preset="hard")
    assert made == [("train", 10000, "hard"), ("val", 1000, "hard"), ("test", 1000, "hard")]
    assert "10,000 training (not 49,000)" in capsys.readouterr().out
    made.clear()
    data_utils.get_CIFAR10_data(10500, 1, 2, source="generated")
    assert made == [("train", 10500, "standard"), ("val", 1, "standard"), ("test", 2, "standard")]
    data_utils._make_pictures.cache_clear()


def test_generated_pictures_are_the_callers_own(datasets):
    numbers = (30, 10, 10)
    first = data_utils.get_CIFAR10_data(*numbers)
    kept = first["X_train"].copy()
    first["X_train"][:] = 0
    first["y_train"][:] = 0
    second = data_utils.get_CIFAR10_data(*numbers)
    np.testing.assert_array_equal(second["X_train"], kept)
    assert second["y_train"].any()


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1])


def flip(path):
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("source", ["auto", "real"])
@pytest.mark.parametrize(
    "name, damage, words",
    [
        ("data_batch_5", Path.unlink, "is missing"),
        ("test_batch", truncate, "bytes instead of"),
        ("data_batch_1", flip, "another sha256"),
    ],
)
def test_a_folder_half_there_is_never_passed_over(installed, source, name, damage, words):
    damage(installed / name)
    with pytest.raises(download.DamagedError, match=words) as caught:
        data_utils.get_CIFAR10_data(num_training=10, num_validation=5, num_test=5, source=source)
    assert str(installed / name) in str(caught.value)
    assert cifar10.COMMAND in str(caught.value)


def test_an_unreadable_record_is_named(installed):
    (installed / ACCEPTED).write_text("[1", encoding="utf-8")
    with pytest.raises(download.DamagedError, match=r"accepted\.json cannot be read"):
        data_utils.get_CIFAR10_data()


def test_real_where_there_is_none(datasets):
    with pytest.raises(download.DataError, match=cifar10.COMMAND):
        data_utils.get_CIFAR10_data(source="real")
    with pytest.raises(download.DataError, match="is no folder"):
        data_utils.load_CIFAR10(datasets / "none")


@pytest.mark.parametrize(
    "options, words",
    [
        ({"source": "web"}, "unknown source 'web': choose one of auto, generated, real"),
        ({"preset": "soft"}, "unknown preset 'soft': choose one of standard, hard"),
        ({"num_training": 0}, "0 is no number of pictures"),
        ({"num_test": -1}, "-1 is no number of pictures"),
        ({"num_validation": 10.5}, "10.5 is no number of pictures"),
    ],
)
def test_bad_options_list_the_good_ones(datasets, options, words):
    with pytest.raises(ValueError, match=words):
        data_utils.get_CIFAR10_data(**options)


def test_folders_looked_into(tmp_path, monkeypatch):
    monkeypatch.delenv("CS231N_DATASETS", raising=False)
    package = tmp_path / "clone" / "student" / "cs231n" / "dataset.py"
    monkeypatch.setattr(dataset, "__file__", str(package))
    assert data_utils.find_CIFAR10() is None
    above = tmp_path / "clone" / "datasets" / cifar10.SET.folder
    above.mkdir(parents=True)
    assert data_utils.find_CIFAR10() == above.resolve()
    beside = tmp_path / "clone" / "student" / "datasets" / cifar10.SET.folder
    beside.mkdir(parents=True)
    assert data_utils.find_CIFAR10() == beside.resolve()


class Evil:
    def __reduce__(self):
        return os.mkdir, ("evil",)


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps(Evil(), protocol=2),
        pickle.dumps({b"data": Evil()}, protocol=4),
        b"cos\nsystem\n(S'mkdir evil'\ntR.",
        b"cbuiltins\neval\n(U\x031+1tR.",
        b"cnumpy\nload\n(U\x01xtR.",
        b"c_codecs\nencode\n(X\x01\x00\x00\x00xX\x05\x00\x00\x00rot13tR.",
    ],
)
def test_unpickling_runs_nothing(content, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pickle.UnpicklingError):
        pickled.loads(content)
    assert listing(tmp_path) == []


@pytest.mark.parametrize("protocol", [2, 3, 4])
def test_unpickling_takes_what_python3_wrote(protocol):
    array = np.arange(12, dtype=np.uint8).reshape(3, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        batch = pickled.loads(pickle.dumps({"data": array, "labels": [1, 2, 3]}, protocol))
    np.testing.assert_array_equal(batch[b"data"], array)


def test_unpickling_takes_what_python2_wrote_without_a_warning():
    images, labels = np.arange(2 * 3072).reshape(2, 3072).astype(np.uint8), [3, 9]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        batch = pickled.loads(python2_batch(images, labels))
    np.testing.assert_array_equal(batch[b"data"], images)
    assert batch[b"labels"] == labels
    assert batch[b"filenames"][1].decode("latin1") == "café_s_000001.png"


@pytest.mark.parametrize(
    "batch",
    [
        None,
        {"labels": [1]},
        {"data": np.zeros((2, 3072), np.uint8), "labels": [1]},
        {"data": np.zeros((1, 3072), np.uint8), "labels": [10]},
        {"data": np.zeros((1, 3072), np.float32), "labels": [1]},
        {"data": np.zeros((1, 3071), np.uint8), "labels": [1]},
        {"data": [[0] * 3072], "labels": [1]},
    ],
)
def test_other_pickles_are_no_batch(batch, tmp_path):
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps(batch, protocol=4))
    with pytest.raises(download.DamagedError, match="no batch of CIFAR-10"):
        cifar10.read_batch(tmp_path / "data_batch_1")


def test_the_readme_lists_the_official_files():
    root = Path(cifar10.__file__).parent.parent
    text = (root / "datasets" / "README.md").read_text(encoding="utf-8")
    for name, member in cifar10.SET.members.items():
        assert f"| {name} | {member.size:,} | `{member.sha256}` |" in text
    assert f"{cifar10.SET.size:,} bytes to download (md5 `{cifar10.SET.md5}`)" in text


@pytest.mark.skipif("CS231N_CIFAR10_ARCHIVE" not in os.environ, reason="needs a real archive")
def test_a_real_archive(datasets, capsys):
    """CS231N_CIFAR10_ARCHIVE names an official archive, or a subset in the official layout."""
    archive = os.environ["CS231N_CIFAR10_ARCHIVE"]
    assert run(capsys, "--archive", archive, "--accept-unverified")[0] == 0
    data = data_utils.get_CIFAR10_data()
    assert len(data["X_train"]) > 10000
    assert np.bincount(data["y_train"]).min() > 0.09 * len(data["X_train"])
    assert abs(data.mean_image.mean() - 120.7) < 1
    assert io.StringIO(capsys.readouterr().out).readline().startswith("CIFAR-10 (")
