"""Writes tables that a spreadsheet may open, and reads what a spreadsheet made of them."""

import contextlib
import csv
import io
import os
import secrets
from pathlib import Path

from kit import KitError

from .page import UNSEEN

# A cell that begins so is a formula to Excel, LibreOffice or Google; those that are wide, too.
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
MOST = 500_000_000  # bytes
LONGEST = 10_000  # characters of a cell; a spreadsheet takes 32,767


@contextlib.contextmanager
def writer(path, header):
    """Write a table: yields a function that takes one row of texts and numbers.

    The file is there when the last row is, in UTF-8 with the mark by which Excel knows it.
    """
    path = Path(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(draft, "w", encoding="utf-8-sig", errors="replace", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(map(guarded, header))
            yield lambda row: rows.writerow([guarded(cell) for cell in row])
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def guarded(cell):
    """A cell that no spreadsheet computes: a text that would be a formula gets an apostrophe."""
    if not isinstance(cell, str):
        return "" if cell is None else f"{round(cell, 4):.12g}"
    text = " ".join(UNSEEN.sub("", cell[:LONGEST]).split())
    return f"'{text}" if text.startswith(FORMULA) else text


def unguarded(cell):
    """What was guarded."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def read(path, columns):
    """Read a table that has these columns, in any order, perhaps among others.

    Takes commas, semicolons or tabs, any ends of lines, Excel's marks, UTF-8 and UTF-16.

    Returns a list of (line number, dictionary column -> text), without empty rows. Raises KitError.
    """
    path = Path(path)
    lines = list(io.StringIO(_decoded(path), newline=""))
    skipped = 1 if lines and lines[0].strip().lower() in ("sep=;", "sep=,") else 0
    try:
        mark, header = _header("".join(lines[skipped : skipped + 1]), columns)
        if mark is None:
            names = ", ".join(columns)
            raise KitError(f"{path}: the first line must name the columns {names}")
        if doubled := [name for name in columns if header.count(name) > 1]:
            raise KitError(f"{path}: the column {doubled[0]} is there twice; remove one")
        places = [header.index(name) for name in columns]
        return list(_rows(lines, skipped, mark, places, columns))
    except csv.Error as error:
        raise KitError(f"{path} is no table ({error}); save it as CSV UTF-8") from None


def _header(line, columns):
    """The mark between columns, and their names; None and none where some are missing."""
    for mark in ",;\t":
        header = [name.strip().lower() for name in next(csv.reader([line], delimiter=mark), [])]
        if set(columns) <= set(header):
            return mark, header
    return None, []


def _rows(lines, skipped, mark, places, columns):
    rows = csv.reader(lines[skipped + 1 :], delimiter=mark)
    before = 0
    for row in rows:
        line, before = before + skipped + 2, rows.line_num
        cells = [row[place] if place < len(row) else "" for place in places]
        if any(cell.strip() for cell in row):
            yield line, dict(zip(columns, map(unguarded, cells), strict=True))


def _decoded(path):
    if not path.is_file():
        raise KitError(f"{path} is not there")
    if path.stat().st_size > MOST:
        raise KitError(f"{path} is larger than {MOST // 1_000_000} MB; take in a part at a time")
    content = path.read_bytes()
    try:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return content.decode("utf-16" if wide else "utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise KitError(f"{path}, line {line}: not UTF-8; save it as 'CSV UTF-8'") from None
