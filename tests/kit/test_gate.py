"""The gate refuses whatever gives a solution away or breaks the kit, in a clear sentence."""

import json
import shutil
import struct
import subprocess
import zlib
from pathlib import PurePosixPath

import pytest

from kit import gate, manifest, plan, release
from tests.kit.small_source import (
    ANSWER,
    MODULE,
    NOTEBOOK,
    PATH,
    SECRET,
    edited,
    troubles,
    write,
)

README, PICTURE = PurePosixPath("README.md"), PurePosixPath("notebooks/pictures/right.png")
BEGIN, END = "    ### BEGIN SOLUTION\n", "    ### END SOLUTION\n"


@pytest.fixture
def source(tmp_path):
    return write(tmp_path / "source")


def test_the_small_source_passes_the_gate(source):
    assert troubles(source) == []


def changed(path, old, new):
    """What edits one file of a source."""
    return lambda root: edited(root, path, old, new)


def added(path, content):
    """What adds a file to a source, or appends to one."""

    def add(root):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        with open(root / path, "ab") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))

    return add


def cell(place, **changes):
    """What changes a cell of the notebook."""

    def change(root):
        notebook = json.loads((root / NOTEBOOK).read_text(encoding="utf-8"))
        notebook["cells"][place].update(changes)
        (root / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")

    return change


def second_region(begin, end):
    """A region after the first one, between markers of some spelling."""
    return changed(PATH, END, f"{END}    {begin}\n    out = np.tanh(out)\n    {end}\n")


def git(root, *arguments):
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def repository(root):
    git(root, "init", "-q")
    (root / "notes.txt").write_text("x", encoding="utf-8")
    git(root, "add", "notes.txt")


def unreadable_repository(root):
    repository(root)
    (root / ".git" / "index").write_bytes(b"damaged")


def linked(root):
    (root / "kit" / "notes.py").write_text('"""Staff."""\n', encoding="utf-8")
    (root / "cs231n" / "notes.py").symlink_to(root / "kit" / "notes.py")


def png(*chunks):
    """A picture of one pixel, and what else its file holds."""

    def chunk(kind, body):
        tail = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + tail

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    extra = b"".join(chunk(*each) for each in chunks)
    return b"\x89PNG\r\n\x1a\n" + header + extra + body + chunk(b"IEND", b"")


def pictured(root):
    """A picture that only the model answer shows."""
    added(PICTURE, png())(root)
    edited(root, NOTEBOOK, ANSWER, f"{ANSWER} ![it](pictures/right.png)")


CLASS_LEVEL = f"class Net:\n{BEGIN}    depth = 3\n{END}"
MODULE_LEVEL = "### BEGIN SOLUTION\nscale = 3\n### END SOLUTION\n"
MARKED = "write a marker as"
UNTAGGED = "toy-q1-answer is no text cell tagged `answer`: it would ship"
SPOILT = {
    "a leak": (changed(README, "Read me.", MODULE), "is the solution of"),
    "a marker in prose": (
        changed(NOTEBOOK, "# Toy", "Write at ### BEGIN SOLUTION"),
        "prose spells a region's marker",
    ),
    "a cell that does not compile": (
        changed(NOTEBOOK, "print(best)", "print(best"),
        "does not compile",
    ),
    "a file nobody listed": (repository, "notes.txt: say in kit/manifest.py whether it ships"),
    "a file git does not know": (repository, "cs231n/toy.py would ship, but git does not know it"),
    "a repository git cannot read": (unreadable_repository, "git does not tell which files are"),
    "a missing file": (lambda r: (r / "start.py").unlink(), "start.py is missing"),
    "a link": (linked, "cs231n/notes.py is a link"),
    # Markers
    "markers in the plural": (second_region("### BEGIN SOLUTIONS", "### END SOLUTIONS"), MARKED),
    "markers in lower case": (second_region("### begin solution", "### end solution"), MARKED),
    "markers in a frame": (second_region("# -- BEGIN SOLUTION --", "# -- END SOLUTION --"), MARKED),
    "markers with a line": (second_region("### BEGIN_SOLUTION", "### END_SOLUTION"), MARKED),
    "markers that start": (second_region("### START SOLUTION", "### STOP SOLUTION"), MARKED),
    "markers the other way round": (second_region("# SOLUTION BEGIN", "# SOLUTION END"), MARKED),
    "nbgrader's hidden tests": (
        second_region("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"),
        MARKED,
    ),
    "markers in a script": (
        added("collect_submission.sh", f"{BEGIN}echo right\n{END}"),
        "this one would ship whole",
    ),
    "a region of a module": (added(PATH, MODULE_LEVEL), "stands in no function"),
    "a region of a class": (added(PATH, CLASS_LEVEL), "stands in no function"),
    # Answers
    "an answer without its tag": (cell(3, metadata={}), UNTAGGED),
    "an answer with another tag": (cell(3, metadata={"tags": ["Answer"]}), UNTAGGED),
    "an answer in a raw cell": (cell(3, cell_type="raw"), UNTAGGED),
    "an answer to no question": (
        changed(NOTEBOOK, '"question"', '"text"'),
        "toy-q1-answer is tagged `answer` and answers no question",
    ),
    "an answer on the line that stays": (
        changed(NOTEBOOK, "to toy-q1:**", "to toy-q1:** the second"),
        "its first line is",
    ),
    "a picture of an answer": (pictured, "only a solution or a model answer shows it"),
    # What is not for students' eyes
    "a comment in HTML": (changed(README, "Read", "<!-- the second --> Read"), "does not show"),
    "a comment in a cell": (changed(NOTEBOOK, "# Toy", "# Toy <!-- 2 -->"), "does not show"),
    "a home": (added(PATH, 'DATA = "/home/ada/data"\n'), "'/home/ada' is a folder of somebody's"),
    "a home on a Mac": (changed(README, "Read", "In /Users/ada/kit: read"), "'/Users/ada'"),
    "a home on Windows": (changed(README, "Read", r"In C:\Users\ada: read"), r"C:\\Users\\ada"),
    "remarks in a PNG": (added(PICTURE, png((b"tEXt", b"Author\0ada"))), "remarks beside its pix"),
    # What cannot be read
    "JSON that is none": (added("cs231n/given.json", ","), "cs231n/given.json: no JSON"),
    "UTF-16": (
        lambda r: (r / PATH).write_bytes(MODULE.encode("utf-16")),
        "cs231n/toy.py: not UTF-8",
    ),
    "an allowance without a reason": (added("kit/allowed_lines.toml", '"x" = ""\n'), "say why 'x'"),
}


@pytest.mark.parametrize(("spoil", "words"), SPOILT.values(), ids=SPOILT)
def test_the_gate_refuses(source, spoil, words):
    spoil(source)
    found = troubles(source)
    assert any(words in sentence for sentence in found), found


HARMLESS = {
    "Windows' ends of lines": lambda r: (r / PATH).write_bytes(
        MODULE.replace("\n", "\r\n").encode()
    ),
    "prose about an end": added(
        PATH, "# In the end, solutions differ; begin the solution early.\n"
    ),
    "a picture that the kit shows": lambda r: (
        pictured(r),
        edited(r, README, "Read me.", "![it](notebooks/pictures/right.png)"),
    ),
    "compiled files": added("cs231n/__pycache__/toy.cpython-312.pyc", SECRET),
    "a checkpoint": added("notebooks/.ipynb_checkpoints/Toy-checkpoint.ipynb", SECRET),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_the_gate_lets_pass(source, change):
    change(source)
    assert troubles(source) == []


def test_what_an_editor_writes_into_a_cell_does_not_ship(source):
    noted = {"execution": {"iopub.execute_input": "2026-01-01"}, "cs231n": {"note": "the second"}}
    cell(1, metadata=noted)(source)
    text = release.build(root=source)[NOTEBOOK].decode("utf-8")
    assert "2026-01-01" not in text and "the second" not in text


def test_filling_again_must_give_the_source(source, monkeypatch):
    monkeypatch.setattr(gate.regions, "fill", lambda text, solved, outside="": text)
    assert [s for s in troubles(source) if "filled with its solutions" in s]


def test_what_is_collected_must_be_what_is_edited(source, monkeypatch):
    described = release.assignment.describe
    monkeypatch.setattr(
        release.assignment, "describe", lambda *a: {**described(*a), "files": ["README.md"]}
    )
    found = troubles(source)
    assert "README.md: is handed in" in found[0] and f"{PATH}: is not handed in" in found[1]


def test_a_solved_exercise_may_not_hold_all_of_another(source):
    copied = MODULE.replace("def forward", "def twice").replace("scaled", "grown")
    added(PATH, copied.partition("import numpy as np\n")[2])(source)
    assert troubles(source) == []
    (sentence,) = troubles(source, plan.Wishes(("twice",)))
    assert "twice, which is given solved, holds all of forward" in sentence


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the whole source, to be spoilt."""
    root = tmp_path_factory.mktemp("source")
    for path in [*manifest.shipped(), PurePosixPath("kit/allowed_lines.toml")]:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(manifest.ROOT / path, root / path)
    return root


ACTIVATIONS, AFFINE = "cs231n/layers/activations.py", "cs231n/layers/affine.py"
CHECKED = {
    "relu_forward: passes where relu_forward is not written": changed(
        ACTIVATIONS, BEGIN, f"    x = x * 1\n    return np.maximum(x, 0), x\n{BEGIN}"
    ),
    "the solved affine_backward fails it": changed(AFFINE, "axis=0", "axis=1"),
}


def test_the_gate_runs_the_checks_on_both(copy):
    before = {path: (copy / path).read_bytes() for path in (ACTIVATIONS, AFFINE)}
    for spoil in CHECKED.values():
        spoil(copy)
    found = troubles(copy)
    for path, content in before.items():
        (copy / path).write_bytes(content)
    for words in CHECKED:
        assert any(words in sentence for sentence in found), (words, found)


def test_the_gate_runs_the_checks_of_each_exercise_with_all_that_it_needs(copy):
    """In the blank kit this one stops at relu_forward, before it comes to the solution."""
    before = (copy / ACTIVATIONS).read_bytes()
    text = before.decode("utf-8")
    start = text.index(BEGIN, text.index("def relu_backward("))
    text = f"{text[:start]}    return np.where(cache > 0, dout, 0)\n{text[start:]}"
    (copy / ACTIVATIONS).write_text(text, encoding="utf-8", newline="\n")
    found = troubles(copy)
    (copy / ACTIVATIONS).write_bytes(before)
    assert found and all("passes where relu_backward is not written" in line for line in found)
