"""Finds the answers to the inline questions, also where an editor lost ids and tags."""

import difflib
import hashlib
import re
from dataclasses import asdict, dataclass

PROMPT = "*Write your answer here, in place of this line.*"
RULE = "\n\n---\n\n"
# A word, or one letter of a script that writes without spaces (Chinese, Japanese).
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
FEW = 3  # words: fewer are a mended typo of the question, not an answer


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

    An answer is the cell with its id, else the cell with its anchor, together with the text cells
    that a student added below; where neither is left, what stands between the question and the
    kit's next cell; and what was typed into the question's own cell.

    Inputs:
    - cells: List of cs231n.notebook.Cell
    - questions: The notebook's Questions, in their order
    - given: Digests of the kit's own markdown cells, which are never part of an answer

    Returns a list of Answer, one for each question.
    """
    page = _Page(cells, questions, given)
    return [_find(page, question) for question in questions]


class _Page:
    """A notebook's cells, and which of them are whose."""

    def __init__(self, cells, questions, given):
        self.cells, self.questions = cells, questions
        # Of 250 cells few name a question: only there it is worth looking for its lines.
        self._folded = [cell.source.casefold() for cell in cells]
        self._digests = [digest(cell.source) for cell in cells]
        self.homes = {q.id: self._homes(q.id) for q in questions}
        self.places = {q.id: self._place(q) for q in questions}
        taken = {place for place in self.places.values() if place is not None}
        taken.update(place for homes in self.homes.values() for place in homes)
        # The kit's cells go by ids such as fc-train, also where a student wrote into one.
        rooms = tuple({f"{q.id.rpartition('-')[0]}-" for q in questions})
        self.free = [
            cell.kind != "code"
            and i not in taken
            and self._digests[i] not in given
            and not cell.id.startswith(rooms)
            for i, cell in enumerate(cells)
        ]

    def _homes(self, name):
        """Where the answer's own cells stand: those with its id or its anchor."""
        pattern = _loose(anchor(name))
        return [
            i
            for i, cell in enumerate(self.cells)
            if cell.id == f"{name}-answer" or (self._names(i, name) and pattern.search(cell.source))
        ]

    def _names(self, i, name):
        return name.casefold() in self._folded[i]

    def _place(self, question):
        """Where the question stands, or None."""
        pattern, asked = _loose(heading(question.id)), digest(question.text)
        for i, cell in enumerate(self.cells):
            known = cell.id == question.id or self._digests[i] == asked
            if cell.kind != "code" and (
                known or (self._names(i, question.id) and pattern.search(cell.source))
            ):
                return i
        return None

    def below(self, place):
        """The student's own text cells right below a place; empty code cells don't part them."""
        end = place + 1
        while end < len(self.cells) and (self.free[end] or self._empty(end)):
            end += 1
        return [text for i in range(place + 1, end) if (text := _own(self.cells[i].source))]

    def _empty(self, place):
        return self.cells[place].kind == "code" and not self.cells[place].source.strip()

    def written(self, place, question):
        """What a student wrote for a question in its own cell, of an answer or of the question."""
        source = self.cells[place].source
        start = _loose(anchor(question.id)).search(source) or _loose(heading(question.id)).search(
            source
        )
        others = [
            match.start()
            for q in self.questions
            if q.id != question.id
            for line in (heading(q.id), anchor(q.id))
            if (match := _loose(line).search(source))
        ]
        after = [other for other in others if start and other > start.start()]
        before = [other for other in others if start and other < start.start()]
        mine = source[start.start() if before else 0 : min(after, default=None)]
        return _own(_beside(mine, question), question.id)


def _find(page, question):
    homes, found, split = page.homes[question.id], {}, False
    for place in homes:
        rest = page.below(place)
        text = "\n\n".join(filter(None, [page.written(place, question), *rest]))
        if WORD.search(text):
            found.setdefault(text, page.cells[place].id == f"{question.id}-answer")
            split = split or bool(rest)
    strays = _strays(page, question)
    if len(found) > 1:
        text = RULE.join([*found, *strays])
        return Answer(question, text, "duplicated", f"{len(found)} cells hold different answers")
    if not found and not strays:
        why = "its cell is empty" if homes else "no cell is left"
        return Answer(question, "", "unanswered", why)
    by_id = all(found.values())
    how = [
        *["by its id" if by_id else "by its anchor"] * bool(found),
        *["continued in the cells below"] * split,
        *["beside the question"] * bool(strays),
    ]
    regular = found and by_id and not split and not strays
    status = "answered" if regular else "recovered"
    return Answer(question, "\n\n".join([*strays, *found]), status, ", ".join(how))


def _strays(page, question):
    """Texts typed into the question's cell, or between it and the answer's."""
    place = page.places[question.id]
    if place is None or place in page.homes[question.id]:
        return []
    return [text for text in [page.written(place, question), *page.below(place)] if text]


def _beside(source, question):
    """A text without the question's, where it is in there: what a student typed around it."""
    if not _loose(heading(question.id)).search(source):
        return source
    asked, words = question.text.split(), list(re.finditer(r"\S+", source))
    matcher = difflib.SequenceMatcher(None, asked, [w[0] for w in words], autojunk=False)
    spans = [(a, b) for kind, _, _, a, b in matcher.get_opcodes() if kind in ("insert", "replace")]
    if sum(b - a for a, b in spans) < FEW:
        return ""
    return "\n\n".join(source[words[a].start() : words[b - 1].end()] for a, b in spans)


def _own(source, question_id=None):
    """A cell's text without the anchor and the prompt."""
    if question_id is not None:
        source = _loose(anchor(question_id)).sub("", source)
    return _loose(PROMPT).sub("", source).strip()


def _loose(text):
    """A pattern for a line of the kit's that an editor may have respaced or freed of its stars."""
    words = [re.escape(word) for word in text.strip("*").split()]
    # A run of stars is tried from its start only: ten thousand of them would take minutes else.
    start = r"(?<![*_])[*_]*(?<![^\W_])"
    return re.compile(start + r"\s+".join(words) + r"[*_]*", re.IGNORECASE)
