"""Generated scenes in the layout of COCO's captions: words as numbers, features of pictures."""

from functools import lru_cache

import numpy as np

from .scenes import captions as grammar
from .scenes import toycap
from .scenes.scene_graphs import chunks_of
from .vision import describe


@lru_cache(maxsize=2)
def make_set(training, validation):
    """Draw scenes and write their captions; a second call gives the same objects.

    Inputs:
    - training, validation: How many pictures

    Returns a tuple of:
    - items: Dictionary as load_coco_data's, with train_grid and val_grid
    - scenes: Dictionary from "train" and "val" to the list of the pictures' Scenes
    """
    drawn = {"train": _draw("train", training), "val": _draw("val", validation)}
    texts = {split: grammar.write_captions(split, parts[0]) for split, parts in drawn.items()}
    idx_to_word, word_to_idx = grammar.standard_vocabulary()
    items = {}
    for split in drawn:
        encoded = grammar.encode_captions(texts[split], word_to_idx)
        items[f"{split}_captions"], items[f"{split}_image_idxs"] = encoded
    for split, (_, features, _) in drawn.items():
        items[f"{split}_features"] = features
    items |= {"idx_to_word": idx_to_word, "word_to_idx": word_to_idx}
    for split, (scenes, _, grid) in drawn.items():
        items[f"{split}_urls"] = np.array([f"toycap://{split}/{i}" for i in range(len(scenes))])
        items[f"{split}_grid"] = grid
    return items, {split: parts[0] for split, parts in drawn.items()}


def _draw(split, number):
    """Draw a hundred pictures at a time, keep what is seen in them: scenes, features, grid."""
    scenes, seen = [], []
    for chunk in chunks_of(split, number):
        pictures, graphs = toycap.make_chunk(split, chunk)
        scenes += graphs
        seen.append(describe(pictures))
    features, grid = (np.concatenate(parts)[:number] for parts in zip(*seen))
    return scenes[:number], features, grid
