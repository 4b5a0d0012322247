"""How long a report takes: to write after the run, to open as far as its first picture, and from a slider to its last chart.

    python benchmarks/report_page.py

In Chromium, opened from a file. Of the chart the time is that from the press of a key to the second frame after it, which shows what the first has drawn. Wall
time counts whatever else the machine does: the least of several is told. The sliders are those of a scenario of few levels, `first-steps`, and a curve of as
many terms as any; `baltic-2021` without sliders is what is written and opened.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, sync_playwright
from report import Figure, Report, publish
from timing import core_seconds

from detente.ensemble import Assessment, assess
from detente.report import payload, respond, to_html

DRAWS, REPEATS, PRESSES = 16_384, 5, 15
FIRST = """() => new Promise((found) => {
  const look = () => document.querySelector('svg .mark') ? requestAnimationFrame(() => found(performance.now())) : requestAnimationFrame(look);
  look();
})"""
PRESS = """(slider) => new Promise((found) => {
  const start = performance.now();
  slider.value = Number(slider.value) + 1;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => found(performance.now() - start)));
})"""


def opened(browser: Browser, path: Path) -> float:
    """Seconds from the start of navigation to the frame with the first picture."""
    page = browser.new_page()
    page.goto(path.as_uri(), wait_until="commit")
    found = float(page.evaluate(FIRST))
    page.close()
    return found / 1000


def slid(browser: Browser, path: Path) -> float:
    """Milliseconds from a slider to its chart."""
    page = browser.new_page()
    page.goto(path.as_uri())
    page.get_by_role("button", name="Everything").click()
    slider = page.locator("#whatif input[type=range]").first
    told = [float(slider.evaluate(PRESS)) for _ in range(PRESSES)]
    page.close()
    return sorted(told)[PRESSES // 2]


def main() -> None:
    baltic, small = assess("baltic-2021", draws=DRAWS), assess("first-steps", draws=1024)

    def written(assessment: Assessment, **parts: Any) -> str:
        return to_html(payload(assessment, **parts))

    figures = [Figure("report of baltic-2021 written after the run, core", core_seconds(lambda: written(baltic), 3), "s", 2.0, note=f"{DRAWS:,} draws")]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        plain, sliding = Path(folder) / "plain.html", Path(folder) / "sliding.html"
        plain.write_text(written(baltic), encoding="utf-8")
        sliding.write_text(written(small, response=respond(small)), encoding="utf-8")
        figures.append(Figure("its size", plain.stat().st_size / 1000, "kB", 1000.0))
        own = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        try:
            browser = play.chromium.launch(executable_path=own, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        except Error:
            print("no browser was found: the report is not opened; install Chromium")
            publish(Report("report_page", figures=figures))
            return
        figures += [
            Figure("opened to its first picture, wall", min(opened(browser, plain) for _ in range(REPEATS)), "s", 1.0),
            Figure("slider to its last chart, wall", min(slid(browser, sliding) for _ in range(REPEATS)), "ms", 50.0, note=f"median of {PRESSES}"),
        ]
        browser.close()
    publish(Report("report_page", figures=figures))


if __name__ == "__main__":
    main()
