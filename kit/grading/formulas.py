"""Sets the formulas of a class's answers as MathML, where pandoc is installed."""

import contextlib

from cs231n.replay import sheet
from cs231n.submission import markdown

from .page import UNREADABLE

MOST, LONGEST, BATCH = 20_000, 600, 1000  # formulas, characters of one, formulas set at a time
PATIENCE = 2  # batches that may fail before the rest is left as it is


class Formulas:
    """Formulas by their TeX; those that pandoc is not there for, or cannot read, stay TeX."""

    def __init__(self):
        self.found, self.known = {}, {}

    def collect(self, text):
        """Note the formulas of a Markdown text."""
        if "$" in text and len(self.found) < MOST:
            with contextlib.suppress(*UNREADABLE):
                sheet.rendered(text, self._note)

    def typeset(self):
        """Set what was noted."""
        waiting, failures = [key for key in self.found if key not in self.known], 0
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            try:
                texts, _ = markdown.write([_paragraph(*key) for key in batch], "html")
            except (markdown.PandocError, OSError, ValueError):
                failures += 1
                if failures == PATIENCE:
                    return
                continue
            for key, text in zip(batch, texts):
                # What pandoc cannot read comes back as code.
                if text.startswith("<p><math") and text.endswith("</math></p>"):
                    self.known[key] = text[len("<p>") : -len("</p>")]

    def html(self, tex, display):
        """One formula as HTML; `display` says that it stands by itself."""
        return self.known.get((tex.strip(), display)) or sheet.as_code(tex, display)

    def _note(self, tex, display):
        if 0 < len(tex.strip()) <= LONGEST:
            self.found[tex.strip(), display] = True
        return ""


def _paragraph(tex, display):
    kind = "DisplayMath" if display else "InlineMath"
    return [{"t": "Para", "c": [{"t": "Math", "c": [{"t": kind}, tex]}]}]
