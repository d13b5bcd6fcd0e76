"""Finds an installed browser of the Chrome family and lets it print a page as a PDF."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .typeset import NoWayError

SECONDS = 90
NAMES = (
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
)
MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
DATE = re.compile(rb"\(D:(\d{14})")


def browsers():
    """The browsers on this computer, as paths: on the PATH and in the usual places."""
    places = [Path(path) for name in NAMES if (path := shutil.which(name))]
    for home in (Path("/Applications"), Path.home() / "Applications"):
        places += [home / f"{name}.app" / "Contents" / "MacOS" / name for name in MAC]
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if os.environ.get(variable):
            places += [Path(os.environ[variable]) / name for name in WINDOWS]
    return list(dict.fromkeys(place for place in places if place.is_file()))


def print_page(page, folder):
    """Print a page with the first browser that manages to.

    Inputs:
    - page: Text of HTML that needs nothing else
    - folder: Where a temporary folder may be made; a browser in a sandbox sees no other places

    Returns the bytes of a PDF. Raises NoWayError.
    """
    found = browsers()
    if not found:
        raise NoWayError("no browser was found that can print: Chrome, Chromium or Edge")
    reasons = []
    for browser in found:
        try:
            return _print(browser, page, folder)
        except (OSError, subprocess.TimeoutExpired, NoWayError) as error:
            reasons.append(f"{browser.name} did not print ({type(error).__name__}: {error})")
    raise NoWayError("; ".join(reasons)[:600])


def _print(browser, page, folder):
    with tempfile.TemporaryDirectory(
        dir=folder, prefix="printing-", ignore_cleanup_errors=True
    ) as place:
        source, target = Path(place).resolve() / "page.html", Path(place).resolve() / "page.pdf"
        source.write_text(page, encoding="utf-8", errors="replace")
        command = [
            str(browser),
            "--headless",
            "--disable-gpu",
            "--disable-extensions",
            "--no-first-run",
            "--no-default-browser-check",
            "--no-pdf-header-footer",
            f"--user-data-dir={Path(place).resolve() / 'profile'}",
            f"--print-to-pdf={target}",
            *_sandbox(),
            source.as_uri(),
        ]
        quiet = {name: subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
        run = subprocess.run(command, timeout=SECONDS, **quiet)
        content = target.read_bytes() if target.is_file() else b""
        if not content.startswith(b"%PDF"):
            raise NoWayError(f"it ended with status {run.returncode} and wrote no PDF")
        # The same page gives the same bytes, so that no earlier file need be kept for its date.
        return DATE.sub(lambda match: b"(D:20200101000000", content)


def _sandbox():
    """Chrome refuses to run as root, as in a container, unless its sandbox is off."""
    return ["--no-sandbox"] * (hasattr(os, "geteuid") and os.geteuid() == 0)
