"""When things changed: year by year, first days, and the order of the step in scrambles and the battlegroups."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.record.fact_sheet import number, section

from detente.document import Absence, parse
from detente.errors import InvalidInput
from detente.record import Onset, Query, Record

TODAY = date(2026, 11, 25)
THREE = ["estonia", "latvia", "lithuania"]
SCRAMBLES = {"kind": "incident_count", "where": {"series": "scrambles_baltic"}}

SMALL = """\
format: detente/record/1
title: A border
coverage: {from: 2000, until: 2020}
series: {flights: {title: Flights, unit: 1/year, covers: {from: 2010, until: 2014}}}
sources: {}
facts:
  flights: {kind: incident_count, series: flights, yearly: {2010: 10, 2011: 40, 2014: 20}, unit: 1/year, evidence: memory}
  none: {kind: deployment, side: nato, host: north, force: ground, value: 0, unit: troops, from: 2005, evidence: memory}
  unseen: {kind: deployment, side: nato, host: north, force: ground, value: {absent: not observed}, unit: troops, from: 2010-05, evidence: memory}
  some: {kind: deployment, side: nato, host: north, force: ground, value: 300, unit: troops, from: 2012-03-04, until: 2013, evidence: memory}
  shots_a: {kind: incident, actors: [north, east], type: shots, from: 2010-07-01, evidence: memory}
  shots_b: {kind: incident, actors: [north, east], type: shots, from: 2010-08, evidence: memory}
"""


@pytest.fixture(scope="module")
def small() -> Record:
    return Record.parse(parse(SMALL, "small.yaml"))


@pytest.fixture(scope="module")
def baltic() -> Record:
    return Record.load("baltic")


def query(**keys: Any) -> Query:
    return Query.model_validate(keys)


class TestByYear:
    def test_a_mean_is_of_the_one_year_with_its_typed_absence(self, small: Record) -> None:
        found = small.by_year(query(kind="incident_count", where={"series": "flights"}, take="mean", years=[2010, 2014]), 2009, 2015, known=date(2020, 1, 1))
        out, unseen = Absence.OUTSIDE_COVERAGE, Absence.NOT_OBSERVED
        assert {year: reading.value for year, reading in found.items()} == {2009: out, 2010: 10, 2011: 40, 2012: unseen, 2013: unseen, 2014: 20, 2015: out}

    def test_a_count_is_of_the_days_of_the_year_and_nothing_is_0(self, small: Record) -> None:
        shots = query(kind="incident", where={"type": "shots"}, take="count", window={"from": 2000, "until": 2020})
        found = small.by_year(shots, 2009, 2012, known=date(2011, 6, 1))
        assert [reading.value for reading in found.values()] == [0, 2, Absence.NOT_OBSERVED, Absence.NOT_OBSERVED]

    def test_anything_else_is_what_held_on_the_last_day(self, small: Record) -> None:
        found = small.by_year(query(kind="deployment", where={"host": "north"}, take="total"), 2004, 2014, known=date(2020, 1, 1))
        unseen = Absence.NOT_OBSERVED
        assert [reading.value for reading in found.values()] == [unseen, 0, 0, 0, 0, 0, unseen, unseen, 300, 300, unseen]

    def test_years_to_come_have_no_answer(self, small: Record) -> None:
        found = small.by_year(query(kind="deployment", where={"host": "north"}, take="total"), 2012, 2014, known=date(2013, 6, 1))
        assert [reading.value for reading in found.values()] == [300, 300, Absence.NOT_OBSERVED]


class TestFirstDay:
    def test_it_is_a_bracket_where_nobody_saw(self, small: Record) -> None:
        troops = query(kind="deployment", where={"host": "north"}, take="total")
        some = small.first_day(troops, lambda value: value > 0, date(2006, 1, 1), date(2020, 1, 1), known=date(2020, 1, 1))
        assert some == Onset(date(2010, 5, 1), date(2012, 3, 4))
        assert small.first_day(troops, lambda value: value == 0, date(2006, 1, 1), date(2020, 1, 1), known=date(2020, 1, 1)).day == date(2006, 1, 1)

    def test_never_may_be_known_or_not(self, small: Record) -> None:
        troops = query(kind="deployment", where={"host": "north"}, take="total")
        assert small.first_day(troops, lambda value: value > 500, date(2006, 1, 1), date(2010, 1, 1), known=date(2020, 1, 1)) == Onset(None, None)
        assert small.first_day(troops, lambda value: value > 500, date(2006, 1, 1), date(2020, 1, 1), known=date(2020, 1, 1)) == Onset(date(2010, 5, 1), None)

    def test_order_is_certain_only_where_brackets_do_not_touch(self) -> None:
        one, two, never = Onset(date(2010, 1, 1), date(2012, 1, 1)), Onset(date(2012, 1, 2), date(2013, 1, 1)), Onset(None, None)
        assert one.certainly_before(two) and not two.certainly_before(one)
        assert not one.certainly_before(Onset(date(2012, 1, 1), None))
        assert one.certainly_before(never) and not never.certainly_before(one)

    def test_a_mean_has_no_day(self, small: Record) -> None:
        mean = query(kind="incident_count", where={"series": "flights"}, take="mean", years=[2010, 2014])
        with pytest.raises(InvalidInput, match="a mean is of years and not of a day"):
            small.first_day(mean, bool, date(2010, 1, 1), date(2014, 1, 1), known=TODAY)

    def test_a_treaty_ends_on_its_day(self, baltic: Record) -> None:
        ended = baltic.first_day(query(treaty="inf", take="in_force"), lambda value: value == 0, date(2005, 1, 1), date(2022, 1, 1), known=TODAY)
        assert ended == Onset(date(2019, 2, 2), date(2019, 2, 2))


class TestTheStepOf2014:
    """Did NATO's battlegroups raise the rate of encounters? The rate had risen before they came."""

    @pytest.fixture
    def scrambles(self, baltic: Record) -> dict[int, float]:
        found = baltic.by_year(query(**SCRAMBLES, take="mean", years=[2010, 2017]), 2010, 2017, known=TODAY)
        return {year: float(reading.value) for year, reading in found.items() if not isinstance(reading.value, Absence)}

    def test_the_largest_step_is_that_of_2014(self, scrambles: dict[int, float]) -> None:
        """In scrambles a year; the largest in proportion is that of 2011, from 4 to 37."""
        steps = {year: scrambles[year] - scrambles[year - 1] for year in range(2011, 2018)}
        assert max(steps, key=lambda year: steps[year]) == 2014

    def test_ratios_are_those_of_the_fact_sheet(self, scrambles: dict[int, float], shared: Path) -> None:
        def mean(first: int, last: int) -> float:
            return sum(scrambles[year] for year in range(first, last + 1)) / (last - first + 1)

        (line,) = (line for line in section(shared, "9.1") if line.startswith("Rate ratio"))
        step, presence = (number(part.rpartition("= ")[2]) for part in line.split(" (D)")[:2])
        assert round(mean(2014, 2017) / mean(2011, 2013), 2) == step
        assert round(scrambles[2017] / mean(2014, 2015), 2) == presence
        assert step > 3 and presence < 1

    @pytest.mark.parametrize("host", [[host] for host in THREE] + [THREE], ids=[*THREE, "three"])
    def test_it_came_before_any_battlegroup_could_have(self, baltic: Record, host: list[str]) -> None:
        above = query(**SCRAMBLES, take="value")
        step = baltic.first_day(above, lambda value: value > 100, date(2010, 1, 1), date(2017, 12, 31), known=TODAY)
        troops = query(kind="deployment", where={"side": "nato", "host": host, "force": "battlegroup"}, take="total")
        presence = baltic.first_day(troops, lambda value: value > 0, date(2010, 1, 1), date(2022, 12, 31), known=TODAY)
        assert step == Onset(date(2014, 1, 1), date(2014, 1, 1))
        assert presence.earliest == date(2017, 1, 1)
        assert step.certainly_before(presence) and not presence.certainly_before(step)
