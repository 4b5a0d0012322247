"""Contingencies whose day has passed: which are drawn all the same, and when the file leaves nothing open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.scenario.edits import FACTS, WITH_FACTS, edited

from detente.scenario import Model, evaluate, load

# The border, where the pact may end on 1 February 2026 for four weeks; incidents come twice as often while it is in force.
ENDS = ("chance: 0.5, driver: pact, value: 0, from: 2028,", "chance: CHANCE, driver: pact, value: 0, from: 2026-02-01, until: 2026-02-28,")
READ = ("rate: incident_rate,", "rate: incident_rate * (1 + pact),")


@pytest.fixture
def border(tmp_path: Path) -> Path:
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    return tmp_path / "border.yaml"


def on(file: Path, day: date, chance: str = "0.5") -> Model:
    file.write_text(edited(WITH_FACTS, (ENDS, READ)).replace("CHANCE", chance), encoding="utf-8")
    return load(file, as_of=day)


@pytest.mark.parametrize(("day", "late"), [
    (date(2026, 1, 1), False), (date(2026, 2, 1), False), (date(2026, 2, 2), True), (date(2026, 2, 28), True), (date(2026, 3, 1), False),
])  # fmt: skip
def test_a_contingency_is_drawn_late_after_its_first_day_until_its_window_is_over(border: Path, day: date, late: bool) -> None:
    """On its first day it is open still; and what is told is what is done: before and in its window it moves numbers, after it none."""
    model = on(border, day)
    assert (list(model.passed) == ["pact_ends"]) is late
    drawn = {name: np.full(2, 2.0) for name in model.scenario.quantities}
    happens, not_ = evaluate(model, drawn, {"pact_ends": np.array([0.0, 1.0])})
    assert np.array_equal(happens, not_) is (day > date(2026, 2, 28))


@pytest.mark.parametrize(("chance", "late"), [("0.5", True), ("density / 2", True), ("1", False), ("0", False)])
def test_a_chance_of_0_or_1_says_what_happened(border: Path, chance: str, late: bool) -> None:
    assert bool(on(border, date(2026, 2, 10), chance).passed) is late


@pytest.mark.parametrize("chance", ["0", "1"])
def test_then_the_driver_is_the_same_in_every_draw(border: Path, chance: str) -> None:
    """With 0 what the record says, which is that the pact is in force."""
    model = on(border, date(2026, 2, 10), chance)
    drawn = {name: np.full(2, 2.0) for name in model.scenario.quantities} | {"incident_rate": np.full(2, 0.37)}
    never, always = evaluate(model, drawn, {"pact_ends": np.array([0.999, 0.0])})[:, 0]
    assert np.array_equal(never, always)
    assert (0.74 in never, 0.37 in never) == ((True, False) if chance == "0" else (False, True))
