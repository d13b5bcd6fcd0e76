"""The house rules that a machine can read: import arrows, docstrings, no star imports, sizes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cs231n"
MODULES = sorted(PACKAGE.rglob("*.py"))
STAFF = [path for room in ("kit", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py")]
EVERYWHERE = [*MODULES, *sorted(path for path in STAFF if "golden" not in path.parts)]

# room -> rooms it may import; kept acyclic by being written from the ground up
ARROWS = {
    "layers": set(),
    "optim": set(),
    "gradient_check": set(),
    "alt_text": set(),
    "house_style": {"alt_text"},
    "diagrams": {"house_style"},
    "vis_utils": {"diagrams", "house_style"},
    "caption_scores": set(),
    "vocabulary": set(),
    "scenes": {"caption_scores", "vocabulary"},
    "vision": {"layers", "scenes"},
    "animation": set(),
    "progress": set(),
    "files": set(),
    "console": set(),
    "download": {"progress"},
    "checkpoint": {"files"},
    "notebook": set(),
    "questions": set(),
    "assignment": {"questions"},
    "submission": {"assignment", "console", "notebook", "questions"},
    "replay": {"assignment", "console", "files", "notebook", "questions"},
    "pickled": set(),
    "archive": {"download"},
    "dataset": {"download", "archive"},
    "cifar10": {"dataset", "pickled"},
    "coco": {"dataset", "download", "vocabulary"},
    "data_command": {"cifar10", "coco", "console", "download"},
    "data_utils": {"scenes", "console", "dataset", "download", "cifar10", "data_command"},
    "characters": {"vocabulary"},
    "generated_captions": {"files", "scenes", "vision"},
    "coco_utils": {"dataset", "download", "coco", "characters", "generated_captions"},
    "image_utils": {"scenes", "coco"},
    "layer_utils": {"layers"},
    "fast_layers": {"layers"},
    "rnn_layers": {"layers"},
    "classifiers": {"layers", "layer_utils"},
    "model_state": set(),
    "solver": {"checkpoint", "model_state", "optim", "progress"},
    "captioning_solver": {"solver"},
    "caption_views": {"diagrams", "house_style", "caption_scores"},
    "attention_views": set(),
    "caption_study": {"caption_views", "coco_utils", "image_utils", "caption_scores", "scenes"},
    "checks": {"assignment", "console"},  # the package is reached by the names of its contract
    "__init__": set(),
}


def room_of(path):
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imported_modules(path):
    """Absolute dotted names of everything that a module of ours imports, at any depth."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join((*base, *filter(None, [node.module])))
            yield from [f"cs231n.{n.name}" for n in node.names] if stem == "cs231n" else [stem]


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
    text = "from .solver import Solver\nimport kit\nfrom . import layers, data_utils\n"
    module.write_text(text, encoding="utf-8")
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    found = {"cs231n.solver", "kit", "cs231n.layers", "cs231n.data_utils"}
    assert set(imported_modules(module)) == found


def test_every_arrow_is_needed():
    used = {room: set() for room in ARROWS}
    for path in MODULES:
        used[room_of(path)].update(
            m.split(".")[1] for m in imported_modules(path) if m.startswith("cs231n.")
        )
    unused = {room: rooms - used[room] for room, rooms in ARROWS.items() if rooms - used[room]}
    assert not unused, "take these out of ARROWS"


def test_staff_tools_need_no_tests_but_the_mistakes():
    for path in (ROOT / "kit").rglob("*.py"):
        found = {m for m in imported_modules(path) if m.split(".")[0] in ("tests", "benchmarks")}
        assert found <= {"tests.wrong"}, name(path)


def test_what_enters_the_sandbox_needs_nothing_of_ours():
    for path in (ROOT / "kit" / "grading" / "inside").glob("*.py"):
        ours = [m for m in imported_modules(path) if m.split(".")[0] in ("cs231n", "kit")]
        assert all(m.startswith("kit.grading.inside") for m in ours), name(path)


def test_modules_open_with_a_sentence():
    for path in EVERYWHERE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        first = (ast.get_docstring(tree) or "").split("\n\n")[0]
        assert first.endswith((".", ".`", "…")), f"{name(path)} opens without a sentence"


def test_functions_stay_readable():
    for path in EVERYWHERE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                assert lines <= 45, f"{name(path)}: {node.name} has a body of {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_public_functions_say_what_they_are_for(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name(path)}: {node.name} has no docstring"


def global_draws(text):
    """What a module takes from np.random beside generators of its own: np.random.seed, say."""
    for node in ast.walk(ast.parse(text)):
        drawn = isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np.random"
        if drawn and node.attr not in ("default_rng", "Generator", "RandomState"):
            yield node.attr


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_star_imports_and_no_global_randomness(path):
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            assert node.names[0].name != "*"
    # A case looks whether the package leaves the global stream alone.
    watches = {"get_state", "set_state"} if path.name == "namespace.py" else set()
    assert {*global_draws(text)} <= watches
    assert {*global_draws("def f():\n    np.random.seed(0)\n")} == {"seed"}


@pytest.mark.parametrize("rule", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_nothing_to_say(rule):
    command = [sys.executable, "-m", "ruff", *rule, "--no-cache", "."]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stdout + run.stderr
