"""Reads a notebook as whichever editor saved it: its cells, and what of them was run."""

import json
from dataclasses import dataclass, field
from pathlib import Path


class NotebookError(Exception):
    """A notebook that cannot be read; the message is one sentence and names the remedy."""


@dataclass(frozen=True)
class Cell:
    """One cell, whatever its editor kept of it.

    - kind: "code", "markdown" or "raw"
    - source: Its text
    - id: "" where the file has none (format 4.4 and older); Colab's own, if it saved the file
    - tags: Empty where the editor dropped them
    - run: The number in its brackets, [3]; None where it was not run
    - outputs: What the file keeps of its run, as it stands there
    - attachments: Pictures pasted into its text: name -> {media type: base64 text}
    """

    kind: str
    source: str
    id: str = ""
    tags: tuple = ()
    run: int | None = None
    outputs: tuple = ()
    attachments: dict = field(default_factory=dict)


def read(path):
    """Read the cells of a notebook of format 4.0 to 4.5; returns a list of Cell.

    Tolerates what editors leave out (ids, metadata) and double ids. Raises NotebookError for a
    file that is not there, no JSON, or of another format.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotebookError(f"{path.name} cannot be read: {error.strerror}") from None
    return parse(content, path.name)


def parse(content, name):
    """As read, of a file's bytes; `name` is what errors call it."""
    try:
        content = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotebookError(
            f"{name} is no notebook any more ({_where(error)}); JupyterLab keeps an earlier "
            f"copy in the hidden folder .ipynb_checkpoints: put that in its place"
        ) from None
    return _cells(content, name)


def _cells(content, name):
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise NotebookError(f"{name} is JSON, but no notebook; put back your copy of it")
    if content["nbformat"] > 4:
        raise NotebookError(
            f"{name} is of notebook format {content['nbformat']}, newer than this kit; "
            "save it in JupyterLab as start.py installs it"
        )
    if content["nbformat"] < 4:
        raise NotebookError(
            f"{name} is of notebook format {content['nbformat']}, as before 2015; "
            "open it in JupyterLab and save it there"
        )
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NotebookError(f"{name} has no list of cells; put back your copy of it")
    return [_cell(cell) for cell in cells]


def _cell(cell):
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    tags, name = metadata.get("tags"), cell.get("id", metadata.get("id"))  # Colab's stands there
    run, outputs = cell.get("execution_count"), cell.get("outputs")
    attachments = cell.get("attachments")
    return Cell(
        kind=str(cell.get("cell_type", "raw")),
        source=_text(cell.get("source")),
        id=name if isinstance(name, str) else "",
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
        run=run if isinstance(run, int) else None,
        outputs=tuple(o for o in outputs if isinstance(o, dict))
        if isinstance(outputs, list)
        else (),
        attachments=attachments if isinstance(attachments, dict) else {},
    )


def _text(source):
    """The text of a multi-line string, which is one string or a list of lines."""
    text = "".join(map(str, source)) if isinstance(source, list) else str(source or "")
    return text.encode("utf-8", "replace").decode("utf-8")  # half a character cannot be written


def _where(error):
    if isinstance(error, UnicodeDecodeError):
        return "no UTF-8 text"
    line = getattr(error, "lineno", None)
    return f"no JSON, line {line}" if line else "no JSON"
