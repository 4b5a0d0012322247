"""The calendar of a scenario: segments between dates on which something that is known changes, and drivers on each.

After the as-of date a driver keeps its last known value unless a known fact ends it (a treaty that expires) or a contingency sets it over a
window. Years are calendar years: 29 January 2021 to 29 January 2031 is exactly 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from detente.document import Absence
from detente.errors import InvalidInput, Problem
from detente.ladder import Piece
from detente.record import Reading, Record
from detente.scenario.schema import Contingency, Scenario
from detente.scenario.terms import Values


def year_of(day: date) -> float:
    """A date as a decimal year: 1 January is the whole number."""
    first, following = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - first).days / (following - first).days


def day_of(year: float) -> date:
    """The date nearest to a decimal year."""
    first, following = date(int(year), 1, 1), date(int(year) + 1, 1, 1)
    return first + timedelta(days=round((year - int(year)) * (following - first).days))


def anniversary(day: date, years: float) -> date:
    """The same day of the year `years` later."""
    return day_of(year_of(day) + years)


@dataclass(frozen=True)
class Timeline:
    """Segments and output times from the as-of date to the horizon.

    Attributes
    ----------
    starts : tuple of date
        First day of each segment; the first is the as-of date.
    end : date
    outputs : tuple of date
        Every 1 January inside the horizon and its end: results are given up to these days.
    readings : mapping
        `{driver: one Reading per segment}` for drivers that are read off the record.
    """

    starts: tuple[date, ...]
    end: date
    outputs: tuple[date, ...]
    readings: Mapping[str, tuple[Reading, ...]]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The horizon cut at segment starts and output times."""
        first = self.starts[0]
        length = year_of(self.end) - year_of(first)
        cuts = sorted({*self.starts[1:], *self.outputs})
        pieces, before, segment = [], year_of(first), 0
        for cut in cuts:
            # The last cut is the horizon itself, kept exact so that ten years are 10.
            here = year_of(first) + length if cut == self.end else year_of(cut)
            pieces.append(Piece(segment, here - before, self.outputs.index(cut) if cut in self.outputs else -1))
            before = here
            if cut in self.starts:
                segment = self.starts.index(cut)
        return tuple(pieces)

    @property
    def facts(self) -> frozenset[str]:
        """Names of the facts that were read."""
        return frozenset(name for readings in self.readings.values() for reading in readings for name in reading.facts)


def timeline(scenario: Scenario, record: Record | None, as_of: date, horizon_years: float) -> Timeline:
    """Read the drivers off the record and cut the horizon where one changes.

    Raises
    ------
    InvalidInput
        If a driver has no value on the as-of date.
    """
    end = anniversary(as_of, horizon_years)
    read = {name: driver.read for name, driver in scenario.drivers.items() if driver.read is not None}
    cuts = {as_of}
    for item in scenario.contingencies.values():
        for day in (item.from_.day, item.until.day if item.until else None):
            if day is not None and as_of < day < end:
                cuts.add(day)
    if record is not None:
        for query in read.values():
            cuts |= {day for day in record.changes(query, as_of, end, known=as_of) if as_of < day < end}
    starts = tuple(sorted(cuts))
    readings: dict[str, tuple[Reading, ...]] = {}
    problems = []
    for name, query in read.items():
        if record is None:
            problems.append(Problem(f"drivers.{name}", "it is read off a record, but the scenario names none", "", "add `record: NAME`"))
            continue
        readings[name] = tuple(record.read(query, at=day, known=as_of) for day in starts)
        for day, reading in zip(starts, readings[name], strict=True):
            if isinstance(reading.value, Absence):
                problems.append(
                    Problem(
                        f"drivers.{name}",
                        f"the record has no value on {day} as known on {as_of}: {reading.value.value}",
                        "a driver cannot be guessed",
                        "choose a later as-of date, add a fact, or make it a quantity",
                    )
                )
                break
    if problems:
        raise InvalidInput(problems)
    years = range(as_of.year + 1, end.year + 1)
    outputs = tuple(sorted({day for year in years if as_of < (day := date(year, 1, 1)) < end} | {end}))
    return Timeline(starts, end, outputs, readings)


def driver_values(scenario: Scenario, line: Timeline, order: tuple[str, ...], values: Values, chances: Values, factors: Mapping[str, float]) -> Values:
    """Drivers over draws and segments.

    Parameters
    ----------
    order : tuple of str
        Drivers in an order in which each comes after those it is computed from.
    values : mapping
        Quantities and switches, shapes that broadcast to draw x segment, in base units.
    chances : mapping
        `{contingency: uniform number per draw}`.
    factors : mapping
        `{driver: factor to base units}`.
    """
    known: Values = dict(values)
    for name in order:
        driver = scenario.drivers[name]
        if driver.formula is not None:
            array = np.asarray(driver.formula.evaluate(known), dtype=float)
        else:
            array = np.array([[float(reading.value) for reading in line.readings[name]]]) * factors[name]  # type: ignore[arg-type]
        array = np.atleast_2d(array)
        for contingency, item in scenario.contingencies.items():
            if item.driver == name:
                array = _override(array, item.from_.day, item.until.day if item.until else None, line, known, chances[contingency], item)
        known[name] = array
    return {name: known[name] for name in order}


def _override(
    array: NDArray[np.float64], since: date, until: date | None, line: Timeline, known: Values, uniform: NDArray[np.float64], item: Contingency
) -> NDArray[np.float64]:
    """Set a driver in the segments of a window, in the draws in which the contingency happens."""
    inside = np.array([[start >= since and (until is None or start < until) for start in line.starts]])
    chance = np.asarray(item.chance.evaluate(known), dtype=np.float64)
    happens = uniform[:, None] < (chance if chance.ndim == 2 else chance.reshape(-1, 1))
    return np.where(happens & inside, np.asarray(item.value.evaluate(known), dtype=np.float64), array)
