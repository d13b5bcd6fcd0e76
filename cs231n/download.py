"""Fetch a file over a bad network, and be sure that it is the one meant."""

import hashlib
import http.client
import os
import re
import urllib.error
import urllib.request
from pathlib import Path
from time import sleep

from .progress import bar

BLOCK = 1 << 18  # bytes read at a time
WORTH_ANOTHER_TRY = {408, 425, 429, 500, 502, 503, 504}  # HTTP statuses
CONTENT_RANGE = re.compile(r"bytes (\d+|\*)(?:-\d+)?/(\d+|\*)")


class DataError(Exception):
    """A data set cannot be had as it should be; the message is one sentence with the remedy."""


class DownloadError(DataError):
    """The file cannot be fetched."""


class DamagedError(DataError):
    """What is there is not what should be there: cut off, altered, incomplete."""


class UnsafeArchiveError(DamagedError):
    """The archive holds a name outside its folder, or a link."""


def mismatch(path, size=None, sha256=None, md5=None):
    """Say how a file differs from what is expected of it.

    Inputs:
    - path: The file
    - size: Its length, in bytes
    - sha256, md5: Its digests, hexadecimal; whatever is None is not compared

    Returns a few words for a sentence, or None if nothing differs.
    """
    length = Path(path).stat().st_size
    if size is not None and length != size:
        return f"{length:,} bytes instead of {size:,}"
    for algorithm, wanted in (("sha256", sha256), ("md5", md5)):
        if wanted is not None and digest(path, algorithm) != wanted:
            return f"another {algorithm} than expected"
    return None


def digest(path, algorithm="sha256"):
    """Return the hexadecimal digest of a file, which is read block by block."""
    total = hashlib.new(algorithm)
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
    return total.hexdigest()


def fetch(
    url, target, *, remedy, size=None, sha256=None, md5=None, resume=False, attempts=4, timeout=30,
    pause=1,
):  # fmt: skip
    """Download a file; nothing appears at `target` before it is whole and verified.

    What has arrived is kept in `target` + ".part". If a digest is given, the next attempt or the
    next call asks for the rest only; without one nothing would notice two versions glued
    together, so each attempt starts over. A `target` that is already as expected stays as it is.

    Inputs:
    - url: Address, http or https
    - target: Path of the file to make; missing folders are made too
    - remedy: The end of each error's sentence, such as "try again, or put the file at ..."
    - size: Expected length, in bytes, or None
    - sha256, md5: Expected digests, hexadecimal, or None
    - resume: Whether to ask for the rest only, even without a digest: for callers that verify what
      is inside the file
    - attempts: Number of requests before giving up
    - timeout: Seconds of silence after which an attempt has failed
    - pause: Seconds before the second attempt, doubled before each further one

    Returns the path of the file.

    Raises DownloadError if the file cannot be fetched, DamagedError if it is not as expected.
    """
    target, expected = Path(target), {"size": size, "sha256": sha256, "md5": md5}
    try:
        if target.exists():
            if fault := mismatch(target, **expected):
                raise DamagedError(f"{target} has {fault}, so delete it")
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(attempts):
            if attempt:
                sleep(pause * 2 ** (attempt - 1))
            reason = _attempt(url, target, expected, resume, timeout)
            if reason is None:
                return target
        raise DownloadError(f"{url} did not arrive in {attempts} attempts ({reason})")
    except DataError as error:
        raise type(error)(f"{error}: {remedy}.") from None


def _attempt(url, target, expected, resume, timeout):
    """Return None once `target` is there, or why it is worth another attempt."""
    part, size = target.with_name(target.name + ".part"), expected["size"]
    checked = expected["sha256"] is not None or expected["md5"] is not None
    start = part.stat().st_size if (checked or resume) and part.exists() else 0
    reason = _receive(url, part, start, size, timeout) if start != size else None
    if reason and not checked:
        return reason
    fault = mismatch(part, **expected) if part.exists() else reason
    if fault is None:
        os.replace(part, target)
        return None
    if reason:
        return reason
    part.unlink()
    if not start:
        raise DamagedError(f"{url} is not the expected file, it has {fault}")
    return f"put together it had {fault}"  # the beginning may be another version's


def _receive(url, part, start, size, timeout):
    """Append what is missing from byte `start` on; return None, or why it ended early."""
    if not url.lower().startswith(("http://", "https://")):
        raise DownloadError(f"{url} is no http or https address")
    headers = {"User-Agent": "cs231n", "Accept-Encoding": "identity"}
    headers |= {"Range": f"bytes={start}-"} if start else {}
    try:
        response = urllib.request.urlopen(
            urllib.request.Request(url, headers=headers), timeout=timeout
        )
    except urllib.error.HTTPError as error:
        with error:
            return _refused(error, url, part, start)
    except (http.client.HTTPException, OSError, ValueError) as error:
        reason = str(getattr(error, "reason", error)) or type(error).__name__
        if start:
            return reason
        raise DownloadError(f"{url} cannot be reached ({reason})") from None
    with response:
        begin, total = _span(response)
        if begin not in (0, start):
            part.unlink(missing_ok=True)
            return "the server sent another part than asked for"
        if None not in (size, total) and size != total:
            raise DamagedError(f"{url} offers {total:,} bytes instead of {size:,}")
        return _copy(response, part, begin, size or total, size)


def _refused(error, url, part, start):
    """Decide what an HTTP error means: None if there is nothing left to fetch, or a reason."""
    if error.code == 416 and start:
        if _span(error)[1] == start:
            return None
        part.unlink()
        return "the server refused to go on from there"
    if error.code in WORTH_ANOTHER_TRY:
        return f"the server answers {error.code} {error.reason}"
    raise DownloadError(f"{url} answers {error.code} {error.reason}")


def _span(response):
    """Return where the body begins in the file, and the file's length if the server tells it."""
    found = CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if found:
        begin, total = (int(text) if text != "*" else None for text in found.groups())
        return begin, total
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _copy(response, part, have, total, size):
    """Write the body behind the first `have` bytes; return None, or why it ended early."""
    with (
        open(part, "r+b" if have else "wb") as file,
        bar(total=total, initial=have, desc=part.stem, unit="B", unit_scale=True) as arrived,
    ):
        file.truncate(have)
        file.seek(have)
        # A server that sends more than was agreed on does not get to fill the disk.
        while size is None or have <= size:
            try:
                block = response.read(BLOCK)
            except (http.client.HTTPException, OSError) as error:
                return f"the connection broke after {have:,} bytes, {type(error).__name__}"
            if not block:
                break
            file.write(block)
            have += len(block)
            arrived.update(len(block))
    if total is not None and have < total:
        return f"the connection ended after {have:,} of {total:,} bytes"
    return None
