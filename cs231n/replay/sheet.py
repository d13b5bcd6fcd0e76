"""Shows a recording of answers to people: as Markdown, and as a page that stands by itself."""

import functools
import html as escaping

import mistune

MARK = "cs231n answers 1"
UNANSWERED = "unanswered"
PLUGINS = ("table", "strikethrough", "math")
STYLE = """
:root { color-scheme: light dark; --line: #8885; --soft: #8881; --alarm: #b3261e; --note: #8a5a00 }
@media (prefers-color-scheme: dark) { :root { --alarm: #ff8a80; --note: #ffc861 } }
body { font: 17px/1.6 system-ui, "Noto Sans", "Noto Sans CJK KR", "Malgun Gothic", "NanumGothic",
       sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; word-break: keep-all;
       overflow-wrap: anywhere }
section { border-top: 1px solid var(--line); margin-top: 2rem }
h1 { line-height: 1.25 } h2 small { font-weight: normal; font-size: 1rem; margin-left: .6rem }
.asked { opacity: .75; font-size: .95em }
.answer { border-left: 4px solid var(--line); background: var(--soft); padding: .2rem 1rem }
.alarm { color: var(--alarm); font-weight: 600 } .note { color: var(--note) }
pre { overflow-x: auto } code { font-family: ui-monospace, monospace }
table { border-collapse: collapse } td, th { border: 1px solid var(--line); padding: .2rem .6rem }
"""
# Nothing in the page may run or fetch, whatever an answer holds.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def beside(path):
    """The paths of the two sheets of a recording."""
    return path.with_suffix(".md"), path.with_suffix(".html")


def markdown(recording):
    """The sheet as Markdown.

    Inputs:
    - recording: As cs231n.replay.recording.recorded returns it
    """
    answers = recording["answers"]
    parts = [f"<!-- {MARK} -->", f"# {_title(recording)}", _summary(answers)]
    for answer in answers:
        parts += [f"## {answer['id']}", f"{_facts(answer)} · `{answer['notebook']}`"]
        parts += [_quoted(answer["question"]), answer["answer"] or "**unanswered**", "---"]
    return "\n\n".join(parts) + "\n"


def html(recording):
    """The sheet as a page: no script, no link to elsewhere is followed, light and dark."""
    title, answers = escaping.escape(_title(recording)), recording["answers"]
    alarm = "alarm" if any(a["status"] == UNANSWERED for a in answers) else ""
    head = [
        f'<!doctype html><html><!-- {MARK} --><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f'<h1>{title}</h1><p class="{alarm}">{_summary(answers)}</p>',
    ]
    return "\n".join([*head, *map(_section, answers), "</body></html>\n"])


def _section(answer):
    kind = {"answered": "", UNANSWERED: "alarm"}.get(answer["status"], "note")
    name, notebook = escaping.escape(answer["id"]), escaping.escape(answer["notebook"])
    return "\n".join(
        [
            f'<section id="{name}"><h2>{name}<small class="{kind}">{_facts(answer)}</small></h2>',
            f'<div class="asked">{notebook}{rendered(answer["question"])}</div>',
            f'<div class="answer">{rendered(answer["answer"] or "–")}</div></section>',
        ]
    )


def rendered(text, formula=None):
    """Markdown as HTML: what was HTML in it shows as text, pictures are named.

    Inputs:
    - text: Markdown
    - formula: Function that gives the HTML of a formula's TeX and of whether it stands by itself;
      as_code where None

    Source: the Markdown is read by mistune, as nbconvert's is.
    """
    return _reader(formula or as_code)(text)


def as_code(tex, display):
    """A formula as its TeX."""
    mark = "$$" if display else "$"
    return f"<code>{mark}{escaping.escape(tex)}{mark}</code>"


@functools.lru_cache(maxsize=8)
def _reader(formula):
    return mistune.create_markdown(renderer=_Renderer(formula), plugins=PLUGINS)


class _Renderer(mistune.HTMLRenderer):
    def __init__(self, formula):
        super().__init__(escape=True)
        self.formula = formula

    def image(self, text, url, title=None):
        return f"[{text or 'picture'}]"

    def inline_math(self, text):
        return self.formula(text, False)

    def block_math(self, text):
        return f"<p>{self.formula(text, True)}</p>"


def _title(recording):
    return f"{recording['course'] or 'cs231n'}: answers (kit {recording['version']})"


def _summary(answers):
    """One line: how many, and which are missing."""
    missing = [answer["id"] for answer in answers if answer["status"] == UNANSWERED]
    done = f"{len(answers) - len(missing)} of {len(answers)} questions answered"
    return f"{done}; unanswered: {', '.join(missing)}" if missing else f"{done}."


def _facts(answer):
    number = answer["words"]
    count = "1 word" if number == 1 else f"{number} words"
    how = f" ({answer['found']})" if answer["status"] != "answered" else ""
    points = answer["points"]
    worth = "1 point" if points == 1 else f"{points} points"
    return escaping.escape(f"{answer['status']}{how} · {count} · {worth}")


def _quoted(text):
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())
