"""What is half done is named, with the remedy, by the command that a person runs next."""

import shutil

import pytest

from kit import manifest, record, unfinished
from kit.__main__ import main

FILES = ("cs231n/**/*.py", "cs231n/**/*.json", "notebooks/*.ipynb", "tests/*/__init__.py")
FULLY = "cs231n/checks/cases/fully_connected.py"
TOY = '\n\ndef toy(x):\n    """A toy."""\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION\n'


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of the source, to be left half done."""
    root = tmp_path_factory.mktemp("source")
    for path in {path for pattern in FILES for path in manifest.ROOT.glob(pattern)}:
        copy = root / path.relative_to(manifest.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return root


def entered(text, room="Toy"):
    return f"{text}\n\nroom({room!r}, {{'toy': 'rleu'}})\n"


HALF = {
    "a region without a check": (
        "cs231n/layers/affine.py",
        lambda text: text + TOY,
        ["cs231n/layers/affine.py: no check looks at toy; enter it with room()"],
    ),
    "two regions of a name": (
        "cs231n/layers/affine.py",
        lambda text: text + TOY.replace("toy", "adam"),
        ["adam: cs231n/layers/affine.py, cs231n/optim.py have regions of this name"],
    ),
    "an exercise without all else": (
        FULLY,
        entered,
        [
            "toy: no case feeds it; write one in cs231n/checks/cases/",
            "toy: say in cs231n/checks/contract.py where it lives",
            "toy: needs 'rleu', which is no exercise",
            "room('Toy') in cs231n/checks/cases/: there is no notebooks/Toy.ipynb",
        ],
    ),
    "an exercise without a cell": (
        FULLY,
        lambda text: entered(text, "FullyConnectedNets"),
        ["notebooks/FullyConnectedNets.ipynb: no cell has check('toy')"],
    ),
    "a contract without a region": (
        "cs231n/layers/affine.py",
        lambda text: text.replace("### BEGIN SOLUTION", "#").replace("### END SOLUTION", "#"),
        ["affine_forward: no region is called so; put '### BEGIN SOLUTION'"],
    ),
    "mistakes that nothing reads": (
        "tests/wrong/toy.py",
        lambda text: "",
        ["tests/wrong/toy.py: nothing reads it; import it in tests/wrong/__init__.py"],
    ),
}


@pytest.mark.parametrize(("path", "change", "wanted"), HALF.values(), ids=HALF)
def test_what_is_missing_is_named(source, path, change, wanted):
    file = source / path
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(change(before or ""), encoding="utf-8")
    try:
        found = unfinished.sentences(source)
    finally:
        file.unlink() if before is None else file.write_text(before, encoding="utf-8")
    for words in wanted:
        assert any(line.startswith(words) for line in found), (words, found)


def test_the_source_lacks_nothing(source):
    assert unfinished.sentences(source) == []


def test_recording_says_it_first_and_records_nothing(monkeypatch, capsys):
    monkeypatch.setattr(unfinished, "sentences", lambda root: ["toy: no case feeds it"])
    monkeypatch.setattr("kit.answers.record", lambda: pytest.fail("recorded"))
    assert main(["record", "--answers"]) == 1
    assert "finish these first:\n  toy: no case feeds it" in capsys.readouterr().err
    assert record.check() == 1
    assert "toy: no case feeds it" in capsys.readouterr().out
