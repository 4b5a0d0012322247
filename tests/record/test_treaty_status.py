"""The state of a treaty by party and day, and its changes ahead, of a small record."""

from __future__ import annotations

from datetime import date

import pytest
from tests.record.small import ARMS, ask

from detente.record import Query, Record


@pytest.mark.parametrize(("day", "north", "east"), [
    (date(2003, 12, 31), "not signed", "not signed"),
    (date(2004, 12, 31), "signed", "signed"),
    (date(2005, 1, 1), "in_force", "in_force"),
    (date(2009, 6, 1), "in_force", "suspended"),
    (date(2010, 6, 1), "in_force", "in_force"),
    (date(2018, 2, 28), "in_force", "in_force"),
    (date(2018, 3, 1), "in_force", "withdrawn"),
    (date(2020, 1, 1), "expired", "withdrawn"),
])  # fmt: skip
def test_status_by_party(record: Record, day: date, north: str, east: str) -> None:
    found = {party: ask(record, {"treaty": "arms", "take": "status", "party": party}, day).value for party in ("north", "east")}
    assert found == {"north": north, "east": east}
    assert ask(record, ARMS, day).value == float(north == east == "in_force"), "without a party it must bind all"


def test_a_known_end_ends_it_unless_the_extension_was_known(record: Record) -> None:
    assert ask(record, ARMS, date(2014, 12, 31), date(2014, 12, 19)).value == 1
    assert ask(record, ARMS, date(2015, 1, 1), date(2014, 12, 19)).value == 0
    assert ask(record, ARMS, date(2015, 1, 1), date(2014, 12, 20)).value == 1


def test_resuming_keeps_the_end_that_was_known(record: Record) -> None:
    assert ask(record, {**ARMS, "party": "east"}, date(2015, 1, 1), date(2011, 1, 1)).value == 0


def test_changes_ahead_are_those_known_by_then(record: Record) -> None:
    def changes(known: date, party: str = "north") -> set[date]:
        return record.changes(Query.model_validate({**ARMS, "party": party}), known, date(2030, 1, 1), known=known)

    assert changes(date(2011, 1, 1)) == {date(2015, 1, 1)}
    assert changes(date(2016, 1, 1), "east") == {date(2020, 1, 1)}
    assert changes(date(2017, 9, 1), "east") == {date(2018, 3, 1)}, "a withdrawal announced ahead"
