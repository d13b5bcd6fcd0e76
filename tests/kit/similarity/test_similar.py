"""A copy in disguise is found first; independent right work and the blank kit are not."""

import ast
import csv
import inspect
import random
import time

import numpy as np
import pytest

from kit.__main__ import main
from kit.grading import intake, material
from kit.similarity import command
from kit.similarity.fingerprints import alike
from kit.similarity.functions import functions
from tests.right import convolution, dropout, normalization, normalization_styles, styles

FILE = "cs231n/layers/affine.py"


class Renamed(ast.NodeTransformer):
    """Gives every variable, argument and function another name."""

    def visit_Name(self, node):
        return ast.Name("np" if node.id == "np" else f"q_{len(node.id)}_{node.id[::-1]}", node.ctx)

    def visit_arg(self, node):
        return ast.arg(f"q_{len(node.arg)}_{node.arg[::-1]}")

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.name = f"my_{node.name}"
        node.body.insert(0, ast.Expr(ast.Constant("Not what it was.")))
        return node


def disguised(text):
    """The functions of a text under other names, in another order, laid out and documented anew."""
    body = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    random.Random(5).shuffle(body)
    return ast.unparse(ast.fix_missing_locations(Renamed().visit(ast.Module(body, []))))


def handed_in(folder, used, **texts):
    """Submissions of the blank kit, each with a text of its own after one file's."""
    for name, text in texts.items():
        for path, blank in used.blank.items():
            target = folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(blank + "\n\n" + text * (path == FILE), encoding="utf-8")
    return intake.find([folder])


@pytest.fixture(scope="module")
def used():
    """The Material of this repository."""
    return material.read()


@pytest.fixture(scope="module")
def pairs(tmp_path_factory, used):
    """The pairs found among right work of its own kind, a copy in disguise, and blank kits."""
    own = {"ada": normalization, "bob": normalization_styles, "cyd": styles, "dan": dropout}
    texts = {name: inspect.getsource(module) for name, module in own.items()}
    texts |= {"eve": disguised(texts["bob"]), "fay": inspect.getsource(convolution)}
    texts |= {"gus": "", "hal": ""}
    sources = handed_in(tmp_path_factory.mktemp("class"), used, **texts)
    found, unread = command.similar(sources, used, least=0.0)
    named = {(sources[a].id, sources[b].id): share for share, _, a, b in found}
    return named, unread


def test_a_copy_with_other_names_and_order_is_found_first(pairs):
    found, _ = pairs
    assert next(iter(found)) == ("bob", "eve") and found["bob", "eve"] > 0.9


def test_independent_right_work_ranks_far_below(pairs):
    found, _ = pairs
    others = {pair: share for pair, share in found.items() if pair != ("bob", "eve")}
    assert max(others.values()) < command.LEAST


def test_the_blank_kit_resembles_nobody(pairs):
    found, unread = pairs
    assert unread == ["gus", "hal"] and not {"gus", "hal"} & {n for pair in found for n in pair}


def test_the_solved_source_resembles_nobody(tmp_path, used):
    for name in ("a", "b"):
        for path, text in used.solved.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(text, encoding="utf-8")
    assert command.similar(intake.find([tmp_path]), used) == ([], ["a", "b"])


def test_page_and_table_show_both_sides_escaped(tmp_path, used):
    evil = "def f(a):\n" + "".join(
        f"    a = a.m{i}('<script>alert({i})</script>', a + {i})\n" for i in range(30)
    )
    handed_in(tmp_path / "class", used, **{"=x": evil, "y": disguised(evil)})
    out = tmp_path / "report" / "similar.html"
    assert main(["similar", str(tmp_path / "class"), "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(3)" in page and "<script" not in page and "my_f" in page
    with open(out.with_suffix(".csv"), encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert float(row["similarity"]) > 0.9 and not row["a"].startswith("=")


@pytest.mark.parametrize("text", ["def (", "(" * 5000, "x = '\0'", "def f():\n\tif 1:\n  pass\n"])
def test_what_python_cannot_read_has_no_functions(text):
    assert functions("x.py", text) == []


def test_a_thousand_are_compared_in_seconds_and_what_many_hold_counts_nothing():
    rng, common = np.random.default_rng(3), np.arange(500, dtype=np.uint32)
    own = [rng.integers(1000, 2**32, 1500, dtype=np.uint32) for _ in range(1000)]
    own[7] = np.concatenate([own[3][:1200], own[7][:100]])
    documents = [np.unique(np.concatenate([common, numbers])) for numbers in own]
    start = time.process_time()
    (pair,) = alike(documents, 0.25)
    assert pair[2:] == (3, 7) and pair[0] > 0.8
    assert time.process_time() - start < 60
