"""The student kit, JupyterLab on it, and a browser that shows it."""

import contextlib
import os
from pathlib import Path

import pytest

from cs231n.submission.browser import browsers
from kit import release, workspace
from tests.browser.server import serving

# A browser that asks nobody outside, and runs where there is no screen.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PATIENCE = 120_000  # milliseconds that anything may take: other tests run at the same time


@pytest.fixture
def student(tmp_path):
    """What a student unzips: every exercise blank."""
    folder = tmp_path / "my kit"
    workspace.write_workspace(folder, files=release.build())
    return folder


@pytest.fixture
def page():
    """An empty page of an installed Chromium, Chrome or Edge."""
    from playwright.sync_api import expect, sync_playwright

    if not (found := browsers()):
        pytest.skip("no Chromium, Chrome or Edge is installed: the kit is not tried in a browser")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(found[0]), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.set_default_timeout(PATIENCE)
        yield page
        browser.close()


@pytest.fixture
def lab(page, student, tmp_path):
    """JupyterLab as start.py opens it; pictures go to CS231N_SCREENSHOTS where that is set."""
    from playwright.sync_api import Error

    from tests.browser.lab import Lab

    places, pictures = tmp_path / "places", os.environ.get("CS231N_SCREENSHOTS")
    places.mkdir()
    pictures = Path(pictures) if pictures else tmp_path / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    lab = Lab(page, pictures)
    with serving(student, places) as address:
        try:
            lab.open(address)
            yield lab
        finally:
            with contextlib.suppress(Error):  # what went wrong before says more
                lab.picture("end")
