"""Makes mutants: a text's solutions, each with one small change that should break it."""

import ast
import textwrap
import warnings
from collections import Counter
from dataclasses import dataclass

from kit import regions
from kit.mutations import EXPRESSIONS, SYMBOLS
from kit.syntax import Source

IN_PLACE = ("+", "-", "*", "/", "**", "@")


@dataclass(frozen=True)
class Mutant:
    """One changed text.

    - region: Name of the solution region, the exercise ("FullyConnectedNet.loss")
    - line: Number of the statement's first line
    - change: "statement → changed statement", on one line
    - nth: Counts, within a region, the changes that read alike
    - text: The whole text with the change
    """

    region: str
    line: int
    change: str
    nth: int
    text: str

    @property
    def name(self):
        """What it is called in lists: stays the same while its statement does."""
        return f"{self.region}: {self.change}" + (f" ({self.nth})" if self.nth > 1 else "")


def mutants(text):
    """Every mutant of a text's solution regions.

    Inputs:
    - text: Source of a module

    Returns a list of Mutant in the text's order. Changes that do not compile, and those that
    change nothing but parentheses or spaces, are left out.
    """
    source, found, count = Source(text), [], Counter()
    statements = [node for node in ast.walk(source.tree) if isinstance(node, ast.stmt)]
    for region in regions.regions(text):
        inside = [s for s in statements if region.begin < s.lineno < region.end]
        for statement in sorted(inside, key=lambda s: s.lineno):
            for change, changed in _changes(source, statement):
                count[region.name, change] += 1
                nth = count[region.name, change]
                found.append(Mutant(region.name, statement.lineno, change, nth, changed))
    return found


def _changes(source, statement):
    """Yield (change in words, changed text) for what compiles, each once."""
    start, end = source.start(statement), _end_of_head(source, statement)
    begin, close = source.around(statement)
    seen = {_meaning(source.text[begin:close])}
    for first, last, new in _edits(source, statement):
        changed = source.text[:first] + new + source.text[last:]
        meaning = _meaning(source.text[begin:first] + new + source.text[last:close])
        if meaning is None or meaning in seen:
            continue
        seen.add(meaning)
        after = source.text[start:first] + new + source.text[last : max(end, last)]
        yield f"{_line(source.text[start:end])} → {_line(after)}", changed


def _line(code):
    return " ".join(code.split())


def _meaning(code):
    """The tree of a function, in words; None if it does not compile."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(textwrap.dedent(code))
            compile(tree, "mutant", "exec")
            return ast.dump(tree)
        except SyntaxError:
            return None


def _end_of_head(source, statement):
    """Where a statement ends, or the line with which a block begins."""
    if not getattr(statement, "body", None):
        return source.end(statement)
    return len(source.text[: source.start(statement.body[0])].rstrip())


def _edits(source, statement):
    """All edits of one statement, without those of the statements in it."""
    for family in STATEMENTS:
        yield from family(source, statement)
    for node in _expressions(statement):
        family = EXPRESSIONS.get(type(node))
        yield from family(source, node) if family else ()


def _expressions(node):
    """The nodes below one, without statements and without what stands in an f-string."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.excepthandler | ast.JoinedStr):
            yield child
            yield from _expressions(child)


def dropped(source, statement):
    """The statement left out, unless later ones could then not even run."""
    target = _target(statement)
    needed = isinstance(statement, ast.Assign) and not _bound_before(source, statement, target)
    docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    others = ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Pass | ast.Return
    if not (needed or docstring or isinstance(statement, others)):
        yield source.replaced(statement, "pass")


def turned(source, statement):
    """The condition of an `if` or a `while` turned round."""
    if isinstance(statement, ast.If | ast.While):
        yield source.replaced(statement.test, f"not ({source.of(statement.test)})")


def assigned(source, statement):
    """`+=` for `=`, a minus sign, and x itself overwritten where a new array was made of it."""
    target = _target(statement)
    if not isinstance(statement, ast.Assign) or target is None:
        return
    value = statement.value
    between = source.text[source.end(target) : source.start(value)]
    at = source.end(target) + between.index("=")
    if _bound_before(source, statement, target):
        yield at, at + 1, "+="
    if isinstance(value, ast.BinOp | ast.Call | ast.Name | ast.Subscript | ast.Attribute):
        yield source.replaced(value, f"-{source.whole(value, source.of(value))}")
    if isinstance(value, ast.BinOp) and isinstance(value.left, ast.Name):
        symbol = SYMBOLS[type(value.op)]
        _, left, right = source.sides(value, value.left, value.right, symbol)
        if symbol in IN_PLACE and left != source.of(target):
            lines = f"{left} {symbol}= {right}; {source.of(target)} = {left}"
            yield source.replaced(statement, lines)


def updated(source, statement):
    """`=` for `+=`, the opposite operator, and a new array where a given one is updated."""
    if not isinstance(statement, ast.AugAssign):
        return
    symbol, target, value = SYMBOLS[type(statement.op)], statement.target, statement.value
    at, left, right = source.sides(statement, target, value, f"{symbol}=")
    yield at, at + len(symbol), ""
    opposite = {"+": "-", "-": "+", "*": "/", "/": "*"}.get(symbol)
    if opposite:
        yield at, at + len(symbol), opposite
    if isinstance(target, ast.Name) and not _bound_in_region(source, statement, target):
        yield source.replaced(statement, f"{left} = {left} {symbol} {source.whole(value, right)}")


def _target(statement):
    """The one place that an assignment writes to, unless it is a tuple."""
    targets = getattr(statement, "targets", [])
    return targets[0] if len(targets) == 1 and not isinstance(targets[0], ast.Tuple) else None


def _bound_before(source, statement, target):
    """Whether the place that is assigned to was there before."""
    if not isinstance(target, ast.Name):
        return target is not None
    function = source.function(statement)
    lines = range(getattr(function, "lineno", 1), statement.lineno)
    return any(name == target.id and line in lines for line, name in source.names)


def _bound_in_region(source, statement, target):
    """Whether a name is bound by the student's lines; else it may be somebody else's array."""
    begin = source.text[: source.start(statement)].rfind(regions.BEGIN)
    first = source.text.count("\n", 0, begin) + 1
    lines = range(first, statement.lineno)
    augmented = {n.target for n in ast.walk(source.tree) if isinstance(n, ast.AugAssign)}
    places = {(n.lineno, n.id) for n in augmented if isinstance(n, ast.Name)}
    bound = [place for place in source.names if place not in places]
    return any(name == target.id and line in lines for line, name in bound)


STATEMENTS = (dropped, turned, assigned, updated)
