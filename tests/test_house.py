"""The house rules that a machine can read: import arrows, docstrings, no star imports, sizes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cs231n"
MODULES = sorted(PACKAGE.rglob("*.py"))

# room -> rooms it may import; kept acyclic by being written from the ground up
ARROWS = {
    "layers": set(),
    "optim": set(),
    "gradient_check": set(),
    "alt_text": set(),
    "vis_utils": {"alt_text"},
    "caption_scores": set(),
    "vocabulary": set(),
    "scenes": {"caption_scores", "vocabulary"},
    "vision": {"layers", "scenes"},
    "animation": set(),
    "download": set(),
    "files": set(),
    "notebook": set(),
    "questions": set(),
    "assignment": {"questions"},
    "submission": {"assignment", "notebook", "questions"},
    "replay": {"assignment", "files", "notebook", "questions"},
    "pickled": set(),
    "archive": {"download"},
    "dataset": {"download", "archive"},
    "cifar10": {"dataset", "pickled"},
    "coco": {"dataset", "download", "vocabulary"},
    "data_command": {"cifar10", "coco", "download"},
    "data_utils": {"scenes", "dataset", "download", "cifar10", "data_command"},
    "characters": {"vocabulary"},
    "generated_captions": {"scenes", "vision"},
    "coco_utils": {"dataset", "download", "coco", "characters", "generated_captions"},
    "image_utils": {"scenes", "coco"},
    "layer_utils": {"layers"},
    "fast_layers": {"layers"},
    "rnn_layers": {"layers"},
    "classifiers": {"layers", "layer_utils"},
    "solver": {"optim"},
    "captioning_solver": {"solver"},
    "caption_views": {"vis_utils", "caption_scores"},
    "attention_views": set(),
    "caption_study": {"caption_views", "coco_utils", "image_utils", "caption_scores", "scenes"},
    "checks": {"assignment", "layers", "layer_utils", "optim", "classifiers"},
    "__init__": set(),
}


def room_of(path):
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imported_modules(path):
    """Absolute dotted names of everything that a module of the package imports, at any depth."""
    package = ("cs231n", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join((*base, *filter(None, [node.module])))
            yield stem if stem != "cs231n" else f"cs231n.{node.names[0].name}"


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_follow_the_arrows(path):
    room = room_of(path)
    rooms = {m.split(".")[1] for m in imported_modules(path) if m.startswith("cs231n.")}
    strangers = rooms - ARROWS[room] - {room}
    assert not strangers, f"{name(path)} may not import {sorted(strangers)}; see CONTRIBUTING.md"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_students_never_meet_staff_tools(path):
    assert not {"kit", "tests", "benchmarks"} & {m.split(".")[0] for m in imported_modules(path)}


def test_the_arrow_reader_sees_a_forbidden_import(tmp_path, monkeypatch):
    (tmp_path / "cs231n").mkdir()
    module = tmp_path / "cs231n" / "optim.py"
    module.write_text("from .solver import Solver\nimport kit\n", encoding="utf-8")
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path / "cs231n")
    assert set(imported_modules(module)) == {"cs231n.solver", "kit"}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_and_public_functions_say_what_they_are_for(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{name(path)} opens without a sentence"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name(path)}: {node.name} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_star_imports_and_no_global_randomness(path):
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            assert node.names[0].name != "*"
    assert "np.random.seed" not in text.split('"""')[-1]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_stay_readable(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= 45, f"{name(path)}: {node.name} has a body of {lines} lines"


@pytest.mark.parametrize("rule", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_nothing_to_say(rule):
    command = [sys.executable, "-m", "ruff", *rule, "--no-cache", "."]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stdout + run.stderr
