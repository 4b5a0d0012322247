"""Means over years and counts in a window, of a small record."""

from __future__ import annotations

from datetime import date

import pytest
from tests.record.small import DAY, FLIGHTS, LATE, SHOTS, ask

from detente.document import Absence
from detente.record import Reading, Record


def test_the_mean_over_years(record: Record) -> None:
    assert ask(record, {**FLIGHTS, "take": "mean", "years": [2010, 2012]}, DAY) == Reading(30.0, "1/year", ("flights",), ("flights_2011_other",))


def test_a_rival_of_another_year_is_none(record: Record) -> None:
    assert ask(record, {**FLIGHTS, "take": "mean", "years": [2012, 2012]}, DAY) == Reading(60.0, "1/year", ("flights",))


@pytest.mark.parametrize(("years", "absence"), [
    ([2009, 2010], Absence.OUTSIDE_COVERAGE), ([2014, 2015], Absence.OUTSIDE_COVERAGE), ([2012, 2014], Absence.NOT_OBSERVED),
])  # fmt: skip
def test_a_year_that_is_not_covered_or_not_there_makes_no_mean(record: Record, years: list[int], absence: Absence) -> None:
    assert ask(record, {**FLIGHTS, "take": "mean", "years": years}, DAY) == Reading(absence)


def test_a_year_is_known_when_it_is_over_or_printed(record: Record) -> None:
    """Acts without a date of publication are known on their own first day: a yearly figure on 1 January of its year."""
    query = {**FLIGHTS, "take": "mean", "years": [2012, 2012]}
    assert ask(record, query, DAY, date(2011, 12, 31)).value is Absence.NOT_OBSERVED
    assert ask(record, query, DAY, date(2012, 1, 1)).value == 60


def test_yearly_figures_hold_for_their_year(record: Record) -> None:
    query = {**FLIGHTS, "take": "value"}
    assert ask(record, query, date(2011, 12, 31), LATE).value == 20
    assert ask(record, query, date(2013, 1, 1), LATE).value is Absence.NOT_OBSERVED


def test_a_count_in_a_window_of_what_was_known(record: Record) -> None:
    query = {**SHOTS, "window": {"from": 2010, "until": "2012-02"}}
    assert ask(record, query, DAY) == Reading(2.0, "1", ("shots_2010", "shots_2012"))
    assert ask(record, query, DAY, date(2012, 2, 29)) == Reading(1.0, "1", ("shots_2010",))


def test_nothing_in_a_covered_window_is_zero(record: Record) -> None:
    assert ask(record, {**SHOTS, "window": {"from": 2005, "until": 2009}}, DAY) == Reading(0.0)


@pytest.mark.parametrize(("window", "absence"), [
    ((1999, 2010), Absence.OUTSIDE_COVERAGE), ((2010, 2021), Absence.OUTSIDE_COVERAGE), ((2010, 2016), Absence.NOT_OBSERVED),
])  # fmt: skip
def test_a_window_beyond_the_coverage_or_not_yet_over_has_no_count(record: Record, window: tuple[int, int], absence: Absence) -> None:
    assert ask(record, {**SHOTS, "window": {"from": window[0], "until": window[1]}}, DAY).value is absence
