"""Turns students' markdown into typst or HTML through pandoc, and lets nothing raw through."""

import functools
import json
import re
import secrets
import subprocess
import tempfile
from pathlib import Path

from .cleaning import ATTACHED, Cleaner, clean

# Beyond what notebooks know: lists as "1)" and text inside HTML tags. No raw typst or LaTeX.
READER = (
    "ipynb-raw_tex-raw_attribute-smart-table_captions-pandoc_title_block"
    "+tex_math_double_backslash+fancy_lists+startnum+footnotes+markdown_in_html_blocks"
)
SECONDS = 40
TOKENS = re.compile(
    r"(?P<code>^ {0,3}(?P<fence>```+|~~~+).*?(?:^ {0,3}(?P=fence)|\Z)|"
    r"(?P<tick>(?<!`)`+(?!`))[^\n].*?(?<!`)(?P=tick)(?!`)|\\\$)|"
    r"\$\$(?P<display>.+?)\$\$|(?<![\$\w])\$(?P<inline>[^$\n]+)\$(?![\$\w])|"
    r"^ *(?P<bare>\\begin\{(?P<name>(?:align|equation|gather|eqnarray|multline)\*?)\}.*?"
    r"\\end\{(?P=name)\})",
    re.DOTALL | re.MULTILINE,
)
# pandoc writes these with no width at all, and with minus a whole em.
SPACES = {r"\;": r"\:", r"\!": ""}
SPACE = re.compile(r"\\(?:\\|;|!)")
# typst sets columns that stand between no brackets, or behind a brace, without a space.
CASES = re.compile(
    r"(?P<mat>\\left *(?!\\\{|\.)\\?\S\s*)?\\begin\{(?P<name>cases|array|matrix)\}"
    r"(?P<body>(?:(?!\\begin|\\&).)*?)\\end\{(?P=name)\}",
    re.DOTALL,
)


class PandocError(Exception):
    """Why pandoc gave nothing, in one sentence."""


def pandoc():
    """The path of pandoc's program; raises PandocError if the extra is not installed."""
    try:
        import pypandoc

        return pypandoc.get_pandoc_path()
    except (ImportError, OSError):
        raise PandocError("pandoc is not installed: pip install pypandoc_binary") from None


def parse(items, to, embed):
    """Read markdown as pandoc's syntax trees, with everything raw, unsafe or remote taken out.

    Inputs:
    - items: List of document.Item of kind "prose"
    - to: "typst" or "html"
    - embed: Function from a picture's bytes to the address to write for it

    Returns a list of lists of blocks. Raises PandocError.
    """
    pandoc()
    if not items:
        return []
    cells = [
        {"cell_type": "markdown", "id": ATTACHED, "metadata": {}, "source": _tidy(item.text)}
        for item in items
    ]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    try:
        tree = json.loads(_run(json.dumps(content), "-f", READER, "-t", "json"))
        blocks = tree["blocks"]
        if len(blocks) != len(items) or any(block["t"] != "Div" for block in blocks):
            raise PandocError("pandoc lost a cell")
        return [clean(b["c"][1], Cleaner(i, to, embed)) for b, i in zip(blocks, items)]
    except (PandocError, RecursionError, ValueError):
        # One cell that cannot be read shall not cost the others their form.
        if len(items) == 1:
            return [[{"t": "CodeBlock", "c": [["", [], []], items[0].text]}]]
        half = len(items) // 2
        return [*parse(items[:half], to, embed), *parse(items[half:], to, embed)]


def write(parts, to):
    """Write syntax trees as typst or HTML; formulas that pandoc cannot read become code.

    Returns a tuple of:
    - texts: One for each list of blocks
    - refused: The formulas that are shown as their source, a set

    Raises PandocError.
    """
    try:
        texts, refused = _write(parts, to)
        if refused:
            texts, _ = _write([as_code(blocks, refused) for blocks in parts], to)
    except RecursionError:
        raise PandocError("a text is nested too deeply") from None
    return texts, refused


def formulas(node):
    """The nodes of formulas in a syntax tree, outermost first."""
    if isinstance(node, dict):
        if node.get("t") == "Math":
            yield node
        else:
            yield from formulas(node.get("c"))
    elif isinstance(node, list):
        for child in node:
            yield from formulas(child)


def as_code(node, sources):
    """A syntax tree with the formulas of these sources as inline code."""
    if isinstance(node, list):
        return [as_code(child, sources) for child in node]
    if not isinstance(node, dict):
        return node
    if node.get("t") == "Math" and node["c"][1] in sources:
        return {"t": "Code", "c": [["", [], []], f"${node['c'][1].strip()}$"]}
    return {key: as_code(value, sources) for key, value in node.items()}


def _write(parts, to):
    if not parts:
        return [], set()
    mark = f"part-{secrets.token_hex(16)}"
    blocks = []
    for part in parts:
        blocks += [{"t": "RawBlock", "c": [to, mark]}, *part]
    tree = {"pandoc-api-version": _api_version(), "meta": {}, "blocks": blocks}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.json"
        options = ("-f", "json", "-t", to, "--mathml", "--wrap=none", f"--log={log}")
        text = _run(json.dumps(tree), *options)
        said = json.loads(log.read_text(encoding="utf-8") or "[]") if log.exists() else []
    refused = {m.get("contents") for m in said if m.get("type") == "CouldNotConvertTeXMath"}
    return [part.strip() for part in text.split(mark)[1:]], refused


@functools.cache
def _api_version():
    return json.loads(_run("", "-f", "markdown", "-t", "json"))["pandoc-api-version"]


def _run(text, *options):
    try:
        run = subprocess.run(
            [pandoc(), "--sandbox", *options],
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PandocError(f"pandoc did not finish ({type(error).__name__})") from None
    if run.returncode:
        lines = run.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise PandocError(f"pandoc failed: {lines[0][:200]}")
    return run.stdout.decode("utf-8")


def _tidy(text):
    """Formulas as a notebook reads them, in the narrower spelling that pandoc wants."""
    return TOKENS.sub(_token, text)


def _token(match):
    if match["code"]:
        return match[0]
    inner = match["display"] or match["inline"] or match["bare"]
    inner = re.sub(r"\n\s*\n", "\n", inner.strip()).replace(r"\textcolor{", r"\color{")
    inner = SPACE.sub(lambda space: SPACES.get(space[0], space[0]), inner)
    inner = CASES.sub(lambda c: c[0] if c["mat"] else c[0].replace("&", r"&\quad "), inner)
    if not inner:
        return match[0]
    return f"${inner}$" if match["inline"] else f"$${inner}$$"
