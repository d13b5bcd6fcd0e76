"""Finds the solution regions of a Python text and blanks them: strict, and from str to str."""

import ast
import io
import re
import tokenize
from dataclasses import dataclass

from kit import KitError

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
# What is meant as a marker, well or badly spelled; nbgrader's hidden tests would ship as they are.
MARKER = re.compile(
    r"(?<![a-z])(?:BEGIN|START|END|STOP)[\s_:=-]*(?:SOLUTION|HIDDEN[\s_-]*TEST)S?(?![a-z])"
    r"|(?<![a-z])SOLUTIONS?[\s_:=-]+(?:BEGIN|START|END|STOP)S?(?![a-z])",
    re.IGNORECASE,
)
MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class RegionError(KitError):
    """A text whose regions cannot be trusted; `line` is the line to look at."""

    def __init__(self, line, message):
        super().__init__(f"line {line}: {message}")
        self.line, self.message = line, message


@dataclass(frozen=True)
class Region:
    """One solution region.

    - name: Qualified name of the enclosing function ("FullyConnectedNet.loss")
    - begin, end: Line numbers of the two markers, counted from 1
    - indent: Whitespace in front of the BEGIN marker
    - body: The lines between the markers, with their line ends
    """

    name: str
    begin: int
    end: int
    indent: str
    body: tuple

    @property
    def blank(self):
        """The line that stands in the body's place in a student's copy."""
        return f'{self.indent}raise NotImplementedError("{self.name}")\n'


def regions(text, outside="solution"):
    """List the solution regions of a Python file or a notebook's code cell.

    Inputs:
    - text: Source; lines of IPython magic (% and !) are understood
    - outside: Name for a region that no function encloses (a notebook cell's id)

    Returns a list of Region, in the text's order.

    Raises RegionError for an orphan END, a nested BEGIN, an unclosed region, a misspelled marker,
    and a text that does not compile, either as it is or without its regions' bodies.
    """
    if not MARKER.search(text):
        return []
    lines = _lines(text)
    pairs = _pairs(_markers(as_python(text, "the text")))
    tree = ast.parse(as_python(_skeleton(lines, pairs), "what is left without the solutions"))
    return [
        Region(
            name=_enclosing(tree, begin) or outside,
            begin=begin,
            end=end,
            indent=_indent(lines[begin - 1]),
            body=tuple(lines[begin : end - 1]),
        )
        for begin, end in pairs
    ]


def strip(text, outside="solution"):
    """Replace each region's body by one line that raises NotImplementedError; markers stay.

    Inputs and errors are those of `regions`. Returns the student's text; stripping it once more
    changes nothing.
    """
    lines = _lines(text)
    for region in reversed(regions(text, outside)):
        lines[region.begin : region.end - 1] = [region.blank]
    return "".join(lines)


def fill(text, solved, outside="solution"):
    """Put solved regions' bodies in the place of a student's: what undoes `strip`.

    Inputs:
    - text: A student's text
    - solved: List of Region, of the solved text

    Returns the text with each region's body replaced. Raises RegionError where the two don't hold
    the same regions in the same order.
    """
    lines, blank = _lines(text), regions(text, outside)
    if [region.name for region in blank] != [region.name for region in solved]:
        names = [[region.name for region in found] for found in (solved, blank)]
        raise RegionError(1, f"the solved regions {names[0]} are not those of the text, {names[1]}")
    for region, source in reversed([*zip(blank, solved, strict=True)]):
        lines[region.begin : region.end - 1] = source.body
    return "".join(lines)


def unmark(text, given, outside="solution"):
    """Make some regions part of the given code: their markers and their hints go.

    Inputs:
    - text: A solved text
    - given: Names of the regions, as Region.name has them

    Returns the text; a hint is the comment right above a BEGIN that starts with "Your turn".
    """
    lines = _lines(text)
    for region in reversed(regions(text, outside)):
        if region.name in given:
            del lines[region.end - 1]
            del lines[_hint(lines, region.begin - 1) : region.begin]
    return "".join(lines)


def _hint(lines, begin):
    """Index of the first line of the hint above a BEGIN; the BEGIN's own where there is none."""
    first = begin
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
        if lines[first].lstrip("# \t").startswith("Your turn"):
            return first
    return begin


def _lines(text):
    """Lines as Python's tokenizer counts them (str.splitlines also splits at form feeds)."""
    return list(io.StringIO(text))


def _indent(line):
    return line[: len(line) - len(line.lstrip())]


def as_python(text, what="the text"):
    """The same lines, with IPython magics turned into `pass` where the text needs it."""
    try:
        ast.parse(text)
        return text
    except SyntaxError:
        plain = MAGIC.sub(r"\1pass", text)
    try:
        ast.parse(plain)
    except SyntaxError as error:
        message = f"{what} does not compile ({error.msg}); a region holds whole statements"
        raise RegionError(error.lineno or 1, message) from None
    return plain


def parsed(text):
    """The syntax tree of a text, magics being `pass`; None where it is no Python (%%bash)."""
    try:
        return ast.parse(as_python(text))
    except (RegionError, ValueError):
        return None


def _markers(source):
    """Yield (line number, marker) for each marker comment; strings that quote one don't count."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT or not MARKER.search(token.string):
            continue
        if token.string.rstrip() not in (BEGIN, END) or token.line.strip() != token.string.rstrip():
            message = f"write a marker as {BEGIN!r} or {END!r}, alone on its line"
            raise RegionError(token.start[0], message)
        yield token.start[0], token.string.rstrip()


def _pairs(markers):
    """Pair BEGIN with END; returns a list of (begin line, end line)."""
    pairs, opened = [], None
    for line, marker in markers:
        if marker == BEGIN and opened:
            raise RegionError(line, f"a region opened at line {opened} is still open; END it first")
        if marker == END and not opened:
            raise RegionError(line, "END without a BEGIN; add the BEGIN or remove this line")
        if marker == END:
            pairs.append((opened, line))
        opened = line if marker == BEGIN else None
    if opened:
        raise RegionError(opened, f"this region is never closed; add {END!r} behind it")
    return pairs


def _skeleton(lines, pairs):
    """The stripped text with every line at its old number: the raise stands on BEGIN's line."""
    kept = list(lines)
    for begin, end in pairs:
        kept[begin - 1] = _indent(lines[begin - 1]) + "raise NotImplementedError\n"
        kept[begin : end - 1] = ["\n"] * (end - 1 - begin)
    return "".join(kept)


def _enclosing(tree, line):
    """Dotted names of the classes and the functions around a line; "" where it is no function's."""
    around = [
        (node.lineno, node)
        for node in ast.walk(tree)
        if isinstance(node, DEFINITIONS) and node.lineno <= line <= node.end_lineno
    ]
    around = [node for _, node in sorted(around, key=lambda pair: pair[0])]
    if not around or isinstance(around[-1], ast.ClassDef):
        return ""
    return ".".join(node.name for node in around)
