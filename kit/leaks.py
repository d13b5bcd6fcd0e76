"""Finds what a student kit still tells of the solutions: lines, statements, model answers."""

import ast
import json
import re
import textwrap
import tokenize
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from kit import cells, manifest, regions, sources, toml

ALLOWED = "kit/allowed_lines.toml"
TOKENS = 6  # a line of fewer says too little to be a solution: `return out`, `h = x`
WORDS = 8  # a sentence of fewer words may well stand elsewhere
RUN = 3  # statements in a row that, under other names, are a copy
MARKS = re.compile(r"^[ \t]*[#>]+", re.MULTILINE)  # of a comment or a quotation, line by line
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")


@dataclass(frozen=True)
class Secret:
    """One line or sentence that a student is to find.

    - text: The line, with single spaces
    - place: Where the source has it
    - statement: As Python would lay it out; "" for a sentence
    """

    text: str
    place: str
    statement: str = ""


def find(files, root=manifest.ROOT):
    """Search a student kit for the solutions of a source.

    A line counts wherever it stands, with or without spaces: in code under another layout, in
    comments, in a string, in a cell, its output or any metadata, in a JSON file. So does a region's
    code under other names.

    Inputs:
    - files: Path -> content of the kit's files, in bytes
    - root: The solved source

    Returns a list of sentences, each naming file, line and remedy. Lines that may stand elsewhere
    are listed, with the reason, in kit/allowed_lines.toml; an entry that allows nothing is told.
    """
    found = [
        region for path in manifest.editable(root) for region in sources.regions_in(root, path)
    ]
    secrets = [secret for place, region in found for secret in _lines(place, region)]
    secrets += [secret for path in manifest.editable(root) for secret in _sentences(root, path)]
    allowed, used, told = _allowed(root), set(), []
    shapes = {_shape(part): place for place, region in found for part in _runs(_tree(region.body))}
    for path, content in files.items():
        for where, text in _texts(str(path), content):
            for secret in _surviving(secrets, text):
                if secret.text in allowed:
                    used.add(secret.text)
                else:
                    told.append(_sentence(secret, f"{where}:{_line_of(secret.text, text)}"))
            told += _copies(shapes, text, where)
    told += [f"{ALLOWED}: {line!r} is nowhere; take it out" for line in allowed if line not in used]
    return list(dict.fromkeys(told))


def _sentence(secret, where):
    return (
        f"{where}: {secret.text!r} is the solution of {secret.place}; reword one of the two, or "
        f"allow it in {ALLOWED}, with the reason"
    )


def _lines(place, region):
    """Each line and each statement of a region, as one line; those that say nothing left out.

    A line that is only a part of a statement says nothing: the statement is looked for as a whole.
    """
    lines = [" ".join(line.split()) for line in region.body]
    laid_out = {shape: line for line in lines if (shape := _laid_out(line))}
    for statement in _statements(_tree(region.body)):
        laid_out.setdefault(statement, statement)
    for statement, text in laid_out.items():
        if _tokens(text) >= TOKENS:
            yield Secret(text, place, statement)


def _laid_out(line):
    """A line as Python would lay it out; "" for a part of a statement, a comment as it is."""
    tree = regions.parsed(f"{line} pass" if line.endswith(":") else line)
    if tree is None:
        return ""
    return _first_line(tree.body[0]) if tree.body else line


def _statements(tree):
    """The first line of every statement of a tree, as Python would lay it out."""
    return [_first_line(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def _first_line(node):
    return ast.unparse(node).split("\n", 1)[0]


def _sentences(root, path):
    """The sentences of a notebook's model answers."""
    if path.suffix != ".ipynb":
        return
    for cell in cells.read(Path(root) / path).cells:
        if "answer" in cells.tags(cell):
            for text in SENTENCE.split(cell.source.split("\n", 1)[-1]):
                if len(text.split()) >= WORDS:
                    yield Secret(" ".join(text.split()), f"{path}, cell {cell.id}")


def _tokens(line):
    """How many tokens a line of Python has; a comment's words count one by one."""
    try:
        tokens = [t.string for t in tokenize.generate_tokens(StringIO(line).readline)]
    except (tokenize.TokenError, IndentationError):
        tokens = line.split()
    return sum(len(token.split()) for token in tokens)


def _texts(path, content):
    """(where, text) for all that a file says: notebooks cell by cell, JSON string by string."""
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
        yield from ((path, string) for string in _strings(json.loads(text)))
    else:
        yield path, text


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


def _surviving(secrets, text):
    """The secrets that stand in a text, as they are or as a statement laid out otherwise."""
    tree = regions.parsed(text)
    statements = {*_statements(tree)} if tree else set()
    texts = [text, *[MARKS.sub("", text)] * bool(MARKS.search(text)), *_joined(tree)]
    squeezed = [(_squeezed(plain), plain) for plain in texts]
    for secret in secrets:
        line = _squeezed(secret.text)
        if secret.statement in statements or any(
            line in short and _whole(secret.text, plain) for short, plain in squeezed
        ):
            yield secret


def _joined(tree):
    """The strings of a syntax tree, each as Python puts its pieces together."""
    nodes = ast.walk(tree) if tree else ()
    found = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return ["\n\n".join(found)] * bool(found)


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


def _copies(shapes, text, where):
    """Runs of statements that are a region's, but for their names."""
    tree = regions.parsed(text)
    for part in _runs(tree) if tree else []:
        if place := shapes.get(_shape(part)):
            yield f"{where}:{part[0].lineno}: the code of {place} under other names; rewrite it"


def _runs(tree):
    """Each RUN of statements that stand in a row in one block."""
    for node in ast.walk(tree):
        for block in ("body", "orelse", "finalbody"):
            members = getattr(node, block, None)
            if isinstance(members, list):
                for first in range(len(members) - RUN + 1):
                    yield members[first : first + RUN]


def _shape(statements):
    """The statements with their variables numbered in the order in which they come up."""
    names = {}
    tree = ast.parse("\n".join(ast.unparse(node) for node in statements))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.setdefault(node.id, f"v{len(names)}")
    return ast.dump(tree)


def _tree(body):
    """A region's statements, which stand indented as in their function; magics are `pass`."""
    return ast.parse(regions.as_python(textwrap.dedent("".join(body))))


def _allowed(root):
    path = Path(root) / ALLOWED
    return toml.read(path, ALLOWED) if path.is_file() else {}
