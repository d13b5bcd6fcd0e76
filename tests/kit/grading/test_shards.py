"""A batch in parts: each submission in one part, and merging loses none and mixes nothing up."""

import argparse
import json
import re
from pathlib import Path

import pytest

from kit import KitError
from kit.grading import shards
from kit.grading.intake import Source
from tests.kit.grading.test_batch import blank, kit, rows

WITH = {"version": "v1", "seed": "f1", "sandbox": "bubblewrap"}


def lay(folder, graded_with=WITH, **digests):
    """A grading folder with a result of each name, of files with the given digest."""
    (folder / "results").mkdir(parents=True, exist_ok=True)
    for name, digest in digests.items():
        status = "graded" if digest else "grader error"
        result = {"sha256": digest, "status": status, "graded_with": graded_with, "of": folder.name}
        (folder / "results" / f"{name}.json").write_text(json.dumps(result), encoding="utf-8")
    return folder


def merged(out):
    return {p.stem: json.loads(p.read_text())["of"] for p in (out / "results").glob("*.json")}


@pytest.mark.parametrize("n", [1, 2, 7, 300])
def test_each_submission_is_in_one_part_whatever_else_is_handed_in(n):
    sources = [Source(f"student-{number}", Path(f"{number}.zip")) for number in range(200)]
    parts = [shards.part(sources, i, n) for i in range(1, n + 1)]
    assert sorted(s.id for part in parts for s in part) == sorted(s.id for s in sources)
    assert [shards.part(sources[::3], i, n) for i in range(1, n + 1)] == [
        [source for source in part if source in sources[::3]] for part in parts
    ]
    if n == 2:
        assert all(70 < len(part) < 130 for part in parts)


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "a/b", "-1/3", "1/3/5", ""])
def test_a_shard_that_is_none_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="i/n"):
        shards.shard(text)


def test_results_of_the_same_files_count_once(tmp_path):
    one, two = lay(tmp_path / "one", ada="a", bob="b"), lay(tmp_path / "two", bob="b", eve="e")
    count, left = shards.merge([one, two, one], tmp_path / "out")
    assert (count, left) == (3, [])
    assert merged(tmp_path / "out") == {"ada": "one", "bob": "one", "eve": "two"}


def test_other_files_under_one_name_are_refused_by_name_and_nothing_is_written(tmp_path):
    one, two = lay(tmp_path / "one", ada="a", bob="b"), lay(tmp_path / "two", ada="a", bob="B")
    with pytest.raises(KitError, match=r"different submissions have one name: bob \(in .*one and"):
        shards.merge([one, two], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("order", [1, -1])
def test_what_the_grader_failed_at_gives_way(tmp_path, order):
    one, two = lay(tmp_path / "one", ada="", bob=""), lay(tmp_path / "two", ada="a")
    shards.merge([one, two][::order], tmp_path / "out")
    assert merged(tmp_path / "out") == {"ada": "two", "bob": "one"}


def test_what_is_in_the_folder_already_counts(tmp_path):
    out, more = lay(tmp_path / "out", ada="a"), lay(tmp_path / "more", bob="b")
    assert shards.merge([more], out)[0] == 2
    assert merged(out) == {"ada": "out", "bob": "more"}
    with pytest.raises(KitError, match="ada"):
        shards.merge([lay(tmp_path / "other", ada="A")], out)


@pytest.mark.parametrize(
    "key, remedy", [("seed", "different secrets.*f1 and x.*--secret FILE"), ("version", "version")]
)
def test_parts_that_were_not_graded_alike_are_refused(tmp_path, key, remedy):
    one = lay(tmp_path / "one", ada="a")
    two = lay(tmp_path / "two", {**WITH, key: "x"}, bob="b")
    with pytest.raises(KitError, match=remedy):
        shards.merge([one, two], tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"sha256": 1, "graded_with": 2}'])
def test_a_damaged_result_is_named(tmp_path, text):
    one = lay(tmp_path / "one", ada="a")
    (one / "results" / "zoe.json").write_text(text)
    with pytest.raises(KitError, match="damaged results: zoe"):
        shards.merge([one], tmp_path / "out")


def test_a_folder_without_results_is_an_error(tmp_path):
    with pytest.raises(KitError, match="holds no results"):
        shards.merge([tmp_path], tmp_path / "out")


def test_a_shard_that_no_submission_fell_into_is_a_part_like_any_other(tmp_path):
    one = lay(tmp_path / "one", ada="a")
    (tmp_path / "two" / "results").mkdir(parents=True)
    assert shards.merge([one, tmp_path / "two"], tmp_path / "out")[0] == 1


def test_marks_of_a_part_are_not_forgotten(tmp_path):
    one = lay(tmp_path / "one", ada="a")
    (one / "marks.json").write_text("{}")
    (sentence,) = shards.merge([one], tmp_path / "out")[1]
    assert re.search("marks.json holds marks.*python -m kit marks", sentence)


def test_parts_become_one_batch(setting, tmp_path):
    submissions, secret = tmp_path / "class", tmp_path / "secret"
    submissions.mkdir()
    for name in ("ada", "bob", "eve", "kim", "zoe"):
        (submissions / f"{name}.zip").write_bytes(blank(setting, f"\n# {name}\n"))
    outs = [tmp_path / "1", tmp_path / "2"]
    alone = kit("grade", submissions, "--out", outs[0], "--shard", "1/2")
    assert alone.returncode == 1
    assert "the same --secret FILE" in alone.stderr
    for i, out in enumerate(outs, 1):
        done = kit("grade", submissions, "--out", out, "--shard", f"{i}/2", "--secret", secret)
        assert done.returncode == 0, done.stderr
        assert not (out / "grades.csv").exists()
    done = kit("merge", *outs, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert [*rows(tmp_path / "out")] == ["ada", "bob", "eve", "kim", "zoe"]
    assert (tmp_path / "out" / "summary.html").exists()
