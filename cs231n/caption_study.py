"""How good captions are beside ones that need no network: scores, and what to hold them against."""

import copy
from collections import Counter

import numpy as np

from . import caption_views
from .caption_scores import corpus_bleu, words_of
from .coco_utils import decode_captions
from .image_utils import image_from_url
from .scenes import truth


def captions_of(data, split="val"):
    """The captions that belong to each picture of a split.

    Returns a list with a list of strings, without <START> and <END>, for each picture.
    """
    texts = decode_captions(data[f"{split}_captions"], data["idx_to_word"])
    found = [[] for _ in data[f"{split}_features"]]
    for image, text in zip(data[f"{split}_image_idxs"], texts, strict=True):
        found[image].append(" ".join(words_of(text)))
    return found


def first_pictures(data, count, split="val"):
    """A part of a set: the first pictures of a split, and their captions; the rest is shared.

    Inputs:
    - data: What load_coco_data returned
    - count: How many pictures to keep
    - split: "train" or "val"

    Returns what load_coco_data returns.
    """
    part = copy.copy(data)
    kept = data[f"{split}_image_idxs"] < count
    for name in ("captions", "image_idxs"):
        part[f"{split}_{name}"] = data[f"{split}_{name}"][kept]
    for name in ("features", "urls", "grid"):
        if f"{split}_{name}" in data:
            part[f"{split}_{name}"] = data[f"{split}_{name}"][:count]
    if getattr(data, "scenes", None):
        part.scenes = data.scenes | {split: data.scenes[split][:count]}
    return part


def show_examples(captions, data, pictures, split="val", columns=4):
    """Draw pictures of a set with captions beneath; of generated scenes, marked true or wrong.

    Inputs:
    - captions: For each picture drawn a string, or a list of strings
    - data: What load_coco_data returned
    - pictures: Their numbers in the split
    - split: "train" or "val"
    - columns: Pictures in a row

    Returns the figure.
    """
    drawn = [image_from_url(data[f"{split}_urls"][i]) for i in pictures]
    texts = [[one] if isinstance(one, str) else list(one) for one in captions]
    verdicts, scenes = None, getattr(data, "scenes", None)
    if scenes:
        shown = [scenes[split][i] for i in pictures]
        verdicts = [
            [truth.wholly_true(text, scene) for text in of_picture]
            for of_picture, scene in zip(texts, shown, strict=True)
        ]
    return caption_views.show_captions(drawn, texts, verdicts, columns)


def true_captions(captions, data, split="val"):
    """Which captions are wholly true, one for each picture of a split of generated scenes.

    Returns an array of bool, shape (N,).
    """
    scenes = data.scenes[split]
    return np.array([truth.wholly_true(*pair) for pair in zip(captions, scenes, strict=True)])


def score_captions(captions, data, split="val"):
    """Score one caption for each picture of a split.

    Pictures without a caption to compare with, as a small part of a set may have, are left out of
    BLEU.

    Inputs:
    - captions: A list of strings, one for each picture
    - data: What load_coco_data returned
    - split: "train" or "val"

    Returns a dictionary of shares in 0..1: BLEU-1 to BLEU-4, and of generated scenes all that
    scenes.truth.score_truth tells: "true", "read", and one for each kind of claim.

    Raises ValueError unless there is one caption for each picture.
    """
    references = captions_of(data, split)
    if len(captions) != len(references):
        raise ValueError(
            f"{len(captions)} captions for {len(references)} pictures of {split!r}: "
            "give one for each picture, in their order"
        )
    pairs = [pair for pair in zip(captions, references) if pair[1]]
    scores = {f"BLEU-{n}": bleu for n, bleu in enumerate(corpus_bleu(*zip(*pairs)), start=1)}
    scenes = getattr(data, "scenes", None)
    return scores | (truth.score_truth(captions, scenes[split]) if scenes else {})


def blind_captions(data, split="val", rng=None):
    """Captions written without a look at the pictures, to hold others against.

    Inputs:
    - data: What load_coco_data returned
    - split: "train" or "val"
    - rng: np.random.Generator or a seed; without one, the same captions every time

    Returns a dictionary from a name to a list of strings, one for each picture of the split:
    - "one caption for all": of the training captions of usual length, the most frequent
    - "a random caption": a training caption, drawn anew for each picture
    """
    rng = np.random.default_rng(0 if rng is None else rng)
    count = len(data[f"{split}_features"])
    texts = [text for of_picture in captions_of(data, "train") for text in of_picture]
    lengths = np.array([len(text.split()) for text in texts])
    usual = [texts[i] for i in np.flatnonzero(lengths == int(np.median(lengths)))]
    ((frequent, _),) = Counter(usual).most_common(1)
    return {
        "one caption for all": [frequent] * count,
        "a random caption": [texts[i] for i in rng.integers(len(texts), size=count)],
    }


def nearest_captions(data, split="val", rng=None, seen=None):
    """For each picture, a caption of the training picture that is nearest to it.

    Inputs:
    - data: What load_coco_data returned
    - split: "train" or "val"
    - rng: np.random.Generator or a seed; without one, the same captions every time
    - seen: What to compare instead of the features: an array (K, D) of the first K training
      pictures, and one (N, D) of the split's

    Returns a list of N strings.
    """
    rng = np.random.default_rng(0 if rng is None else rng)
    train, asked = (data["train_features"], data[f"{split}_features"]) if seen is None else seen
    texts = captions_of(data, "train")[: len(train)]
    known = np.flatnonzero([bool(of_picture) for of_picture in texts])
    train = train[known]
    halves = np.sum(train**2, axis=1) / 2
    parts = np.array_split(asked, len(asked) // 100 + 1)  # all distances of COCO need gigabytes
    nearest = known[np.concatenate([(halves - x @ train.T).argmin(axis=1) for x in parts])]
    return [texts[i][rng.integers(len(texts[i]))] for i in nearest]
