"""The whole kit, its notebooks saved by another editor: every answer is handed in, nothing lost."""

import io
import json
import zipfile

import pytest

from cs231n.assignment import load
from cs231n.submission import bundle
from cs231n.submission.review import review
from tests.editors import EDITORS


@pytest.mark.parametrize("editor", [name for name in EDITORS if name != "jupyter"])
def test_the_answers_of_all_notebooks_are_handed_in(student, editor):
    kit = load(student)
    wanted = {answer.question.id: answer.text for answer in bundle.answers(student, kit)}
    for path in map(student.joinpath, kit.notebooks):
        saved = EDITORS[editor](json.loads(path.read_text(encoding="utf-8")))
        path.write_text(json.dumps(saved), encoding="utf-8")
    archive = zipfile.ZipFile(io.BytesIO(bundle.pack(student)))
    packed = json.loads(archive.read(bundle.MANIFEST))["answers"]
    assert {answer["id"]: answer["answer"] for answer in packed} == wanted
    assert all(wanted.values()) and len(wanted) == len(kit.questions)
    # With the ids gone there is one sentence of advice for each notebook, and nothing else.
    told = review(student, kit)
    assert len(told) == (0 if editor == "vscode" else len(kit.notebooks))
    assert all("all of it is handed in" in sentence for sentence in told)
