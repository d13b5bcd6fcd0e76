"""Small CIFAR-10 files for tests, written byte for byte as Python 2 wrote the official ones."""

import io
import struct
import tarfile

import numpy as np

from cs231n import cifar10


def python2_string(content):
    """Pickle a Python 2 str: SHORT_BINSTRING or BINSTRING."""
    if len(content) < 256:
        return b"U" + bytes([len(content)]) + content
    return b"T" + struct.pack("<i", len(content)) + content


def python2_batch(images, labels):
    """Pickle a batch of shape (rows, 3072) by protocol 2, as Python 2 and NumPy 1 did."""
    minus_one = b"J\xff\xff\xff\xff"
    dtype = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNN" + 2 * minus_one + b"K\x00tb"
    shape = b"".join(b"J" + struct.pack("<i", side) for side in images.shape) + b"\x86"
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
        b"(K\x01" + shape + dtype + b"\x89" + python2_string(images.tobytes()) + b"tb"
    )
    items = {
        b"batch_label": python2_string(b"training batch of \xe9t\xe9"),
        b"labels": b"](" + b"".join(b"K" + bytes([label]) for label in labels) + b"e",
        b"data": array,
        b"filenames": b"](" + python2_string(b"caf\xe9_s_000001.png") * len(labels) + b"e",
    }
    pairs = b"".join(python2_string(key) + value for key, value in items.items())
    return b"\x80\x02}(" + pairs + b"u."


def batches(rows=20, seed=0):
    """Return a dictionary from file name to content: five training batches and a test batch."""
    random = np.random.RandomState(seed)
    return {
        name: python2_batch(
            random.randint(0, 256, (rows, 3072)).astype(np.uint8), random.randint(0, 10, rows)
        )
        for name in cifar10.BATCHES
    }


def pack(path, contents, folder=cifar10.SET.folder):
    """Write a .tar.gz with one folder of files; return its path."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in contents.items():
            member = tarfile.TarInfo(f"{folder}/{name}" if folder else name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path
