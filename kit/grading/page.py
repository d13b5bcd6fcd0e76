"""Writes pages that stand by themselves: nothing is fetched, nothing foreign runs, all themes."""

import base64
import functools
import hashlib
import html
import re

from cs231n.files import write_whole
from cs231n.replay import sheet

UNREADABLE = (RecursionError, LookupError, ValueError, TypeError, AttributeError)  # of mistune's
LONGEST = 20_000  # characters of a text; the notebook has the rest
# Control characters, half characters, and those that turn the direction of what follows.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --paper: #fff; --soft: #f3f5f7; --line: #d5dbe1;
  --faint: #59636e; --good: #0068a8; --bad: #b34700; --part: #8a5a00; --track: #e3e7eb }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --paper: #14181c; --soft: #1e242a;
  --line: #39424c; --faint: #9aa6b2; --good: #6cb8ee; --bad: #ff9d66; --part: #eec05a;
  --track: #2c343c } }
* { box-sizing: border-box }
body { font: 16px/1.55 system-ui, "Noto Sans", "Noto Sans CJK KR", "Malgun Gothic", sans-serif;
  color: var(--ink); background: var(--paper); max-width: 54rem; margin: 0 auto;
  padding: 2rem 1.2rem 4rem; overflow-wrap: anywhere }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .6rem }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem }
h1 small, h2 small, h3 small { font-weight: 400; color: var(--faint); margin-left: .5em }
p { margin: .4rem 0 } small, .small { font-size: .88rem } .faint { color: var(--faint) }
.good { color: var(--good) } .bad { color: var(--bad) } .part { color: var(--part) }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
table { border-collapse: collapse; width: 100% } .text table { width: auto }
td, th { padding: .22rem .6rem .22rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: baseline } th { font-weight: 600; font-size: .88rem; color: var(--faint) }
th.number { text-align: right }
.bar { display: inline-block; width: 9rem; max-width: 30vw; height: .62rem; border-radius: .31rem;
  background: var(--track); overflow: hidden; vertical-align: baseline }
.bar i { display: block; height: 100%; background: var(--good) }
pre, code { font: .86em/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
pre { white-space: pre-wrap; background: var(--soft); border-radius: .3rem; padding: .5rem .8rem;
  margin: .35rem 0 }
.text { border-left: 3px solid var(--line); padding: .1rem 0 .1rem 1rem; margin: .5rem 0 }
.text h1, .text h2, .text h3 { font-size: 1rem; border: 0; margin: .6rem 0 .2rem; padding: 0 }
math { font-size: 1.06em } math[display=block] { margin: .5rem 0 }
a { color: var(--good) } bdi { unicode-bidi: isolate }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #f3f5f7;
  --line: #bbb; --faint: #444; --good: #00507f; --bad: #8f3900; --part: #6b4600; --track: #ddd }
  body { font-size: 10.5pt; max-width: none; padding: 0 }
  .bar, .bar i, svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  h2, h3 { break-after: avoid } tr, .keep { break-inside: avoid } }
"""


def page(title, body, style="", script=""):
    """A whole page of a title (text) and a body (HTML); only the given script can run in it."""
    code = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    policy += f"; script-src 'sha256-{code}'" if script else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>{plain(title)}</title>
<style>{STYLE}{style}</style>
</head>
<body>
{body}
{f"<script>{script}</script>" if script else ""}
</body>
</html>
"""


def plain(text, longest=LONGEST):
    """A foreign text as HTML that shows it letter by letter."""
    return html.escape(cleaned(text, longest))


def apart(text, longest=200):
    """A foreign name within a sentence of ours, which it cannot turn around."""
    return f"<bdi>{plain(text, longest)}</bdi>"


def prose(text, formula=None):
    """A foreign text of Markdown as HTML; HTML in it shows as text, pictures are only named.

    Inputs:
    - text: Markdown
    - formula: As sheet.rendered takes it
    """
    text = cleaned(text, LONGEST)
    try:
        shown = sheet.rendered(text, formula)
    except UNREADABLE:
        shown = ""
    return shown if shown.strip() or not text.strip() else f"<pre>{html.escape(text)}</pre>"


known_prose = functools.lru_cache(maxsize=1000)(prose)


def cleaned(text, longest=LONGEST):
    """A text without what cannot be seen, cut where it is longer."""
    over = len(text) - longest
    text = f"{text[:longest]}\n[… {over:,} characters left out]" if over > 0 else text
    return UNSEEN.sub("", text)


def points(number):
    """Points as people write them: 3, 1.5, 2.33."""
    return f"{round(number, 2):.12g}"


def bar(share):
    """A bar, filled to a share of 0 to 1."""
    return f'<span class="bar"><i style="width:{100 * min(1, max(0, share)):.0f}%"></i></span>'


def write(path, text):
    """Write a file as a whole, or not at all; half characters of a submission become "?"."""
    write_whole(path, text.encode("utf-8", "replace"))
