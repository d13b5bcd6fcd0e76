"""Finds what a student kit still tells of the solutions: lines, statements, model answers."""

import ast
import re
from itertools import pairwise
from pathlib import Path

from kit import KitError, manifest, solutions, texts, toml

ALLOWED = "kit/allowed_lines.toml"


def find(files, root=manifest.ROOT):
    """Search a student kit for the solutions of a source.

    A line counts wherever it stands, with or without spaces: in code under another layout, in
    comments, in a string, in a cell, its output or any metadata, in a JSON file. So does the value
    that it computes, a region's code under other names, and a run of words of a model answer.

    Inputs:
    - files: Path -> content of the kit's files, in bytes
    - root: The solved source

    Returns a list of sentences, each naming file, line and remedy. Lines that may stand elsewhere
    are listed, with the reason, in kit/allowed_lines.toml; an entry that allows nothing is told.
    Raises KitError for a JSON file that is none, or an entry without a reason.
    """
    solved = solutions.of(root)
    secrets = [(secret, _squeezed(secret.text)) for secret in solved.secrets]
    allowed, used, told = _allowed(root), set(), []
    for path, content in files.items():
        for where, text in texts.texts_of(str(path), content):
            parts = texts.codes_in(text)
            found = [(s.text, s.place, _line_of(s.text, text)) for s in _left(secrets, text, parts)]
            for line, place, number in [*found, *_quoted(solved.phrases, text)]:
                if line in allowed:
                    used.add(line)
                else:
                    told.append(_sentence(line, place, f"{where}:{number}"))
            told += _copies(solved, parts, where)
    told += [f"{ALLOWED}: {line!r} is nowhere; take it out" for line in allowed if line not in used]
    return list(dict.fromkeys(told))


def given_away(root, given):
    """Where a solution that a teacher gives holds the whole of one that is left to write.

    Inputs:
    - root: The solved source
    - given: Names of the regions whose solutions ship

    Returns a list of sentences. A part is no matter: forward and backward share lines.
    """
    found = solutions.regions_of(root)
    told = []
    for _, region in found:
        body = [] if region.name in given else solutions.tree_of(region).body
        if not solutions.tells(body):
            continue
        for place, other in found:
            if other.name in given and _holds(solutions.tree_of(other), body):
                told.append(
                    f"{place}: {other.name}, which is given solved, holds all of {region.name} "
                    f"under other names; give that solved too, or neither"
                )
    return told


def _sentence(line, place, where):
    return (
        f"{where}: {line!r} is the solution of {place}; reword one of the two, or "
        f"allow it in {ALLOWED}, with the reason"
    )


def _left(secrets, text, parts):
    """The secrets that stand in a text, as they are or as code laid out otherwise."""
    trees = [tree for _, tree in parts]
    statements = {line for tree in trees for line in solutions.statements(tree)}
    strings = "\n\n".join(node.value for tree in trees for node in texts.strings_in(tree))
    spellings = [text, texts.unmarked(text), *map(ast.unparse, trees), strings]
    squeezed = [(_squeezed(plain), plain) for plain in dict.fromkeys(spellings)]
    found = []
    for secret, line in secrets:
        if any(secret.place == other.place and secret.text in other.text for other in found):
            continue  # the value of a line that is told already
        if secret.statement in statements or any(
            line in short and _whole(secret.text, plain) for short, plain in squeezed
        ):
            found.append(secret)
    return found


def _quoted(phrases, text):
    """(words, place, line) for each part of a text that is a model answer's, word by word."""
    words = solutions.words_of(text)
    heard = [phrases.get(phrase) for phrase in solutions.phrases(text)]
    edges = [i for i, (a, b) in enumerate(pairwise([None, *heard, None])) if bool(a) != bool(b)]
    for first, end in zip(edges[::2], edges[1::2]):
        said = words[first : end + solutions.WORDS - 1]
        line = text.count("\n", 0, said[0][1]) + 1
        yield " ".join(word for word, _ in said), heard[first], line


def _squeezed(text):
    return "".join(text.split())


def _whole(line, text):
    """Whether a line stands in a text by itself, not as a part of longer names or numbers.

    White space counts only where it parts two words.
    """
    words = re.findall(r"\w+(?:\s+\w+)*|[^\w\s]", line)
    pattern = r"\s*".join(r"\s+".join(map(re.escape, word.split())) for word in words)
    return re.search(rf"(?<![\w.]){pattern}(?![\w.]\w)", text) is not None


def _line_of(line, text):
    """Number of the first line that begins what was found; 1 where it is spread over lines."""
    for number, candidate in enumerate(text.splitlines(), start=1):
        if _squeezed(line) in _squeezed(candidate):
            return number
    return 1


def _copies(solved, parts, where):
    """Statements of some code that are a region's, but for their names."""
    for line, tree in parts:
        for part in solutions.runs(tree):
            if solutions.size(part) not in solved.sizes:
                continue
            if place := solved.shapes.get(solutions.shape(part)):
                number = line + part[0].lineno - 1
                yield f"{where}:{number}: the code of {place} under other names; rewrite it"


def _holds(tree, body):
    """Whether some statements in a row have the shape of a body."""
    shape = solutions.shape(body)
    rows = solutions.rows(tree, len(body))
    return any(
        solutions.size(row) == solutions.size(body) and solutions.shape(row) == shape
        for row in rows
    )


def _allowed(root):
    path = Path(root) / ALLOWED
    allowed = toml.read(path, ALLOWED) if path.is_file() else {}
    for line, reason in allowed.items():
        if not (isinstance(reason, str) and reason.strip()):
            raise KitError(f"{ALLOWED}: say why {line!r} may stand elsewhere")
    return allowed
