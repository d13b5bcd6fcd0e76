"""Wherever a solution still stands in a kit, it is found; what may stand there is listed."""

import json
from pathlib import PurePosixPath

import pytest

from kit import KitError, leaks, release
from tests.kit.small_source import ANSWER, MODULE, NOTEBOOK, PATH, SECRET, write


@pytest.fixture
def source(tmp_path):
    return write(tmp_path / "source")


@pytest.fixture
def files(source):
    return release.build(root=source)


def with_cell(files, **changes):
    """The kit with something put into its notebook's first cell."""
    notebook = json.loads(files[NOTEBOOK])
    notebook["cells"][1].update(changes)
    return {NOTEBOOK: json.dumps(notebook).encode("utf-8")}


RENAMED = """
def mine(a, b, c):
    d = b * a + c
    e = d.sum(axis=0, keepdims=True)
    f = np.maximum(d - e, 0.5)
    return f
"""
FENCE = f"Do:\n\n```python\n{RENAMED}```\n"
PHRASE = "its slope never falls below a tenth of what"
OUTPUT = [{"output_type": "stream", "name": "stdout", "text": [SECRET]}]
LEAKS = {
    "in other code": {PATH: f"def g():\n    {SECRET}\n"},
    "in a comment": {PATH: f"# {SECRET}\n"},
    "in a string": {PATH: f"x = '{SECRET}'\n"},
    "in a comment of two lines": {PATH: "# " + SECRET.replace(" + ", "\n# + ") + "\n"},
    "in a comment without spaces": {PATH: "# so: " + SECRET.replace(" ", "") + "\n"},
    "in a string of two pieces": {PATH: "x = ('" + SECRET.replace(" + ", " '\n     '+ ") + "')\n"},
    "in a quotation": {PurePosixPath("README.md"): "> " + SECRET.replace(" + ", "\n> + ")},
    "in prose": {PurePosixPath("README.md"): f"Write `{SECRET}`.\n"},
    "laid out otherwise": {PATH: "scaled = (\n    weights * inputs\n    + offset\n)\n"},
    "with other quotes and spaces": {PATH: "scaled  =  weights*inputs  +  offset  # so\n"},
    "in JSON": {PurePosixPath("cs231n/a.json"): json.dumps({"x": [{"y": f"a\n{SECRET}"}]})},
    "as a key in JSON": {PurePosixPath("cs231n/a.json"): json.dumps({SECRET: 1})},
    "under other names": {PATH: RENAMED},
    "under other names, commented out": {PATH: RENAMED.replace("\n", "\n# ") + "\n"},
    "under other names, in a docstring": {PATH: f'def g():\n    """{RENAMED}"""\n'},
    "under other names, in prose": {PurePosixPath("README.md"): FENCE},
    "its value under another name": {PATH: "b = np.maximum(scaled - total, 0.5)\n"},
    "its value in a test": {PATH: "assert np.allclose(out, np.maximum(scaled-total, 0.5))\n"},
    "one letter longer": {PATH: "outs = np.maximum(scaled - total, 0.5)\n"},
    "one letter longer, in prose": {
        PurePosixPath("README.md"): "So `scaleds = weights * inputs + offset`."
    },
    "of an answer": {PurePosixPath("README.md"): f"Think. {ANSWER} Really."},
    "of an answer, in part": {PurePosixPath("README.md"): f"Is it so that {PHRASE} it was?"},
    "of an answer, emphasised": {PurePosixPath("README.md"): ANSWER.replace("slope", "**Slope**")},
    "of an answer, in a docstring": {PATH: f'"""Hint: {PHRASE.upper()} it was."""\n'},
    "of an answer, wrapped": {PurePosixPath("README.md"): ANSWER.replace(" ", "\n")},
}


def test_a_leak_in_a_notebook_s_own_metadata_is_found(source, files):
    notebook = json.loads(files[NOTEBOOK])
    notebook["metadata"]["title"] = SECRET
    kit = {**files, NOTEBOOK: json.dumps(notebook).encode("utf-8")}
    assert leaks.find(kit, source)[0].startswith(f"{NOTEBOOK}:")


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_leak_is_found(source, files, leak):
    kit = {**files, **{path: text.encode("utf-8") for path, text in leak.items()}}
    (path,) = leak
    found = leaks.find(kit, source)
    assert found and all(sentence.startswith(f"{path}:") for sentence in found), found


@pytest.mark.parametrize(
    "change",
    [{"source": SECRET}, {"outputs": OUTPUT}, {"metadata": {"note": SECRET}}],
    ids=["source", "outputs", "metadata"],
)
def test_a_leak_in_a_cell_is_found_by_its_id(source, files, change):
    (sentence,) = leaks.find({**files, **with_cell(files, **change)}, source)
    assert sentence.startswith(f"{NOTEBOOK}, cell toy-best:1: {SECRET!r} is the solution of")


INNOCENT = {
    "a part of longer names": {PATH: f"pre{SECRET}set = 1\n"},
    "another order": {PATH: "scaled = offset + inputs * weights\n"},
    "too short to tell": {PATH: "return out\n"},
}


@pytest.mark.parametrize("text", INNOCENT.values(), ids=INNOCENT)
def test_what_only_looks_alike_is_no_leak(source, files, text):
    kit = {**files, **{path: content.encode("utf-8") for path, content in text.items()}}
    assert leaks.find(kit, source) == []


def test_a_line_may_be_allowed_and_an_idle_allowance_is_told(source, files):
    leaking = {**files, PATH: f"def g():\n    {SECRET}\n".encode()}
    allowed = source / leaks.ALLOWED
    allowed.write_text(f'"{SECRET}" = "it is given elsewhere"\n', encoding="utf-8")
    assert leaks.find(leaking, source) == []
    (sentence,) = leaks.find(files, source)
    assert SECRET in sentence and "take it out" in sentence
    allowed.write_text("no toml", encoding="utf-8")
    with pytest.raises(KitError, match="no TOML"):
        leaks.find(files, source)


def test_the_blank_kit_itself_leaks_nothing(source, files):
    assert SECRET in MODULE and leaks.find(files, source) == []
