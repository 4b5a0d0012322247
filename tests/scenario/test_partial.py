"""One mistake in a file does not hide the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import InvalidInput
from detente.scenario import load, locate

TEXT = locate("first-steps").read_text(encoding="utf-8")


def problems(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load(str(file))
    return [f"{problem.where.removeprefix(f'{tmp_path}/')} {problem.what}" for problem in caught.value.problems]


def test_a_date_that_does_not_exist_and_an_unknown_name_are_told_together(tmp_path: Path) -> None:
    """The first stops the file from being read as a whole; the second is still found, in the order of the file."""
    found = problems(tmp_path, ("as_of: 2026-01-01", "as_of: 2026-02-30"), ("rate: incident_rate,", "rate: incident_rat,"))
    assert len(found) == 2
    assert "2026-02-30 is not a date" in found[0] and "'incident_rat'" in found[1]


def test_what_only_follows_from_a_broken_item_is_not_told(tmp_path: Path) -> None:
    """A quantity that does not validate is not reported as missing wherever it is used."""
    found = problems(tmp_path, ("median: 0.3, sigma: 0.5,\n     evidence: judgement, known: 2026-01, why: \"A crisis", "median: 0.3, sigma: -1,\n     evidence: judgement, known: 2026-01, why: \"A crisis"))
    assert len(found) == 1 and "must be above 0" in found[0]
