"""The answers to the inline questions in a submission's notebooks, to be marked by a person."""

from dataclasses import replace

from cs231n.notebook import NotebookError, parse
from cs231n.questions import find

CELLS, TEXT = 3000, 100_000  # cells of a notebook, characters of one: more is no answer


def read(files, assignment, notes):
    """The answer to each question, as the result file has it.

    Inputs:
    - files: Path -> bytes
    - assignment: A cs231n.assignment.Assignment
    - notes: A list; sentences are added on notebooks that cannot be read

    Returns a list of dictionaries id, notebook, question, text, state, worth. `state` is that of
    cs231n.questions.Answer, or "missing" where there is no notebook.
    """
    return [
        answer
        for path in assignment.notebooks
        for answer in _of_notebook(path, files.get(path), assignment, notes)
    ]


def _of_notebook(path, content, assignment, notes):
    questions = assignment.questions_of(path)
    try:
        cells = parse(content, path) if content is not None else None
    except NotebookError as error:
        notes.append(str(error).partition("; JupyterLab")[0][:300])
        cells = None
    if cells is None:
        return [_entry(question, "", "missing") for question in questions]
    cells = [replace(cell, source=cell.source[:TEXT]) for cell in cells[:CELLS]]
    found = find(cells, questions, assignment.given_cells[path])
    return [_entry(answer.question, answer.text, answer.status) for answer in found]


def _entry(question, text, state):
    return {
        "id": question.id,
        "notebook": question.notebook,
        "question": question.text,
        "text": text,
        "state": state,
        "worth": question.points,
    }
