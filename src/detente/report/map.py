"""The map: which forces stood where, day by day, as far as that was known on the as-of date.

Every deployment of the record counts, whether the model reads it or not, as `detente.record` has it: from the day on which it began until it ended or a newer
figure of the same force took its place. A figure that contradicts another stands in the table alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from detente.document import Absence, PartialDate
from detente.ensemble import Assessment
from detente.ensemble.folder import FACTS
from detente.record import Record
from detente.record.entry import Entry, current
from detente.record.facts import Deployment
from detente.record.source import Source
from detente.report.borders import Borders, shipped_borders
from detente.report.names import Called, capital
from detente.report.tables import Cell, Panel, Table, rows, sourced
from detente.report.wording import amount, day, plain
from detente.scenario.files import shipped

SHAPES = ("circles", "squares", "diamonds", "triangles")
SPELT = {"us": "US", "s300": "S-300", "s400": "S-400"}
COUNTED = ("battalion", "brigade", "launcher", "missile", "ship", "tank", "warhead")  # units that are written in the singular
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Forces:
    """Deployments that were known on the as-of date.

    Attributes
    ----------
    record : Record
        The whole record; of a run of a scenario that has changed since, or with a record of its own, what the run kept.
    as_of, end : date
    """

    record: Record
    as_of: date
    end: date

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.record.entries if isinstance(entry.fact, Deployment) and entry.known <= self.as_of)

    @cached_property
    def main(self) -> tuple[Entry, ...]:
        """Without figures that contradict others."""
        return tuple(entry for entry in self.entries if entry.fact.beside is None)

    @property
    def sources(self) -> dict[str, Source]:
        """Behind all of them."""
        cited = {name for entry in self.entries for name in entry.fact.source}
        return {name: source for name, source in self.record.sources.items() if name in cited}

    def on(self, at: date) -> list[Entry]:
        """What stood on a day, or was counted as none."""
        return [entry for entry in current(self.main, at) if entry.last is None or entry.last >= at]

    @cached_property
    def days(self) -> list[date]:
        """Days on which something changes, from the first on which a force stood; the as-of date and the end of the horizon too."""
        turns = {entry.first for entry in self.main} | {entry.last + DAY for entry in self.main if entry.last is not None}
        found: list[date] = []
        before: list[Entry] = []
        for at in sorted({each for each in turns if each <= self.end} | {self.as_of, self.end}):
            now = [entry for entry in self.on(at) if entry.value != 0]
            if at in (self.as_of, self.end) or now != before:
                found.append(at)
            before = now
        return found

    def until(self, entry: Entry) -> str:
        """The last day of a figure; empty where it is the last one known."""
        later = [at for at in sorted({other.first for other in self.main if other.fact.subject == entry.fact.subject}) if at > entry.first]
        ends = [*([later[0] - DAY] if later and entry.fact.beside is None else []), *([entry.last] if entry.last is not None else [])]
        return str(min(ends)) if ends else ""


def known_forces(assessment: Assessment) -> Forces | None:
    """Deployments of a run's record; None where it has none."""
    model = assessment.model
    if model.record is None:
        return None
    forces = Forces(_whole(assessment, model.record), assessment.as_of, model.timeline.end)
    return forces if forces.entries else None


def _whole(assessment: Assessment, record: Record) -> Record:
    """The shipped record of a scenario, of which a run keeps what it read, if it still says the same of that."""
    name, facts = str(assessment.model.scenario.record), sorted(assessment.model.facts)
    # An assessment made just now still has the whole record.
    if name not in shipped("records") or len(record.facts) > len(facts):
        return record
    whole = Record.load(name)
    return whole if all(fact in whole.facts for fact in facts) and whole.digest_of(facts) == record.digest_of(facts) else record


def map_panel(assessment: Assessment, called: Called, forces: Forces | None, own: Borders | None = None) -> Panel | None:
    """The panel of the map; without borders its table, and why."""
    if forces is None:
        return None
    name = str(assessment.model.scenario.record)
    borders = own or shipped_borders(name)
    text = [
        f"As known on {day(forces.as_of)}: what became known later is left out. A figure stands until a newer one or its end is known, so that it may be "
        "years old. Forces that the model does not read are shown too."
    ]
    if forces.record.document.name == FACTS:
        text.append("The run kept of its record what the model read, and other forces are not at hand: name the scenario to see them.")
    table = _table(called, forces, borders)
    if borders is None:
        known = ", ".join(each for each in shipped("records") if shipped_borders(each))
        text.append(f"There is no map: borders come with the package for the record {known}, not for {name}; a map of your own is given by --map.")
        return Panel("map", "Where forces stand", "analyst", tuple(text), tables=(table,))
    data = _drawn(called, forces, borders)
    return Panel("map", "Where forces stand", "analyst", tuple(text), _caption(data, borders), data, (table,))


def _drawn(called: Called, forces: Forces, borders: Borders) -> dict[str, Any]:
    """What the figure is drawn from."""
    sides = list(dict.fromkeys(_fact(entry).side for entry in forces.main))
    sites: dict[str, dict[str, Any]] = {}
    marks = []
    drawn = [entry for entry in forces.main if entry.value != 0]
    for entry in drawn:
        fact = _fact(entry)
        where = fact.place or fact.host
        at = _site(borders, fact)
        sites.setdefault(where, {"title": _where(called, fact), "at": at})
        value = entry.value if isinstance(entry.value, float) else None
        marks.append({
            "site": list(sites).index(where), "side": sides.index(fact.side), "force": force(fact.force), "value": value, "unit": fact.unit,
            "text": _number(entry).text.replace(" to ", "–"), "told": _told_number(entry),
        })  # fmt: skip
    steps = [{"told": _told(forces, at), "marks": [drawn.index(entry) for entry in forces.on(at) if entry.value != 0]} for at in forces.days]
    counted = [(_fact(entry).unit, entry.value) for entry in drawn if isinstance(entry.value, float)]
    unit = Counter(unit for unit, _ in counted).most_common(1)[0][0] if counted else ""
    return {
        "sides": [called.who(side) for side in sides], "sites": list(sites.values()), "marks": marks, "steps": steps, "asof": forces.days.index(forces.as_of),
        "unit": unit, "most": max((value for of, value in counted if of == unit), default=1.0), "frame": list(borders.frame), "credit": borders.credit,
        "land": borders.land, "settled": borders.settled, "disputed": borders.disputed, "labels": borders.labels,
    }  # fmt: skip


def _caption(data: dict[str, Any], borders: Borders) -> str:
    shapes = "; ".join(f"{shape} are {side}" for shape, side in zip(SHAPES, data["sides"], strict=False))
    whys = "".join(f"{why} " for why in dict.fromkeys(borders.whys.values()))
    dashed = "Dashed lines are disputed." if borders.disputed else "No line of this map is marked as disputed."
    return (
        f"Forces by date: {shapes}. Filled marks count {data['unit']}, their area by number; hollow ones are of other units, or of a strength that was not "
        "found. A force stands at the centre of its host where no place is named; marks side by side are different forces. "
        f"{whys}Borders: {borders.credit}. {dashed} Boundaries and names do not imply endorsement."
    )


def _table(called: Called, forces: Forces, borders: Borders | None) -> Table:
    """The twin: every figure with its span, number and source."""
    cells: list[tuple[Cell | str, ...]] = []
    for entry in sorted(forces.entries, key=lambda entry: (_fact(entry).side, _where(called, _fact(entry)), _fact(entry).force, entry.first)):
        fact = _fact(entry)
        beside = entry.fact.beside is not None
        at = "" if borders is None else "no: contradicts another" if beside else "no: none stood" if entry.value == 0 else _site(borders, fact)
        drawn = at if isinstance(at, str) else "yes" if at else "no: beyond this map"
        owners = ", ".join(map(called.who, fact.owner))
        what = capital(force(fact.force)) + (f" ({owners})" if owners and owners != called.who(fact.side) else "")
        since = str(fact.from_ or "")
        cells.append((
            called.who(fact.side), _where(called, fact), what, since, forces.until(entry), _number(entry), fact.unit, drawn, sourced(fact.source),
        ))  # fmt: skip
    head = ("side", "where", "force", "from", "until", "number", "unit", "drawn", "source")
    return Table("map", "Forces by place and time, as known then", head, "<<<<<><<<", rows(cells), searched=True)


def _fact(entry: Entry) -> Deployment:
    assert isinstance(entry.fact, Deployment)
    return entry.fact


def _where(called: Called, fact: Deployment) -> str:
    return capital(plain(fact.place)) if fact.place else called.who(fact.host)


def _site(borders: Borders, fact: Deployment) -> tuple[float, float] | None:
    return borders.site(fact.place) if fact.place else borders.site(fact.host)


def force(name: str) -> str:
    """A force in words.

    Examples
    --------
    >>> force("air_defence_s400"), force("us_permanent")
    ('air defence S-400', 'US permanent')
    """
    return " ".join(SPELT.get(word, word) for word in plain(name).split())


def _number(entry: Entry) -> Cell:
    if isinstance(entry.value, Absence) or entry.value is None:
        return Cell(entry.value.value if isinstance(entry.value, Absence) else "not observed")
    high = _fact(entry).high
    return Cell(amount(entry.value, 6) + (f" to {amount(high, 6)}" if high is not None else ""), entry.value)


def _told_number(entry: Entry) -> str:
    """A number with its unit, as one says it: 6 battalions."""
    if not isinstance(entry.value, float):
        return "strength not found"
    unit = _fact(entry).unit
    return f"{_number(entry).text} {unit}{'s' if unit in COUNTED and entry.value != 1 else ''}"


def _told(forces: Forces, at: date) -> str:
    """A day as precisely as what changes on it is dated."""
    if at == forces.as_of:
        return f"{day(at)}, the day asked about"
    if at == forces.end:
        return f"{day(at)}, the end of the horizon, as last known"
    written = [entry.fact.from_ for entry in forces.main if entry.first == at and entry.fact.from_ is not None]
    if not written or any(entry.last is not None and entry.last + DAY == at for entry in forces.main):
        return day(at)
    return _in_words(max(written, key=lambda each: len(str(each))))


def _in_words(when: PartialDate) -> str:
    parts = str(when).split("-")
    return day(when.day) if len(parts) == 3 else day(when.day).split(" ", 1)[1] if len(parts) == 2 else parts[0]
