"""baltic-2026: the facts as they are known now, what is judged anew, and that everything else is baltic-2021 draw for draw."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from detente.ensemble import assess
from detente.ensemble.draws import draw
from detente.ensemble.figures import figures
from detente.record import Record
from detente.scenario import load
from detente.scenario.compile import Model
from detente.scenario.evaluate import named_values

TODAY = date(2026, 11, 25)
JUDGED_ANEW = {"p_hard", "challenge_cost", "p_resolute", "nato_recovery", "nuclear_slip", "spillover_rate"}
ADDED = {"limits_chance", "brigade_chance", "return_chance", "return_size", "trust_now"}
RETOLD = {"trust_in_us"}  # no median of allied publics was found after 2019


@pytest.fixture(scope="module")
def now() -> Model:
    return load("baltic-2026")


@pytest.fixture(scope="module")
def then() -> Model:
    return load("baltic-2021")


@pytest.mark.parametrize(
    ("driver", "reading"),
    [
        ("allied_troops", 1100 + 1700 + 1600 + 500),  # last counts of the battlegroups in Estonia, Latvia, Lithuania; the German brigade
        ("russian_troops", 6000),
        ("new_start_in_force", 0), ("inf_in_force", 0), ("open_skies_us", 0), ("open_skies_russia", 0), ("vienna_in_force", 0),
        ("hotline", 1), ("incidents_at_sea", 1),
        ("doctrine_threshold", 1.8),
        ("scrambles", 135),
    ],
)  # fmt: skip
def test_drivers_read_what_is_known_now(now: Model, then: Model, driver: str, reading: float) -> None:
    """Figures counted by hand from the fact sheet; the readings follow from the date alone, whichever scenario asks."""
    later = load("baltic-2021", as_of=TODAY)
    assert [now.as_of, now.timeline.readings[driver][0].value, later.timeline.readings[driver][0].value] == [TODAY, reading, reading]
    assert {name for name, item in now.scenario.drivers.items() if item != then.scenario.drivers[name]} == RETOLD


def test_finland_and_sweden_are_members_now() -> None:
    """Thirty members on 29 January 2021, thirty-two now."""
    record = Record.load("baltic")
    members = {day: {name for fact in record.facts_of("actor", known=day, type="alliance").values() for name in fact.members} for day in (date(2021, 1, 29), TODAY)}
    assert [len(found) for found in members.values()] == [30, 32]
    assert members[TODAY] - members[date(2021, 1, 29)] == {"finland", "sweden"}


def test_what_changed_is_what_is_told_and_each_change_has_its_reason(now: Model, then: Model) -> None:
    """Quantities, contingencies and moves differ by item; nothing else of the model does."""
    before, after = then.scenario, now.scenario
    assert {name for name in after.quantities if after.quantities[name] != before.quantities.get(name)} == JUDGED_ANEW | ADDED
    assert before.quantities.keys() - after.quantities.keys() == {"extension_chance"}
    assert set(before.contingencies) == {"new_start_extension", "turnover"}
    assert set(after.contingencies) == {"turnover", "limits_again", "planned_brigades", "russian_return"}
    assert {name: (item.rests, list(item.start)) for name, item in before.regimes.items()} == {"ukraine": ("frozen", ["frozen"])}
    assert {name: (item.rests, list(item.start)) for name, item in after.regimes.items()} == {"ukraine": ("open_war", ["open_war"])}
    assert all(len(after.quantities[name].why) > 60 and after.quantities[name].evidence == "judgement" for name in JUDGED_ANEW | ADDED)
    same = ("actors", "rungs", "groups", "moves", "games", "stakes", "switches", "history", "figures")
    assert [part for part in same if getattr(before, part) != getattr(after, part)] == []
    assert now.hindsight == () and then.hindsight


def test_draws_of_what_did_not_change_are_the_same(now: Model, then: Model) -> None:
    """Bit for bit, so that the two scenarios can be compared draw by draw."""
    one, other = draw(then, 7, 0, 64), draw(now, 7, 0, 64)
    columns = {model.name: {name: k for k, name in enumerate(model.scenario.quantities)} for model in (then, now)}
    for name, k in columns["baltic-2021"].items():
        if name != "extension_chance":
            equal = np.array_equal(one.quantities[:, k], other.quantities[:, columns["baltic-2026"][name]])
            assert equal == (name not in JUDGED_ANEW), name


def test_what_is_open_changes_its_driver_in_as_many_draws_as_its_chance(now: Model) -> None:
    """From the stated day on and not before; the mean of a beta is a / (a + b)."""
    drawn = draw(now, 1, 0, 4096)
    values = named_values(
        now, dict(zip(now.scenario.quantities, drawn.quantities.T, strict=True)), dict(zip(now.chance_names, drawn.chances.T, strict=True))
    )
    assert [day.isoformat() for day in now.timeline.starts] == ["2026-11-25", "2028-01-01", "2029-01-01", "2029-01-20"]
    for driver, since, chance in (("allied_troops", 1, 6 / 8), ("russian_troops", 2, 3 / 5), ("strategic_limits", 2, 2 / 6), ("trust_in_us", 3, 10.5 / 19)):
        over = np.broadcast_to(values[driver], (4096, 4))
        assert (over[:, :since] == over[:, :1]).all()
        assert np.mean(over[:, since] != over[:, 0]) == pytest.approx(chance, abs=0.03)


def test_it_settles_and_passes_every_counted_figure(now: Model) -> None:
    """Figures known by now lie in the central 90 % of what it would have counted."""
    assert assess(now, draws=512, threads=2).converged >= 0.999
    judged = [row for row in figures(now, draws=512, threads=2) if row.passes is not None]
    assert len(judged) >= 8 and [(row.name, row.low, row.high) for row in judged if not row.passes] == []
