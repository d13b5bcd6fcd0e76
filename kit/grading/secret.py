"""The course's secret, and what is made of it: the seed of an assignment's hidden inputs."""

import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path

from kit import KitError

BYTES = 32


def load(path):
    """The secret in a file, which is made on first use, readable by its owner only.

    Raises KitError where the file holds something else.
    """
    path = Path(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # made by another process, which may not have written it yet
            time.sleep(1)
            return load(path)
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(BYTES) + "\n")
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        secret = b""
    if len(secret) != BYTES:
        raise KitError(
            f"{path} holds no secret of {BYTES} bytes in hexadecimal; restore it from your copy, "
            "or delete it to have one made, with which all grades are computed anew"
        )
    return secret


def seed(secret, assignment):
    """The seed of an assignment's hidden inputs: the same for all students, wherever it is graded.

    seed = first 31 bits of HMAC-SHA256(secret, version)
    """
    text = f"seed of {assignment.version}".encode()
    return int.from_bytes(hmac.digest(secret, text, "sha256")[:4], "big") >> 1


def fingerprint(secret, assignment):
    """A name for the seed that doesn't give it away."""
    text = f"name of {assignment.version} {seed(secret, assignment)}".encode()
    return hashlib.sha256(hmac.digest(secret, text, "sha256")).hexdigest()[:16]
