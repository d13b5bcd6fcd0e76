"""The command lines of grading. What they run takes a second to import, so it waits until asked."""

import argparse
import os
from importlib import import_module
from pathlib import Path

LAYOUTS = ("kit", "flat")


def add_to(commands):
    """Add `grade`, `merge`, `regrade`, `pages` and `marks` to argparse's sub-parsers."""
    grade = commands.add_parser("grade", help="grade submissions, none of them trusted")
    add_submissions(grade)
    _add_batch(grade)
    grade.add_argument(
        "--shard", type=_shard, metavar="i/n", help="only part i of n; later: kit merge"
    )
    grade.add_argument(
        "--scheduler", metavar="ADDRESS", help="grade on this dask.distributed cluster"
    )
    grade.set_defaults(run=later("kit.grading.command", "run"))

    merge = commands.add_parser("merge", help="make one grading folder of those of --shard")
    merge.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    merge.add_argument("--out", required=True, type=Path, metavar="DIR", help="may be one of them")
    merge.set_defaults(run=later("kit.grading.command", "run_merge"))

    again = commands.add_parser("regrade", help="run some checks again, and touch nothing else")
    again.add_argument("--only", required=True, metavar="CHECK", help="an exercise or one case")
    _add_batch(again)
    again.set_defaults(run=later("kit.grading.command", "run_again"))

    pages = commands.add_parser("pages", help="write feedback, answers, grades and summary anew")
    _add_folder(pages)
    pages.set_defaults(run=later("kit.grading.command", "run_pages"))

    marks = commands.add_parser("marks", help="take in marks of inline answers: all, or none")
    _add_folder(marks)
    marks.add_argument("tables", nargs="+", type=Path, metavar="MARKS.csv")
    marks.set_defaults(run=later("kit.grading.command", "run_marks"))


def add_submissions(command):
    """Add the argument that names submissions."""
    told = "zips, folders, folders of them, a Gradescope export"
    command.add_argument("submissions", nargs="+", type=Path, metavar="SUBMISSION", help=told)


def add_release(command):
    """Add the option that says what was asked of students."""
    told = "what students were given: what it asks, its points and given solutions; else all"
    command.add_argument("--release", type=Path, metavar="ZIP|DIR", help=told)


def names(text):
    """The names in a list with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def later(module, name):
    """A function of a module, which is imported when it is called."""
    return lambda *arguments: getattr(import_module(module), name)(*arguments)


def _add_batch(command):
    add_release(command)
    command.add_argument("--out", required=True, type=Path, metavar="DIR", help="for the results")
    cores = max(1, len(getattr(os, "sched_getaffinity", lambda _: [0])(0)))
    command.add_argument("--jobs", type=int, metavar="N", help="at a time; else one for each core")
    command.set_defaults(cores=cores)
    command.add_argument("--secret", type=Path, metavar="FILE", help="else DIR/secret")
    told = "of all submissions: this kit's, or Stanford's, with all layers in cs231n/layers.py"
    command.add_argument("--layout", choices=LAYOUTS, default="kit", help=told)
    command.add_argument(
        "--without", type=names, default=(), metavar="NAMES",
        help="asked of nobody: exercises, their beginnings (lstm,layernorm) or whole notebooks",
    )  # fmt: skip
    command.add_argument(
        "--no-sandbox", action="store_true", help="let submissions do whatever you may do"
    )


def _add_folder(command):
    command.add_argument(
        "folder", type=Path, metavar="DIR", help="where grading stored its results"
    )
    action = argparse.BooleanOptionalAction
    told = "hide names from those who mark; stays so until --no-anonymous"
    command.add_argument("--anonymous", action=action, default=None, help=told)


_shard = later("kit.grading.shards", "shard")
