"""Reads notebooks as chapters of a document: text, code, capped outputs and checked pictures."""

import base64
import binascii
import html
import re
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote

from ..notebook import NotebookError, read

# How much of a text is shown: lines, characters.
OUTPUT, SOURCE = (200, 20_000), (4_000, 200_000)
OUTPUTS_OF_A_CELL = 60
PICTURE_BYTES = 20_000_000
PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.?")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
FORMATTED = ("text/markdown", "text/latex")


@dataclass(frozen=True)
class Item:
    """One piece of a chapter.

    - kind: "prose" (markdown), "code", "output", "failure" (a traceback), "raw", "picture" or
      "note" (a sentence of ours about what is not shown)
    - text: What it says; of a picture its alternative text, or ""
    - picture: Bytes of a PNG or JPEG
    - home: The folder whose pictures the text may show, or None
    - attachments: As in the cell
    """

    kind: str
    text: str = ""
    picture: bytes = b""
    home: Path | None = None
    attachments: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Chapter:
    """One notebook: its name, its Items, and sentences on what of it is not shown whole."""

    name: str
    items: list
    notes: list


def chapter(path):
    """Read one notebook as a Chapter; one that is damaged is shown as the text of its file."""
    path = Path(path)
    try:
        items = [item for cell in read(path) for item in _items(cell, path.parent)]
    except (NotebookError, RecursionError, TypeError, AttributeError) as error:
        note = f"{path.name} is shown as plain text: {error}"
        items = [Item("note", note), Item("output", _capped(_text_of(path), SOURCE))]
        return Chapter(path.name, items, [note])
    shortened = sum(" characters left out …]" in item.text for item in items)
    unseen = sum(item.kind == "note" for item in items)
    notes = [f"{path.name}: long texts are shortened ({shortened})"] * bool(shortened)
    notes += [f"{path.name}: outputs are not shown ({unseen}); each place says why"] * bool(unseen)
    return Chapter(path.name, items, notes)


def picture_format(content):
    """ "png" or "jpg", by the first bytes; None for what is neither, or huge."""
    if len(content) > PICTURE_BYTES:
        return None
    return next((end for start, end in PICTURES.items() if content.startswith(start)), None)


def local_picture(address, item):
    """The bytes of a picture that a text names: attached, inlined or in the notebook's folder.

    Returns None for any other: nothing is fetched, nothing outside the folder is read.
    """
    address = unquote(address)
    if address.startswith("attachment:"):
        bundle = item.attachments.get(address.removeprefix("attachment:"))
        content = _first_picture(bundle) if isinstance(bundle, dict) else None
    elif address.startswith("data:image/"):
        content = _decoded(address.partition(";base64,")[2])
    else:
        content = _file(address, item.home)
    return content if content and picture_format(content) else None


def _file(address, home):
    """The bytes of a file inside a folder, or None."""
    foreign = ":" in address or PureWindowsPath(address).is_absolute() or "\0" in address
    if home is None or not address or foreign:
        return None
    try:
        home, path = home.resolve(), (home / address).resolve()
        inside = home in path.parents and path.is_file() and path.stat().st_size <= PICTURE_BYTES
        return path.read_bytes() if inside else None
    except (OSError, ValueError, RuntimeError):
        return None


def _items(cell, folder):
    if cell.kind == "code":
        yield Item("code", _capped(cell.source, SOURCE))
        yield from _outputs(cell.outputs)
    elif cell.kind == "markdown":
        text = _capped(cell.source, SOURCE)
        yield Item("prose", text, home=folder, attachments=cell.attachments)
    else:
        yield Item("raw", _capped(cell.source, SOURCE))


def _outputs(outputs):
    streams = []
    for output in outputs[:OUTPUTS_OF_A_CELL]:
        if output.get("output_type") == "stream":
            streams.append(_joined(output.get("text")))
            continue
        yield from _stream(streams)
        streams = []
        if output.get("output_type") == "error":
            yield Item("failure", _capped(_traceback(output), OUTPUT))
        elif isinstance(output.get("data"), dict):
            yield _shown(output["data"], output.get("metadata"))
    yield from _stream(streams)
    if len(outputs) > OUTPUTS_OF_A_CELL:
        yield Item("note", f"{len(outputs) - OUTPUTS_OF_A_CELL} more outputs are not shown")


def _stream(texts):
    text = _capped("".join(texts), OUTPUT)
    return [Item("output", text)] if text.strip() else []


def _traceback(output):
    lines = output.get("traceback")
    if isinstance(lines, list) and lines:
        return "\n".join(map(str, lines))
    return f"{output.get('ename', 'Error')}: {output.get('evalue', '')}"


def _shown(data, about=None):
    """The best of an output's forms that paper can show."""
    picture = _first_picture(data)
    if picture and picture_format(picture):
        return Item("picture", _alternative(about), picture)
    for kind in FORMATTED:
        if kind in data:
            return Item("prose", _capped(_joined(data[kind]), OUTPUT))
    if "text/plain" in data:
        return Item("output", _capped(_joined(data["text/plain"]), OUTPUT))
    if "text/html" in data:
        bare = re.sub(r"<[^<>]*>", " ", _joined(data["text/html"])[: SOURCE[1]])
        return Item("output", _capped(html.unescape(bare).strip(), OUTPUT))
    kinds = ", ".join(sorted(map(str, data))) or "an empty output"
    return Item("note", f"not shown: {kinds}")


def _first_picture(bundle):
    for kind in ("image/png", "image/jpeg"):
        if kind in bundle:
            return _decoded(_joined(bundle[kind]))
    return None


def _alternative(about):
    """What stands in an output's metadata for those who do not see its picture, or ""."""
    kinds = about.values() if isinstance(about, dict) else ()
    texts = (kind.get("alt") for kind in kinds if isinstance(kind, dict))
    return _capped(next((text for text in texts if isinstance(text, str)), ""), OUTPUT)


def _decoded(text):
    try:
        return base64.b64decode("".join(text.split()))
    except (binascii.Error, ValueError):
        return None


def _joined(text):
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _capped(text, limit):
    """A text without escape sequences, its middle left out where it is longer than the limit."""
    lines, characters = limit
    whole = len(text)
    if whole > 4 * characters:
        head, tail = text[: 2 * characters], text[-characters:]
    else:
        head, tail = text, ""
    head, tail = _plain(head), _plain(tail)
    if not tail and len(head) <= characters and head.count("\n") < lines:
        return head
    start = "\n".join(head[: 2 * characters // 3].split("\n")[: 2 * lines // 3])
    end = "\n".join((tail or head)[-characters // 3 :].split("\n")[-lines // 3 :])
    left = whole - len(start) - len(end)
    return f"{start}\n[… {left:,} characters left out …]\n{end}"


def _plain(text):
    """What a terminal would leave standing of a text."""
    lines = ESCAPES.sub("", text).split("\n")
    return "\n".join(CONTROLS.sub("", line.rstrip("\r").rpartition("\r")[2]) for line in lines)


def _text_of(path):
    try:
        with open(path, "rb") as file:
            return file.read(5 * SOURCE[1]).decode("utf-8", "replace")
    except OSError as error:
        return str(error.strerror)
