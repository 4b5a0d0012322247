"""A report as PDF, printed by a browser that is there: Chromium, Chrome or Edge.

Refused: to print where there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from detente.errors import MissingExtra, ModelError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PATIENCE_SECONDS = 120


def browser() -> str:
    """The program of a browser that prints.

    Raises
    ------
    MissingExtra
        If there is none.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise MissingExtra("a PDF is printed by a browser, and none was found: install Chromium, Chrome or Edge, or print the HTML report from any browser")
    return found


def print_pdf(page: str, path: Path) -> None:
    """Print a report to A4.

    Raises
    ------
    MissingExtra
        If there is no browser.
    ModelError
        If it printed nothing.
    """
    program = browser()
    with tempfile.TemporaryDirectory(prefix="detente-") as folder:
        source, made = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_text(page, encoding="utf-8")
        command = [program, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder}/profile", "--no-pdf-header-footer"]
        # Root has no sandbox to start it in; what is opened is our own file, which asks for nothing.
        command += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        try:
            subprocess.run(
                [*command, f"--print-to-pdf={made}", source.as_uri()], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise ModelError(f"{program} printed nothing within {PATIENCE_SECONDS} seconds; print the HTML report by hand") from None
        if not made.is_file():
            raise ModelError(f"{program} printed nothing; print the HTML report by hand")
        shutil.copyfile(made, path)
