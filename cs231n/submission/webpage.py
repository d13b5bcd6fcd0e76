"""Writes chapters as one HTML page that needs no network: pictures inside, no scripts."""

import base64
import html
import importlib
import re

from . import markdown
from .document import local_picture, picture_format

STYLE = """
@page { size: A4; margin: 20mm 21mm 22mm; @bottom-center { font: 8pt sans-serif; color: #666;
  content: "TITLE · " counter(page) " / " counter(pages); } }
body { font: 11pt/1.45 serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
h1.cover { margin-bottom: 0; } p.cover { color: #666; border-bottom: 1px solid #999; }
section + section { break-before: page; }
pre, code { font: 8.5pt/1.35 "DejaVu Sans Mono", Menlo, Consolas, "D2Coding", monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .6em 0; padding: .5em .7em; }
pre.code { background: #f6f6f6; border-left: 2px solid #4c78a8; }
pre.failure { background: #fdf0ee; border-left: 2px solid #c0392b; }
pre.raw, pre.source { background: #fafafa; border-left: 2px solid #bbb; }
p.note { color: #555; font-style: italic; }
body { overflow-wrap: anywhere; }
img { max-width: 85%; max-height: 11cm; break-inside: avoid; }
table { border-collapse: collapse; } td, th { border-bottom: 1px solid #bbb; padding: .2em .6em; }
h1, h2, h3, h4 { break-after: avoid; }
"""
# Nothing is fetched and nothing runs, whatever slipped through.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
IMAGE = re.compile(r'<img src="([^"]*)"[^>]*>')


def webpage(chapters, title):
    """Write chapters as one page.

    Returns a tuple of:
    - page: Text of HTML
    - notes: Sentences on what is not as it was meant
    """
    prose = [item for chapter in chapters for item in chapter.items if item.kind == "prose"]
    parts, notes = _prose(prose)
    parts, sections = iter(parts), []
    for chapter in chapters:
        pieces = [next(parts) if item.kind == "prose" else _piece(item) for item in chapter.items]
        heading = f"<h1>{html.escape(chapter.name)}</h1>"
        sections.append("\n".join(["<section>", heading, *pieces, "</section>"]))
    names = html.escape(" · ".join(chapter.name for chapter in chapters))
    name = html.escape(title)
    style = STYLE.replace("TITLE", re.sub(r'[\x00-\x1f"\\<>]', " ", title))
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{name}</title>
<style>{style}</style>
</head>
<body>
<h1 class="cover">{name}</h1>
<p class="cover">{names}</p>
{chr(10).join(sections)}
</body>
</html>
"""
    return page, notes


def text_of(page):
    """The text that a page shows."""
    body = page.partition("<body>")[2]
    return html.unescape(re.sub(r"<[^>]*>", " ", body))


def _prose(items):
    """Texts as HTML, with formulas as MathML where pandoc is there, and notes."""
    try:
        parts, refused = markdown.write(markdown.parse(items, "html", _inlined), "html")
        count = f"formulas are shown as their source ({len(refused)})" if refused else ""
        return parts, [count] * bool(refused)
    except markdown.PandocError:
        pass
    try:
        convert = importlib.import_module("mistune").create_markdown(
            escape=True, plugins=["table", "strikethrough"]
        )
        parts = [_with_mistune(convert, item) for item in items]
        return parts, ["without pandoc, formulas are shown as their source"]
    except Exception as error:  # of whichever release Jupyter brought
        note = f"without pandoc, texts are shown as their source ({type(error).__name__})"
        return [f'<pre class="source">{html.escape(item.text)}</pre>' for item in items], [note]


def _with_mistune(convert, item):
    """Markdown as HTML, with formulas and code kept from being read as markdown."""
    kept = []

    def keep(match):
        if match["code"]:
            return match[0]
        kept.append(match[0])
        return f"FORMULA{len(kept) - 1}END"

    page = convert(markdown.TOKENS.sub(keep, item.text))
    page = IMAGE.sub(lambda match: _image(html.unescape(match[1]), item), page)
    formula = lambda match: f"<code>{html.escape(kept[int(match[1])])}</code>"
    return re.sub(r"FORMULA(\d{1,6})END", formula, page) if kept else page


def _image(address, item):
    content = local_picture(address, item)
    if content is None:
        return f"<em>[picture not shown: {html.escape(address[:80])}]</em>"
    return f'<img src="{_inlined(content)}" alt="">'


def _inlined(picture):
    kind = {"png": "png", "jpg": "jpeg"}[picture_format(picture)]
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def _piece(item):
    if item.kind == "picture":
        words = html.escape(item.text or "figure")
        return f'<p><img src="{_inlined(item.picture)}" alt="{words}"></p>'
    if not item.text.strip():
        return ""
    tag = "p" if item.kind == "note" else "pre"
    return f'<{tag} class="{item.kind}">{html.escape(item.text)}</{tag}>'
