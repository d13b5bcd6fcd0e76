"""Takes out of pandoc's syntax trees whatever is raw, remote or outside the notebook's folder."""

import re
import secrets

from .document import local_picture

# pandoc reads "attachment:a.png" in a cell as the address "id-a.png".
ATTACHED = secrets.token_hex(8)
TAG = re.compile(
    r"<!--(?:(?!<!--).)*?-->|</?(?P<name>a|abbr|article|b|big|blockquote|br|caption|center|cite|code|col|"
    r"dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|"
    r"q|s|section|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|"
    r"ul)(?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*\s*/?>",
    re.DOTALL | re.IGNORECASE,
)
SAFE_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
# Letters of a word in a line, and in a line of all cells of a table together, at full size.
LINE, ROW = 30, 80


class Cleaner:
    """What to put in the place of nodes that may carry something raw, remote or foreign."""

    def __init__(self, item, to, embed, longest=LINE):
        self.item, self.to, self.embed, self.longest = item, to, embed, longest

    def narrowed(self, columns):
        """The same, for the cells of a table."""
        longest = min(self.longest, max(4, ROW // max(1, columns)))
        return Cleaner(self.item, self.to, self.embed, longest)

    def text(self, text):
        """Words that can be broken, where they would leave the page; a browser does so itself."""
        return breakable(text, self.longest) if self.to == "typst" else text

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


def breakable(text, longest):
    """A text with zero-width spaces in words of more letters: after slashes, after so many."""
    place = re.compile(rf"(?:[/?&=]{{1,{longest}}}|[^/?&=\s]{{{longest}}})(?=\S)")
    words = rf"[!-\u052f]{{{longest + 1},}}"  # Chinese, Japanese and Korean break anywhere
    return re.sub(words, lambda word: place.sub("\\g<0>\u200b", word[0]), text)


def clean(node, cleaner):
    """A syntax tree of pandoc's without attributes, raw text, remote pictures, foreign links."""
    if isinstance(node, list):
        if _is_attributes(node):
            return ["", [], []]
        return [clean(child, cleaner) for child in node]
    if not isinstance(node, dict) or "t" not in node:
        return node
    kind, content = node["t"], node.get("c")
    if kind == "RawInline":
        return {"t": "Span", "c": [["", [], []], cleaner.html(content[1])]}
    if kind == "RawBlock":
        return {"t": "Para", "c": cleaner.html(content[1])}
    if kind == "Image":
        return cleaner.image(content[2][0], clean(content[1], cleaner))
    if kind == "Link" and not SAFE_LINK.match(content[2][0]):
        return {"t": "Span", "c": [["", [], []], clean(content[1], cleaner)]}
    if kind == "Header":
        level = min(6, content[0] + 1)
        return {"t": kind, "c": [level, ["", [], []], clean(content[2], cleaner)]}
    if kind == "CodeBlock":
        language = [word for word in content[0][1] if re.fullmatch(r"[a-z]{1,12}", word)][:1]
        return {"t": kind, "c": [["", language, []], cleaner.text(content[1])]}
    if kind == "Code":
        return {"t": kind, "c": [["", [], []], cleaner.text(content[1])]}
    if kind == "Str":
        return {"t": kind, "c": cleaner.text(content)}
    if kind == "Table":
        cleaner = cleaner.narrowed(len(content[2]))
    return {"t": kind} if content is None else {"t": kind, "c": clean(content, cleaner)}


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
