"""Lists what a student is to find: lines, values and code of solutions, words of answers."""

import ast
import itertools
import re
import textwrap
import tokenize
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from cs231n.questions import FORMULA
from kit import cells, manifest, regions, sources

TOKENS = 6  # a line of fewer says too little to be a solution: `return out`, `h = x`
OPERATIONS = 2  # of a value that, under another name, is one; at least one of them is arithmetic
RUN = 3  # statements in a row that, under other names, are a copy
LONG = 30  # nodes of the syntax tree from which one statement alone is
WORDS = 8  # words in a row of a model answer; fewer may well stand elsewhere
WORD = re.compile(r"\w+")
ARITHMETIC = (ast.BinOp, ast.Compare)
VALUES = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)


@dataclass(frozen=True)
class Secret:
    """One line or expression that a student is to find.

    - text: With single spaces
    - place: Where the source has it
    - statement: As Python would lay it out; "" for an expression
    """

    text: str
    place: str
    statement: str = ""


@dataclass(frozen=True)
class Solutions:
    """What a source has solved.

    - secrets: Tuple of Secret
    - shapes: Code without its names, as `shape` gives it -> where the source has it
    - sizes: How large such code is, by `size`: no other needs a shape to be compared
    - phrases: WORDS words of a model answer, in lower case -> where the source has them
    """

    secrets: tuple
    shapes: dict
    sizes: frozenset
    phrases: dict


def of(root):
    """The Solutions of a source."""
    found = regions_of(root)
    parts = [(part, place) for place, region in found for part in runs(tree_of(region))]
    shapes = {shape(part): place for part, place in reversed(parts)}
    sizes = frozenset(size(part) for part, _ in parts)
    secrets = (secret for place, region in found for secret in _secrets(place, region))
    return Solutions(tuple(dict.fromkeys(secrets)), shapes, sizes, _phrases(root))


def regions_of(root):
    """Where each region of a source stands, in words, and the kit.regions.Region."""
    return [each for path in manifest.editable(root) for each in sources.regions_in(root, path)]


def tree_of(region):
    """A region's statements, which stand indented as in their function; magics are `pass`."""
    return ast.parse(regions.as_python(textwrap.dedent("".join(region.body))))


def words_of(text):
    """The words of a text in lower case, each with where it begins: a list of (word, place).

    Formulas have none: a derivation and an answer may well use the same.
    """
    plain = FORMULA.sub(lambda match: " " * len(match[0]), text)
    return [(match[0].casefold(), match.start()) for match in WORD.finditer(plain)]


def statements(tree):
    """The first line of every statement of a tree, as Python would lay it out."""
    return [_first_line(node) for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def runs(tree):
    """The parts of some code that, under other names, are a copy."""
    yield from rows(tree, RUN)
    yield from (row for row in rows(tree, 1) if tells(row))


def rows(tree, count):
    """Each so many statements that stand in a row in one block."""
    for node in ast.walk(tree):
        for block in ("body", "orelse", "finalbody"):
            members = getattr(node, block, None)
            if isinstance(members, list):
                for first in range(len(members) - count + 1):
                    yield members[first : first + count]


def tells(members):
    """Whether some statements are too many or too long to be alike by chance."""
    return len(members) >= RUN or size(members) >= LONG


def size(members):
    """How many nodes of the syntax tree some statements are."""
    return sum(1 for member in members for _ in ast.walk(member))


def shape(members):
    """Statements with their variables numbered in the order in which they come up."""
    names = {}
    tree = ast.parse("\n".join(ast.unparse(node) for node in members))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.setdefault(node.id, f"v{len(names)}")
    return ast.dump(tree)


def _secrets(place, region):
    """Each line, statement and value of a region, as one line; those that say nothing left out.

    A line that is only a part of a statement says nothing: the statement is looked for as a whole.
    """
    lines, tree = [" ".join(line.split()) for line in region.body], tree_of(region)
    laid_out = {shown: line for line in lines if (shown := _laid_out(line))}
    for statement in statements(tree):
        laid_out.setdefault(statement, statement)
    for statement, text in laid_out.items():
        if _tokens(text) >= TOKENS:
            yield Secret(text, place, statement)
    for node in ast.walk(tree):
        if isinstance(node, VALUES) and node.value is not None and _computes(node.value):
            yield Secret(" ".join(ast.unparse(node.value).split()), place)


def _computes(value):
    """Whether a value says how something is computed, and not only what is called."""
    found = [node for node in ast.walk(value) if isinstance(node, (*ARITHMETIC, ast.Call))]
    return len(found) >= OPERATIONS and any(isinstance(node, ARITHMETIC) for node in found)


def _laid_out(line):
    """A line as Python would lay it out; "" for a part of a statement, a comment as it is."""
    tree = regions.parsed(f"{line} pass" if line.endswith(":") else line)
    if tree is None:
        return ""
    return _first_line(tree.body[0]) if tree.body else line


def _first_line(node):
    return ast.unparse(node).split("\n", 1)[0]


def _phrases(root):
    """The phrases of all model answers, but for those that their question says itself."""
    found = {}
    for path in manifest.editable(root):
        members = cells.read(Path(root) / path).cells if path.suffix == ".ipynb" else []
        for asked, cell in itertools.pairwise(members):
            if "answer" in cells.tags(cell):
                said = set(phrases(asked.source))
                answer = cell.source.partition("\n")[2]
                place = f"{path}, cell {cell.id}"
                found |= {phrase: place for phrase in phrases(answer) if phrase not in said}
    return found


def phrases(text):
    """Every WORDS words in a row of a text, as tuples."""
    words = [word for word, _ in words_of(text)]
    return zip(*(words[first:] for first in range(WORDS)))


def _tokens(line):
    """How many tokens a line of Python has; a comment's words count one by one."""
    try:
        tokens = [t.string for t in tokenize.generate_tokens(StringIO(line).readline)]
    except (tokenize.TokenError, IndentationError):
        tokens = line.split()
    return sum(len(token.split()) for token in tokens)
