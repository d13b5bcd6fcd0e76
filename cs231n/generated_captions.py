"""Generated scenes in the layout of COCO's captions: words as numbers, features of pictures."""

import contextlib
import io
import zipfile
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from . import scenes, vision
from .files import write_whole
from .scenes import captions as grammar
from .scenes import toycap
from .scenes.scene_graphs import chunks_of

FOLDER = Path(__file__).resolve().parents[1] / "datasets" / "generated"
UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
KEPT_FROM = 1000  # pictures; fewer are seen as soon as a file is read


@lru_cache(maxsize=2)
def make_set(training, validation):
    """Draw scenes and write their captions; a second call gives the same objects.

    What is seen in the pictures is kept in datasets/generated/, where there is room for it.

    Inputs:
    - training, validation: How many pictures

    Returns a tuple of:
    - items: Dictionary as load_coco_data's, with train_grid and val_grid
    - scenes: Dictionary from "train" and "val" to the list of the pictures' Scenes
    """
    numbers = {"train": training, "val": validation}
    graphs = {split: _graphs(split, number) for split, number in numbers.items()}
    seen = {split: _seen(split, number) for split, number in numbers.items()}
    idx_to_word, word_to_idx = grammar.standard_vocabulary()
    items = {}
    for split in numbers:
        texts = grammar.write_captions(split, graphs[split])
        encoded = grammar.encode_captions(texts, word_to_idx)
        items[f"{split}_captions"], items[f"{split}_image_idxs"] = encoded
    for split, (features, _) in seen.items():
        items[f"{split}_features"] = features
    items |= {"idx_to_word": idx_to_word, "word_to_idx": word_to_idx}
    for split, (_, grid) in seen.items():
        items[f"{split}_urls"] = np.array([f"toycap://{split}/{i}" for i in range(numbers[split])])
        items[f"{split}_grid"] = grid
    return items, graphs


def _graphs(split, number):
    found = [toycap.plan_chunk(split, chunk) for chunk in chunks_of(split, number)]
    return [scene for chunk in found for scene in chunk][:number]


def _seen(split, number):
    """Features and grid of a split's first pictures, read where an earlier run kept them."""
    if number < KEPT_FROM:
        return _look(split, number)
    path = FOLDER / f"{split}-{number}-{_version()}.npz"
    # A zip has a checksum of each member: pictures whose file is damaged are looked at again.
    with contextlib.suppress(*UNREADABLE), np.load(path) as kept:
        return kept["features"], kept["grid"]
    features, grid = _look(split, number)
    content = io.BytesIO()
    np.savez(content, features=features, grid=grid)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{split}-{number}-*.npz"):
            old.unlink()
        write_whole(path, content.getvalue())
    return features, grid


def _look(split, number):
    """Draw a hundred pictures at a time, and keep what is seen in them."""
    chunks = chunks_of(split, number)
    seen = [vision.describe(toycap.make_chunk(split, chunk)[0]) for chunk in chunks]
    return [np.concatenate(parts)[:number] for parts in zip(*seen)]


@lru_cache(maxsize=1)
def _version():
    """Sixteen letters that change with whatever draws or describes a picture."""
    digest = sha256()
    for room in (scenes, vision):
        for path in sorted(Path(room.__file__).parent.iterdir()):
            if path.suffix in (".py", ".npz"):
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
