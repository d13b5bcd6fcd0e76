"""Finds the answers to the inline questions, also where an editor lost ids and tags."""

import hashlib
import re
from dataclasses import asdict, dataclass

PROMPT = "*Write your answer here, in place of this line.*"
RULE = "\n\n---\n\n"
# A word, or one letter of a script that writes without spaces (Chinese, Japanese).
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """One inline question: its id ("fc-q1"), its notebook's path, its points and its text."""

    id: str
    notebook: str
    points: float
    text: str


@dataclass(frozen=True)
class Answer:
    """What was found of an answer.

    - question: The Question
    - text: Markdown; several copies are divided by a rule
    - status: "answered", "recovered" (found, but not in the cell of its id), "duplicated" (several
      cells hold different texts) or "unanswered"
    - found: How, in words
    """

    question: Question
    text: str
    status: str
    found: str

    @property
    def words(self):
        """How many words it has; a formula counts as one, as does each Chinese letter."""
        return len(WORD.findall(FORMULA.sub(" formula ", self.text)))

    def as_data(self):
        """The answer as a dictionary for JSON."""
        question = asdict(self.question)
        question["question"] = question.pop("text")
        return {
            **question,
            "answer": self.text,
            "words": self.words,
            "status": self.status,
            "found": self.found,
        }


def anchor(question_id):
    """The first line of an answer's cell, by which it is found where ids are lost."""
    return f"**Your answer to {question_id}:**"


def heading(question_id):
    """How a question's text begins."""
    return f"**Question {question_id}.**"


def digest(text):
    """A short hash of a text that does not see changes of white space."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8")).hexdigest()[:12]


def find(cells, questions, given=()):
    """Find the answer to each question in the cells of one notebook.

    An answer is the cell with its id, else the cell with its anchor, together with the markdown
    cells that a student added below; where neither is left, what stands between the question and
    the kit's next cell; and what was typed into the question's own cell.

    Inputs:
    - cells: List of cs231n.notebook.Cell
    - questions: The notebook's Questions, in their order
    - given: Digests of the kit's own markdown cells, which are never part of an answer

    Returns a list of Answer, one for each question.
    """
    return [_find(_Page(cells, questions, given), question) for question in questions]


class _Page:
    """A notebook's cells, and which of them are whose."""

    def __init__(self, cells, questions, given):
        self.cells = cells
        self.homes = {q.id: self._homes(q.id) for q in questions}
        self.places = {q.id: self._place(q) for q in questions}
        taken = {place for place in self.places.values() if place is not None}
        taken.update(place for homes in self.homes.values() for place in homes)
        self.free = [
            cell.kind != "code" and i not in taken and digest(cell.source) not in given
            for i, cell in enumerate(cells)
        ]

    def _homes(self, name):
        """Where the answer's own cells stand: those with its id or its anchor."""
        pattern = _loose(anchor(name))
        return [
            i
            for i, cell in enumerate(self.cells)
            if cell.kind != "code" and (cell.id == f"{name}-answer" or pattern.search(cell.source))
        ]

    def _place(self, question):
        """Where the question stands, or None."""
        pattern = _loose(heading(question.id))
        for i, cell in enumerate(self.cells):
            known = cell.id == question.id or digest(cell.source) == digest(question.text)
            if cell.kind != "code" and (known or pattern.match(cell.source)):
                return i
        return None

    def below(self, place):
        """The student's own text cells right below a place."""
        end = place + 1
        while end < len(self.cells) and self.free[end]:
            end += 1
        return [text for i in range(place + 1, end) if (text := _own(self.cells[i].source))]


def _find(page, question):
    copies, split = [], False
    for place in page.homes[question.id]:
        rest = page.below(place)
        own = _own(page.cells[place].source, question.id)
        text = "\n\n".join(filter(None, [own, *rest]))
        split = split or bool(rest)
        if text and text not in copies:
            copies.append(text)
    strays = _strays(page, question)
    if len(copies) > 1:
        text = RULE.join([*copies, *strays])
        return Answer(question, text, "duplicated", f"{len(copies)} cells hold different answers")
    if not copies and not strays:
        homes = page.homes[question.id]
        return Answer(
            question, "", "unanswered", "its cell is empty" if homes else "no cell is left"
        )
    by_id = any(page.cells[i].id == f"{question.id}-answer" for i in page.homes[question.id])
    how = [
        *["by its id" if by_id else "by its anchor"] * bool(copies),
        *["continued in the cells below"] * split,
        *["beside the question"] * bool(strays),
    ]
    regular = by_id and copies and not split and not strays
    status = "answered" if regular else "recovered"
    return Answer(question, "\n\n".join([*strays, *copies]), status, ", ".join(how))


def _strays(page, question):
    """Texts typed into the question's cell, or between it and the answer's."""
    place = page.places[question.id]
    if place is None:
        return []
    return [*filter(None, [_typed_into(page.cells[place].source, question)]), *page.below(place)]


def _typed_into(source, question):
    """What a student typed above or below the question's text in its own cell."""
    asked, words = question.text.split(), list(re.finditer(r"\S+", source))
    now, count = [word[0] for word in words], len(asked)
    extra = ""
    if count < len(now) and now[:count] == asked:
        extra = source[words[count].start() :]
    elif count < len(now) and now[-count:] == asked:
        extra = source[: words[-count].start()]
    return _own(extra, question.id)


def _own(source, question_id=None):
    """A cell's text without the anchor and the prompt."""
    if question_id is not None:
        source = _loose(anchor(question_id)).sub("", source)
    return _loose(PROMPT).sub("", source).strip()


def _loose(text):
    """A pattern for a line of the kit's that an editor may have respaced or freed of its stars."""
    words = [re.escape(word) for word in text.strip("*").split()]
    return re.compile(r"[*_\s]*\b" + r"\s+".join(words) + r"[*_]*", re.IGNORECASE)
