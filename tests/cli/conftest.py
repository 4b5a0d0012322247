"""What tests of commands share: where they run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings of whoever runs the tests change nothing; files are written in an empty folder."""
    for name in list(os.environ):
        if name.startswith("DETENTE_") and name != "DETENTE_SHARED":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
