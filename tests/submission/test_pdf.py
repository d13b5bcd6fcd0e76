"""submission.pdf: each of the three ways, scripts of the world, hostile text, big and broken."""

import base64
import html
import io
import json
import time
import zlib

import pytest

from cs231n import notebook, questions
from cs231n.assignment import ROOT, load
from cs231n.submission import browser, document, markdown, proof, typeset, webpage
from cs231n.submission.pdf import write_pdf

NAME = "FullyConnectedNets.ipynb"
LETTERS = "한국어 답 русский ответ ελληνική γλώσσα"


def png(width=40, height=30, cut=None):
    """The bytes of a grey picture, cut off after so many bytes."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress(b"".join(b"\0" + b"\x77" * width for _ in range(height)))
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return (b"\x89PNG\r\n\x1a\n" + b"".join(parts))[:cut]


def prose(text, **fields):
    return {"cell_type": "markdown", "metadata": {}, "source": text, **fields}


def code(text, *outputs):
    fields = {"metadata": {}, "execution_count": 1, "outputs": list(outputs)}
    return {"cell_type": "code", "source": text, **fields}


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(**data):
    data = {name.replace("_", "/", 1): value for name, value in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": data}


@pytest.fixture
def home(tmp_path):
    """A folder with a space and Hangul in its name."""
    folder = tmp_path / "내 과제 folder"
    folder.mkdir()
    return folder


@pytest.fixture
def write(home):
    """Writes cells as a notebook without ids or metadata and prints it; returns the Printed."""

    def write(*cells, answers=(), name="One.ipynb"):
        content = {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": cells}
        (home / name).write_text(json.dumps(content), encoding="utf-8")
        return write_pdf([home / name], home / "submission.pdf", answers, "A title")

    return write


@pytest.fixture
def with_typst():
    """Skips where the extra is not installed."""
    for name in ("typst", "pypandoc", "pypdf"):
        pytest.importorskip(name)


@pytest.fixture
def no_typst(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "typst", None)


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setattr(browser, "browsers", lambda: [])


@pytest.fixture
def no_pandoc(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pypandoc", None)


def text_of(result):
    content = result.path.read_bytes()
    if result.how == "html":
        return webpage.text_of(content.decode("utf-8"))
    return "\n".join(proof.pdf_pages(content))


def squeezed(text):
    return "".join(text.split())


# By typst


def test_the_specimen_is_printed_with_all_its_answers(home, with_typst):
    kit, path = load(ROOT), f"notebooks/{NAME}"
    cells = notebook.read(ROOT / path)
    found = questions.find(cells, kit.questions_of(path), kit.given_cells[path])
    answers = [(answer.question.id, answer.text) for answer in found]
    result = write_pdf([ROOT / path], home / "submission.pdf", answers)
    assert (result.how, result.missing, result.why) == ("typst", [], [])
    assert len(answers) >= 3
    assert 100_000 < result.path.stat().st_size < 3_000_000


def test_an_answer_that_is_not_there_is_missed(write, with_typst):
    cell = prose(f"Words of {LETTERS}, and $x_1$ more words in one line.")
    result = write(
        cell, answers=[("yes", cell["source"]), ("no", "Words of another"), ("ru", "русские")]
    )
    assert result.missing == ["no", "ru"]


def test_answers_are_found_over_pages_lists_tables_and_formulas(write, with_typst):
    answer = (
        "\n\n".join(
            f"Paragraph {i}: an *efficient* office, $x_{i}$ and `code_{i}`, x̂ é" for i in range(99)
        )
        + "\n1. first\n2. second [link](https://x.org/a_b)\n\n| a | b |\n|---|---|\n| c d | e |\n\n"
        + "A<br>B &lt; C\n\n```python\nif a < b:\n    print('$')\n```\n"
        + " ".join(f"word{i}" for i in range(900))
    )
    result = write(prose(answer), answers=[("q", answer), ("wrong", answer + " absent")])
    assert (result.how, result.missing) == ("typst", ["wrong"])


def test_the_same_notebook_gives_the_same_bytes(write, with_typst):
    first = write(prose("one")).path.read_bytes()
    again = write(prose("one"))
    assert again.path.read_bytes() == first
    assert again.kept is None


def test_formulas_are_set(write, with_typst):
    result = write(
        prose(
            r"Inline $ \partial L $, \$5, $a \odot b \oplus \langle c\rangle$, "
            "$$\\begin{aligned} a &= \\color{red}{b} \\\\ c &= \\text{if } x \\in \\mathbb{R}"
            "\\end{aligned}$$ and\n\n\\begin{align}\nu &= \\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}"
            "\n\\end{align}\n\n`$not$`"
        )
    )
    text = text_of(result)
    assert (result.how, result.why) == ("typst", [])
    assert "ℝ" in text and "$5" in text and "$not$" in text and "begin" not in text


def test_a_formula_that_nobody_can_read_is_shown_as_its_source(write, with_typst):
    result = write(prose(r"Good $\alpha_1$, bad $\nosuch{x}$, worse $\frac{1}{$."))
    assert result.how == "typst"
    assert r"$\nosuch{x}$" in text_of(result)
    assert any(r"\nosuch{x}" in sentence for sentence in result.why)


def test_a_formula_that_typst_refuses_is_shown_as_its_source(write, with_typst, monkeypatch):
    honest = markdown.write

    def spoiled(parts, to):
        texts, refused = honest(parts, to)
        return [text.replace("$gamma$", "$nosuchname$") for text in texts], refused

    monkeypatch.setattr(markdown, "write", spoiled)
    result = write(prose(r"Good $\alpha$, bad $\gamma$."), prose("Untouched $\\beta$."))
    assert result.how == "typst"
    assert r"$\gamma$" in text_of(result) and r"\alpha" not in text_of(result)
    assert result.why == [r"a formula is shown as its source: \gamma"]


def test_letters_that_no_font_has_are_told(write, with_typst):
    result = write(prose(f"{LETTERS} \U0001f9ff\U00012000"))
    told = [sentence for sentence in result.why if sentence.startswith("no font")]
    assert len(told) == 1 and "\U00012000" in told[0] and "Noto" in told[0]
    assert "русский" in text_of(result)


@pytest.mark.parametrize(
    "hostile",
    [
        '```{=typst}\n#read("secret.txt")\n```',
        '`#read("secret.txt")`{=typst}',
        '::: {typst:fill="read(\\"secret.txt\\")"}\nx\n:::',
        '<span style="x" typst:text:fill="read(\'secret.txt\')">x</span>',
        '$\\text{" #read("secret.txt") "}$ #read("secret.txt")',
        "```{=latex}\n\\input{secret.txt}\n```\n\\input{secret.txt} $\\input{secret.txt}$",
        "![x](secret.txt) ![x](../secret.png) ![x](file:///etc/passwd) <img src='../secret.png'>",
        '<iframe src="secret.txt"></iframe><script>alert(1)</script><object data="secret.txt">',
        "[a](#nowhere) @nobody [@nobody] [b](javascript:alert(1)) ``` unclosed",
        ">" * 3000 + "deep",
        "# Head {#id .class typst:x=y}\n\n[^1]\n\n[^1]: ![](https://example.org/x.png)",
        "---\ntitle: x\ninclude: secret.txt\n---\n\n% x",
        "*" * 500 + "[" * 500 + "\0\x1b[31m\ud800",
    ],
)
def test_hostile_text_reads_no_file_and_does_no_harm(write, home, with_typst, hostile):
    (home / "secret.txt").write_text("topsecret", encoding="utf-8")
    (home.parent / "secret.png").write_bytes(png(333, 333))
    result = write(prose(hostile), prose("Still here."))
    text = text_of(result)
    assert result.how == "typst"
    assert "Still here." in text and "topsecret" not in text
    assert b"/Width 333" not in result.path.read_bytes()


def test_code_outputs_and_tracebacks(write, with_typst):
    error = {
        "output_type": "error",
        "ename": "ValueError",
        "evalue": "bad",
        "traceback": ["\x1b[0;31mValueError\x1b[0m: bad"],
    }
    long = "x = '" + "w" * 400 + "'  # the end"
    result = write(
        code(long, printed("1 %\r50 %\r100 %\nto stdout\n"), printed("to stderr", "stderr"), error),
        code("w", shown(**{"text_html": "<b>rich</b>", "text_plain": "plain form"})),
        code("v", shown(**{"image_svg+xml": "<svg/>"})),
        {"cell_type": "raw", "metadata": {}, "source": "raw text"},
    )
    text = text_of(result)
    for piece in ("to stdout", "to stderr", "ValueError: bad", "plain form", "raw text"):
        assert piece in text
    assert "50 %" not in text and "100 %" in text and "[0;31m" not in text and "rich" not in text
    assert "theend" in squeezed(text)
    assert squeezed(text).replace("\u200b", "").count("w" * 400) == 1
    assert any("outputs are not shown (1)" in sentence for sentence in result.why)


def test_pictures_from_outputs_attachments_and_the_folder(write, home, with_typst):
    (home / "own.png").write_bytes(png(51, 10))
    as_text = lambda content: base64.b64encode(content).decode()
    result = write(
        code("plt.show()", shown(**{"image_png": as_text(png(52, 10)) + "\n"})),
        code("plt.show()", shown(**{"image_png": as_text(png(53, 10, cut=60))})),
        prose(
            "![](own.png) ![](attachment:pasted.png) ![far](https://example.org/far.png)",
            attachments={"pasted.png": {"image/png": as_text(png(54, 10))}},
        ),
    )
    from pypdf import PdfReader

    content = result.path.read_bytes()
    widths = {i.image.width for page in PdfReader(io.BytesIO(content)).pages for i in page.images}
    assert result.how == "typst" and widths == {51, 52, 54}
    assert "not shown: https://example.org/far.png" in text_of(result)
    assert result.why == ["damaged pictures are left out (1)"]


@pytest.mark.parametrize("about", [{"image/png": {"alt": 'a "curve"'}}, {"image/png": 1}, None])
def test_the_words_of_a_figure_reach_paper(home, about):
    figure = shown(image_png=base64.b64encode(png(52, 10)).decode()) | {"metadata": about}
    path = home / "One.ipynb"
    content = {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [code("x", figure)]}
    path.write_text(json.dumps(content), encoding="utf-8")
    chapters = [document.chapter(path)]
    words = 'a "curve"' if isinstance(about and about["image/png"], dict) else "figure"
    page, _ = webpage.webpage(chapters, "T")
    assert f'alt="{words}"'.replace(words, html.escape(words)) in page
    pytest.importorskip("typst")
    pytest.importorskip("pypandoc")
    content, _ = typeset.typeset(chapters, "T")
    assert f"({words})".encode() in content.replace(b"\\", b"")


# What is wide, and what a PDF gives back


def test_nothing_leaves_the_page(write, with_typst):
    from pypdf import PdfReader

    terms, row = "+".join(f"x_{{{i}}}" for i in range(60)), range(30)
    result = write(
        prose(f"$${terms}$$\n\n$$\\begin{{aligned}}a&={terms}\\\\b&=c\\end{{aligned}}$$"),
        prose(f"`{'name_' * 50}` https://x.org/{'a' * 150} {'W' * 200}\n\n    {'y' * 300}\n"),
        prose(f"|{'|'.join(f'column{i}' for i in row)}|\n|{'---|' * 30}"),
    )
    pages, places = PdfReader(io.BytesIO(result.path.read_bytes())).pages, []

    def visit(text, cm, tm, *_):
        if text.strip():
            places.append(cm[0] * tm[4] + cm[2] * tm[5] + cm[4])

    for page in pages:
        page.extract_text(visitor_text=visit)
    assert len(places) > 100 and min(places) > 0 and max(places) < pages[0].mediabox.width
    text = text_of(result)
    for letters, most in (("WWWW", 60), ("yyyy", 130), ("name_", 110), ("aaaa", 110)):
        assert max(len(line) for line in text.splitlines() if letters in line) <= most
    assert "column29" not in text and "column29" in squeezed(text).replace("\u200b", "")


def test_a_footnote_is_kept(write, with_typst):
    answer = "It vanishes[^1] in deep nets.\n\n[^1]: See the *lecture*."
    result = write(prose(answer), answers=[("q", answer)])
    assert "See the lecture." in text_of(result) and result.missing == []


@pytest.mark.parametrize(
    "answer",
    [
        "التدرج يختفي في الشبكات العميقة",
        "הגרדיאנט נעלם ברשתות",
        "ग्रेडिएंट गायब हो जाता है and English words",
        "See [the notes][n], x[i][j] too.\n\n[n]: https://x.org/notes 'Title'",
        "- [ ] to do\n- [x] done",
        "A [link](https://x.org/A_(b)) goes on",
    ],
)
def test_answers_that_a_pdf_gives_back_otherwise_are_found(write, with_typst, answer):
    result = write(prose(answer), answers=[("yes", answer), ("no", f"{answer}\n\nabsent")])
    assert result.missing == ["no"]


def test_an_absent_arabic_word_is_missed():
    assert proof.missing([("q", "التدرج يختفي")], ["يختفي"]) == ["q"]


@pytest.mark.parametrize("piece", ["<!--", "[", "![](", "[a](", "\n", "`", "| "])
def test_endless_text_is_read_soon(piece):
    start = time.process_time()
    proof.missing([("q", piece * 40_000)], [""])
    document._shown({"text/html": "<" * 200_000})
    assert time.process_time() - start < 5  # 0.1 s; it was minutes


def test_spaces_and_columns_of_formulas():
    assert markdown._tidy(r"$a\;b\!c \\; d$") == r"$a\:bc \\; d$"
    loose, brackets = (
        r"\begin{array}{l}a&b\end{array}",
        r"\left[\begin{matrix}a&b\end{matrix}\right]",
    )
    assert r"a&\quad b" in markdown._tidy(f"${loose}$")
    assert r"a&\quad b" in markdown._tidy(rf"$\left\{{{loose}\right.$")
    assert markdown._tidy(f"${brackets}$") == f"${brackets}$"


def test_many_refused_formulas_are_one_sentence(write, with_typst):
    result = write(*(prose(rf"$\nosuch{{{i}}}$") for i in range(30)))
    assert result.why == ["formulas are shown as their source (30)"]


# By a browser, as a web page


@pytest.mark.skipif(not browser.browsers(), reason="no browser is installed")
def test_by_a_browser(write, home, no_typst):
    pytest.importorskip("pypdf")
    answer = f"{LETTERS}, $\\partial x$ and `code`"
    result = write(prose(answer), code("x = 1", printed("out")), answers=[("q", answer)])
    assert (result.how, result.path.name, result.missing) == ("browser", "submission.pdf", [])
    assert "typst is not installed" in result.why[0] and "pdf-requirements.txt" in result.why[0]
    assert sorted(path.name for path in home.iterdir()) == ["One.ipynb", "submission.pdf"]


def test_a_browser_that_does_nothing_is_told(write, home, no_typst, monkeypatch):
    monkeypatch.setattr(browser, "browsers", lambda: [home / "chrome"])
    result = write(prose("x"))
    assert result.how == "html"
    assert any("chrome did not print" in sentence for sentence in result.why)


@pytest.mark.parametrize("lacking", [(), ("no_pandoc",)])
def test_as_a_web_page(write, home, no_typst, no_browser, lacking, request):
    for name in lacking:
        request.getfixturevalue(name)
    (home / "own.png").write_bytes(png())
    answer = f"{LETTERS}, $\\partial x < 1$ *and* `code`\n\n| a | b |\n|---|---|\n| c | d |"
    result = write(
        prose(answer),
        prose("![](own.png) ![](../x.png) <script>alert(1)</script> <img src=http://x.org/x>"),
        code("a < b", printed("<b>out</b>")),
        answers=[("q", answer), ("no", "absent words")],
    )
    page = result.path.read_text(encoding="utf-8")
    assert (result.how, result.path.name, result.missing) == ("html", "submission.html", ["no"])
    assert "<script" not in page and page.count("<img") == 1 and 'src="http' not in page
    assert "&lt;b&gt;out" in page
    assert any("no browser" in sentence for sentence in result.why)
    assert any("formulas" in sentence for sentence in result.why) == bool(
        lacking or "<math" not in page
    )


# Big, broken, earlier


def test_a_huge_output_is_shortened_and_told(write, no_typst, no_browser):
    result = write(code("x", printed("line of a log\n" * 3_700_000)), prose("after it"))
    assert result.path.stat().st_size < 100_000
    assert "characters left out" in text_of(result) and "after it" in text_of(result)
    assert result.why[0] == "One.ipynb: long texts are shortened (1)"


@pytest.mark.parametrize("content", ["{ no json", '{"nbformat": 3}', '{"nbformat": 4, "cells": 1}'])
def test_a_broken_notebook_is_shown_as_text(write, home, no_typst, no_browser, content):
    (home / "Broken.ipynb").write_text(content, encoding="utf-8")
    names = [home / "Broken.ipynb", home / "Absent.ipynb"]
    result = write_pdf(names, home / "submission.pdf")
    assert content in text_of(result)
    assert result.why[0].startswith("Broken.ipynb is shown as plain text")
    assert result.why[1].startswith("Absent.ipynb is shown as plain text")


def test_a_document_without_prose_is_set(write, home, with_typst):
    (home / "Broken.ipynb").write_text("{ no json", encoding="utf-8")
    result = write_pdf([home / "Broken.ipynb"], home / "submission.pdf")
    assert result.how == "typst" and "no json" in text_of(result)


@pytest.mark.parametrize("depth", [100, 150, 200, 300, 450])
def test_text_nested_to_any_depth_is_survived(write, no_browser, depth):
    result = write(prose(">" * depth + r" deep $\nosuch{x}$"), prose("Still here."))
    assert "Still here." in text_of(result) and "deep" in text_of(result)


def test_odd_cells_are_survived(write, no_typst, no_browser):
    odd = shown(image_png=7, text_html=None)
    result = write(
        {}, {"cell_type": "markdown", "source": None, "attachments": []}, code("ok", odd, {}, odd)
    )
    assert "ok" in text_of(result)


def test_an_earlier_file_is_kept(write, home, no_typst, no_browser):
    (home / "submission.html").write_text("precious", encoding="utf-8")
    result = write(prose("new"))
    assert result.kept.read_text(encoding="utf-8") == "precious"


def test_shortening_keeps_both_ends():
    text = document._capped("\n".join(map(str, range(1000))), (30, 5000))
    assert text.startswith("0\n1\n") and text.endswith("\n999") and "left out" in text
    assert len(text.splitlines()) <= 32


def test_every_kind_of_item_can_be_set():
    style = typeset.STYLE.read_text(encoding="utf-8")
    for name in ("code", "output", "failure", "raw-cell", "note", "figure-output", "picture"):
        assert f"#let {name}(" in style


def test_the_tests_install_what_students_install():
    lines = lambda name: [n for n in (ROOT / name).read_text("utf-8").splitlines() if n[0] != "#"]
    extra = lines("cs231n/submission/pdf-requirements.txt")
    assert len(extra) == 3 and set(extra) <= set(lines("tests/requirements.txt"))
