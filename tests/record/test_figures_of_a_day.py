"""Figures of a small record as of several days: what holds, what was known by then, and what is absent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.record.small import ARMS, DAY, DOCTRINE, FACTS, HEAD, LATE, NATO, NORTH, SHOTS, ask

from detente.document import Absence, parse
from detente.errors import InvalidInput
from detente.record import Query, Reading, Record


def test_the_value_that_holds_on_the_day(record: Record) -> None:
    assert ask(record, NORTH, date(2012, 1, 1)) == Reading(800.0, "troops", ("north_2010",))


def test_a_later_fact_of_the_same_subject_replaces_from_its_first_day(record: Record) -> None:
    assert ask(record, NORTH, date(2013, 4, 30), LATE).value == 800
    assert ask(record, NORTH, date(2013, 5, 1), LATE).value == 1000


def test_a_fact_counts_from_the_day_on_which_its_source_appeared(record: Record) -> None:
    """The 1,000 of 2013 were printed on 15 June 2016."""
    assert ask(record, NORTH, DAY, date(2016, 6, 14)) == Reading(800.0, "troops", ("north_2010",))
    assert ask(record, NORTH, DAY, date(2016, 6, 15)).value == 1000


def test_a_contradicting_figure_is_a_rival_and_is_never_averaged_in(record: Record) -> None:
    assert ask(record, NORTH, DAY, LATE).rivals == ("north_2013_other",)
    assert ask(record, NORTH, DAY, LATE).value == 1000
    assert ask(record, NORTH, DAY, date(2016, 6, 14)).rivals == ()


def test_a_total_adds_what_holds_until_its_last_possible_day(record: Record) -> None:
    assert ask(record, NATO, date(2015, 8, 31)) == Reading(1100.0, "troops", ("north_2010", "south_2011"))
    assert ask(record, NATO, date(2015, 9, 1)) == Reading(800.0, "troops", ("north_2010",))


def test_an_absent_figure_makes_the_total_absent_and_a_stated_zero_is_zero(record: Record) -> None:
    east = {**NATO, "where": {"side": "russia"}}
    assert ask(record, east, date(2011, 1, 1)) == Reading(Absence.NOT_OBSERVED, "troops", ("east_2010",))
    assert ask(record, east, date(2012, 1, 1)) == Reading(0.0, "troops", ("east_2012",))


def test_no_fact_is_an_absence(record: Record) -> None:
    assert ask(record, NATO, date(2009, 12, 31)) == Reading(Absence.NOT_OBSERVED)


@pytest.mark.parametrize("query", [NATO, {**NORTH, "take": "latest"}, ARMS, {**SHOTS, "window": {"from": 2010, "until": 2011}}])
def test_before_the_coverage_nothing_is_known_and_that_is_no_zero(record: Record, query: dict[str, Any]) -> None:
    assert ask(record, query, date(1999, 12, 31), LATE).value is Absence.OUTSIDE_COVERAGE


def test_a_side_is_any_word() -> None:
    record = Record.parse(parse(HEAD + FACTS.replace("side: nato", "side: coast"), "record.yaml"))
    assert record.read(Query.model_validate({**NATO, "where": {"side": "coast"}}), at=DAY, known=LATE).value == 1000
    assert [problem.where for problem in record.problems(Query.model_validate(NATO))] == ["where.side"]


def test_a_list_means_any_of_them(record: Record) -> None:
    assert ask(record, {**NATO, "where": {"host": ["south", "east"]}}, date(2012, 6, 1)).value == 300


def test_the_latest_is_the_newest_that_was_known(record: Record) -> None:
    assert ask(record, DOCTRINE, date(2013, 12, 31)).value == 1
    assert ask(record, DOCTRINE, date(2014, 1, 1)) == Reading(1.5, "1", ("doctrine_2014",))
    assert ask(record, DOCTRINE, date(2014, 1, 1), date(2013, 12, 31)).value == 1


def test_several_figures_where_one_is_asked_for_are_an_error(record: Record) -> None:
    with pytest.raises(InvalidInput, match="2 facts: north_2010, south_2011"):
        ask(record, {**NATO, "take": "value"}, date(2012, 1, 1))


def test_changes_of_a_total_are_its_facts_beginnings_and_ends(record: Record) -> None:
    query = Query.model_validate(NATO)
    assert record.changes(query, date(2009, 1, 1), LATE, known=LATE) == {date(2010, 1, 1), date(2011, 1, 1), date(2013, 5, 1), date(2015, 9, 1)}
    assert record.changes(query, date(2011, 1, 1), LATE, known=DAY) == {date(2015, 9, 1)}, "the end was stated, the 1,000 not yet printed"
