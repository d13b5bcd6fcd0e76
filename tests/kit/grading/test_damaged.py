"""Damaged zips and notebooks, made at random: always a result, never an error of the grader."""

import copy
import io
import json
import struct
import warnings
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.grading import intake
from kit.grading.grade import grade
from kit.grading.results import Results
from kit.grading.setting import Setting
from kit.manifest import ROOT

NOTEBOOK, CODE = "notebooks/Dropout.ipynb", "cs231n/optim.py"
STATES = {"graded", "unreadable", "empty"}
FUZZ = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def setting(source):
    """A Setting of which no child is started."""
    return Setting(source, 1, "")


def graded(setting, folder, content, name="ada.zip"):
    """The result of a zip of some bytes, written and read again; no case is run."""
    (folder / name).write_bytes(content)
    found = grade(intake.Source("ada", folder / name), setting, only=set())
    results = Results(folder)
    results.save(found)
    assert results.missing(["ada"]) == []
    return results.load("ada")


def require_row(found):
    """Whatever it was, the row has a state and one sentence."""
    assert found["status"] in STATES, found["message"]
    sentences = [found["message"], *found["notes"]]
    assert found["message"]
    for sentence in sentences:
        assert len(sentence) <= 320
        assert "\n" not in sentence
        assert "Traceback" not in sentence
    assert found["score"] == 0
    assert all(isinstance(answer["text"], str) for answer in found["answers"])


def zipped(members, kind=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def small_notebook():
    """A few cells of a notebook, those of a question among them."""
    whole = json.loads((ROOT / NOTEBOOK).read_text(encoding="utf-8"))
    whole["cells"] = whole["cells"][:3] + whole["cells"][-3:]
    return whole


WHOLE = small_notebook()
MEMBERS = [(CODE, b"x = 1\n" * 9), (NOTEBOOK, json.dumps(WHOLE).encode())]

# Signature of a record, and where in it a number stands: what of, and its size.
FIELDS = [
    (b"PK\3\4", 6, 2), (b"PK\3\4", 8, 2), (b"PK\3\4", 14, 4), (b"PK\3\4", 18, 4),
    (b"PK\3\4", 22, 4), (b"PK\3\4", 26, 2), (b"PK\3\4", 28, 2), (b"PK\1\2", 6, 2),
    (b"PK\1\2", 8, 2), (b"PK\1\2", 10, 2), (b"PK\1\2", 16, 4), (b"PK\1\2", 20, 4),
    (b"PK\1\2", 24, 4), (b"PK\1\2", 28, 2), (b"PK\1\2", 30, 2), (b"PK\1\2", 32, 2),
    (b"PK\1\2", 38, 4), (b"PK\1\2", 42, 4), (b"PK\5\6", 8, 2), (b"PK\5\6", 10, 2),
    (b"PK\5\6", 12, 4), (b"PK\5\6", 16, 4), (b"PK\5\6", 20, 2),
]  # fmt: skip
ZIP64 = struct.pack("<HHQQQ", 1, 24, 1 << 60, 1 << 60, 1 << 60)


@st.composite
def zips(draw):
    """A zip whose names, fields, bits and length may be wrong."""
    kind = draw(st.sampled_from([0, 8, 12, 14]))
    members = draw(st.lists(st.sampled_from(MEMBERS), max_size=4))
    names = st.text(max_size=12).filter(lambda name: name and "\0" not in name)
    members += draw(st.lists(st.tuples(names, st.binary(max_size=9)), max_size=2))
    infos = []
    for name, content in members:
        info = zipfile.ZipInfo(name.encode("utf-8", "replace").decode())
        info.compress_type = kind
        info.extra = draw(st.sampled_from([b"", ZIP64, b"\1\0\x08\0" + b"\xff" * 8, b"\1\0"]))
        infos.append((info, content))
    content = bytearray(zipped(infos, kind))
    for signature, place, size in draw(st.lists(st.sampled_from(FIELDS), max_size=3)):
        start = content.find(signature)
        if start >= 0:
            number = draw(st.sampled_from([0, 1, 2, 8, 99, 255, 65535, (1 << 32) - 1]))
            content[start + place : start + place + size] = number.to_bytes(8, "little")[:size]
    for _ in range(draw(st.integers(0, 3))):
        content[draw(st.integers(0, len(content) - 1))] ^= 1 << draw(st.integers(0, 7))
    cut = draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    return draw(st.sampled_from([b"", b"#!/bin/sh\n"])) + bytes(content[:cut])


@FUZZ
@given(content=zips())
def test_a_zip_that_lies_has_a_row(setting, tmp_path, content):
    require_row(graded(setting, tmp_path, content))


BAD = [
    None, True, 0, -1, 1e308, "", "x", [], {}, [None], [[]], {"": 1}, [1, "x"], {"cells": []},
    "\ud800", "\0", 10**400, [{}] * 40, "answer " * 999,
]  # fmt: skip
PLACES = ["cells", "metadata", "nbformat", "nbformat_minor", "kernelspec"]
OF_A_CELL = ["source", "metadata", "id", "cell_type", "outputs", "attachments", "execution_count"]


@st.composite
def notebooks(draw):
    """A notebook with something else in some places, or with places less."""
    whole = copy.deepcopy(WHOLE)
    for _ in range(draw(st.integers(1, 4))):
        value = copy.deepcopy(draw(st.sampled_from(BAD)))  # else it could end up in itself
        cells = whole.get("cells")
        if not isinstance(cells, list) or not cells or draw(st.booleans()):
            _change(draw, whole, draw(st.sampled_from(PLACES)), value)
            continue
        number = draw(st.integers(0, len(cells) - 1))
        if draw(st.booleans()) and isinstance(cells[number], dict):
            _change(draw, cells[number], draw(st.sampled_from(OF_A_CELL)), value)
        else:
            cells[number] = draw(st.sampled_from([value, cells[0], cells[-1]]))
    return json.dumps(whole).encode()


def _change(draw, owner, key, value):
    if draw(st.integers(0, 3)):
        owner[key] = value
    else:
        owner.pop(key, None)


@FUZZ
@given(content=notebooks())
def test_a_notebook_of_another_form_has_a_row(setting, tmp_path, content):
    require_row(graded(setting, tmp_path, zipped([(NOTEBOOK, content)])))


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["cells", "metadata", "source", "id", "x"]), inner),
    ),
    max_leaves=8,
)


@FUZZ
@given(value=values, damage=st.binary(max_size=3))
def test_any_json_in_a_notebooks_place_has_a_row(setting, tmp_path, value, damage):
    content = json.dumps({"cells": value} if damage else value).encode() + damage[1:]
    require_row(graded(setting, tmp_path, zipped([(NOTEBOOK, content)])))


WHOLES = {
    "no bytes": b"",
    "deep": b"[" * 200_000,
    "deep cells": b'{"cells":' * 50_000 + b"1" + b"}" * 50_000,
    "a long number": b'{"nbformat": ' + b"9" * 6000 + b"}",
    "many cells": json.dumps({**WHOLE, "cells": WHOLE["cells"][-1:] * 20_000}).encode(),
    "a large cell": json.dumps({**WHOLE, "cells": [{"source": "x" * (20 << 20)}]}).encode(),
    "utf-16": json.dumps(WHOLE).encode("utf-16"),
    "a mark first": b"\xef\xbb\xbf" + json.dumps(WHOLE).encode(),
    "latin-1": b'{"cells": [{"source": "caf\xe9"}]}',
    "twice": b'{"cells": [], "cells": {}}',
    "a long format": json.dumps({**WHOLE, "nbformat": 10**400}).encode(),
    "NaN": b'{"cells": [NaN], "nbformat": Infinity}',
    "numbers": b"\xff\xfe\x00" * 9,
}


@pytest.mark.parametrize("content", WHOLES.values(), ids=WHOLES)
def test_a_notebook_that_is_none_has_a_row(setting, tmp_path, content):
    found = graded(setting, tmp_path, zipped([(NOTEBOOK, content)]))
    require_row(found)
    assert len(json.dumps(found)) < 3 << 20


BOMBS = {
    "nested": zipped([("inner.zip", zipped([(CODE, bytes(1 << 20))]))]),
    "zeros": zipped([(NOTEBOOK, bytes(60 << 20))]),
    "many": zipped([(f"f{number}", b"") for number in range(3000)]),
    "overlapping": zipped([(CODE, b"x")]).replace(b"PK\5\6", b"PK\1\2"),
    "long names": zipped([("n" * 60_000 + str(number), b"") for number in range(40)]),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_a_bomb_has_a_row(setting, tmp_path, content):
    found = graded(setting, tmp_path, content)
    require_row(found)
    assert found["status"] != "graded"
