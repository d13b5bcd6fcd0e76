"""The files of COCO's captions as the course packs them: how they are told apart, what is in them.

They hold captions, features and addresses of 123,287 photographs, and none of the photographs.
"""

import json
from pathlib import Path

import numpy as np

from .dataset import DataSet, Member
from .download import DamagedError
from .vocabulary import SPECIAL

CAPTIONS, VOCABULARY = "coco2014_captions.h5", "coco2014_vocab.json"
SPLITS = ("train", "val")
DTYPES = {"captions": np.int32, "image_idxs": np.int32, "features": np.float32}
OFFICIAL = {
    CAPTIONS: Member(42922600, "4035d7ff55145f1f01b9ee9f3e24eb6ba6da3bdcd69f927c75390f11f74f891d"),
    VOCABULARY: Member(24226, "0cf30d2a349e9d24df4c9b0fa3dca46ad69b05876595546fdd690559a8c8da53"),
    "train2014_images.txt": Member(
        4470282, "25ba420a05fb6873e10b2ad5cbda54978d98df5b85617dfc13cfd55908328ce4"
    ),
    "train2014_urls.txt": Member(
        5186859, "7616ec66526a3acc4ad323aef4ca6642a6bb9e7e4ad4f1541786dc07e6841ae2"
    ),
    "train2014_vgg16_fc7.h5": Member(
        1356322912, "8e15fc883ea70730d5d1319f34712bcb706b2807645cd876f7886d61ff94a5d8"
    ),
    "train2014_vgg16_fc7_pca.h5": Member(
        169541728, "ec0a10c585909761d15778a1c4a5dbad92e1672853d9b5bad08e6a36fd21c779"
    ),
    "val2014_images.txt": Member(
        2025200, "5b98b5430c41dc245222e174fa67b7fc703923fa6e888c30fb33277f3d9c88ad"
    ),
    "val2014_urls.txt": Member(
        2538571, "760d7c76f78f46cc376390cc4d21126b040eb48d896bae00a5b21f46ef5a9818"
    ),
    "val2014_vgg16_fc7.h5": Member(
        663623776, "21ebb9bda6232c7697c8d883916d6bc582d0a101ddcad30512f5444196e14f63"
    ),
    "val2014_vgg16_fc7_pca.h5": Member(
        82954336, "6619466e3385ef1e913fae9470ef802df283675533ce0dc34d88abac5e7d1cf9"
    ),
}


def files_read(pca_features=True):
    """Return the names of the files that read() reads."""
    names = [CAPTIONS, VOCABULARY]
    for split in SPLITS:
        names += [features_file(split, pca_features), f"{split}2014_urls.txt"]
    return names


def features_file(split, pca_features=True):
    """Return the name of the file with a split's features: 512 a picture, or all 4,096."""
    return f"{split}2014_vgg16_fc7{'_pca' if pca_features else ''}.h5"


def read(folder, pca_features=True):
    """Read captions, features, vocabulary and addresses of a folder.

    Inputs:
    - folder: Path of a folder with the files of files_read()
    - pca_features: Whether to read the 512 numbers a picture instead of all 4,096

    Returns a dictionary; for each split in ("train", "val") and with M captions of N pictures:
    - {split}_captions: Words of each caption, shape (M, T), int32, indices into idx_to_word
    - {split}_image_idxs: Its picture, shape (M,), int32, in 0..N-1
    - {split}_features: shape (N, 512) or (N, 4096), float32
    - {split}_urls: Addresses of the pictures, shape (N,), str
    - idx_to_word, word_to_idx: the vocabulary as a list and as a dictionary

    Raises DamagedError, with the file's name and the remedy, if one is missing, is something else
    or does not fit the others.
    """
    folder = Path(folder)
    words = _read_vocabulary(folder / VOCABULARY)
    names = [f"{split}_{what}" for split in SPLITS for what in ("captions", "image_idxs")]
    data = _read_arrays(folder / CAPTIONS, {n: 1 + n.endswith("captions") for n in names}, "i")
    for split in SPLITS:
        path = folder / features_file(split, pca_features)
        data[f"{split}_features"] = _read_arrays(path, {"features": 2}, "f")["features"]
    data |= words
    for split in SPLITS:
        data[f"{split}_urls"] = read_lines(folder / f"{split}2014_urls.txt")
        _check_split(folder, data, split, pca_features)
        for what, dtype in DTYPES.items():
            data[f"{split}_{what}"] = data[f"{split}_{what}"].astype(dtype, copy=False)
    return data


def read_lines(path):
    """Return the lines of a file, stripped, as an array of str, shape (lines,).

    Raises DamagedError if there is no such file or it is no text.
    """
    try:
        text = Path(path).read_text(encoding="utf-8").rstrip()
        return np.array([line.strip() for line in text.split("\n")] if text else [], dtype=str)
    except FileNotFoundError:
        raise _missing(path) from None
    except UnicodeDecodeError:
        raise SET.damaged(path, "is no text") from None


def _read_vocabulary(path):
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
        listed, numbers = words["idx_to_word"], words["word_to_idx"]
        if numbers != {word: number for number, word in enumerate(listed)}:
            raise ValueError("list and dictionary differ")
        if not (isinstance(listed, list) and all(isinstance(word, str) for word in listed)):
            raise ValueError("no list of words")
    except FileNotFoundError:
        raise _missing(path) from None
    except (ValueError, TypeError, KeyError) as error:
        raise SET.damaged(path, f"is no vocabulary ({error})") from None
    if absent := [word for word in SPECIAL if word not in numbers]:
        raise SET.damaged(path, f"is no vocabulary (without {', '.join(absent)})")
    return {"idx_to_word": listed, "word_to_idx": numbers}


def _read_arrays(path, dimensions, kind):
    """Read named arrays of so many dimensions, of integers ("i") or of real numbers ("f")."""
    import h5py  # here, so that CIFAR-10 can be had without it

    if not path.is_file():
        raise _missing(path)
    arrays = {}
    try:
        with h5py.File(path, "r") as file:
            for name, ndim in dimensions.items():
                found = file[name]
                if found.ndim != ndim or found.dtype.kind not in {"i": "iu", "f": "f"}[kind]:
                    raise ValueError(f"{name} has shape {found.shape} and dtype {found.dtype}")
                arrays[name] = found[()]
    except (OSError, KeyError, ValueError, AttributeError, RuntimeError) as error:
        raise SET.damaged(path, f"is not as the course packs it ({error})") from None
    return arrays


def _check_split(folder, data, split, pca_features):
    captions, pictures = data[f"{split}_captions"], data[f"{split}_image_idxs"]
    features, urls = data[f"{split}_features"], data[f"{split}_urls"]
    if len(captions) != len(pictures):
        fault = f"has {len(captions):,} {split} captions of {len(pictures):,} pictures"
        raise SET.damaged(folder / CAPTIONS, fault)
    for values, limit, what in (
        (captions, len(data["idx_to_word"]), f"words in {VOCABULARY}"),
        (pictures, len(features), f"pictures in {features_file(split, pca_features)}"),
    ):
        if values.size and not 0 <= values.min() <= values.max() < limit:
            worst = values.max() if values.max() >= limit else values.min()
            fault = f"holds the index {worst} where there are {limit:,} {what}"
            raise SET.damaged(folder / CAPTIONS, fault)
    if len(urls) != len(features):
        fault = f"has {len(urls):,} lines for {len(features):,} pictures"
        raise SET.damaged(folder / f"{split}2014_urls.txt", fault)


def _missing(path):
    return DamagedError(
        f"{path} is missing: run `{SET.command}`, or put it there, "
        'or take source="generated" for scenes that the kit draws.'
    )


def _rows(path):
    """Count the rows of a file that was accepted, training captions where it has two kinds."""
    if path.name == VOCABULARY:
        return len(_read_vocabulary(path)["idx_to_word"])
    if path.suffix == ".txt":
        return len(read_lines(path))
    name = "train_captions" if path.name == CAPTIONS else "features"
    return len(_read_arrays(path, {name: 2}, "i" if path.name == CAPTIONS else "f")[name])


def _contents(folder):
    names = [f"{split}_captions" for split in SPLITS]
    training, validation = _read_arrays(
        Path(folder) / CAPTIONS, dict.fromkeys(names, 2), "i"
    ).values()
    return f"{len(training):,} training and {len(validation):,} validation captions"


SET = DataSet(
    title="COCO captioning",
    about="captions and features of 123,287 photographs, 2.3 GB unpacked",
    command="python -m cs231n.data_utils coco",
    folder="coco_captioning",
    archive="coco_captioning.zip",
    url="http://cs231n.stanford.edu/coco_captioning.zip",
    members=OFFICIAL,
    needed=tuple(files_read()),
    limit=max(member.size for member in OFFICIAL.values()),
    rows=_rows,
    contents=_contents,
)
