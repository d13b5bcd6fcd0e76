"""Reads who handed in what from the list that lies in a Gradescope export."""

import sys
from pathlib import Path
from typing import NamedTuple

METADATA = "submission_metadata.yml"
KEYS = (":name", ":sid", ":email")
MOST = 20  # students of one submission; a group has fewer
LONGEST = 200  # characters of a name


class Student(NamedTuple):
    """Who handed in: as Gradescope's roster has it; "" for what it doesn't say."""

    name: str
    id: str
    email: str


def read(folder):
    """The students of each submission in a folder.

    Source: an export's `submission_metadata.yml`, which names folder → :submitters → a list of
    :name, :sid and :email, among much else.

    Returns a dictionary name of the submission's folder -> tuple of Student; an empty one where
    there is no list, or one that cannot be read, which is then said on standard error.
    """
    path, found = Path(folder, METADATA), {}
    if not path.is_file():
        return found
    try:
        for place, text in _texts(path):
            if len(place) == 4 and place[1] == ":submitters" and place[3] in KEYS:
                group = found.setdefault(place[0], {})
                if place[2] in range(MOST):
                    group.setdefault(place[2], {})[place[3]] = text[:LONGEST]
    except (OSError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        print(f"kit: {path} cannot be read, so names are left out: {reason}", file=sys.stderr)
        return {}
    return {name: tuple(map(_student, group.values())) for name, group in found.items()}


def _student(facts):
    return Student(*(facts.get(key, "") for key in KEYS))


def _texts(path):
    """(place, text) of each text in a YAML file: the keys and numbers that lead to it.

    Event by event: the list holds every student's earlier results, and only names are wanted.
    Texts stay as they are written: an id of 007 is no number. Raises ValueError, OSError.
    """
    import yaml  # JupyterLab brings it along

    kind = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stack = []
    try:
        with open(path, "rb") as file:
            for event in yaml.parse(file, Loader=kind):
                if isinstance(event, yaml.CollectionStartEvent):
                    stack.append([isinstance(event, yaml.MappingStartEvent), None])
                    stack[-1][1] = None if stack[-1][0] else 0
                elif isinstance(event, yaml.CollectionEndEvent):
                    stack.pop()
                    _advance(stack, "")
                elif isinstance(event, yaml.ScalarEvent):
                    if stack and stack[-1][1] is not None:
                        yield tuple(key for _, key in stack), event.value
                    _advance(stack, event.value)
    except yaml.YAMLError as error:
        raise ValueError(error) from None


def _advance(stack, text):
    """Go on to the next place of what is open: from a key to its value, or from it to a key."""
    if stack and stack[-1][0]:
        stack[-1][1] = text if stack[-1][1] is None else None
    elif stack:
        stack[-1][1] += 1
