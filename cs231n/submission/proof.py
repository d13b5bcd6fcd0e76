"""Says which answers are not in a document, word by word, whatever broke their lines."""

import html
import io
import re
import unicodedata

from .cleaning import TAG
from .markdown import TOKENS

ADDRESS = r"\((?:[^()\n]|\([^()\n]*\))*\)"
PICTURE = re.compile(rf"!\[[^\[\]]*\]{ADDRESS}")
LINK = re.compile(rf"\[([^\[\]]*)\]{ADDRESS}")
DEFINED = re.compile(r"^ {0,3}\[[^\[\]^][^\[\]]*\]:.*$", re.MULTILINE)  # [name]: address
NAMED = re.compile(r"\[\^[^\[\]]*\]:?|(?<=\])\[[^\[\]]*\]")  # a mark of a footnote, a link's name
# Where an answer's text may be cut by something that is drawn between: marks of lists, cells.
LINE_START = re.compile(
    r"^[^\S\n]*(?:(?:```+|~~~+)[^`\n]*$|"
    r"(?:>\s*|#+\s+|[-*+]\s+(?:\[[ xX]\]\s)?|\(?\w{1,3}[.)]\s+)+)",
    re.MULTILINE,
)
CUTS = re.compile(r"\n\s*\n|\n(?=\s*\|)|\||\0")
# A PDF gives back lines of these from their end, word by word, and of those no true letters.
LEFTWARDS = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
JOINED = re.compile(r"[\u0900-\u0dff\u1000-\u109f\u1780-\u17ff]")
# A letter under a mark that no single sign has (x̂) may come out of a PDF twice.
MARKED = re.compile(r"\w[\u0300-\u036f]+")


def pdf_pages(content):
    """The text of each page of a PDF, from its bytes; None without pypdf or where it fails."""
    try:
        from pypdf import PdfReader

        return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    except Exception:  # a check must not cost anyone the document
        return None


def missing(answers, pages, title=""):
    """List the ids of the answers that are not found whole in a document.

    Every run of words between formulas must stand there, letter by letter; white space,
    punctuation, hyphens and ligatures don't count, nor do the feet of pages. Of Arabic and Hebrew
    each word must stand there; the scripts of India, Burma and Cambodia cannot be looked for.

    Inputs:
    - answers: Pairs of a question's id and its answer's markdown
    - pages: The document's text, page by page
    - title: What the foot of a page begins with
    """
    feet = [_letters(f"{title} · {i + 1} / {len(pages)}") for i in range(len(pages))]
    text = "".join(
        letters.removesuffix(foot).removeprefix(foot)
        for letters, foot in zip(map(_letters, pages), feet)
    )
    return [name for name, answer in answers if not all(run in text for run in _runs(answer))]


def _runs(answer):
    """The runs of letters of a markdown text."""
    text = TOKENS.sub(lambda match: match[0] if match["code"] else "\0", answer)
    text = LINK.sub(r"\1", PICTURE.sub("\0", DEFINED.sub("\0", text)))
    text = NAMED.sub("\0", text)
    text = unicodedata.normalize("NFKC", html.unescape(TAG.sub("\0", text)))
    text = MARKED.sub("\0", LINE_START.sub("\0", text))
    text = re.sub(r"\S+", _word, text)
    return [letters for run in CUTS.split(text) if (letters := _letters(run))]


def _word(match):
    """A word, apart from its neighbours if they change places, or nothing."""
    if JOINED.search(match[0]):
        return "\0"
    return f"\0{match[0]}\0" if LEFTWARDS.search(match[0]) else match[0]


def _letters(text):
    """The letters and digits of a text, in one spelling."""
    whole = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, whole))
