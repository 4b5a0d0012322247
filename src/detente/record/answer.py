"""The answer of a record to a query, on a day and as known on a day: one figure, a total, a mean over years, a count of events, the state of a treaty.

What the record does not hold is a typed absence, never 0: a mean lacks a year, a window reaches beyond what was covered or known, nobody wrote a figure down.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from detente.document import Absence
from detente.errors import InvalidInput, Problem
from detente.record.entry import Entry, current
from detente.record.query import Query, Reading
from detente.record.treaty import BINDING, status

if TYPE_CHECKING:
    from detente.record.record import Record


def answer(record: Record, query: Query, at: date, known: date) -> Reading:
    """Answer a query; see `Record.read`."""
    if record.coverage.from_.day > at:
        return Reading(Absence.OUTSIDE_COVERAGE)
    if query.treaty is not None:
        return _of_treaty(record, query, at, known)
    entries = [e for e in record.asked(query) if e.known <= known]
    main = [e for e in entries if e.fact.beside is None]
    if query.take == "count":
        return _count(record, query, main, known)
    if query.take == "mean":
        chosen = _years(record, query, main)
        if isinstance(chosen, Absence):
            return Reading(chosen)
    elif query.take == "latest":
        begun = [e for e in main if e.first <= at]
        chosen = [max(begun, key=lambda e: e.first)] if begun else []
    else:
        chosen = [e for e in current(main, at) if e.last is None or e.last >= at]
    return _sum(query, chosen, [e for e in entries if e.fact.beside is not None])


def _sum(query: Query, chosen: list[Entry], rivals: list[Entry]) -> Reading:
    names = tuple(dict.fromkeys(e.name for e in chosen))
    if not chosen:
        return Reading(Absence.NOT_OBSERVED)
    against = tuple(dict.fromkeys(r.name for r in rivals if any(r.fact.beside == e.name and r.overlaps(e) for e in chosen)))
    units = {str(getattr(e.fact, "unit", "1")) for e in chosen}
    if len(units) > 1:
        raise _several(f"figures in {' and '.join(sorted(units))}", "narrow it in `where`")
    if query.take == "value" and len(chosen) > 1:
        raise _several(f"{len(chosen)} facts: {', '.join(names[:5])}", "narrow it in `where`, or take the total")
    values = [e.get(query.field) for e in chosen]
    absent = next((value if isinstance(value, Absence) else Absence.NOT_OBSERVED for value in values if value is None or isinstance(value, Absence)), None)
    if absent is not None:
        return Reading(absent, units.pop(), names, against)
    total = float(sum(values))
    return Reading(total / len(values) if query.take == "mean" else total, units.pop(), names, against)


def _years(record: Record, query: Query, main: list[Entry]) -> list[Entry] | Absence:
    """One figure for each year asked for, each covering the whole year."""
    assert query.years is not None
    chosen = []
    for year in range(query.years[0], query.years[1] + 1):
        first, last = date(year, 1, 1), date(year, 12, 31)
        here = [e for e in main if e.first == first and e.last == last]
        if not _covered(record, query, first, last):
            return Absence.OUTSIDE_COVERAGE
        if not here:
            return Absence.NOT_OBSERVED
        if len(here) > 1:
            raise _several(f"{len(here)} figures for {year}: {', '.join(e.name for e in here[:5])}", "narrow it in `where`")
        chosen += here
    return chosen


def _count(record: Record, query: Query, main: list[Entry], known: date) -> Reading:
    assert query.window is not None
    first, last = query.window.from_.day, query.window.until.day
    if not _covered(record, query, first, last):
        return Reading(Absence.OUTSIDE_COVERAGE)
    if last > known:
        # What had not happened yet is not a count of nothing.
        return Reading(Absence.NOT_OBSERVED)
    found = [e.name for e in main if first <= e.first <= last]
    return Reading(float(len(found)), "1", tuple(dict.fromkeys(found)))


def _covered(record: Record, query: Query, first: date, last: date) -> bool:
    named = query.where.get("series", ())
    series = [name for name in map(str, named if isinstance(named, tuple) else (named,)) if name in record.series]
    windows = [record.coverage, *(record.series[name].covers for name in series)]
    return all(window.from_.day <= first and last <= window.until.day for window in windows)


def _of_treaty(record: Record, query: Query, at: date, known: date) -> Reading:
    wrong = record.problems(query)
    if wrong:
        raise InvalidInput([Problem("record query", problem.what, problem.why, problem.remedy) for problem in wrong])
    treaty = record.treaties[str(query.treaty)]
    parties = (query.party,) if query.party is not None else treaty.parties
    found = [status(treaty, party, at, known, record.event_known) for party in parties]
    # Before its first act was known there was nothing to cite.
    facts = (str(query.treaty),) if any(record.event_known(event) <= known for event in treaty.events) else ()
    if query.take == "in_force":
        return Reading(float(all(word in BINDING for word in found)), "1", facts)
    return Reading(next((word for word in found if word not in BINDING), found[0]), "1", facts)


def _several(what: str, remedy: str) -> InvalidInput:
    return InvalidInput(Problem("record query", f"the query finds {what}", "one figure is asked for", remedy))
