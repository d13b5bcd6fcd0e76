"""Cuts a module into functions, and these into tokens that tell nothing of names and layout."""

import ast
import builtins
import functools
import io
import keyword
import re
import tokenize
import warnings
from dataclasses import dataclass

KEPT = {*keyword.kwlist, *dir(builtins)}
LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip
# What damaged or hostile texts make ast and tokenize raise.
DAMAGED = (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError)


@dataclass(frozen=True)
class Function:
    """A function or method: the file, its qualified name, first line, text and tokens."""

    path: str
    name: str
    line: int
    text: str
    tokens: tuple


def functions(path, text):
    """The functions and methods of a module; none where Python cannot read it.

    Variables, arguments and own functions all become "v", texts "s"; keywords, built-in names, what
    follows a dot, numbers and operators stay; comments, docstrings and layout go.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            definitions = list(_definitions(ast.parse(text).body))
        # Laid out by Python itself, the same code is the same tokens, whatever was in brackets.
        words = [_words(ast.unparse(node)) for _, node in definitions]
    except DAMAGED:
        return []
    lines = re.split(r"\r\n|\r|\n", text)
    return [
        Function(path, name, node.lineno, "\n".join(lines[node.lineno - 1 : node.end_lineno]), told)
        for (name, node), told in zip(definitions, words)
    ]


def _definitions(body, owner=""):
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield owner + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _definitions(node.body, f"{owner}{node.name}.")


@functools.lru_cache(maxsize=2000)
def _words(text):
    return tuple(_tokens(text))


def _tokens(text):
    """Yield the word of each token that counts."""
    before, dotted = tokenize.NEWLINE, False
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in LAYOUT:
            before = before if token.type in (tokenize.COMMENT, tokenize.NL) else token.type
            continue
        # A text that begins a statement is a docstring.
        if token.type != tokenize.STRING or before not in LAYOUT:
            yield _word(token, dotted)
        before, dotted = token.type, token.string == "."


def _word(token, dotted):
    if token.type == tokenize.STRING:
        return "s"
    if token.type == tokenize.NAME and not dotted and token.string not in KEPT:
        return "v"
    return token.string
