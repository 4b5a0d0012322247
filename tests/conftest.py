"""What tests share: the folder of vectors and data that is not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """$DETENTE_SHARED, else `shared` beside the checkout; without either the test is skipped, visibly."""
    stated = os.environ.get("DETENTE_SHARED")
    folder = Path(stated) if stated else Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        if stated:
            pytest.fail(f"DETENTE_SHARED names {folder}, which is no folder")
        pytest.skip("the folder of shared vectors and data is not here; set DETENTE_SHARED")
    return folder
