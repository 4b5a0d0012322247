"""Reports that several tests read, and a browser to read them in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from detente.ensemble import Assessment, assess
from detente.errors import MissingExtra
from detente.insight import Comparison, compare
from detente.report.bundle import bundle


@pytest.fixture(scope="session")
def built() -> None:
    """The figures are built when the package is installed."""
    try:
        bundle()
    except MissingExtra:
        if os.environ.get("CI"):
            raise
        pytest.skip("the figures of the report are not built here: install the package, or run npm in web/")


@pytest.fixture(scope="session")
def small() -> Assessment:
    return assess("first-steps", draws=256)


@pytest.fixture(scope="session")
def baltic() -> Assessment:
    return assess("baltic-2021", draws=64)


@pytest.fixture(scope="session")
def compared(baltic: Assessment) -> Comparison:
    return compare(baltic.model, "accommodate", draws=64)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium: that of Playwright, else one that is installed."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; extra `test` brings it")
    own = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with api.sync_playwright() as play:
        found = None if Path(play.chromium.executable_path).exists() else own
        if found is None and not Path(play.chromium.executable_path).exists():
            pytest.skip("no Chromium was found: python tests/prepare.py fetches one")
        # As root Chromium starts only without its sandbox; what it opens here is ours.
        started = play.chromium.launch(executable_path=found, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield started
        started.close()


class _Reader(HTMLParser):
    """Tables by their id, rows of (text, number), all other text, and tags with attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[tuple[str, float | None]]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._rows: list[list[tuple[str, float | None]]] = []
        self._cell: list[str] | None = None
        self._number: float | None = None
        self._raw = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.append((tag, told))
        self._raw = tag in ("script", "style")
        if tag == "details":
            self._rows = self.tables.setdefault(str(told["id"]).removeprefix("table-"), [])
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._cell, self._number = [], None
        elif tag == "data":
            self._number = float(str(told["value"]))

    def handle_endtag(self, tag: str) -> None:
        self._raw = False
        if tag in ("td", "th") and self._cell is not None:
            self._rows[-1].append(("".join(self._cell), self._number))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
        if not self._raw:
            self.text.append(data)


def read(page: str) -> _Reader:
    """A report as a program without scripts reads it."""
    reader = _Reader()
    reader.feed(page)
    return reader
