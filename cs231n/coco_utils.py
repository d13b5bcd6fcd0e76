"""Captions with features of their pictures: COCO's, or generated scenes where they are missing.

`python -m cs231n.data_utils coco` fetches COCO's.
"""

import copy
from pathlib import Path

import numpy as np

from . import coco, generated_captions
from .characters import characters_of as characters_of
from .dataset import folders
from .download import DataError

SOURCES = ("auto", "generated", "real")
GENERATED = (10000, 1000)  # pictures for training and for validation


class CaptionSet(dict):
    """What load_coco_data returns, and beside it what it is.

    - source: "real" or "generated"
    - scenes: Dictionary from "train" and "val" to a list with the Scene of each picture, which
      tells what is in it; None where the pictures are real
    """

    def __init__(self, items, source, scenes=None):
        super().__init__(items)
        self.source, self.scenes = source, scenes


def load_coco_data(
    base_dir=None, max_train=None, pca_features=True, source="auto", rng=None, pictures=GENERATED
):
    """Load captions, split into training and validation, with features of their pictures.

    A printed line says which set it is.

    Inputs:
    - base_dir: Path of a folder with COCO's files, or others of the same layout, which are taken
      as they are; without one, coco_captioning/ where data sets are kept, held against the files
      known
    - max_train: How many training captions to keep, drawn without repetition (two may be of one
      picture); None keeps all. Pictures and validation captions all stay
    - pca_features: Whether to read 512 numbers a picture (252 MB in all) or 4,096 (2 GB); of
      generated pictures there are 512
    - source: "real" for COCO; "generated" for scenes drawn here; "auto" for COCO if base_dir is
      given or it is there, or else generated ones
    - rng: np.random.Generator or a seed for max_train; without one, the same captions every time
    - pictures: How many pictures to generate for training and for validation

    Returns a CaptionSet, which is a dictionary; with M captions of N pictures and T words:
    - train_captions, val_captions: shape (M, T), int32, indices into idx_to_word
    - train_image_idxs, val_image_idxs: picture of each caption, shape (M,), int32
    - train_features, val_features: shape (N, 512), float32, or (N, 4096)
    - idx_to_word: list of the words; word_to_idx: dictionary from each to its index
    - train_urls, val_urls: Addresses of the pictures for image_from_url, shape (N,), str
    - train_grid, val_grid: of generated pictures only, features of 4 x 4 places, row by row from
      the top left, shape (N, 16, 32), float32

    Raises ValueError for a source or number that does not exist, DataError if COCO is asked for
    and not there, DamagedError if a file is missing, altered or does not fit the others.
    """
    if source not in SOURCES:
        raise ValueError(f"unknown source {source!r}: choose one of {', '.join(SOURCES)}")
    _check_numbers(max_train, pictures)
    folder = None if source == "generated" else _find(base_dir, source)
    if folder is None:
        data = _generated(*map(int, pictures))
    else:
        data = CaptionSet(_read(folder, pca_features, known=base_dir is None), "real")
    rows = len(data["train_captions"])
    if max_train is not None and max_train < rows:
        chosen = np.random.default_rng(0 if rng is None else rng).permutation(rows)[:max_train]
        for name in ("train_captions", "train_image_idxs"):
            data[name] = data[name][chosen]
    print(_describe(data, rows, folder, base_dir))
    return data


def sample_coco_minibatch(data, batch_size=100, split="train", rng=None):
    """Draw captions at random, with repetition, and look up what belongs to them.

    Inputs:
    - data: What load_coco_data returned
    - batch_size: How many
    - split: "train" or "val"
    - rng: np.random.Generator or a seed; without one, others at every call

    Returns a tuple of:
    - captions: shape (batch_size, T), int32
    - features: of the captions' pictures, shape (batch_size, D), float32
    - urls: of the captions' pictures, shape (batch_size,), str

    Raises ValueError for another split.
    """
    if split not in coco.SPLITS:
        raise ValueError(f"there is no split {split!r}: choose one of {', '.join(coco.SPLITS)}")
    captions = data[f"{split}_captions"]
    chosen = np.random.default_rng(rng).integers(len(captions), size=batch_size)
    pictures = data[f"{split}_image_idxs"][chosen]
    return captions[chosen], data[f"{split}_features"][pictures], data[f"{split}_urls"][pictures]


def decode_captions(captions, idx_to_word, separator=" "):
    """Write captions in words, up to and with <END>; <NULL> is left out.

    Inputs:
    - captions: Indices into idx_to_word, shape (N, T), or (T,) for a single one
    - idx_to_word: List of words
    - separator: What stands between two words; "" for characters

    Returns a list of N strings, or the string of the single one.

    Raises ValueError for an index that is no word's.
    """
    captions = np.asarray(captions)
    if captions.size and not 0 <= captions.min() <= captions.max() < len(idx_to_word):
        raise ValueError(
            f"captions hold {captions.min()}..{captions.max()}, and idx_to_word has "
            f"{len(idx_to_word):,} words: decode them with the vocabulary of their own set"
        )
    texts = [
        separator.join(_spoken([idx_to_word[index] for index in row]))
        for row in np.atleast_2d(captions).tolist()
    ]
    return texts[0] if captions.ndim == 1 else texts


def _spoken(words):
    """The words up to <END>, without <NULL>."""
    if "<END>" in words:
        words = words[: words.index("<END>") + 1]
    return [word for word in words if word != "<NULL>"]


def _check_numbers(max_train, pictures):
    numbers = [*pictures] if max_train is None else [max_train, *pictures]
    for number in numbers:
        if not isinstance(number, int | np.integer) or number < 1:
            raise ValueError(f"{number!r} is no number of captions or pictures: give 1 or more")


def _find(base_dir, source):
    """Return the path of the folder to read, or None to generate."""
    folder = coco.SET.find() if base_dir is None else Path(base_dir).expanduser()
    missing = folders()[0] / coco.SET.folder if folder is None else folder
    if (folder is None and source == "real") or not (folder is None or folder.is_dir()):
        raise DataError(
            f"{missing} is no folder: run `{coco.SET.command}` to get COCO's captions, "
            'or take source="generated".'
        )
    return folder


def _read(folder, pca_features, known):
    if known:
        coco.SET.verify(folder, coco.files_read(pca_features))
    return coco.read(folder, pca_features)


def _generated(training, validation):
    """A CaptionSet of the caller's own."""
    items, scenes = generated_captions.make_set(training, validation)
    own = {name: copy.copy(value) for name, value in items.items()}
    return CaptionSet(own, "generated", {split: list(scenes[split]) for split in scenes})


def _describe(data, rows, folder, base_dir):
    counts = [
        f"{len(data[f'{split}_captions']):,} {name} captions"
        + (f" (of {rows:,})" if split == "train" and rows > len(data["train_captions"]) else "")
        + f" of {len(data[f'{split}_features']):,} pictures"
        for split, name in (("train", "training"), ("val", "validation"))
    ]
    text = ", ".join(counts)
    if folder is None:
        return f"Generated scenes: {text}; for COCO's run: {coco.SET.command}"
    size = sum(data[f"{split}_features"].nbytes for split in coco.SPLITS)
    width = data["train_features"].shape[1]
    place = f"COCO ({coco.SET.kind(folder)} files)" if base_dir is None else f"{folder}"
    return (
        f"{place}: {text}, {width:,} features each ({size / 1e6:,.0f} MB); "
        'for scenes drawn here: source="generated"'
    )
