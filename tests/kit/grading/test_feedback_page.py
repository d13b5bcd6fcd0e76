"""A feedback page says what was got and why, hides what is hidden, and nothing in it runs."""

import json
import random
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from cs231n.checks.cases import CASES
from cs231n.checks.judge import Finding, Verdict, judge
from cs231n.checks.runner import Outcome
from cs231n.submission.markdown import PandocError
from kit.grading.feedback import check_of
from kit.grading.feedback_page import feedback
from kit.grading.formulas import Formulas
from kit.grading.marks import Mark
from kit.grading.page import plain, prose
from kit.grading.stored import read
from tests.kit.grading.stored_results import failed, result, store

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</div></section></body><script>alert(1)</script>",
    "[press](javascript:alert(1))",
    "[press](JaVaScRiPt&colon;alert(1))",
    "![pixel](http://evil.example/pixel.png)",
    "<javascript:alert(1)>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[r]: javascript:alert(1)\n\n[press][r]",
    "```html onmouseover=alert(1)\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "$<img src=x onerror=alert(1)>$",
    "$$\n</code><script>alert(1)</script>\n$$",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "<style>body{display:none}</style><link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><button>log in</button></form>",
    "| <b>a</b> | b |\n|-|-|\n| <iframe src=//evil.example> | 1 |",
    "[a](http://evil.example \"t\\\" onclick=alert(1) x=\")",
    "\u202etxt.exe\x00\x1b[2J \ud800",
    "<!--", "<![CDATA[", "<textarea>", "<plaintext>",
)  # fmt: skip
TAGS = re.findall(
    r"\w+",
    "a article b bdi blockquote body br button code del details div em form h1 h2 h3 h4 h5 h6 head "
    "header hr html i input label li meta nav ol p pre script section small span strong style "
    "summary table tbody td th thead title tr ul svg rect line text "
    "math semantics mrow mi mo mn mtext mfrac msup msub msubsup msqrt mover annotation mspace",
)


class Reader(HTMLParser):
    """Collects what a page holds that could run, fetch or lead elsewhere."""

    def __init__(self, page):
        super().__init__()
        self.words, self.alarms, self.scripts = [], [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script"
        values = dict(attrs)
        link = re.sub(r"\s", "", values.get("href") or "")
        foreign = tag not in TAGS or any(name.startswith("on") for name in values)
        if foreign or "src" in values or "action" in values or "autofocus" in values:
            self.alarms.append((tag, attrs))
        if ":" in link and not link.startswith(("http://", "https://", "mailto:")):
            self.alarms.append((tag, attrs))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def stored(tmp_path, **changes):
    data = result("kim", random.Random(1), 0.6)
    store(tmp_path, {**data, **changes})
    return read(tmp_path / "results" / "kim.json")


def check(**changes):
    known = {"name": "c", "exercise": "affine_forward", "room": "FullyConnectedNets", "title": "t"}
    return {**known, "points": 0, "worth": 2, "passed": False, "status": "failed", **changes}


def text_of(result, marks=None, asked=()):
    return Reader(feedback(result, marks or {}, asked)).text


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_submission_runs_or_leads_elsewhere(attack, tmp_path):
    fields = ("name", "exercise", "room", "title", "status", "hint")
    checks = [check(**dict.fromkeys(fields, attack), lines=[attack], advice=[attack])]
    checks.append(check(carried_on=[attack]))
    answer = dict.fromkeys(("id", "notebook", "question", "text", "state"), attack) | {"worth": 1}
    hostile = stored(
        tmp_path, status=attack, message=attack, source=attack, notes=[attack],
        checks=checks, answers=[answer],
    )  # fmt: skip
    page = feedback(hostile, {attack: Mark(1, attack, "")})
    assert Reader(page).alarms == [] and Reader(page).scripts == 0
    assert "default-src 'none'" in page and "\x00" not in page and "\u202e" not in page


def test_the_reader_of_pages_sees_what_would_run():
    assert all(
        Reader(bad).alarms for bad in ["<b onclick=x>", "<iframe>", "<a href='jAva\tscript:x'>"]
    )
    assert Reader("<script>").scripts == 1


def test_markdown_of_an_answer_is_rendered():
    page = prose("**bold**, `code`, $x_1$\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n* item")
    assert all(part in page for part in ("<strong>bold", "<code>code", "x_1", "<td>1", "<li>item"))


@pytest.mark.parametrize(
    "tex", [r"\frac{x_1}{s}", r"\text{<script>alert(1)</script>}", "<img src=x>"]
)
def test_formulas_are_set_where_pandoc_is_installed(tex):
    pytest.importorskip("pypandoc")
    text = f"So ${tex}$, and\n\n$${tex}$$\n\n$\\href{{javascript:x}}{{y}}$ `$code$`"
    formulas = Formulas()
    formulas.collect(text)
    formulas.typeset()
    page = prose(text, formulas.html)
    assert page.count("<math") == 2 and "<code>$code$</code>" in page
    assert Reader(page).alarms == [] and Reader(page).scripts == 0
    assert "<code>$\\href" in page


def test_without_pandoc_formulas_stay_tex(monkeypatch):
    def absent(*_):
        raise PandocError("pandoc is not installed")

    monkeypatch.setattr("cs231n.submission.markdown.write", absent)
    formulas = Formulas()
    formulas.collect("$x < y$")
    formulas.typeset()
    assert prose("$x < y$", formulas.html) == "<p><code>$x &lt; y$</code></p>\n"


@pytest.mark.parametrize("text", ["[a]: b", "[" * 30_000, "> " * 9_000 + "x", "*a " * 9_000])
def test_an_answer_that_markdown_swallows_or_chokes_on_is_shown_anyway(text):
    assert Reader(prose(text)).text


def told(lines, name="dx"):
    """The lines that a check's result has of a finding of the judge's."""
    case = next(iter(CASES.values()))
    verdict = Verdict(case, Outcome(arrays={}), [Finding(name, lines)])
    return check_of(verdict, 1, [], False)["lines"]


def test_what_should_have_been_got_never_reaches_a_result():
    secrets = ["0.123456789", "7.7777", "8.88"]
    lines = [
        f"17 of 20 wrong, first at [0, 1]: got 0.25, wanted {secrets[0]}",
        f"1 of 1 wrong, first: got nan, wanted {secrets[0]}",
        f"wanted array([[{secrets[1]}]])",
        f"Wanted something like {secrets[2]}",
    ]
    assert told(lines) == [
        "dx: 17 of 20 wrong, first at [0, 1]: got 0.25", "dx: 1 of 1 wrong, first: got nan"
    ]  # fmt: skip


def test_shapes_and_types_may_be_seen():
    lines = ["got shape (3,), dtype int64", "wanted shape (3, 4), dtype float64"]
    assert told(lines)[1] == "dx: it should be shape (3, 4), dtype float64"
    for line, reworded in (
        (
            "got None, wanted shape (2, 3), dtype float64",
            "got None; it should be shape (2, 3), dtype float64",
        ),
        (
            "shape (3,), as wanted; dtype got int64, wanted float64",
            "shape (3,), as it should be; dtype got int64, it should be float64",
        ),
        ("not wanted: W3, b3", "too many: W3, b3"),
    ):
        assert told([line]) == [f"dx: {reworded}"]


def test_every_sentence_of_the_judge_keeps_its_sense():
    """Lines as the judge writes them today leave something to read, and no wanted number."""
    case = next(iter(CASES.values()))
    want = np.linspace(3.125, 4.0625, 6).reshape(2, 3)
    for got in (None, (1, 2), want.T, -2 * want, want.astype(int), want.astype(np.float32) + 1):
        (finding,) = judge(case, Outcome(arrays={"dx": got}), {"dx": want}).findings
        lines = told(finding.lines)
        assert len(lines) == len(finding.lines), finding.lines
        assert not any("wanted" in line or "3.125" in line for line in lines)


def test_a_flood_of_lines_is_cut():
    lines = told(["x" * 10_000] * 100)
    assert len(lines) == 13 and max(map(len, lines)) < 320
    assert len(plain("x" * 10**6)) < 25_000


def test_the_page_says_what_failed_and_why(tmp_path):
    checks = [
        check(lines=["got shape (3,), dtype float64"], hint="the sign is flipped"),
        check(name="d", status="timeout", exercise="adam", carried_on=["affine_forward"]),
        check(name="e", status="passed", passed=True, points=2, advice=["dx is float64"]),
        check(name="f", status="blank", exercise="sgd_momentum"),
    ]
    text = text_of(stored(tmp_path, checks=checks, score=2, out_of=8, answers=[]))
    for part in ("2 of 8 points", "got shape (3,)", "Looks like: the sign is flipped"):
        assert part in text
    assert "took too long" in text and "not written yet" in text and "Advice: dx is float64" in text
    assert "Carried on with ours: this check ran on our affine_forward" in text


def test_a_blank_exercise_is_one_row(tmp_path):
    blank = {"status": "blank", "lines": ["adam is not written"], "exercise": "adam"}
    held_up = {"status": "blank", "lines": ["adam is not written, which it needs"]}
    page = feedback(stored(tmp_path, checks=[check(**blank)] * 3, answers=[]), {})
    assert page.count("not written") == 1 and 'class="check' not in page
    page = feedback(stored(tmp_path, checks=[check(**held_up)], answers=[]), {})
    assert "adam is not written, which it needs" in page


def test_answers_show_their_marks_and_comments(tmp_path):
    answers = [
        {"id": "fc-q1", "question": "Why?", "text": "Because.", "state": "answered", "worth": 2},
        {"id": "fc-q2", "question": "How?", "text": "So.", "state": "duplicated", "worth": 2},
        {"id": "fc-q3", "question": "When?", "text": "", "state": "unanswered", "worth": 2},
    ]
    result = stored(tmp_path, answers=answers, checks=[], score=10, out_of=20)
    text = text_of(result, {"fc-q1": Mark(1.5, "Nearly: **see** slide 7", "")})
    assert "11.5 of 26 points" in text and "1 not marked yet" in text
    assert "fc-q1 1.5 of 2" in text and "Nearly: see slide 7" in text
    assert "not marked yet, worth 2" in text and "several cells" in text
    assert "0 of 2, unanswered" in text


def test_a_submission_that_could_not_be_read_gets_a_page_with_all_points_to_win(tmp_path):
    asked = stored(tmp_path).answers
    store(tmp_path, failed("lee", "unreadable", "This is no zip."))
    lee = read(tmp_path / "results" / "lee.json")
    worth = lee.out_of + sum(answer.worth for answer in asked)
    assert f"0 of {worth:g} points" in text_of(lee, asked=asked)
    assert "This is no zip." in text_of(lee)


@pytest.mark.parametrize(
    "damaged", ["", "[]", "{", "null", '"a"', "\x00", '{"checks": 3, "answers": [1], "score": "x"}',
                '{"checks": [{"points": 1e999, "lines": "no list"}], "notes": {}}', "[" * 100_000],
)  # fmt: skip
def test_a_damaged_result_is_a_page_too(damaged, tmp_path):
    path = tmp_path / "kim.json"
    path.write_text(damaged, encoding="utf-8")
    assert "of 0 points" in text_of(read(path))


def test_a_result_is_read_as_it_was_stored(tmp_path):
    data = result("kim", random.Random(3))
    store(tmp_path, data)
    kept = read(tmp_path / "results" / "kim.json")
    assert json.loads(json.dumps(kept.score)) == data["score"] and kept.out_of == data["out_of"]
    assert [c.points for c in kept.checks] == [c["points"] for c in data["checks"]]
    assert [a.text for a in kept.answers] == [a["text"] for a in data["answers"]]
