"""Turns students' markdown into typst or HTML through pandoc, and lets nothing raw through."""

import functools
import json
import re
import secrets
import subprocess
import tempfile
from pathlib import Path

from .document import local_picture

# Beyond what notebooks know: lists as "1)" and text inside HTML tags. No raw typst or LaTeX.
READER = (
    "ipynb-raw_tex-raw_attribute-smart-table_captions-pandoc_title_block"
    "+tex_math_double_backslash+fancy_lists+startnum+markdown_in_html_blocks"
)
SECONDS = 60
# pandoc reads "attachment:a.png" in a cell as the address "id-a.png".
ATTACHED = secrets.token_hex(8)
TOKENS = re.compile(
    r"(?P<code>^ {0,3}(?P<fence>```+|~~~+).*?(?:^ {0,3}(?P=fence)|\Z)|"
    r"(?P<tick>(?<!`)`+(?!`))[^\n].*?(?<!`)(?P=tick)(?!`)|\\\$)|"
    r"\$\$(?P<display>.+?)\$\$|(?<![\$\w])\$(?P<inline>[^$\n]+)\$(?![\$\w])|"
    r"^ *(?P<bare>\\begin\{(?P<name>(?:align|equation|gather|eqnarray|multline)\*?)\}.*?"
    r"\\end\{(?P=name)\})",
    re.DOTALL | re.MULTILINE,
)
TAG = re.compile(
    r"<!--.*?-->|</?(?P<name>a|abbr|article|b|big|blockquote|br|caption|center|cite|code|col|"
    r"dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|"
    r"q|s|section|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|"
    r"ul)(?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*\s*/?>",
    re.DOTALL | re.IGNORECASE,
)
SAFE_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


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
        return [_clean(b["c"][1], _Cleaner(i, to, embed)) for b, i in zip(blocks, items)]
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
    """
    texts, refused = _write(parts, to)
    if refused:
        texts, _ = _write([as_code(blocks, refused) for blocks in parts], to)
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
    if not inner:
        return match[0]
    return f"${inner}$" if match["inline"] else f"$${inner}$$"


class _Cleaner:
    """What to put in the place of nodes that may carry something raw, remote or foreign."""

    def __init__(self, item, to, embed):
        self.item, self.to, self.embed = item, to, embed

    def image(self, address, words):
        if address.startswith(f"{ATTACHED}-"):
            address = "attachment:" + address.removeprefix(f"{ATTACHED}-")
        content = local_picture(address, self.item)
        if content is None:
            name = address if len(address) < 80 else address[:60] + "…"
            said = _string(f" [picture not shown: {name}]")
            return {"t": "Span", "c": [["", [], []], [*words, said]]}
        place = self.embed(content)
        raw = f'#picture("{place}")' if self.to == "typst" else f'<img src="{place}" alt="">'
        return {"t": "RawInline", "c": [self.to, raw]}

    def html(self, text):
        """Inlines for a piece of HTML: known tags go, pictures and line breaks stay."""
        inlines, end = [], 0
        for tag in TAG.finditer(text):
            inlines.append(_string(text[end : tag.start()]))
            end = tag.end()
            name = (tag["name"] or "").lower()
            source = re.search(r"\ssrc\s*=\s*[\"']?([^\"'\s>]+)", tag[0], re.IGNORECASE)
            if name == "br":
                inlines.append({"t": "LineBreak"})
            elif name == "img" and source:
                inlines.append(self.image(source[1], []))
        inlines.append(_string(text[end:]))
        return [inline for inline in inlines if inline.get("c") != ""]


def _clean(node, cleaner):
    if isinstance(node, list):
        if _is_attributes(node):
            return ["", [], []]
        return [_clean(child, cleaner) for child in node]
    if not isinstance(node, dict) or "t" not in node:
        return node
    kind, content = node["t"], node.get("c")
    if kind == "RawInline":
        return {"t": "Span", "c": [["", [], []], cleaner.html(content[1])]}
    if kind == "RawBlock":
        return {"t": "Para", "c": cleaner.html(content[1])}
    if kind == "Image":
        return cleaner.image(content[2][0], _clean(content[1], cleaner))
    if kind == "Link" and not SAFE_LINK.match(content[2][0]):
        return {"t": "Span", "c": [["", [], []], _clean(content[1], cleaner)]}
    if kind == "Header":
        level = min(6, content[0] + 1)
        return {"t": kind, "c": [level, ["", [], []], _clean(content[2], cleaner)]}
    if kind == "CodeBlock":
        language = [word for word in content[0][1] if re.fullmatch(r"[a-z]{1,12}", word)][:1]
        return {"t": kind, "c": [["", language, []], content[1]]}
    return {"t": kind} if content is None else {"t": kind, "c": _clean(content, cleaner)}


def _is_attributes(node):
    return (
        len(node) == 3
        and isinstance(node[0], str)
        and isinstance(node[1], list)
        and isinstance(node[2], list)
        and all(isinstance(word, str) for word in node[1])
        and all(isinstance(pair, list) for pair in node[2])
    )


def _string(text):
    return {"t": "Str", "c": " ".join(text.split("\n"))}
