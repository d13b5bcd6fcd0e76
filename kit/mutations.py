"""Small changes that break an expression or a statement: operators, signs, axes, names, terms.

Each family takes a Source and one of its nodes and yields edits (start, end, new), places in the
text. `kit.mutants` applies them, one at a time.
"""

import ast
import itertools

SYMBOLS = {
    **{ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"},
    **{ast.FloorDiv: "//", ast.Mod: "%", ast.BitOr: "|", ast.BitAnd: "&"},
    **{ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not"},
    **{ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in"},
}
EXCHANGED = {
    **{"+": "-", "-": "+", "*": "/", "/": "*", "@": "*", "**": "*", "//": "/", "%": "//"},
    **{"|": "&", "&": "|", "==": "!=", "!=": "==", "is": "is not", "is not": "is"},
    **{"<": ">", ">": "<", "<=": "<", ">=": ">", "in": "not in", "not in": "in"},
}
LOOSENED = {"<": "<=", ">": ">="}
PAIRS = (
    *(("max", "min"), ("maximum", "minimum"), ("sum", "mean"), ("zeros", "ones"), ("var", "std")),
    *(("zeros_like", "ones_like"), ("argmax", "argmin"), ("any", "all"), ("sqrt", "square")),
    *(("exp", "log"), ("log", "log2"), ("standard_normal", "random"), ("concatenate", "stack")),
    *(("tanh", "sin"), ("vstack", "hstack"), ("floor", "ceil"), ("square", "abs")),
)
FUNCTIONS = {b: a for a, b in reversed(PAIRS)} | dict(reversed(PAIRS))
SYMMETRIC = {"maximum", "minimum", "multiply", "add", "vdot", "allclose", "array_equal"}


def binary(source, node):
    """Another operator, the sides exchanged, one side dropped."""
    symbol = SYMBOLS.get(type(node.op))
    if symbol is None:
        return
    at, left, right = source.sides(node, node.left, node.right, symbol)
    yield at, at + len(symbol), EXCHANGED[symbol]
    yield source.replaced(node, left)
    yield source.replaced(node, right)
    if symbol in ("-", "/", "@", "**"):
        left, right = source.whole(node.left, left), source.whole(node.right, right)
        yield source.replaced(node, f"{right} {symbol} {left}")


def comparison(source, node):
    """Another comparison."""
    symbol, other = SYMBOLS[type(node.ops[0])], node.comparators[0]
    at, _, _ = source.sides(node, node.left, other, symbol.split()[0])
    for new in filter(None, (EXCHANGED[symbol], LOOSENED.get(symbol))):
        yield at, at + len(symbol), new


def truth(source, node):
    """`and` for `or` and back; one side dropped."""
    first, second = node.values[:2]
    symbol = "and" if isinstance(node.op, ast.And) else "or"
    at, left, _ = source.sides(node, first, second, symbol)
    yield at, at + len(symbol), "or" if symbol == "and" else "and"
    yield source.replaced(node, left)
    yield source.start(node), at + len(symbol) + 1, ""


def unary(source, node):
    """The sign, or the `not`, dropped."""
    yield source.start(node), source.start(node.operand), ""


def conditional(source, node):
    """Either branch always."""
    yield source.replaced(node, source.of(node.body))
    yield source.replaced(node, source.of(node.orelse))


def constant(source, node):
    """A number one more, one less, zero, 1 % larger; a truth value turned; an einsum's output."""
    value, axis = node.value, getattr(node.parent, "arg", None) == "axis"
    new = []
    if isinstance(value, bool):
        new = [not value]
    elif axis and value in (0, 1):
        new = [1 - value]
    elif isinstance(value, int):
        new = [value + 1, value - 1, 0, *[f"{1.01 * value:g}"] * _is_factor(node)]
    elif isinstance(value, float):
        new = [0, f"{1.01 * value:g}"]
    elif isinstance(value, str) and "->" in value:
        new = [f'"{other}"' for other in _other_outputs(value)]
    yield from (source.replaced(node, str(text)) for text in new if text != value)


def _is_factor(node):
    """Whether a number is used in arithmetic of numbers, not of places."""
    if not isinstance(node.parent, ast.BinOp) or isinstance(node.parent.op, ast.Pow):
        return False
    above = node.parent.parent
    in_range = isinstance(above, ast.Call) and getattr(above.func, "id", "") == "range"
    return not (in_range or isinstance(above, ast.Subscript | ast.Slice))


def _other_outputs(subscripts):
    """An einsum with its output transposed, and with a letter summed over in place of another."""
    inputs, output = subscripts.split("->")
    if len(output) > 1:
        yield f"{inputs}->{output[::-1]}"
    letters = [letter for letter in dict.fromkeys(inputs) if letter.isalpha()]
    summed = [letter for letter in letters if letter not in output]
    if summed and output:
        yield f"{inputs}->{summed[0]}{output[1:]}"


def call(source, node):
    """Arguments exchanged, keywords dropped, the call itself dropped, another function."""
    function = node.func.attr if isinstance(node.func, ast.Attribute) else _id(node.func)
    if function not in SYMMETRIC:
        yield from neighbours(source, node.args)
    parts = sorted([*node.args, *node.keywords], key=source.start)
    for before, part in zip([None, *parts], parts):
        if isinstance(part, ast.keyword):
            yield source.end(before) if before else source.start(part), source.end(part), ""
    if isinstance(node.func, ast.Attribute):
        library = _id(node.func.value) in ("np", "math")
        kept = node.args[:1] if library else [node.func.value]
        yield from (source.replaced(node, source.whole(k, source.of(k))) for k in kept)
    if function in FUNCTIONS:
        end = source.end(node.func)
        yield end - len(function), end, FUNCTIONS[function]


def attribute(source, node):
    """A transpose dropped."""
    if node.attr == "T":
        yield source.end(node.value), source.end(node), ""


def subscript(source, node):
    """A name in quotes exchanged for another that the same function uses."""
    key = node.slice
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        nodes = ast.walk(source.function(node))
        keys = [n.slice for n in nodes if isinstance(n, ast.Subscript)]
        used = {k.value for k in keys if isinstance(k, ast.Constant)} - {key.value}
        others = sorted(other for other in used if isinstance(other, str))
        yield from (source.replaced(key, f'"{other}"') for other in others)


def bounds(source, node):
    """Either bound of a slice dropped."""
    for bound in filter(None, (node.lower, node.upper)):
        yield source.start(bound), source.end(bound), ""


def display(source, node):
    """Neighbours in a tuple, a list or a dictionary exchanged; one of several axes dropped."""
    if getattr(node.parent, "arg", None) == "axis":  # the order of axes means nothing
        axes = [source.of(axis) for axis in node.elts]
        for i in range(len(axes)):
            yield source.replaced(node, f"({', '.join(axes[:i] + axes[i + 1 :])},)")
        return
    yield from neighbours(source, getattr(node, "elts", None) or getattr(node, "values", []))


def neighbours(source, nodes):
    """Each two neighbours exchanged."""
    for one, other in itertools.pairwise(nodes):
        starred = any(isinstance(node, ast.Starred) for node in (one, other))
        if not starred and source.of(one) != source.of(other):
            yield source.swapped(one, other)


def _id(node):
    return getattr(node, "id", "")


EXPRESSIONS = {
    **{ast.BinOp: binary, ast.Compare: comparison, ast.BoolOp: truth, ast.UnaryOp: unary},
    **{ast.IfExp: conditional, ast.Constant: constant, ast.Call: call, ast.Attribute: attribute},
    **{ast.Subscript: subscript, ast.Slice: bounds},
    **{ast.Tuple: display, ast.List: display, ast.Dict: display},
}
