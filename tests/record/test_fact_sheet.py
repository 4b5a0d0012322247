"""Facts of the shipped record beside the sheet that they were written from: by value and by grade, cell by cell of its tables. Nothing is retyped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from tests.record.fact_sheet import number, section, tables

from detente.document import first_day
from detente.record import Query, Record

TODAY = date(2026, 11, 25)
GRADES = {"V": "verified", "V2": "secondary", "D": "derived", "M": "memory"}
EMPTY = ("", "null", "n/a")
COUNTRIES = {
    "EE": "estonia", "LV": "latvia", "LT": "lithuania", "PL": "poland", "RU": "russia", "BY": "belarus", "DE": "germany", "UK": "united_kingdom",
    "CA": "canada", "FI": "finland", "SE": "sweden", "US": "united_states", "USSR/Russia": "russia",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A figure of the sheet with its mark, and the question that the record should answer with it."""

    value: float
    mark: str
    at: date
    kind: str
    where: dict[str, str]
    field: str = "value"


@pytest.fixture(scope="module")
def record() -> Record:
    return Record.load("baltic")


def by_country(shared: Path, name: str, columns: tuple[str, ...], measure: str, index: int = 0, marks: str = "") -> Iterator[Cell]:
    """A table of years by countries."""
    table = tables(shared, name)[index]
    for row in table.rows:
        each = (row["conf."].split(" / ") if not marks else [marks]) * len(columns)
        for column, mark in zip(columns, each, strict=False):
            year = int(number(row["year"].rstrip("e")))
            yield Cell(number(row[column]), mark, date(year, 7, 1), "capability", {"actor": COUNTRIES[column], "measure": measure})


def spending(shared: Path) -> Iterator[Cell]:
    yield from by_country(shared, "8.5", tables(shared, "8.5")[0].columns[1:], "spending_sipri", marks="V")
    (line,) = (line for line in section(shared, "8.5") if line.startswith("NATO's own figures"))
    first = int(number(line.partition(": ")[2]))
    for code, figures in re.findall(r"\b([A-Z]{2})((?: \d\.\d\d)+)", line):
        for year, figure in enumerate(figures.split(), first):
            yield Cell(float(figure), "V", date(year, 7, 1), "capability", {"actor": COUNTRIES[code], "measure": "spending_nato"})


def stockpiles(shared: Path) -> Iterator[Cell]:
    yield from by_country(shared, "8.7", ("US", "USSR/Russia"), "warheads_stockpile")


def personnel(shared: Path) -> Iterator[Cell]:
    yield from by_country(shared, "8.6", ("EE", "LV", "LT", "PL"), "active_personnel", marks="V")


def polls(shared: Path) -> Iterator[Cell]:
    """Pew 2020, as far as it is marked as fit to ship, and Pew 2015."""
    asked = (("should %", "defend_ally", "value"), ("should not %", "defend_ally", "against"), ("thinks US would %", "us_would_defend", "value"))
    favourable = ("NATO favourable %", "nato_favourable", "value")
    for name, questions in (("5.2", (*asked, favourable)), ("5.3", asked)):
        wave = "Pew 2020" if name == "5.2" else "Pew 2015"
        for row in tables(shared, name)[0].rows:
            stated = re.sub(r"\([^)]*\)", "", row.get("mark for should / not / would / fav", "V / V / V / V"))
            for (column, question, field), mark in zip(questions, stated.split("/"), strict=False):
                text = row[column]
                own = re.search(r"\(([A-Z]\d?)\)", text)
                if text in EMPTY or mark.strip() == "U":
                    continue
                if name == "5.2" and column == "should not %":
                    # Told of two countries by another paper than the rest, so that it stands as a question of its own.
                    question, field = "not_defend_ally", "value"
                where = {"country": row["country"].lower().replace(" ", "_"), "question": question, "wave": wave}
                yield Cell(number(text), own[1] if own else mark.strip(), TODAY, "poll", where, field)


def scrambles(shared: Path) -> Iterator[Cell]:
    for row in tables(shared, "9.1")[0].rows:
        text = row["Baltic Air Policing scrambles on Russian aircraft"]
        if text not in (*EMPTY, "not found"):
            year = int(row["year"])
            series = "scrambles_baltic_first_year" if year == 2004 else "scrambles_baltic"
            yield Cell(number(text), row["conf."].split(" / ")[0], date(year, 7, 1), "incident_count", {"series": series})


def battlegroups(shared: Path) -> Iterator[Cell]:
    row = tables(shared, "8.1")[0].row("2022-06-28")
    at = first_day(row["date"])
    for host in ("Estonia", "Latvia", "Lithuania", "Poland"):
        yield Cell(number(row[host]), row["conf."], at, "deployment", {"side": "nato", "host": host.lower(), "force": "battlegroup"})
    total = row["total of four"]
    for measure, text in (("battlegroup_troops_four_hosts", total), ("battlegroup_troops_eight_hosts", total.partition("eight BGs: ")[2])):
        yield Cell(number(text), row["conf."], at, "capability", {"actor": "nato", "measure": measure})


def americans(shared: Path) -> Iterator[Cell]:
    """`2014: 10/8/12/58; ...`, in the order that the row names."""
    row = tables(shared, "8.3")[0].rows[0]
    codes = re.findall(r"\b[A-Z]{2}\b", row["fact"].partition(")")[2])
    for year, figures in re.findall(r"(\d{4}): ([\d/]+)", row["value"]):
        for code, figure in zip(codes, figures.split("/"), strict=True):
            where = {"side": "nato", "host": COUNTRIES[code], "force": "us_permanent"}
            yield Cell(float(figure), row["conf."].split(" ")[0], date(int(year), 7, 1), "deployment", where)


@pytest.mark.parametrize(("table", "least"), [
    (spending, 150), (stockpiles, 42), (polls, 45), (personnel, 20), (americans, 20), (scrambles, 9), (battlegroups, 6),
], ids=lambda value: getattr(value, "__name__", ""))  # fmt: skip
def test_cells_of_the_fact_sheet_are_in_the_record_by_value_and_by_grade(record: Record, shared: Path, table, least: int) -> None:  # type: ignore[no-untyped-def]
    cells = list(table(shared))
    assert len(cells) >= least
    wrong = []
    for cell in cells:
        take = "latest" if cell.kind == "poll" else "value"
        query = Query.model_validate({"kind": cell.kind, "where": cell.where, "take": take, "field": cell.field})
        found = record.read(query, at=cell.at, known=TODAY)
        grades = [record.facts[name].evidence for name in found.facts]
        if (found.value, grades) != (cell.value, [GRADES[cell.mark]]):
            wrong.append((cell, found.value, grades))
    assert wrong == []


def test_what_the_sheet_marks_as_unfit_to_ship_is_not_shipped(record: Record, shared: Path) -> None:
    """Cells marked U: recollections that are weak or disputed."""
    asked = ((("defend_ally", "value"),), (("defend_ally", "against"), ("not_defend_ally", "value")), (("us_would_defend", "value"),))
    unfit = 0
    for row in tables(shared, "5.2")[0].rows:
        country = row["country"].lower().replace(" ", "_")
        marks = re.sub(r"\([^)]*\)", "", row["mark for should / not / would / fav"]).split("/")
        for mark, figures in zip(marks, asked, strict=False):
            if mark.strip() == "U":
                unfit += 1
                for question, field in figures:
                    facts = record.facts_of("poll", country=country, question=question, wave="Pew 2020").values()
                    assert [fact for fact in facts if getattr(fact, field) is not None] == []
    assert unfit >= 10
