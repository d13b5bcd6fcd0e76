"""A Python text whose syntax tree knows its places, so that one change leaves the rest as it is."""

import ast
import itertools
from functools import cached_property

ATOMS = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Call, ast.Tuple)


class Source:
    """A text whose nodes know their places, counted in characters, and their parents."""

    def __init__(self, text):
        self.text, self.tree = text, ast.parse(text)
        self._lines = text.splitlines(keepends=True)
        self._starts = [0, *itertools.accumulate(map(len, self._lines))]
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                child.parent = node

    def start(self, node):
        return self._place(node.lineno, node.col_offset)

    def end(self, node):
        return self._place(node.end_lineno, node.end_col_offset)

    def of(self, node):
        """The text of a node."""
        return self.text[self.start(node) : self.end(node)]

    def sides(self, node, left, right, symbol):
        """Place of an operator, and the text on either side with its parentheses."""
        at = self.text.index(symbol, self.end(left), self.start(right))
        before = self.text[self.start(node) : at].rstrip()
        return at, before, self.text[at + len(symbol) : self.end(node)].lstrip()

    def whole(self, node, text):
        """A node's text as an operand: in parentheses unless it holds together without."""
        alone = isinstance(node, ATOMS) or text == f"({self.of(node)})"
        return text if alone else f"({text})"

    def function(self, node):
        """The innermost function that holds a node, or the module."""
        while not isinstance(node, ast.FunctionDef | ast.Module):
            node = node.parent
        return node

    def around(self, node):
        """Where the function that holds a node begins, indented, and where it ends."""
        function = self.function(node)
        if isinstance(function, ast.Module):
            return 0, len(self.text)
        return self.start(function) - function.col_offset, self.end(function)

    def replaced(self, node, text):
        return self.start(node), self.end(node), text

    def swapped(self, one, other):
        """The edit that exchanges two nodes, the first of which comes first."""
        between = self.text[self.end(one) : self.start(other)]
        return self.start(one), self.end(other), self.of(other) + between + self.of(one)

    def _place(self, line, column):
        # Python counts columns in bytes.
        text = self._lines[line - 1].encode("utf-8")[:column].decode("utf-8")
        return self._starts[line - 1] + len(text)

    @cached_property
    def names(self):
        """Every name that is bound or taken as an argument: (line, name)."""
        stored = [n for n in ast.walk(self.tree) if isinstance(getattr(n, "ctx", None), ast.Store)]
        found = [(n.lineno, n.id) for n in stored if isinstance(n, ast.Name)]
        return found + [(n.lineno, n.arg) for n in ast.walk(self.tree) if isinstance(n, ast.arg)]
