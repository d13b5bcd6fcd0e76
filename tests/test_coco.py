"""COCO's captions: the bundle fetched, verified and installed, and its files in every state."""

import dataclasses
import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from cs231n import coco, data_utils, download
from cs231n.dataset import ACCEPTED, Member
from tests.coco_files import PICTURES, WORDS, pack, rewrite, write_files

FULL = ("train2014_vgg16_fc7.h5", "val2014_vgg16_fc7.h5")


@pytest.fixture
def files(tmp_path):
    return write_files(tmp_path / "files")


@pytest.fixture
def official(files, monkeypatch):
    """Small files that count as the official ones, as a zip outside the datasets folder."""
    table = {
        path.name: Member(path.stat().st_size, download.digest(path)) for path in files.iterdir()
    }
    assert set(table) == set(coco.OFFICIAL)
    monkeypatch.setattr(coco, "SET", dataclasses.replace(coco.SET, members=table))
    return pack(files.parent / "official.zip", files)


def run(capsys, *words):
    """Run the command line; return exit status and the one line it printed."""
    status = data_utils.main(["coco", *map(str, words)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return status, lines[0]


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_download_goes_on_where_it_broke_and_is_verified(
    official, datasets, site, capsys, monkeypatch
):
    folder, address = site
    content = official.read_bytes()
    (folder / "c.zip").write_bytes(content)
    monkeypatch.setattr(coco, "SET", dataclasses.replace(coco.SET, url=f"{address}/c.zip"))
    # This server ignores the range that is asked for, as servers may.
    (datasets / "coco_captioning.zip.part").write_bytes(content[:1000])
    status, line = run(capsys)
    assert status == 0
    assert "is there now: 18 training and 12 validation captions, official files" in line
    assert listing(datasets) == ["coco_captioning"]
    assert listing(datasets / "coco_captioning") == sorted(coco.OFFICIAL)
    status, line = run(capsys)
    assert status == 0 and "was already there" in line


@pytest.mark.parametrize("inside", ["coco_captioning/", ""])
def test_install_from_an_archive_at_hand(official, files, datasets, capsys, inside):
    archive = pack(files.parent / "mine.zip", files, inside)
    assert run(capsys, "--archive", archive)[0] == 0
    assert listing(datasets / "coco_captioning") == sorted(coco.OFFICIAL)


def test_a_bundle_without_the_large_features_will_do(official, files, datasets, capsys):
    archive = pack(files.parent / "lean.zip", files, without=FULL)
    assert run(capsys, "--archive", archive)[0] == 0
    assert coco.read(datasets / "coco_captioning")["train_features"].shape == (6, 512)
    with pytest.raises(download.DamagedError, match=r"vgg16_fc7\.h5 is missing: run `python -m"):
        coco.read(datasets / "coco_captioning", pca_features=False)


def test_a_host_that_is_gone_says_what_to_do(official, datasets, site, capsys, monkeypatch):
    for address in (f"{site[1]}/gone.zip", "http://127.0.0.1:9/coco.zip"):
        monkeypatch.setattr(coco, "SET", dataclasses.replace(coco.SET, url=address))
        status, line = run(capsys)
        assert status == 1 and ("answers 404" in line or "cannot be reached" in line)
        assert "--mirror URL" in line and "until then generated pictures stand in" in line
        assert str(datasets / "coco_captioning.zip") in line
        assert listing(datasets) == []


def test_a_web_page_in_place_of_the_bundle_is_no_archive(official, datasets, site, capsys):
    (site[0] / "c.zip").write_text("<html>This domain is for sale.</html>", encoding="utf-8")
    status, line = run(capsys, "--mirror", f"{site[1]}/c.zip")
    assert status == 1 and "no archive" in line
    assert listing(datasets) == []


def test_other_files_need_to_be_accepted_and_are_not_fetched_twice(
    official, datasets, site, capsys, tmp_path
):
    other = write_files(tmp_path / "other", seed=1, full=False)
    pack(site[0] / "c.zip", other)
    status, line = run(capsys, "--mirror", f"{site[1]}/c.zip")
    assert status == 1 and "not the official set" in line and "--accept-unverified" in line
    assert listing(datasets) == ["coco_captioning.zip"]
    (site[0] / "c.zip").unlink()
    status, line = run(capsys, "--accept-unverified")
    assert status == 0 and "18 training and 12 validation captions, accepted files" in line
    known = json.loads((datasets / "coco_captioning" / ACCEPTED).read_text("utf-8"))
    assert {name: row["rows"] for name, row in known.items()} == {
        "coco2014_captions.h5": 18, "coco2014_vocab.json": 10,
        "train2014_images.txt": 6, "train2014_urls.txt": 6, "train2014_vgg16_fc7_pca.h5": 6,
        "val2014_images.txt": 4, "val2014_urls.txt": 4, "val2014_vgg16_fc7_pca.h5": 4,
    }  # fmt: skip
    coco.SET.verify(datasets / "coco_captioning")


@pytest.mark.parametrize("name", [coco.CAPTIONS, coco.VOCABULARY, "val2014_vgg16_fc7_pca.h5"])
def test_files_of_something_else_are_not_accepted(official, datasets, files, capsys, name):
    (files / name).write_bytes(b"nothing")
    archive = pack(files.parent / "bad.zip", files)
    status, line = run(capsys, "--archive", archive, "--accept-unverified")
    assert status == 1 and name in line and ("as the course packs it" in line or "no voc" in line)
    assert listing(datasets) == []


def test_read_returns_what_was_written(files):
    data = coco.read(files)
    with h5py.File(files / coco.CAPTIONS) as file:
        for name in ("train_captions", "train_image_idxs", "val_captions", "val_image_idxs"):
            np.testing.assert_array_equal(data[name], file[name][()])
            assert data[name].dtype == np.int32
    for split, number in PICTURES.items():
        for pca, width in ((True, 512), (False, 4096)):
            features = coco.read(files, pca)[f"{split}_features"]
            with h5py.File(files / coco.features_file(split, pca)) as file:
                np.testing.assert_array_equal(features, file["features"][()])
            assert features.shape == (number, width) and features.dtype == np.float32
        assert data[f"{split}_urls"].shape == (number,)
    assert data["val_urls"][3] == "http://pictures.invalid/val/0_3_z.jpg"
    assert data["idx_to_word"] == WORDS and data["word_to_idx"]["red"] == 9


@pytest.mark.parametrize("name", coco.files_read())
def test_a_missing_file_is_named_with_the_remedy(files, name):
    (files / name).unlink()
    with pytest.raises(download.DamagedError, match="is missing: run `python -m") as caught:
        coco.read(files)
    assert str(files / name) in str(caught.value) and "generated" in str(caught.value)


CAPTION = np.array([[1, 4, 2]] * 12, np.int32)


@pytest.mark.parametrize(
    "arrays, words",
    [
        ({"val_captions": CAPTION + 6}, "holds the index 10 where there are 10 words in coco2014"),
        ({"val_captions": CAPTION - 2}, "holds the index -1 where there are 10 words"),
        ({"val_captions": CAPTION.astype(float)}, "dtype float64"),
        ({"val_captions": CAPTION[0]}, r"shape \(3,\)"),
        ({"val_captions": CAPTION[:5]}, "5 val captions of 12 pictures"),
        ({"val_image_idxs": np.full(12, 4)}, "index 4 where there are 4 pictures in val2014_vgg"),
        ({"val_image_idxs": np.full(12, 2**32)}, "holds the index 4294967296"),
    ],
)
def test_captions_that_do_not_fit_are_refused(files, arrays, words):
    rewrite(files / coco.CAPTIONS, **arrays)
    with pytest.raises(download.DamagedError, match=words) as caught:
        coco.read(files)
    assert str(files / coco.CAPTIONS) in str(caught.value)


@pytest.mark.parametrize(
    "vocabulary, words",
    [
        ("[1]", "is no vocabulary"),
        ("{", "is no vocabulary"),
        ('{"idx_to_word": ["a"], "word_to_idx": {"a": 1}}', "list and dictionary differ"),
        ('{"idx_to_word": {"a": 0}, "word_to_idx": {"a": 0}}', "no list of words"),
        ('{"idx_to_word": ["<NULL>"], "word_to_idx": {"<NULL>": 0}}', "without <START>, <END>"),
    ],
)
def test_other_vocabularies_are_refused(files, vocabulary, words):
    (files / coco.VOCABULARY).write_text(vocabulary, encoding="utf-8")
    with pytest.raises(download.DamagedError, match=words):
        coco.read(files)


def test_every_picture_has_an_address(files):
    path = files / "train2014_urls.txt"
    path.write_bytes(path.read_bytes().rstrip())
    assert len(coco.read(files)["train_urls"]) == 6
    path.write_bytes(b"http://one.invalid/a.jpg\n")
    with pytest.raises(download.DamagedError, match="has 1 lines for 6 pictures"):
        coco.read(files)


def test_the_readme_lists_the_official_files():
    root = Path(coco.__file__).parent.parent
    text = (root / "datasets" / "README.md").read_text(encoding="utf-8")
    for name, member in coco.OFFICIAL.items():
        assert f"| {name} | {member.size:,} | `{member.sha256}` |" in text
