"""Links of the Markdown files and notebooks: what is relative exists, its anchor too."""

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "datasets/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
]
LINK = re.compile(
    r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|<(https?://[^>\s]+)>|(?:src|href)=\"([^\"]+)\""
)
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)


def text_of(path):
    """The Markdown of a page or of a notebook's cells, without blocks and pieces of code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return re.sub(
        r"`[^`\n]+`", lambda code: code[0].strip("`").replace("](", "] ("), FENCE.sub("", text)
    )


def anchors_of(path):
    """The anchors of a page's headings, as GitHub and MkDocs both write them."""
    headings = re.findall(r"^#+ +(.+?)\s*$", text_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead(path, text):
    """The links of a page that lead nowhere, each with the reason."""
    for groups in LINK.findall(text):
        link = next(filter(None, groups))
        parts = urlsplit(link)
        target = path.parent / unquote(parts.path) if parts.path else path
        if parts.scheme in ("http", "https"):
            if "." not in parts.netloc:
                yield f"{link}: no host"
        elif parts.scheme not in ("", "data", "attachment") or parts.path.startswith("/"):
            yield f"{link}: neither relative nor on the web"
        elif parts.scheme == "" and not target.exists():
            yield f"{link}: no such file"
        elif parts.fragment and parts.fragment not in anchors_of(target):
            yield f"{link}: no such heading"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    assert list(dead(path, text_of(path))) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_pictures_are_described(path):
    assert not re.findall(r"!\[\s*\]\([^)]*\)", text_of(path))


@pytest.mark.parametrize(
    "link",
    [
        "[a](gone.md)",
        "![a](pictures/gone.png)",
        "[a](#gone)",
        "[a](learner.md#gone)",
        "[a](/etc/hosts)",
        "[a](file:///x)",
        "[a](http://nohost)",
        '<img src="gone.png">',
    ],
)
def test_a_dead_link_is_found(link):
    assert len(list(dead(ROOT / "docs" / "index.md", link))) == 1


def test_what_the_student_gets_links_only_to_what_ships():
    from kit import manifest

    ships = {ROOT / path for path in manifest.shipped()}
    pages = [path for path in PAGES if path in ships]
    for path in pages:
        for groups in LINK.findall(text_of(path)):
            link = urlsplit(next(filter(None, groups)))
            if not link.scheme and link.path:
                assert (path.parent / unquote(link.path)).resolve() in ships, f"{path}: {link.path}"
