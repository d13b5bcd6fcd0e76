"""Sets chapters as a PDF with typst: prose through pandoc, the rest as calls of page.typ."""

import hashlib
import re
import tempfile
from pathlib import Path

from . import markdown
from .cleaning import breakable
from .document import Item, picture_format

STYLE = Path(__file__).with_name("page.typ")
INSTALL = "python -m pip install -r cs231n/submission/pdf-requirements.txt"
UNSEEN = re.compile(r'the text `"(.+?)"` could not be displayed')
WORD = 60  # letters of a word in a line of code
TOLD = 5  # formulas by name
UNICODE = re.compile(r"\\u\{([0-9a-f]+)\}")


class NoWayError(Exception):
    """Why a document cannot be made in this way, in one sentence."""


def typeset(chapters, title):
    """Set chapters as a PDF.

    Returns a tuple of:
    - content: Bytes
    - notes: Sentences on what is not as it was meant

    Raises NoWayError without the extra, or where typst fails.
    """
    try:
        import typst
    except ImportError:
        raise NoWayError(f"typst is not installed: {INSTALL}") from None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            return _Press(typst, Path(folder)).print(chapters, title)
        except markdown.PandocError as error:
            missing = "not installed" in str(error)
            raise NoWayError(
                f"pandoc is not installed: {INSTALL}" if missing else str(error)
            ) from None
        except (typst.TypstError, TypeError, OSError) as error:
            lines = str(getattr(error, "message", error)).splitlines() or ["no reason given"]
            raise NoWayError(f"typst failed: {lines[0][:200]}") from None


class _Press:
    """A folder with the pictures of one document, and typst working in it."""

    def __init__(self, typst, folder):
        self.typst, self.folder = typst, folder
        self.compiler = typst.Compiler(root=folder)
        self.notes = []

    def print(self, chapters, title):
        items = [item for chapter in chapters for item in chapter.items]
        prose = [item for item in items if item.kind == "prose"]
        trees = markdown.parse(prose, "typst", self.place)
        parts = self.write(trees)
        try:
            return self.bound(chapters, title, parts), self.notes
        except self.typst.TypstError:
            parts = self.repaired(prose, trees, parts)
            broken = [item for item in items if item.picture and not self.sets(self.set(item))]
            self.notes += [f"damaged pictures are left out ({len(broken)})"] * bool(broken)
            lost = Item("note", "not shown: a damaged picture")
            chapters = [
                type(chapter)(chapter.name, [lost if i in broken else i for i in chapter.items], [])
                for chapter in chapters
            ]
            return self.bound(chapters, title, parts), self.notes

    def place(self, picture):
        """Put a picture into the folder; returns its name there."""
        name = f"{hashlib.sha256(picture).hexdigest()[:16]}.{picture_format(picture)}"
        (self.folder / name).write_bytes(picture)
        return name

    def write(self, trees):
        """Syntax trees as typst; formulas that pandoc refuses are told."""
        parts, refused = markdown.write(trees, "typst")
        self.tell(refused)
        return parts

    def tell(self, formulas):
        if len(formulas) > TOLD:
            self.notes.append(f"formulas are shown as their source ({len(formulas)})")
            return
        for formula in sorted(formulas):
            short = " ".join(formula.split())
            short = short if len(short) < 60 else short[:57] + "…"
            self.notes.append(f"a formula is shown as its source: {short}")

    def repaired(self, prose, trees, parts):
        """The parts again, those that typst refuses with formulas, or all, as their source."""
        bad = [i for i, part in enumerate(parts) if not self.sets(part)]
        nodes = [node for i in bad for node in markdown.formulas(trees[i])]
        alone, _ = markdown.write([[{"t": "Para", "c": [node]}] for node in nodes], "typst")
        culprits = {node["c"][1] for node, part in zip(nodes, alone) if not self.sets(part)}
        self.tell(culprits)
        again, _ = markdown.write([markdown.as_code(trees[i], culprits) for i in bad], "typst")
        parts = list(parts)
        for i, part in zip(bad, again):
            parts[i] = part
            if not self.sets(part):
                parts[i] = _call("output", prose[i].text)
                self.notes.append(f"a text is shown as its source: {prose[i].text[:50]!r}")
        return parts

    def sets(self, source):
        """Whether typst can set a piece of a document."""
        try:
            self.compiler.compile(_source([source]), format="pdf")
        except self.typst.TypstError:
            return False
        return True

    def bound(self, chapters, title, parts):
        """The whole document as the bytes of a PDF; letters that no font has are told."""
        parts, body = iter(parts), [_call("cover", title, *(c.name for c in chapters))]
        for chapter in chapters:
            body.append(_call("chapter", chapter.name))
            for item in chapter.items:
                body.append(next(parts) if item.kind == "prose" else self.set(item))
        source = _source(body, title)
        try:
            return self.pdf(source, ["a-2b"])
        except self.typst.TypstError as error:
            content = self.pdf(source, [])
            self.missing_letters(str(error.diagnostic))
            return content

    def pdf(self, source, standards):
        return self.compiler.compile(source, format="pdf", pdf_standards=standards)

    def missing_letters(self, said):
        """Tell which letters PDF/A, which forbids empty boxes, found none of the fonts to have."""
        found = sorted({UNICODE.sub(_letter, letters) for letters in UNSEEN.findall(said)})
        if found:
            self.notes.append(
                f"no font on this computer has {' '.join(found[:20])}: they are empty boxes in the "
                "PDF. Install a font that has them, for example Noto Sans, Noto Sans CJK or Noto "
                "Color Emoji (Debian, Ubuntu, Colab: apt-get install fonts-noto-core "
                "fonts-noto-cjk fonts-noto-color-emoji), then run this again"
            )

    def set(self, item):
        if item.kind == "picture":
            return _call("figure-output", self.place(item.picture), item.text or "figure")
        name = "raw-cell" if item.kind == "raw" else item.kind
        return _call(name, breakable(item.text, WORD)) if item.text.strip() else ""


def _letter(match):
    return chr(int(match[1], 16))


def _source(body, title=""):
    style = STYLE.read_text(encoding="utf-8")
    text = f"#let title = {_quoted(title)}\n{style}\n" + "\n\n".join(body)
    return text.encode("utf-8", "replace")


def _call(name, *texts):
    return f"#{name}({', '.join(map(_quoted, texts))})"


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
