"""Draw docs/images/report.png: the ladder of baltic-2021 as its report shows it.

    python docs/images/draw_report.py

Needs the extra `test` and a Chromium (`python tests/prepare.py`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from detente import assess
from detente.report import write

TARGET = Path(__file__).parent / "report.png"
DRAWS, WIDTH = 16_384, 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        report = Path(folder) / "report.html"
        write(assess("baltic-2021", draws=DRAWS), report)
        own = None if Path(play.chromium.executable_path).exists() else shutil.which("chromium")
        browser = play.chromium.launch(executable_path=own, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        page = browser.new_page(viewport={"width": WIDTH, "height": 800}, color_scheme="light")
        page.goto(report.as_uri())
        page.evaluate("document.querySelector('#ladder figure .tools').remove()")
        page.locator("#ladder figure").screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()
