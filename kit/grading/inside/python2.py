"""Reads files that were written for Python 2, as the kits of 2016 asked for."""

import ast
import re

PRINT = re.compile(r"^([ \t]*)print\b(?![ \t]*[(=.,]).*$", re.MULTILINE)
RENAMED = {"iteritems": "items", "itervalues": "values", "iterkeys": "keys"}
NAMES = {"xrange": range, "unicode": str, "basestring": str, "long": int, "raw_input": input}
DIVIDE = "python2_divide"  # not of two underscores: a class would make another name of it
SHIMS = ("builtins", "future", "past", "six")
REAL_DIVISION = "from __future__ import division"


def code(text, name):
    """Compile a file of either Python.

    What is one of Python 2 by its names or its print statements gets that Python's division of
    whole numbers, its methods of dictionaries, and tabs of eight spaces; prints are left out.

    Raises SyntaxError where it is neither.
    """
    try:
        tree, old = ast.parse(text, name), False
    except SyntaxError:
        tree, old = _of_python2(text, name), True
    if old or _speaks_python2(tree):
        tree = ast.fix_missing_locations(_Modern(REAL_DIVISION not in text).visit(tree))
    return compile(tree, name, "exec", dont_inherit=True)


def scope():
    """The names that Python 2 has beside those of Python 3."""
    return {**NAMES, DIVIDE: divide}


def divide(a, b):
    """a / b as Python 2 does it: rounded down where both are whole numbers."""
    return a // b if _whole(a) and _whole(b) else a / b


def _whole(value):
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return kind in "biu" if kind else isinstance(value, int)


def _of_python2(text, name):
    try:
        return ast.parse(PRINT.sub(r"\1pass", text.expandtabs(8)), name)
    except SyntaxError:
        return ast.parse(text, name)  # its error speaks of the file as it is


def _speaks_python2(tree):
    """Whether it uses what is only there in Python 2, and does not provide it itself."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in NAMES]
    made = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Import):
            every = NAMES if (getattr(node, "module", "") or "").split(".")[0] in SHIMS else ()
            for alias in node.names:
                made |= {*every} if alias.name == "*" else {alias.asname or alias.name}
    used = {node.id for node in names} - made
    methods = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return bool(used or methods & RENAMED.keys())


class _Modern(ast.NodeTransformer):
    """Rewrites divisions and the names of dictionaries' methods."""

    def __init__(self, divides):
        self._divides = divides

    def visit_Attribute(self, node):
        node.attr = RENAMED.get(node.attr, node.attr)
        return self.generic_visit(node)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if not (self._divides and isinstance(node.op, ast.Div)):
            return node
        name = ast.Name(DIVIDE, ast.Load())
        return ast.copy_location(ast.Call(name, [node.left, node.right], []), node)
