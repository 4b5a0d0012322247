"""The small record that several files ask."""

from __future__ import annotations

import pytest
from tests.record.small import make

from detente.record import Record


@pytest.fixture(scope="session")
def record() -> Record:
    return make()
