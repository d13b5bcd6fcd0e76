"""Submissions of the flat layout: every year's gets its points, and a mistake costs its own."""

import csv
import io
import time
import zipfile

import numpy as np
import pytest

from cs231n.checks.cases import CASES, EXERCISES
from cs231n.layers import conv_backward_naive, conv_forward_naive
from kit import KitError
from kit.grading import asked, flat, grade, intake, layouts, options, pages, summary
from kit.grading.inside import child, python2
from kit.grading.results import Results
from kit.grading.shims.cs231n import im2col
from tests.kit.grading.flat_files import YEARS, submission, without

BOTH = ["2017", "2021"]
LAYERS, RNN_LAYERS, FC_NET = flat.LAYERS, flat.RNN_LAYERS, flat.NETWORKS[0]


@pytest.fixture(scope="module")
def setting(setting):
    """The Setting for the flat layout; its `kit` is the one for our own."""
    return flat.of(setting)


def zipped(files, folder=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return stream.getvalue()


def graded(setting, files, tmp_path, folder=""):
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped(files, folder))
    return grade.grade(intake.Source("ada", path), setting)


def lost(result):
    return {check["exercise"] for check in result["checks"] if not check["passed"]}


def right(setting, year, path="", before="", after=""):
    """A right submission's files, with another text in one of them; or more at its end."""
    files = submission(setting.kit.material, year)
    if path:
        assert before in files[path]
        files[path] = files[path].replace(before, after, 1) if before else files[path] + after
    return files


# What a class of these years was not asked for, in its teacher's words.
NOT_ASKED = {
    "2016": "layernorm,spatial_groupnorm",
    "2017": "layernorm,spatial_groupnorm",
    "2024": "lstm",
}


def asking(setting, names):
    """The Setting of a class that is not asked for some exercises."""
    left = asked.without(setting.kit.material, names.split(",") if names else ())
    return flat.of(setting.kit.varied(material=left))


def of_year(setting, year):
    return asking(setting, NOT_ASKED.get(year, ""))


@pytest.mark.parametrize("year", YEARS)
def test_a_right_submission_of_any_year_has_all_points_of_its_layout(setting, tmp_path, year):
    result = graded(of_year(setting, year), right(setting, year), tmp_path)
    assert not lost(result), [c for c in result["checks"] if not c["passed"]]
    assert result["layout"] == "flat"
    assert result["score"] == result["out_of"] > 190
    assert not any(check["carried_on"] or check["advice"] for check in result["checks"])
    names = {check["name"] for check in result["checks"]}
    assert not names & {name for name, case in CASES.items() if case.exercise in flat.NEVER}
    assert {"adam_step", "batchnorm_forward", "rnn_forward", "conv_net_loss"} <= names
    (told,) = [note for note in result["notes"] if note.startswith("not asked for")]
    assert all(name in told for name in flat.NEVER)
    assert ("layernorm_forward" in told) == (year in ("2016", "2017"))
    assert ("lstm_step_forward" in told) == (year == "2024")
    assert result["answers"] == []


@pytest.mark.parametrize("year", ["2017", "2021"])
def test_what_a_submission_lacks_costs_its_points_whatever_year_it_claims(setting, tmp_path, year):
    """Neither an old signature nor a deleted part makes the total of the class smaller."""
    files = right(setting, year)
    names = ("layernorm_forward", "layernorm_backward", "lstm_forward", "lstm_backward")
    for path in (LAYERS, RNN_LAYERS):
        files[path] = without(files[path], *names)
    result = graded(setting, files, tmp_path)
    assert result["out_of"] == grade.out_of(setting)
    assert {*names} <= lost(result)
    assert all(c["status"] == "blank" for c in result["checks"] if c["exercise"] in names)
    nets = [c for c in result["checks"] if c["name"].startswith("layernorm_net")]
    assert [check["passed"] for check in nets] == [year == "2021"] * 3
    del files[flat.NETWORKS[2]], files[RNN_LAYERS]
    fewer = graded(setting, files, tmp_path)
    assert fewer["out_of"] == result["out_of"] and fewer["score"] < result["score"]
    assert f"{RNN_LAYERS} is missing" in fewer["notes"]


# file, what is appended or replaced, by what, what it costs
MISTAKES = {
    "affine": (LAYERS, "", "\ndef affine_forward(x, w, b): return x, (x, w, b)\n",
               {"affine_forward"}),
    "affine backward": (LAYERS, "", "\ndef affine_backward(dout, cache): raise KeyError\n",
                        {"affine_backward"}),
    "softmax": (LAYERS, "", "\ndef softmax_loss(x, y): return 0.0, x\n", {"softmax_loss"}),
    "batch norm": (LAYERS, "", "\ndef batchnorm_forward(x, g, b, p): return x, None\n",
                   {"batchnorm_forward"}),
    "its way back": (LAYERS, "", "\ndef batchnorm_backward_alt(dout, cache): return None\n",
                     {"batchnorm_backward_alt"}),
    "dropout": (LAYERS, "mask = (np.random.rand(*x.shape) < keep) / keep",
                "mask = np.random.rand(*x.shape) < keep",
                {"dropout_forward", "dropout_backward"}),  # the mask is the first one's
    "its mask": (LAYERS, "return dout * mask if", "return dout if", {"dropout_backward"}),
    "an RNN's step": (RNN_LAYERS, "", "\ndef rnn_step_forward(*a): return a[1], None\n",
                      {"rnn_step_forward"}),
    "adam": ("cs231n/optim.py", "", "\ndef adam(w, dw, config=None): return w, config\n",
             {"adam"}),
    "weights of a constructor": (FC_NET, "weight_scale * np.random.randn(dims",
                                 "np.random.randn(dims", {"FullyConnectedNet.__init__"}),
    "TwoLayerNet": (FC_NET, "0.5 * self.reg * (np.sum(W1", "self.reg * (np.sum(W1",
                    {"TwoLayerNet.loss"}),
    "dropout in a network": (
        FC_NET, "dh = dropout_backward(dh, dropped)", "pass", {"FullyConnectedNet.hidden_backward"}
    ),
    "ThreeLayerConvNet": (
        flat.NETWORKS[1], "grads[k] += self.reg", "grads[k] += 2 * self.reg",
        {"ThreeLayerConvNet.loss"},
    ),
    "a sampled word": (
        flat.NETWORKS[2], "            captions[:, t] = word", "            captions[:, t] = 0",
        {"CaptioningRNN.sample"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("year", BOTH)
@pytest.mark.parametrize("path, before, after, exercises", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_costs_its_own_points_only(
    setting, tmp_path, year, path, before, after, exercises
):
    result = graded(of_year(setting, year), right(setting, year, path, before, after), tmp_path)
    assert lost(result) == exercises


@pytest.mark.parametrize(
    "year, exercises",
    [("2017", set()), ("2021", {"FullyConnectedNet.initial_norm"})],  # which is a part of it
)
def test_a_constructor_that_raises_costs_what_it_makes(setting, tmp_path, year, exercises):
    code = "self.use_dropout ="
    files = right(setting, year, FC_NET, code, f"raise ValueError; {code}")
    result = graded(of_year(setting, year), files, tmp_path)
    assert lost(result) == {"FullyConnectedNet.__init__", *exercises}
    carried = {check["exercise"] for check in result["checks"] if check["carried_on"]}
    assert {"FullyConnectedNet.loss", "FullyConnectedNet.hidden_backward"} <= carried


@pytest.mark.parametrize("year", BOTH)
def test_a_missing_function_is_not_written_yet(setting, tmp_path, year):
    files = right(setting, year)
    files[LAYERS] = without(files[LAYERS], "conv_backward_naive", "softmax_loss")
    result = graded(of_year(setting, year), files, tmp_path)
    assert lost(result) == {"conv_backward_naive", "softmax_loss"}
    failed = [check for check in result["checks"] if not check["passed"]]
    assert {check["status"] for check in failed} == {"blank"}
    assert failed[0]["lines"] == ["softmax_loss is not written"]


@pytest.mark.parametrize("year", BOTH)
def test_a_broken_file_costs_what_is_in_it(setting, tmp_path, year):
    result = graded(
        of_year(setting, year), right(setting, year, LAYERS, "", "\ndef f(:\n"), tmp_path
    )
    in_layers = {"affine_forward", "dropout_forward", "conv_backward_naive"}
    assert in_layers <= lost(result)
    assert not lost(result) & {"TwoLayerNet.loss", "FullyConnectedNet.loss", "CaptioningRNN.loss",
                               "rnn_forward", "adam"}  # fmt: skip
    assert any(check["lines"][:1] == ["SyntaxError: invalid syntax"] for check in result["checks"])


@pytest.mark.parametrize("missing", [False, True], ids=["broken", "missing"])
def test_what_dropouts_p_means_is_known_without_a_network(setting, tmp_path, missing):
    files = right(setting, "2017", FC_NET, "", "\ndef f(:\n")
    if missing:
        del files[FC_NET]
    result = graded(setting, files, tmp_path)
    assert not lost(result) & {"dropout_forward", "dropout_backward"}


def test_p_read_the_other_way_is_a_mistake_in_any_year(setting, tmp_path):
    for year, keep, other in (("2017", "1.0 - p", "p"), ("2021", "p", "1.0 - p")):
        files = right(setting, year, LAYERS, f"keep = {keep}\n", f"keep = {other}\n")
        assert "dropout_forward" in lost(graded(setting, files, tmp_path))


def test_helpers_that_cannot_be_imported_are_told(setting, tmp_path):
    result = graded(setting, right(setting, "2021", flat.HELPERS, "", "\ndef f(:\n"), tmp_path)
    assert any(note.startswith(f"{flat.HELPERS} cannot be imported") for note in result["notes"])


CAPTIONING = "RNN_Captioning,LSTM_Captioning"
ASSIGNMENT_2 = "FullyConnectedNets,BatchNormalization,Dropout,ConvolutionalNetworks"


def test_an_assignment_without_the_other_is_graded_alone(setting, tmp_path):
    files = right(setting, "2019")
    of_captioning = (RNN_LAYERS, flat.NETWORKS[2])
    captioning = {name: files[name] for name in (*of_captioning, LAYERS, "cs231n/optim.py")}
    networks = {name: text for name, text in files.items() if name not in of_captioning}
    found = [
        graded(asking(setting, names), some, tmp_path)
        for names, some in ((ASSIGNMENT_2, captioning), (CAPTIONING, networks))
    ]
    rooms = [{check["room"] for check in result["checks"]} for result in found]
    assert rooms[0] == {"RNN_Captioning", "LSTM_Captioning"}
    assert not rooms[0] & rooms[1]
    for result in found:
        assert not lost(result)
        assert not any("is missing" in note for note in result["notes"])
    del captioning[LAYERS]
    alone = graded(asking(setting, ASSIGNMENT_2), captioning, tmp_path)
    assert not lost(alone)
    assert any(check["carried_on"] for check in alone["checks"])


FOLDERS = ["", "assignment2/", "ada/assignment2/", "a b/c/ü/assignment2/"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_wrapping_folders_are_looked_through(setting, tmp_path, folder):
    files = right(setting, "2021")
    work = tmp_path / "ada"
    for name, text in files.items():
        path = work / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "bob.zip").write_bytes(zipped(files, folder))
    for place in (work, tmp_path / "bob.zip"):
        found = layouts.read(intake.Source("x", place), setting.material)
        assert (found.status, {*found.files}) == ("", {*files})


@pytest.mark.parametrize("as_zip", [False, True])
def test_two_assignments_are_not_guessed_between(setting, tmp_path, as_zip):
    files = right(setting, "2021")
    both = {f"{top}/{name}": text for top in ("a2", "a3") for name, text in files.items()}
    place = tmp_path / "ada.zip"
    if as_zip:
        place.write_bytes(zipped(both))
    else:
        place = tmp_path / "ada"
        for name, text in both.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
    found = layouts.read(intake.Source("ada", place), setting.material)
    assert found.status == "empty"
    assert found.notes == ["several folders hold work (a2/, a3/): hand in one of them"]


@pytest.mark.parametrize("layout, other", [("kit", "flat"), ("flat", "kit")])
def test_another_layout_than_asked_for_is_refused_with_the_remedy(setting, tmp_path, layout, other):
    """A submission cannot choose what it is graded as, nor whether it is asked for adagrad."""
    files = right(setting, "2021") if layout == "flat" else setting.kit.material.solved
    strict, its = (setting.kit, setting) if other == "kit" else (setting, setting.kit)
    result = graded(strict, files, tmp_path)
    assert (result["status"], result["score"]) == ("unreadable", 0)
    assert result["out_of"] == grade.out_of(strict)
    assert f"grade it with --layout {layout}" in result["message"]
    assert graded(its, files, tmp_path)["status"] == "graded"


def test_files_of_the_other_layout_beside_ones_own_are_not_read(setting, tmp_path):
    flat_files, kit_files = right(setting, "2021"), setting.kit.material.solved
    nonsense = dict.fromkeys(kit_files, "raise SystemExit")
    for one, mine, others in (
        (setting, flat_files, nonsense),
        (setting.kit, kit_files, dict.fromkeys(flat_files, "raise SystemExit")),
    ):
        result = graded(one, {**others, **mine}, tmp_path)
        assert not lost(result) and result["layout"] == one.material.layout


def test_our_init_weights_earns_no_constructor_its_points(setting, tmp_path):
    code = "weight_scale * np.random.randn(input_dim, hidden_dim)"
    files = right(setting, "2021", FC_NET, code, "init_weights((input_dim, hidden_dim), 1e-3)")
    assert "TwoLayerNet.__init__" in lost(graded(setting, files, tmp_path))


HOSTILE = {
    "a text for hours of searching": "\nclass FullyConnectedNet\ndef __init__(" * 6000
    + ") " * 9000,
    "no end of definitions": "\ndef" * 60000,
    "another adapter": "import sys\nsys.modules['inside.flat'].Flat.call = lambda *a: 0\n",
    "nonsense about what is broken": "import sys\n"
    "sys.modules['inside.child'].Child.do_load = lambda *a: [['x'], 5]\n",
    "an exit": "import os\nos._exit(0)\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_end_in_a_row_and_gain_nothing(setting, tmp_path, text):
    files = dict.fromkeys((FC_NET, LAYERS, RNN_LAYERS), text)
    started = time.monotonic()
    result = graded(setting, files, tmp_path)
    assert (result["status"], result["score"]) == ("graded", 0)
    assert time.monotonic() - started < 60


def test_results_of_both_layouts_in_one_folder_are_counted_by_their_share(setting, tmp_path):
    results = Results(tmp_path / "out")
    for name, files, its in (
        ("kim", {**setting.kit.material.solved, "notebooks/Dropout.ipynb": "{}"}, setting.kit),
        ("ada", right(setting, "2021"), setting),
    ):
        (tmp_path / f"{name}.zip").write_bytes(zipped(files))
        results.save(grade.grade(intake.Source(name, tmp_path / f"{name}.zip"), its))
    survey, _ = pages.write_all(results.out)
    totals = [grade.out_of(setting), grade.out_of(setting.kit)]
    assert survey.totals == totals
    for text in (summary.text(survey), summary.html(survey, [])):
        assert f"in % of each one&#x27;s own total of {totals[0]} or".replace("&#x27;", "'") in text
    assert survey.histogram()[-1] == 2
    rows = (results.out / "grades.csv").read_text(encoding="utf-8-sig")
    ada, kim = csv.DictReader(io.StringIO(rows))
    assert ada["score"] == ada["out_of"] == ada["checks_out_of"]
    assert ada["answers_out_of"] == "0"
    assert float(kim["answers_out_of"]) > 0
    told = (results.out / "feedback" / "ada.html").read_text(encoding="utf-8")
    assert "in nobody&#x27;s total" in told
    assert "No answer was found" not in told


def test_no_solved_line_enters_a_flat_submissions_sandbox(setting):
    seen = setting.material
    given, kit = {**seen.given, **seen.blank}, setting.kit.material
    for path, text in kit.solved.items():
        moved = path.replace("cs231n/layers/", "cs231n/given_layers/")
        assert text not in given.values()
        assert given[moved] == kit.blank[path] or path.startswith("cs231n/classifiers/")
    assert seen.solved == {}


SHIMS = """
from builtins import *
from past.builtins import xrange, basestring
from past.utils import old_div
from future import standard_library
from future.utils import iteritems
standard_library.install_aliases()
from cs231n.fast_layers import *
from cs231n.im2col import *
assert old_div(7, 2) == 3 and list(iteritems({1: 2})) == [(1, 2)]
conv_forward_fast, max_pool_backward_fast, im2col_indices
"""


def test_what_older_kits_import_is_there(setting, tmp_path):
    files = right(setting, "2019")
    files[LAYERS] = SHIMS + files[LAYERS]
    assert not lost(graded(setting, files, tmp_path))


def test_windows_as_columns_convolve():
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 3, 7, 6)), rng.standard_normal((4, 3, 3, 2))
    param = {"stride": 2, "pad": 1}
    out, cache = conv_forward_naive(x, w, np.zeros(4), param)
    dout = rng.standard_normal(out.shape)
    columns = im2col.im2col_indices(x, 3, 2, padding=1, stride=2)
    product = (w.reshape(4, -1) @ columns).reshape(4, *out.shape[2:], 2)
    np.testing.assert_allclose(product.transpose(3, 0, 1, 2), out)
    dcolumns = w.reshape(4, -1).T @ dout.transpose(1, 2, 3, 0).reshape(4, -1)
    dx = im2col.col2im_indices(dcolumns, x.shape, 3, 2, padding=1, stride=2)
    np.testing.assert_allclose(dx, conv_backward_naive(dout, cache)[0])


OLD = {
    "print 1\nx = 7 / 2": 3,
    "x = sum(i for i in xrange(4)) / 4": 1,
    "x = [v for k, v in {1: 5}.iteritems()][0] / 2": 2,
    "xrange = range\nx = len(xrange(7)) / 2": 3.5,
    "from __future__ import division\nx = len(xrange(7)) / 2": 3.5,
    "if 1:\n\tx = 1\n        x = x / 2\nprint x": 0,
    "x = 7 / 2": 3.5,
    "class A(object):\n    half = len(xrange(3)) / 2\nx = A.half": 1,
}


@pytest.mark.parametrize("text, wanted", OLD.items(), ids=map(repr, OLD))
def test_python_2_is_read_as_it_was_meant_and_python_3_as_it_is(text, wanted):
    scope = python2.scope()
    exec(python2.code(text, "old.py"), scope)
    assert scope["x"] == wanted


def test_what_is_of_neither_python_is_told_of_as_it_stands():
    with pytest.raises(SyntaxError) as error:
        python2.code("x = 1\nprint x\ndef f(:\n", "old.py")
    assert error.value.lineno in (2, 3)


def test_the_command_line_knows_every_layout():
    assert {*options.LAYOUTS} == {*layouts.OTHER} == {*child.LAYOUTS}


def test_every_name_that_is_left_out_is_known():
    assert {*flat.NEVER, *asked.ALONG} <= {case.exercise for case in CASES.values()}
    assert {case for cases in asked.ALONG.values() for case in cases} <= {*CASES}


def test_what_is_not_asked_for_is_in_nobodys_total(source):
    left = asked.without(source, ["RNN_Captioning", "batchnorm", "adam"])
    assert left.points < source.points
    names = {*left.not_asked}
    assert {"adam", "batchnorm_backward_alt", "CaptioningRNN.sample"} <= names
    assert "adagrad" not in names and "spatial_batchnorm_forward" not in names
    assert not any("RNN_Captioning.ipynb" in path for path in left.assignment.files)
    assert not any("RNN_" in question.notebook for question in left.assignment.questions)
    with pytest.raises(KitError, match="did you mean 'adam'"):
        asked.without(source, ["adams"])
    with pytest.raises(KitError, match="nothing is left to grade"):
        asked.without(source, [*{entry.room for entry in EXERCISES.values()}])
