"""`python -m cs231n.replay [NOTEBOOK …]`: runs your notebooks from top to bottom, in new kernels.

Your saved outputs are not looked at and your files are not written. A NOTEBOOK is a name, a path,
or a folder that holds notebooks/, such as an unzipped submission.
"""

import argparse
import difflib
import sys
from pathlib import Path

from cs231n import assignment, console
from cs231n.assignment import AssignmentError
from cs231n.notebook import NotebookError
from cs231n.replay import check, verdict
from cs231n.replay.answers import answers_in, described


class UnknownNotebook(Exception):
    """There is no notebook of that name; the message lists those that there are."""


def main(arguments=None, root=assignment.ROOT):
    """Check notebooks and print what was found.

    Returns the exit status: 0 if all run through and all questions are answered, 1 if not, 2 for
    a wrong name, 130 after Ctrl-C.
    """
    console.spare_letters()
    parser = argparse.ArgumentParser(prog="start.py check", description=__doc__.split("\n\n")[1])
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK")
    try:
        chosen = chosen_paths(parser.parse_args(arguments).notebooks, Path(root))
        return int(bool(sum(_check(path) for path in chosen)))
    except UnknownNotebook as error:
        print(error, file=sys.stderr)
        return 2
    except AssignmentError as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped; your files are as they were.", file=sys.stderr)
        return 130
    return 1


def chosen_paths(words, root):
    """The notebooks that a command line names; without a word, all of the kit in a folder.

    Raises UnknownNotebook.
    """
    if not words:
        return _notebooks(root)
    found = []
    for word in words:
        path = Path(word)
        if path.is_dir():
            found += _notebooks(path)
        elif path.is_file() and path.suffix == ".ipynb":
            found.append(path)
        else:
            found.append(_by_name(path.name.removesuffix(".ipynb"), word, _notebooks(root)))
    return list(dict.fromkeys(path.resolve() for path in found))


def _notebooks(root):
    """A folder's notebooks: those that its assignment lists, whether they are there or not."""
    known = assignment.load(root if (root / assignment.PATH).is_file() else assignment.ROOT)
    return [root / path for path in known.notebooks]


def _by_name(name, word, paths):
    by_name = {path.stem: path for path in paths}
    if name not in by_name:
        near = difflib.get_close_matches(name, by_name, n=1)
        guess = f"did you mean {near[0]}?" if near else f"there are {', '.join(by_name)}."
        raise UnknownNotebook(f"There is no notebook {word}; {guess}")
    return by_name[name]


def _check(path):
    """Check one notebook and print the verdict; returns how much is wrong."""
    root = path.resolve().parents[1]
    shown = path.resolve().relative_to(root).as_posix()
    absent = _absent(root)
    if absent:
        print(
            f"{shown} was not run: the rest of the kit is missing in {root} ({absent[0]} and "
            f"{len(absent) - 1} more); lay these files over a fresh student kit and check that"
        )
    failures = bool(absent) or _run(path, shown)
    if not path.is_file():
        return failures
    known, asked = described(path)
    answers = answers_in(path, known, asked)
    for line in verdict.of_answers(shown, answers):
        print(line)
    return failures + sum(answer.status == "unanswered" for answer in answers)


def _run(path, shown):
    try:
        run = check.run(path, _live(shown))
    except (NotebookError, RuntimeError, OSError) as error:
        _clear()
        print(f"{shown} was not run: {error}")
        return True
    _clear()
    print("\n".join(verdict.of_run(shown, run)))
    return bool(run.failures)


def _absent(root):
    """Files of the package that a folder lacks: a bare submission has no kit around it."""
    package = assignment.ROOT / "cs231n"
    own = sorted(path.relative_to(assignment.ROOT) for path in package.rglob("*.py"))
    return [path.as_posix() for path in own if not (root / path).is_file()]


def _live(shown):
    """A line of progress for a person at a terminal; nothing in a file or a pipe."""
    if not sys.stdout.isatty():
        return lambda number, count: None
    return lambda number, count: print(
        f"\r\x1b[K{shown}: cell {number} of {count} …", end="", flush=True
    )


def _clear():
    if sys.stdout.isatty():
        print("\r\x1b[K", end="", flush=True)


if __name__ == "__main__":
    sys.exit(console.status_of(main))
