"""Mutants: how they are made, how they are judged, and that the checks refuse those of the kit."""

import re
import sys
import textwrap

import pytest

from cs231n.checks import answers
from cs231n.checks.cases import CASES, Case
from cs231n.layers import affine
from kit import KitError, manifest, mutant_report, regions, survivors
from kit.__main__ import main
from kit.mutants import Mutant, mutants

TABLE = {
    "out = x - w": {
        "out = -(x - w)", "x -= w; out = x", "out = x + w", "out = x", "out = w", "out = w - x",
    },
    "out = x @ w.T": {
        "out = -(x @ w.T)", "x @= w.T; out = x", "out = x * w.T", "out = x", "out = w.T",
        "out = w.T @ x", "out = x @ w",
    },
    "out = f(x, w)": {"out = -f(x, w)", "out = f(w, x)"},
    "out = x.sum(axis=0)": {
        "out = -x.sum(axis=0)", "out = x.sum(axis=1)", "out = x.sum()", "out = x",
        "out = x.mean(axis=0)",
    },
    "out = np.maximum(0.5, x)": {
        "out = -np.maximum(0.5, x)", "out = np.maximum(0, x)", "out = np.maximum(0.505, x)",
        "out = 0.5", "out = np.minimum(0.5, x)",
    },
    "x = x.copy()": {"pass", "x += x.copy()", "x = -x.copy()", "x = x"},
    "x += w": {"pass", "x = w", "x -= w", "x = x + w"},
    "x[w, b] = 0": {"pass", "x[w, b] += 0", "x[b, w] = 0", "x[w, b] = 1", "x[w, b] = -1"},
    'x["W1"] = w["W2"]': {
        "pass", 'x["W1"] += w["W2"]', 'x["W1"] = -w["W2"]', 'x["W2"] = w["W2"]',
        'x["W1"] = w["W1"]',
    },
    "if x is None: del w": {"pass", "if not (x is None):", "if x is not None:"},
    "out = x if b else w": {"out = x", "out = w"},
    "out = np.einsum('nd->d', x)": {
        "out = -np.einsum('nd->d', x)", "out = np.einsum(x, 'nd->d')", "out = 'nd->d'",
        'out = np.einsum("nd->n", x)',
    },
    "out = x < 2": {
        "out = x > 2", "out = x <= 2", "out = x < 3", "out = x < 1", "out = x < 0",
    },
    "out = x[b:, :w]": {
        "out = -x[b:, :w]", "out = x[:, :w]", "out = x[b:, :]", "out = x[:w, b:]",
    },
    "out = x.any(axis=(0, 2))": {
        "out = -x.any(axis=(0, 2))", "out = x.any(axis=(2,))", "out = x.any(axis=(0,))",
        "out = x.any(axis=(1, 2))", "out = x.any(axis=(-1, 2))", "out = x.any(axis=(0, 3))",
        "out = x.any(axis=(0, 1))", "out = x.any(axis=(0, 0))", "out = x.any()", "out = x",
        "out = x.all(axis=(0, 2))",
    },
    "out = f'{x + 1}'": set(),
}  # fmt: skip


def function(code):
    """A module with one region that holds the code."""
    region = f"### BEGIN SOLUTION\n{code}\n### END SOLUTION\n"
    return f"def solve(x, w, b):\n{textwrap.indent(region, '    ')}    return out\n"


@pytest.mark.parametrize("code", TABLE)
def test_each_statement_has_its_mutants(code):
    assert {mutant.change.split(" → ")[1] for mutant in mutants(function(code))} == TABLE[code]


def test_a_mutant_is_the_text_with_one_change_at_its_line():
    text = "# ü before it\n" + function("out = x * 'ü', x - w")
    mutant = next(m for m in mutants(text) if m.change.endswith("x + w"))
    assert (mutant.region, mutant.line) == ("solve", 4)
    assert mutant.text == text.replace("x - w", "x + w")


def test_what_is_given_stays_as_it_is():
    assert mutants("def f(x):\n    return x + 1\n") == []


def test_a_name_survives_edits_elsewhere_and_counts_what_reads_alike():
    names = [mutant.name for mutant in mutants(function("x += w\nx += w"))]
    assert "solve: x += w → x -= w" in names and "solve: x += w → x -= w (2)" in names
    moved = "import numpy as np\n\n" + function("# why\nx += w\nx += w")
    assert [mutant.name for mutant in mutants(moved)] == names


def of_affine(change):
    """The mutant of affine_forward's bias that becomes this."""
    with open(affine.__file__, encoding="utf-8") as file:
        text = file.read()
    return next(m for m in mutants(text) if m.change == f"out += b → {change}")


def test_a_check_that_accepts_everything_lets_a_mutant_survive():
    mutant, recorded, before = of_affine("out -= b"), answers.load(), affine.affine_forward.__code__
    assert not survivors.survives(mutant, affine, recorded)
    blind = Case("affine_forward", "affine_forward", 1, 0, {}, lambda cs, rng: {})
    nothing = {**recorded, "cases": {"affine_forward": {}}}
    assert survivors.survives(mutant, affine, nothing, [blind])
    assert affine.affine_forward.__code__ is before


@pytest.mark.parametrize("path", survivors.files(), ids=str)
def test_the_solution_itself_survives_in_half_the_steps(path, monkeypatch):
    monkeypatch.setattr(survivors, "STEPS", survivors.STEPS // 2)
    text, module = (manifest.ROOT / path).read_text("utf-8"), survivors.module_of(path)
    for region in regions.regions(text):
        solved = Mutant(region.name, region.begin, "nothing", 1, text)
        assert survivors.survives(solved, module, answers.load()), region.name


@pytest.mark.parametrize("loop", ["while len(x): out = out + b", "affine_forward(x, w, b)"])
def test_a_mutant_that_never_ends_is_cut_off(loop, monkeypatch):
    monkeypatch.setattr(survivors, "STEPS", 20_000)
    mutant, tracer = of_affine("out -= b"), sys.gettrace()
    hanging = mutant.text.replace("out -= b", loop)
    assert hanging != mutant.text
    mutant = type(mutant)(mutant.region, mutant.line, mutant.change, 1, hanging)
    case = CASES["affine_forward"]
    assert not survivors.survives(mutant, affine, answers.load(), [case])
    assert sys.gettrace() is tracer


@pytest.mark.parametrize("path", survivors.files(), ids=str)
def test_checks_refuse_the_mutants_of_a_file(path):
    known, result = mutant_report.listed(), survivors.examine(path)
    assert [mutant.name for mutant in result.survivors if mutant.name not in known] == []
    assert mutant_report.stale([result], known) == []


def test_what_survives_is_known_by_name_and_seldom_wrong():
    texts = [(manifest.ROOT / path).read_text("utf-8") for path in survivors.files()]
    names = [mutant.name for text in texts for mutant in mutants(text)]
    known = mutant_report.listed()
    assert set(known) <= set(names) and len(set(names)) == len(names)
    kinds = [kind for kind, _ in known.values()]
    wrong = len(names) - kinds.count("equivalent")
    assert 1 - kinds.count("accepted") / wrong >= 0.98


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[equivalent]]\nmutants = ["a"]', "needs a reason"),
        ('[[forgiven]]\nreason = "late"\nmutants = ["a"]', "[[forgiven]] needs"),
        ("[[", "is no TOML"),
    ],
)
def test_a_list_that_cannot_be_read_is_one_sentence(tmp_path, text, words):
    (tmp_path / "kit").mkdir()
    (tmp_path / mutant_report.LISTED).write_text(text, encoding="utf-8")
    with pytest.raises(KitError) as error:
        mutant_report.listed(tmp_path)
    assert words in str(error.value) and "\n" not in str(error.value)


def test_the_command_names_unlisted_and_stale_survivors(monkeypatch, capsys):
    assert main(["mutants", "affine_forward", "relu"]) == 1
    assert "no check is called 'relu'" in capsys.readouterr().err
    assert main(["mutants", "affine_forward"]) == 0
    assert capsys.readouterr().out.endswith("10 of 10 non-equivalent mutants caught (100.0 %)\n")
    false = "affine_forward: out += b → pass"
    monkeypatch.setattr(mutant_report, "listed", lambda root: {false: ("equivalent", "no reason")})
    assert main(["mutants", "affine_forward", "relu_backward"]) == 1
    out = capsys.readouterr().out
    assert re.search(r"activations.py:\d+: survives: relu_backward: dx = dout \* \(x > 0\) → ", out)
    assert f"does not survive (any more): {false}" in out
