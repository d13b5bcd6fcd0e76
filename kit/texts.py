"""Finds every text that a file holds, cell by cell and string by string, and the Python in it."""

import ast
import json
import re
import textwrap

from kit import KitError, regions

MARKS = re.compile(r"^[ \t]*[#>]+", re.MULTILINE)  # of a comment or a quotation, line by line
FENCED = re.compile(r"^[ \t]*```.*\n((?:.*\n)*?)[ \t]*```", re.MULTILINE)
COMMENTS = re.compile(r"(?:^[ \t]*#.*\n?)+", re.MULTILINE)


def texts_of(path, content):
    """Yield (where, text) for all that a file says: notebooks cell by cell, JSON string by string.

    Inputs:
    - path: Of the file, as text
    - content: Bytes

    Raises KitError for a JSON file that is none.
    """
    text = content.decode("utf-8", errors="replace")
    if path.endswith(".ipynb"):
        notebook = json.loads(text)
        members = notebook.pop("cells")
        yield from ((path, string) for string in _strings(notebook))
        for cell in members:
            where = f"{path}, cell {cell.get('id')}"
            yield where, "".join(cell["source"])
            rest = {key: value for key, value in cell.items() if key != "source"}
            yield from ((where, string) for string in _strings(rest))
    elif path.endswith(".json"):
        yield from ((path, string) for string in _strings(_parsed(path, text)))
    else:
        yield path, text


def _parsed(path, text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise KitError(f"{path}: no JSON ({error}); restore it from git") from None


def _strings(value):
    """Every string inside a JSON value; a list of strings is one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from _strings(member)
    elif isinstance(value, list):
        if value and all(isinstance(member, str) for member in value):
            yield "\n".join(value)
        else:
            for member in value:
                yield from _strings(member)


def codes_in(text):
    """All Python in a text, as (line, tree): itself, its strings, comments and fenced parts."""
    tree, found = regions.parsed(text), []
    pieces = [(m.start(1), m[1]) for m in FENCED.finditer(text)]
    pieces += [(m.start(), unmarked(m[0])) for m in COMMENTS.finditer(text)]
    placed = [(text.count("\n", 0, start) + 1, piece) for start, piece in pieces]
    placed += [(node.lineno, node.value) for node in strings_in(tree)]
    for line, piece in placed:
        if (part := regions.parsed(textwrap.dedent(piece))) and part.body:
            found.append((line, part))
    return [(1, tree), *found] if tree else found


def strings_in(tree):
    """The strings of a syntax tree."""
    nodes = ast.walk(tree) if tree else ()
    return [n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def unmarked(text):
    """A text without the marks of comments and quotations that begin its lines."""
    return MARKS.sub("", text)
