"""The calendar of a scenario: segments between dates on which something that is known changes, and what drivers read off the record on each.

After the as-of date a driver keeps its last known value unless a known fact ends it (a treaty that expires). Years are
calendar years: 29 January 2021 to 29 January 2031 is exactly 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from detente.document import Absence, canonical_unit
from detente.errors import InvalidInput, Problem
from detente.ladder import Piece
from detente.record import Query, Reading, Record
from detente.scenario.inputs import Contingency, Policy
from detente.scenario.schema import Scenario

DAY = timedelta(days=1)
LAST_YEAR = 9999


def year_of(day: date) -> float:
    """A date as a decimal year: 1 January is the whole number."""
    first, following = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - first).days / (following - first).days


def day_of(year: float) -> date:
    """The date nearest to a decimal year."""
    first, following = date(int(year), 1, 1), date(int(year) + 1, 1, 1)
    return first + timedelta(days=round((year - int(year)) * (following - first).days))


def anniversary(day: date, years: float) -> date:
    """The same day of the year `years` later (28 February for the 29th); a part of a year is rounded to days."""
    whole = int(years)
    try:
        moved = day.replace(year=day.year + whole)
    except ValueError:
        moved = date(day.year + whole, 2, 28)
    return moved if whole == years else day_of(year_of(moved) + years - whole)


def years_between(first: date, last: date) -> float:
    """Years from one day to another: whole between anniversaries, else as decimal years differ."""
    whole = last.year - first.year
    return float(whole) if anniversary(first, whole) == last else year_of(last) - year_of(first)


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
    def lengths(self) -> tuple[float, ...]:
        """Years of each segment."""
        return tuple(years_between(first, last) for first, last in pairwise((*self.starts, self.end)))

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The horizon cut at segment starts and output times."""
        first = self.starts[0]
        length = years_between(first, self.end)
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


def timeline(scenario: Scenario, record: Record | None, as_of: date, horizon_years: float, policy: Policy | None = None) -> Timeline:
    """Read the drivers off the record and cut the horizon where one changes, or the policy begins or ends.

    Raises
    ------
    InvalidInput
        If the record does not cover the as-of date, or a driver has no value on it.
    """
    if as_of.year + horizon_years >= LAST_YEAR:
        raise InvalidInput(Problem("as_of", f"the horizon ends after the year {LAST_YEAR}", "the calendar ends there", "choose an earlier as-of date"))
    end = anniversary(as_of, horizon_years)
    if end <= as_of:
        raise InvalidInput(Problem("horizon", f"{horizon_years:g} years are less than a day", "the calendar goes by days", "look further ahead"))
    read = {name: driver.read for name, driver in scenario.drivers.items() if driver.read is not None}
    if record is not None and read:
        _covered(record, as_of)
    cuts = {as_of}
    windows: list[Contingency | Policy] = [*scenario.contingencies.values(), *([policy] if policy is not None else [])]
    for item in windows:
        first = item.from_.day if item.from_ is not None else as_of
        after = item.until.day + DAY if item.until is not None and item.until.day < end else end
        cuts |= {day for day in (first, after) if as_of < day < end}
    problems: list[Problem] = []
    for name, query in read.items():
        if record is None:
            problems.append(Problem(f"drivers.{name}", "it is read off a record, but the scenario names none", "", "add `record: NAME`"))
            continue
        try:
            cuts |= {day for day in record.changes(query, as_of, end, known=as_of) if day < end}
        except InvalidInput as error:
            problems += [replace(problem, where=f"drivers.{name}.read") for problem in error.problems]
    if problems:
        raise InvalidInput(problems)
    starts = tuple(sorted(cuts))
    readings = _read(scenario, record, starts, as_of)
    years = range(as_of.year + 1, end.year + 1)
    outputs = tuple(sorted({day for year in years if as_of < (day := date(year, 1, 1)) < end} | {end}))
    return Timeline(starts, end, outputs, readings)


def on_day(scenario: Scenario, record: Record | None, day: date, known: date) -> Timeline:
    """A year from a day on, with drivers read as they stood that day and as they are known on another.

    Raises
    ------
    InvalidInput
        If a driver has no value on it.
    """
    end = anniversary(day, 1)
    return Timeline((day,), end, (end,), _read(scenario, record, (day,), known))


def _read(scenario: Scenario, record: Record | None, days: tuple[date, ...], known: date) -> dict[str, tuple[Reading, ...]]:
    """Every driver that is read off the record, on each of some days."""
    readings: dict[str, tuple[Reading, ...]] = {}
    problems: list[Problem] = []
    for name, driver in scenario.drivers.items():
        if driver.read is None:
            continue
        assert record is not None
        readings[name] = tuple(_in_unit(record.read(driver.read, at=day, known=known), driver.unit) for day in days)
        for day, reading in zip(days, readings[name], strict=True):
            if isinstance(reading.value, Absence) and driver.otherwise is None:
                what = f"the record has no {_missing(record, driver.read, day, known)} as known on {known}: {reading.value.value}"
                remedy = "choose a later as-of date, add a fact, or say in `otherwise` what stands in for it"
                problems.append(Problem(f"drivers.{name}", what, "a driver cannot be guessed", remedy))
                break
    if problems:
        raise InvalidInput(problems)
    return readings


def _missing(record: Record, query: Query, day: date, known: date) -> str:
    """What of an answer is not there: for a mean the first year without a figure."""
    for year in range(query.years[0], query.years[1] + 1) if query.years is not None else ():
        if isinstance(record.read(query.model_copy(update={"years": (year, year)}), at=day, known=known).value, Absence):
            return f"figure for {year}"
    return f"value on {day}"


def _covered(record: Record, as_of: date) -> None:
    first, last = record.coverage.from_.day, record.coverage.until.day
    if not first <= as_of <= last:
        what = f"the record says nothing as of {as_of}"
        raise InvalidInput(Problem("as_of", what, f"it covers {first} to {last}", "choose an as-of date within, or extend the record"))


def _in_unit(reading: Reading, unit: str) -> Reading:
    """A reading in the driver's unit."""
    if not isinstance(reading.value, float):
        return reading
    found, wanted = canonical_unit(reading.unit)[0], canonical_unit(unit)[0]
    return replace(reading, value=reading.value if found == wanted else reading.value * found / wanted, unit=unit)
