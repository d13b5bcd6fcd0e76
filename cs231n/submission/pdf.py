"""Makes submission.pdf of the notebooks: by typst, else by a browser, else as a web page."""

from dataclasses import dataclass
from pathlib import Path

from . import browser, document, proof, typeset, webpage
from .bundle import save

TITLE = "Submission"


@dataclass(frozen=True)
class Printed:
    """What was written.

    - path: The file, ending in .pdf or .html
    - how: "typst", "browser" or "html"
    - missing: Ids of the questions whose answers were not found in it, a list
    - why: Sentences for its reader: why no better way was taken, what is not shown as meant
    - kept: Where an earlier file of other content went, or None
    """

    path: Path
    how: str
    missing: list
    why: list
    kept: Path | None = None


def write_pdf(notebooks, target, answers=(), title=None):
    """Print notebooks as one document, each from a new page, and check that it has the answers.

    A notebook that is damaged is printed as plain text. Where no PDF can be made, a page of HTML
    of the same name is written instead.

    Inputs:
    - notebooks: Paths, in their order
    - target: Path of the PDF
    - answers: Pairs of a question's id and its answer's markdown
    - title: The document's, or None

    Returns a Printed. Raises OSError or SubmissionError where the file cannot be written.
    """
    target, title = Path(target), " ".join((title or TITLE).split())
    chapters = [document.chapter(path) for path in notebooks]
    content, how, pages, why = _print(chapters, title, target.parent)
    path = target.with_suffix(".html") if how == "html" else target
    why = [*(note for chapter in chapters for note in chapter.notes), *why]
    kept = save(content, path)
    return Printed(path, how, proof.missing(answers, pages, title), why, kept)


def _print(chapters, title, folder):
    """The document's bytes, how they were made, its pages' texts, and why not in a better way."""
    try:
        content, why = typeset.typeset(chapters, title)
        how, pages = "typst", proof.pdf_pages(content)
    except typeset.NoWayError as error:
        page, notes = webpage.webpage(chapters, title)
        pages, why = None, [str(error), *notes]
        try:
            content, how = browser.print_page(page, folder), "browser"
            pages = proof.pdf_pages(content)
        except typeset.NoWayError as error:
            content, how = page.encode("utf-8", "replace"), "html"
            why += [str(error), "so a web page was written: open it in a browser and print it"]
            return content, how, [webpage.text_of(page)], why
    if pages is None:
        why.append("without pypdf, the answers were looked for in what was printed, not in the PDF")
        page, _ = webpage.webpage(chapters, title)
        pages = [webpage.text_of(page)]
    return content, how, pages, why
