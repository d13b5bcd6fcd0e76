"""Draws docs/pictures/board.png, the board in the middle of the work.

Run as `python -m tests.browser.board`; it needs Chrome, Chromium or Edge.
"""

import html
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from cs231n.submission.browser import browsers
from kit import release, workspace
from kit.manifest import ROOT

PICTURE = ROOT / "docs" / "pictures" / "board.png"
SOLVED = ("affine", "activations", "losses")
RIGHT, WRONG = "dout.sum(axis=0)", "dout.mean(axis=0)"
SHOWN = 20  # lines of the table, of which the rest is dots
STYLE = "margin: 16px; font: 15px/1.35 DejaVu Sans Mono"
PAGE = f"<meta charset=utf-8><body style='margin: 0'><pre style='{STYLE}'>"


def main():
    """Write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        text = shortened(board_of(Path(folder, "kit")))
        page, raw = Path(folder, "board.html"), Path(folder, "board.png")
        page.write_text(f"{PAGE}$ python -m cs231n.checks\n{html.escape(text)}", encoding="utf-8")
        height = int(20.3 * (text.count("\n") + 2)) + 30
        subprocess.run(
            [browsers()[0], "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             f"--window-size=1180,{height}", f"--screenshot={raw}", page.as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip
        Image.open(raw).convert("L").quantize(16).save(PICTURE, optimize=True)


def board_of(kit):
    """What the board says of a kit in which some exercises are solved, and one is wrong."""
    workspace.write_workspace(kit, files=release.build())
    for name in SOLVED:
        path = Path("cs231n", "layers", f"{name}.py")
        shutil.copyfile(ROOT / path, kit / path)
    affine = kit / "cs231n" / "layers" / "affine.py"
    text = affine.read_text(encoding="utf-8")
    assert text.count(RIGHT) == 1
    affine.write_text(text.replace(RIGHT, WRONG), encoding="utf-8")
    command = [sys.executable, "-m", "cs231n.checks"]
    said = subprocess.run(command, cwd=kit, capture_output=True, encoding="utf-8")
    assert "Next: affine_backward" in said.stdout, said.stderr
    return said.stdout


def shortened(text):
    """The board with most of its table left out."""
    table, end = text.split("\n\nNext:")
    *rows, total = table.splitlines()
    return "\n".join([*rows[:SHOWN], "  …", "", total]) + "\n\nNext:" + end


if __name__ == "__main__":
    main()
