"""Small COCO caption files for tests, in the layout of the course's bundle."""

import json
import zipfile

import h5py
import numpy as np

from cs231n import coco

WORDS = ["<NULL>", "<START>", "<END>", "<UNK>", "a", "on", "of", "dog", "cat's", "red"]
PICTURES = {"train": 6, "val": 4}
LENGTH = 7  # of a caption, in words


def captions_of(random, number):
    """Captions of 1 to 5 words between <START> and <END>."""
    captions = np.zeros((number, LENGTH), np.int32)
    for row in captions:
        words = random.randint(3, len(WORDS), random.randint(1, LENGTH - 1))
        row[: len(words) + 2] = [1, *words, 2]
    return captions


def write_files(folder, seed=0, full=True):
    """Write the files into a folder, with three captions a picture; return the folder."""
    random = np.random.RandomState(seed)
    folder.mkdir(parents=True, exist_ok=True)
    with h5py.File(folder / coco.CAPTIONS, "w") as file:
        for split, number in PICTURES.items():
            file[f"{split}_captions"] = captions_of(random, 3 * number)
            pictures = np.repeat(np.arange(number, dtype=np.int32), 3)
            file[f"{split}_image_idxs"] = pictures
    for split, number in PICTURES.items():
        for pca, width in ((True, 512), (False, 4096))[: 1 + full]:
            with h5py.File(folder / coco.features_file(split, pca), "w") as file:
                file["features"] = random.rand(number, width).astype(np.float32)
        names = [f"COCO_{split}2014_{index:012d}.jpg" for index in range(number)]
        lines = {
            "urls": [f"http://pictures.invalid/{split}/{seed}_{i}_z.jpg" for i in range(number)],
            "images": [f"some/where/{split}2014/{name}" for name in names],
        }
        for kind, text in lines.items():
            path = folder / f"{split}2014_{kind}.txt"
            path.write_bytes("".join(f"{line}\n" for line in text).encode("ascii"))
    words = {"idx_to_word": WORDS, "word_to_idx": {word: i for i, word in enumerate(WORDS)}}
    (folder / coco.VOCABULARY).write_text(json.dumps(words), encoding="utf-8")
    return folder


def rewrite(path, **arrays):
    """Replace arrays of an HDF5 file."""
    with h5py.File(path, "r+") as file:
        for name, values in arrays.items():
            del file[name]
            file[name] = values


def pack(path, folder, inside="coco_captioning/", without=()):
    """Write a zip of a folder's files; return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.iterdir()):
            if file.name not in without:
                packed.write(file, inside + file.name)
    return path
