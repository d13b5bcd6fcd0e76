"""Captions with features, real or generated: loaded, drawn in minibatches, written out, spelt."""

import dataclasses
import os

import numpy as np
import pytest

from cs231n import coco, coco_utils, download
from cs231n.characters import characters_of
from cs231n.dataset import Member
from cs231n.scenes import captions as grammar
from cs231n.scenes import toycap, truth
from cs231n.vision import describe
from tests.coco_files import PICTURES, WORDS, rewrite, write_files

SMALL = (30, 20)
KEYS = {"train_captions", "train_image_idxs", "val_captions", "val_image_idxs", "train_features",
        "val_features", "idx_to_word", "word_to_idx", "train_urls", "val_urls"}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return write_files(tmp_path / "mine")


@pytest.fixture
def installed(datasets, monkeypatch):
    """Small files in their place that count as the official ones."""
    folder = write_files(datasets / coco.SET.folder)
    table = {p.name: Member(p.stat().st_size, download.digest(p)) for p in folder.iterdir()}
    monkeypatch.setattr(coco, "SET", dataclasses.replace(coco.SET, members=table))
    return folder


@pytest.fixture
def generated(datasets):
    return coco_utils.load_coco_data(pictures=SMALL)


@pytest.mark.parametrize("source", ["auto", "real"])
def test_real_captions_are_found_and_said(installed, source, capsys):
    data = coco_utils.load_coco_data(source=source)
    assert set(data) == KEYS and data.source == "real" and data.scenes is None
    assert capsys.readouterr().out == (
        "COCO (official files): 18 training captions of 6 pictures, 12 validation captions of "
        "4 pictures, 512 features each (0 MB); "
        'for scenes drawn here: source="generated"\n'
    )


def test_any_folder_of_the_layout_can_be_named(folder, datasets, capsys):
    data = coco_utils.load_coco_data(str(folder), pca_features=False)
    assert data["train_features"].shape == (6, 4096)
    line = capsys.readouterr().out
    assert line.startswith(f"{folder}: 18 training captions of 6") and "4,096 features" in line


def test_the_full_features_are_read_only_when_asked_for(folder, monkeypatch):
    read = []
    arrays = coco._read_arrays

    def remember(path, *rest):
        read.append(path.name)
        return arrays(path, *rest)

    monkeypatch.setattr(coco, "_read_arrays", remember)
    coco_utils.load_coco_data(folder)
    assert not any(name.endswith("fc7.h5") for name in read)


def test_a_folder_half_there_is_never_passed_over(installed):
    (installed / "val2014_urls.txt").unlink()
    with pytest.raises(download.DamagedError, match=r"val2014_urls\.txt is missing: run"):
        coco_utils.load_coco_data()


def test_an_altered_file_is_seen(installed):
    path = installed / "train2014_vgg16_fc7_pca.h5"
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    with pytest.raises(download.DamagedError, match=r"fc7_pca\.h5 has another sha256"):
        coco_utils.load_coco_data()


def test_words_outside_the_vocabulary_are_refused(folder):
    rewrite(folder / coco.CAPTIONS, train_captions=np.full((18, 7), len(WORDS), np.int32))
    with pytest.raises(download.DamagedError, match="holds the index 10 where there are 10 words"):
        coco_utils.load_coco_data(folder)


@pytest.mark.parametrize("options", [{"source": "real"}, {"base_dir": "none"}])
def test_real_where_there_is_none(datasets, options):
    with pytest.raises(download.DataError, match=r'data_utils coco` .* source="generated"'):
        coco_utils.load_coco_data(**options)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"source": "web"}, "unknown source 'web': choose one of auto, generated, real"),
        ({"max_train": 0}, "0 is no number"),
        ({"max_train": 2.5}, "2.5 is no number"),
        ({"pictures": (10, 0)}, "0 is no number"),
    ],
)
def test_bad_options_list_the_good_ones(datasets, options, words):
    with pytest.raises(ValueError, match=words):
        coco_utils.load_coco_data(**options)


def test_generated_scenes_stand_in(generated, capsys):
    assert set(generated) == KEYS | {"train_grid", "val_grid"} and generated.source == "generated"
    for split, number in zip(coco.SPLITS, SMALL, strict=True):
        assert generated[f"{split}_captions"].shape == (5 * number, 17)
        for name in ("captions", "image_idxs"):
            assert generated[f"{split}_{name}"].dtype == np.int32
        np.testing.assert_array_equal(generated[f"{split}_image_idxs"], np.arange(number).repeat(5))
        for name, shape in (("features", (number, 512)), ("grid", (number, 16, 32))):
            assert generated[f"{split}_{name}"].shape == shape
            assert generated[f"{split}_{name}"].dtype == np.float32
        assert len(generated.scenes[split]) == number == len(generated[f"{split}_urls"])
    assert generated["val_urls"][7] == "toycap://val/7"
    assert [generated["word_to_idx"][w] for w in generated["idx_to_word"]] == list(
        range(len(generated["idx_to_word"]))
    )
    coco_utils.load_coco_data(pictures=SMALL)
    assert capsys.readouterr().out == (
        "Generated scenes: 150 training captions of 30 pictures, 100 validation captions of "
        "20 pictures; for COCO's run: python -m cs231n.data_utils coco\n"
    )


@pytest.mark.parametrize("split", coco.SPLITS)
def test_generated_captions_are_true_of_their_pictures_scene(generated, split):
    texts = coco_utils.decode_captions(generated[f"{split}_captions"], generated["idx_to_word"])
    scenes = [generated.scenes[split][i] for i in generated[f"{split}_image_idxs"]]
    sure = [(text, scene) for text, scene in zip(texts, scenes) if "<UNK>" not in text]
    assert len(sure) > 0.9 * len(texts)
    assert all(truth.wholly_true(text, scene) for text, scene in sure)
    assert not all(truth.wholly_true(text, scenes[0]) for text, _ in sure)


def test_generated_sets_are_the_callers_own(generated):
    kept = {name: np.copy(values) for name, values in generated.items() if name != "word_to_idx"}
    for values in generated.values():
        values.clear() if isinstance(values, list | dict) else values.fill(0)
    generated.scenes["train"].clear()
    again = coco_utils.load_coco_data(pictures=SMALL)
    for name, values in kept.items():
        np.testing.assert_array_equal(again[name], values)
    assert len(again["word_to_idx"]) == len(again["idx_to_word"]) and again.scenes["train"]


def test_default_numbers_of_generated_pictures(datasets, monkeypatch):
    made = []
    monkeypatch.setattr(
        coco_utils.generated_captions, "make_set", lambda *numbers: made.append(numbers) or ({}, {})
    )
    monkeypatch.setattr(coco_utils, "_describe", lambda *_: "")
    monkeypatch.setattr(coco_utils, "CaptionSet", lambda *_: {"train_captions": []})
    coco_utils.load_coco_data(source="generated", base_dir="no folder")
    assert made == [(10000, 1000)]


def test_max_train_draws_without_repetition_and_keeps_the_rest(folder, capsys):
    rows = np.zeros((18, 7), np.int32)
    rows[:, 0], rows[:, 1] = divmod(np.arange(18), 10)
    rewrite(folder / coco.CAPTIONS, train_captions=rows)
    whole = coco_utils.load_coco_data(folder)
    capsys.readouterr()
    data = coco_utils.load_coco_data(folder, max_train=9)
    assert "9 training captions (of 18) of 6 pictures" in capsys.readouterr().out
    numbers = data["train_captions"][:, 0] * 10 + data["train_captions"][:, 1]
    assert data["train_captions"].shape == (9, 7) and len(set(numbers.tolist())) == 9
    np.testing.assert_array_equal(data["train_image_idxs"], numbers // 3)
    for name in KEYS - {"train_captions", "train_image_idxs", "idx_to_word", "word_to_idx"}:
        np.testing.assert_array_equal(data[name], whole[name])


def test_max_train_follows_the_generator(folder):
    def draw(rng=None, number=9):
        return coco_utils.load_coco_data(folder, max_train=number, rng=rng)["train_captions"]

    np.testing.assert_array_equal(draw(), draw())
    np.testing.assert_array_equal(draw(3), draw(np.random.default_rng(3)))
    assert (draw(3) != draw(4)).any()
    assert len(draw(number=99)) == 18


@pytest.mark.parametrize("split, number", PICTURES.items())
def test_minibatches_hold_what_belongs_together(folder, split, number):
    data = coco_utils.load_coco_data(folder)
    captions, features, urls = coco_utils.sample_coco_minibatch(data, 200, split, rng=1)
    assert captions.shape == (200, 7) and features.shape == (200, 512) and urls.shape == (200,)
    assert len(set(urls)) == number
    for caption, feature, url in zip(captions, features, urls, strict=True):
        picture = data[f"{split}_urls"].tolist().index(url)
        own = data[f"{split}_captions"][data[f"{split}_image_idxs"] == picture]
        assert (own == caption).all(axis=1).any()
        np.testing.assert_array_equal(feature, data[f"{split}_features"][picture])


def test_minibatches_follow_the_generator(folder):
    data = coco_utils.load_coco_data(folder)

    def draw(rng=None):
        return coco_utils.sample_coco_minibatch(data, rng=rng)[2].tolist()

    assert len(draw()) == 100
    assert draw(5) == draw(np.random.default_rng(5)) and draw() != draw()
    with pytest.raises(ValueError, match="no split 'test': choose one of train, val"):
        coco_utils.sample_coco_minibatch(data, split="test")


def test_captions_are_written_up_to_their_end():
    captions = np.array([[1, 4, 7, 2, 0], [4, 0, 9, 0, 0], [2, 4, 4, 4, 4]])
    texts = ["<START> a dog <END>", "a red", "<END>"]
    assert coco_utils.decode_captions(captions, WORDS) == texts
    assert coco_utils.decode_captions(captions[0], WORDS) == texts[0]
    assert coco_utils.decode_captions(captions[:0], WORDS) == []
    assert coco_utils.decode_captions([4, 7], WORDS, separator="+") == "a+dog"


@pytest.mark.parametrize("index", [-1, 10])
def test_an_index_that_is_no_words_is_named(index):
    with pytest.raises(ValueError, match=f"{index}.*10 words"):
        coco_utils.decode_captions([4, index], WORDS)


def test_characters_spell_the_same_sentences(folder):
    data = coco_utils.load_coco_data(folder)
    spelt = characters_of(data)
    assert type(spelt) is coco_utils.CaptionSet and spelt.source == "real"
    assert spelt["idx_to_word"] == ["<NULL>", "<START>", "<END>", "<UNK>", " ", *"'acdefgnorst"]
    assert spelt["word_to_idx"] == {sign: i for i, sign in enumerate(spelt["idx_to_word"])}
    lengths = []
    for name in ("train_captions", "val_captions"):
        words = coco_utils.decode_captions(data[name], WORDS)
        signs = coco_utils.decode_captions(spelt[name], spelt["idx_to_word"], separator="")
        assert [w.replace("<START> ", "<START>").replace(" <END>", "<END>") for w in words] == signs
        assert spelt[name].dtype == np.int32
        lengths += (spelt[name] != 0).sum(axis=1).tolist()
    assert spelt["train_captions"].shape[1] == spelt["val_captions"].shape[1] == max(lengths)
    for name in KEYS - {"train_captions", "val_captions", "idx_to_word", "word_to_idx"}:
        assert spelt[name] is data[name]
    assert len(data["idx_to_word"]) == len(WORDS) and data["train_captions"].shape == (18, 7)


def test_a_caption_without_an_end_is_spelt_as_far_as_it_goes():
    data = {"train_captions": np.array([[1, 4, 3, 8], [0, 0, 0, 0], [4, 0, 7, 0]])}
    data |= {"val_captions": np.array([[2, 1, 7, 7]]), "idx_to_word": WORDS}
    spelt = characters_of(data)
    signs = spelt["idx_to_word"]
    texts = ["".join(signs[i] for i in row if i) for row in spelt["train_captions"]]
    assert texts == ["<START>a <UNK> cat's", "", "adog"]
    assert "".join(signs[i] for i in spelt["val_captions"][0] if i) == "<END><START>dog dog"


def test_the_pictures_of_a_set_are_those_described(generated):
    pictures, scenes = toycap.make_scenes("val", SMALL[1])
    assert generated.scenes["val"] == scenes
    features, grid = describe(pictures)
    np.testing.assert_array_equal(generated["val_features"], features)
    np.testing.assert_array_equal(generated["val_grid"], grid)
    encoded, _ = grammar.encode_captions(
        grammar.write_captions("val", scenes), generated["word_to_idx"]
    )
    np.testing.assert_array_equal(generated["val_captions"], encoded)


@pytest.mark.skipif("CS231N_COCO_FOLDER" not in os.environ, reason="needs real captions")
@pytest.mark.parametrize("split", coco.SPLITS)
def test_real_captions(split):
    """CS231N_COCO_FOLDER names a folder with the course's files, or others in their layout."""
    data = coco_utils.load_coco_data(os.environ["CS231N_COCO_FOLDER"])
    captions, start, end = (
        data[f"{split}_captions"],
        *map(data["word_to_idx"].get, coco.SPECIAL[1:3]),
    )
    assert (captions[:, 0] == start).all() and ((captions == end).sum(axis=1) == 1).all()
    assert np.unique(data[f"{split}_image_idxs"]).size == len(data[f"{split}_features"])
    texts = coco_utils.decode_captions(captions, data["idx_to_word"])
    spelt = characters_of(data)
    letters = coco_utils.decode_captions(spelt[f"{split}_captions"], spelt["idx_to_word"], "")
    assert [text[8:-6] for text in texts] == [text[7:-5] for text in letters]
