"""The sheets show every answer, and nothing that a student wrote can act in them."""

import re
from html.parser import HTMLParser

import pytest

from cs231n.questions import Answer, Question
from cs231n.replay import sheet

HOSTILE = [
    "<script>alert(1)</script>",
    "a <script>alert(1)</script> b",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "![x](https://example.org/seen.png)",
    "$<script>alert(1)</script>$",
    "$$\n<script>alert(1)</script>\n$$",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    '```x"><script>alert(1)</script>\ncode\n```',
    "</div></section></body><script>alert(1)</script>",
    '[x](https://example.org "><script>alert(1)</script>")',
    "| <script>a</script> |\n|---|\n| <svg onload=alert(1)> |",
    "<!-- --><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<https://example.org/"onclick=alert(1)>',
]


class Tags(HTMLParser):
    """Collects what a browser would take for tags and attributes."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def recording(*texts, course="CS 231n"):
    answers = [
        Answer(Question(f"t-q{n}", "notebooks/T.ipynb", n, "Why?"), text, status, "by its id")
        for n, (text, status) in enumerate(texts, start=1)
    ]
    return {
        "course": course,
        "version": "1",
        "answers": [answer.as_data() for answer in answers],
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_an_answer_runs_or_fetches(text):
    found = Tags(sheet.html(recording((text, "answered"))))
    assert not {"script", "img", "svg", "iframe", "object"} & {*found.tags}
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert not [v for _, v in found.attributes if v and re.match(r"\s*(javascript|data):", v)]


def test_the_page_forbids_scripts_by_itself():
    page = sheet.html(recording())
    assert page.index("default-src 'none'") < page.index("<title>")


def test_a_course_s_name_is_text_too():
    page = sheet.html(recording(course="<script>alert(1)</script>"))
    assert "script" not in Tags(page).tags


def test_formulas_stay_as_they_were_written():
    shown = Tags(
        sheet.html(recording((r"so $a_b + c_d < \frac{1}{2}$ and $e_f$", "answered")))
    ).text
    assert r"$a_b + c_d < \frac{1}{2}$" in shown and "$e_f$" in shown


def test_markdown_is_rendered():
    page = sheet.rendered("# A\n\n**b** 한글\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\na < b\n```")
    for piece in ("<h1>A</h1>", "<strong>b</strong> 한글", "<td>1</td>", "a &lt; b"):
        assert piece in page


def test_unanswered_ones_are_named_first_and_every_fact_is_there():
    data = recording(("Because it is.", "recovered"), ("", "unanswered"))
    for show in (sheet.markdown, sheet.html):
        page = show(data)
        assert page.index("unanswered: t-q2") < page.index("Because it is.")
        assert "recovered (by its id) · 3 words · 1 point" in page
        assert "0 words · 2 points" in page


def test_an_empty_recording_is_a_sheet_too():
    assert "0 of 0 questions answered" in sheet.html(recording())
