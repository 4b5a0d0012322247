"""Files that were cut short: refused, never read as a world with fewer facts, treaties or moves. (Trap 21)"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from random import Random

import pytest

from detente.document import parse
from detente.errors import InvalidInput
from detente.record import Record
from detente.scenario.compile import load

LIBRARY = Path(str(resources.files("detente.library")))
PARTS = ("actors", "rungs", "groups", "start", "switches", "drivers", "contingencies", "stakes", "moves", "games", "quantities")


def cuts(text: str, every: int, count: int) -> list[str]:
    """Every so many lines, and at random places inside lines."""
    lines = text.splitlines(keepends=True)
    return ["".join(lines[:n]) for n in range(0, len(lines), every)] + [text[:n] for n in Random(1).sample(range(len(text)), count)]


def test_a_record_that_was_cut_short_is_refused() -> None:
    """Between two facts too: its sources come last, so that it cites some that it no longer has."""
    for cut in cuts((LIBRARY / "records" / "baltic.yaml").read_text(encoding="utf-8"), 30, 20):
        with pytest.raises(InvalidInput):
            Record.parse(parse(cut, "cut.yaml"))


@pytest.mark.parametrize(("name", "every"), [("first-steps", 1), ("baltic", 25)])
def test_a_scenario_that_was_cut_short_is_refused_or_asks_the_same(name: str, every: int, tmp_path: Path) -> None:
    """What may be lost unnoticed decides no number."""

    def stated(text: str) -> str:
        # The base names no as-of date: those that extend it do.
        return text if "\nas_of:" in text else text.replace("\nhorizon:", "\nas_of: 2021-01-29\nhorizon:", 1)

    text = (LIBRARY / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
    file = tmp_path / "whole.yaml"
    file.write_text(stated(text), encoding="utf-8")
    whole, refused = load(file).scenario, 0
    for cut in cuts(text, every, 10):
        file.write_text(stated(cut), encoding="utf-8")
        try:
            found = load(file).scenario
        except InvalidInput:
            refused += 1
        else:
            assert all(getattr(found, part) == getattr(whole, part) for part in PARTS)
    assert refused > 20
