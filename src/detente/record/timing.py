"""When things changed: the answer to a query year by year, and the first day on which it is of some kind.

A first day is a bracket: `day` is the first on which the thing is known to be so, `earliest` the first on which it is so or the record has no answer. One thing
came before another for certain only if its `day` lies before the other's `earliest`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from detente.document import Absence, FirstDay, LastDay
from detente.errors import InvalidInput, Problem
from detente.record.query import Query, Reading
from detente.record.source import Window

if TYPE_CHECKING:
    from detente.record.record import Record


@dataclass(frozen=True)
class Onset:
    """When something began.

    Attributes
    ----------
    earliest : date, optional
        First day on which it was so or on which nobody knows; None if it is known never to have been so.
    day : date, optional
        First day on which it is known to have been so; None if there is none.
    """

    earliest: date | None
    day: date | None

    def certainly_before(self, other: Onset) -> bool:
        """Whether it began before the other did, whatever was the case on days without an answer."""
        return self.day is not None and (other.earliest is None or self.day < other.earliest)


def by_year(record: Record, query: Query, first: int, last: int, known: date) -> dict[int, Reading]:
    """The answer for each year; see `Record.by_year`."""
    return {year: _in_year(record, query, year, known) for year in range(first, last + 1)}


def _in_year(record: Record, query: Query, year: int, known: date) -> Reading:
    if date(year, 1, 1) > known:
        return Reading(Absence.NOT_OBSERVED)
    changes: dict[str, object] = {}
    if query.take == "mean":
        changes = {"years": (year, year)}
    elif query.take == "count":
        changes = {"window": Window.model_validate({"from": FirstDay(f"{year:04}"), "until": LastDay(f"{year:04}")})}
    return record.read(query.model_copy(update=changes), at=min(date(year, 12, 31), known), known=known)


def first_day(record: Record, query: Query, holds: Callable[[float | str], bool], since: date, until: date, known: date) -> Onset:
    """The first day on which the answer holds; see `Record.first_day`."""
    if query.take in ("mean", "count"):
        raise InvalidInput(Problem("record query", f"a {query.take} is of years and not of a day", "", "take value, latest, total, in_force or status"))
    earliest = None
    for day in [since, *sorted(record.changes(query, since, until, known=known))]:
        value = record.read(query, at=day, known=known).value
        if isinstance(value, Absence):
            earliest = earliest or day
        elif holds(value):
            return Onset(earliest or day, day)
    return Onset(earliest, None)
