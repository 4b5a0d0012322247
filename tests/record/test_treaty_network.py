"""The treaty network between Washington and Moscow, counted from the events of the shipped record: six instruments, a point for each in force for both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.record.fact_sheet import number, tables

from detente.record import Query, Record
from detente.record.facts import Capability

# One point each; of the three treaties on strategic arms one is enough.
INSTRUMENTS: dict[str, list[dict[str, str]]] = {
    "ABM": [{"treaty": "abm"}],
    "INF": [{"treaty": "inf"}],
    "START/SORT/New START": [{"treaty": "start"}, {"treaty": "sort"}, {"treaty": "new_start"}],
    "CFE (Russia in)": [{"treaty": "cfe", "party": "russia"}],
    "Open Skies (both)": [{"treaty": "open_skies"}],
    "Vienna Doc data (Russia)": [{"treaty": "vienna_document_data", "party": "russia"}],
}
WRITTEN = ("ABM", "INF", "START", "CFE", "Open Skies", "Vienna Document")  # as the formulas of the record name them, in the order above
LAST = date(2026, 11, 25)  # of the coverage: the newest count is of this year, which is not over


@pytest.fixture(scope="module")
def record() -> Record:
    return Record.load("baltic")


def points(record: Record, at: date, known: date) -> dict[str, float]:
    """Of each instrument, 1 where it was in force."""
    asked = {name: [Query.model_validate({**query, "take": "in_force"}) for query in queries] for name, queries in INSTRUMENTS.items()}
    answers = {name: [record.read(query, at=at, known=known).value for query in queries] for name, queries in asked.items()}
    return {name: max(value for value in values if isinstance(value, float)) for name, values in answers.items()}


def year_end(year: int) -> date:
    return min(date(year, 12, 31), LAST)


@pytest.mark.parametrize("hindsight", [False, True], ids=["as known then", "as known today"])
def test_the_points_and_sums_of_nine_year_ends_are_those_of_the_fact_sheet(record: Record, shared: Path, hindsight: bool) -> None:
    (table,) = tables(shared, "6.4")
    assert table.columns == ("year-end", *INSTRUMENTS, "sum")
    assert len(table.rows) == 9
    for row in table.rows:
        at = year_end(int(row["year-end"]))
        found = points(record, at, LAST if hindsight else at)
        assert found == {name: number(row[name]) for name in INSTRUMENTS}, row["year-end"]
        assert sum(found.values()) == number(row["sum"])


def test_the_counts_that_the_record_states_follow_from_its_events(record: Record) -> None:
    stated = record.facts_of("capability", measure="instruments_in_force").values()
    assert len(stated) == 9
    for fact in stated:
        assert isinstance(fact, Capability) and fact.from_ is not None and fact.formula is not None
        found = points(record, fact.from_.day, fact.from_.day)
        assert fact.value == sum(found.values()), fact.from_
        named = fact.formula.partition(":")[0].replace("New START", "START")
        held = [short for short, value in zip(WRITTEN, found.values(), strict=True) if value]
        assert named == (", ".join(held) or "none"), fact.from_


def test_strategic_arms_were_limited_from_1994_to_2026_but_for_the_suspension(record: Record) -> None:
    """START, SORT and New START follow one another without a gap; the network of 2010, between the two STARTs, has SORT."""
    name = "START/SORT/New START"
    held = {year: points(record, date(year, 12, 31), date(year, 12, 31))[name] for year in range(1990, 2026)}
    assert [year for year, value in held.items() if value] == list(range(1994, 2023))


def test_in_2022_russia_let_nobody_in_but_sent_its_data(record: Record) -> None:
    day = date(2022, 12, 31)
    answers = [
        record.read(Query(treaty=name, party="russia", take="in_force"), at=day, known=day).value for name in ("vienna_document", "vienna_document_data")
    ]
    assert answers == [0, 1]
