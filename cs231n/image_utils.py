"""A picture for the address that stands beside a caption: from memory, a file, or the network."""

import re
import threading
import urllib.request
from functools import lru_cache
from math import inf
from pathlib import PurePosixPath
from time import monotonic
from urllib.error import HTTPError
from urllib.parse import urlsplit

import imageio.v3 as imageio

from . import coco
from .scenes import scene_graphs, toycap

LIMIT = 20 << 20  # bytes; photographs of COCO have a hundredth of it
GENERATED = re.compile(r"toycap://(train|val)/(\d{1,7})")
PATIENCE = 60  # seconds in which a host that did not answer is not asked again
_silent = {}  # hosts that did not answer, and when


def image_from_url(url, timeout=5):
    """Return the picture at an address, or None where it cannot be had.

    A generated picture is drawn again. A photograph is read from coco_captioning/images/ where
    data sets are kept, under its name in COCO (COCO_val2014_000000391895.jpg) or the last part of
    its address; else it is fetched. A host that does not answer is left in peace for a minute.

    Inputs:
    - url: Address that begins with toycap://, http:// or https://
    - timeout: Seconds after which the network is given up, however slowly it still sends

    Returns an array of shape (H, W, 3), uint8, or None.
    """
    if found := GENERATED.fullmatch(url):
        chunk, place = divmod(int(found[2]), scene_graphs.CHUNK)
        return _chunk(found[1], chunk)[place].copy()
    try:
        address = urlsplit(url)
    except ValueError:
        return None
    if address.scheme not in ("http", "https") or not address.hostname:
        return None
    for path in _local_files(url, address.path):
        picture = _decode(path.read_bytes()) if path.is_file() else None
        if picture is not None:
            return picture
    if monotonic() < _silent.get(address.hostname, -inf) + PATIENCE:
        return None
    content = _fetch(url, address.hostname, timeout)
    return None if content is None else _decode(content)


@lru_cache(maxsize=32)
def _chunk(split, chunk):
    return toycap.make_chunk(split, chunk)[0]


def _local_files(url, path):
    """Paths where a copy of the photograph may lie."""
    folder = coco.SET.find()
    if folder is None or not (folder / "images").is_dir():
        return []
    names = (*_file_names(folder).get(url, ()), PurePosixPath(path).name)
    return [folder / "images" / name for name in names if name]


@lru_cache(maxsize=2)
def _file_names(folder):
    """Dictionary from each address to the names that COCO gives the photograph."""
    names = {}
    for split in coco.SPLITS:
        files = (folder / f"{split}2014_urls.txt", folder / f"{split}2014_images.txt")
        if all(file.is_file() for file in files):
            urls, images = map(coco.read_lines, files)
            for url, image in zip(urls.tolist(), images.tolist()):
                path = PurePosixPath(image)
                names[url] = (path.name, f"{split}2014/{path.name}")
    return names


def _fetch(url, host, timeout):
    """Return the content of an address, or None; takes no longer than `timeout` seconds."""
    results = []
    # urllib's own timeout starts anew with each byte, and there is none for a name that does not
    # resolve: a thread can be left alone.
    thread = threading.Thread(target=_receive, args=(url, timeout, results), daemon=True)
    thread.start()
    thread.join(timeout)
    if not results:
        _silent[host] = monotonic()
        return None
    return results[0]


def _receive(url, timeout, results):
    """Append the content to the results, or None where the host answers that it has none."""
    request = urllib.request.Request(url, headers={"User-Agent": "cs231n"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            content = response.read(LIMIT + 1)
            results.append(content if len(content) <= LIMIT else None)
    except HTTPError:
        results.append(None)
    except Exception:  # there is no network, no such name, nobody listens, the line breaks …
        return


def _decode(content):
    """Return the picture in a file's content, shape (H, W, 3), uint8, or None if it is none."""
    try:
        return imageio.imread(content, plugin="pillow", mode="RGB", index=0)
    except Exception:  # a file that is no picture fails in any way there is
        return None
