"""What was known: treaties over time, forces, every fact that the run read, and every source that it rests on, with its grade.

Only facts that were read are shown, as they were known on the as-of date. A treaty's parties that fared alike stand together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from detente.document import Absence
from detente.ensemble import Assessment
from detente.ensemble.archive import cited
from detente.record import Record
from detente.record.facts import Deployment, FactBase, Treaty
from detente.record.query import Reading
from detente.record.source import Source
from detente.record.treaty import BINDING, status, turning_days
from detente.report.names import Called, capital
from detente.report.tables import Cell, Panel, Table, rows, sourced
from detente.report.wording import amount, day, drawn_late, plain
from detente.scenario.timeline import year_of

SIGNED = "not signed"
MOST_PARTIES = 3


def record_panels(assessment: Assessment, called: Called, also: Mapping[str, Source] | None = None) -> Iterator[Panel]:
    """Treaties, forces, and facts with sources; those that there are. `also` has sources that other panels name."""
    record = assessment.model.record
    if record is None:
        return
    read = {name: record.facts[name] for name in record.facts if name in assessment.model.facts}
    treaties = {name: fact for name, fact in read.items() if isinstance(fact, Treaty)}
    forces = {name: fact for name, fact in read.items() if isinstance(fact, Deployment)}
    if treaties:
        yield _treaties(assessment, called, record, treaties)
    if forces or assessment.model.timeline.readings:
        yield _forces(assessment, called, record, forces)
    yield _facts(assessment, called, record, read, also or {})


def _treaties(assessment: Assessment, called: Called, record: Record, treaties: dict[str, Treaty]) -> Panel:
    lines: list[dict[str, Any]] = []
    cells = []
    for name, treaty in treaties.items():
        for parties, spans in _fared(assessment, record, treaty).items():
            who = _who(called, parties, treaty)
            told = [[year_of(first), year_of(last), plain(word)] for first, last, word in spans]
            lines.append({"title": capital(treaty.title or plain(name)), "parties": who, "spans": told})
        known = [event for event in treaty.events if record.event_known(event) <= assessment.as_of]
        for event in sorted(known, key=lambda event: event.date.day):
            by = ", ".join(map(called.who, event.by)) or "all parties"
            cells.append((capital(treaty.title or plain(name)), str(event.date), plain(event.event), by, sourced(event.source)))
    end = assessment.model.timeline.end
    first = min((span[0] for line in lines for span in line["spans"]), default=year_of(assessment.as_of))
    data = {"from": first, "until": year_of(end), "asof": year_of(assessment.as_of), "told": day(assessment.as_of), "lines": lines}
    caption = (
        f"Treaties that the model reads, by party where parties fared differently. Right of the line of {day(assessment.as_of)} stands what was known ahead: a "
        "treaty whose end was fixed ends."
    )
    table = Table("treaties", "Acts, as known then", ("treaty", "day", "act", "by", "source"), "<<<<<", rows(cells))
    return Panel("treaties", "Treaties", "analyst", (), caption, data, (table,))


def _fared(assessment: Assessment, record: Record, treaty: Treaty) -> dict[tuple[str, ...], list[tuple[date, date, str]]]:
    """Parties that fared alike, with (from, until, status) spans from the first act to the end of the horizon."""
    known, end = assessment.as_of, assessment.model.timeline.end
    days = sorted(each for each in turning_days(treaty, known, record.event_known) if each < end)
    alike: dict[tuple[tuple[date, date, str], ...], list[str]] = {}
    for party in treaty.parties:
        spans: list[tuple[date, date, str]] = []
        for first, last in zip(days, [*days[1:], end], strict=True):
            word = status(treaty, party, first, known, record.event_known)
            if word == SIGNED:
                continue
            if spans and spans[-1][2] == word:
                spans[-1] = (spans[-1][0], last, word)
            else:
                spans.append((first, last, word))
        alike.setdefault(tuple(spans), []).append(party)
    return {tuple(parties): list(spans) for spans, parties in alike.items() if spans}


def _who(called: Called, parties: tuple[str, ...], treaty: Treaty) -> str:
    if len(parties) == len(treaty.parties):
        return ""
    named = [called.who(party) for party in parties]
    return ", ".join(named) if len(named) <= MOST_PARTIES else f"{len(named)} other parties"


def _forces(assessment: Assessment, called: Called, record: Record, forces: Mapping[str, FactBase]) -> Panel:
    sides: dict[str, list[dict[str, Any]]] = {}
    for entry in record.entries:
        fact = forces.get(entry.name)
        if isinstance(fact, Deployment) and isinstance(entry.value, float):
            where = ", ".join(filter(None, (called.who(fact.host), fact.place, plain(fact.force))))
            told = {"title": where, "value": entry.value, "text": amount(entry.value, 4), "since": str(fact.from_ or ""), "unit": fact.unit}
            sides.setdefault(fact.side, []).append(told)
    scenario, line = assessment.model.scenario, assessment.model.timeline
    head = ("driver, read off the record", "unit", *(f"from {start}" for start in line.starts), "rests on")
    cells: list[tuple[Cell | str, ...]] = []
    for name, readings in line.readings.items():
        driver = scenario.drivers[name]
        values = [Cell(each.value.value) if isinstance(each.value, Absence) else _value(each.value) for each in readings]
        cells.append((driver.title, "" if driver.unit == "1" else driver.unit, *values, _resting(record, readings)))
    table = Table("drivers", "What the model reads, stretch by stretch of the calendar", head, "<<" + ">" * len(line.starts) + "<", rows(cells))
    text = (
        "After the as-of date a driver keeps its last known value unless a fact that was known ends it, or a contingency says otherwise.",
        *(f"Open on that day: {item.title}." for item in scenario.contingencies.values() if assessment.as_of <= item.from_.day),
        *([drawn_late([(item.title, item.from_.day) for item in passed.values()])] if (passed := assessment.model.passed) else ()),
    )
    data = {"sides": [{"title": called.who(side), "bars": bars} for side, bars in sides.items()]} if sides else None
    caption = f"Forces that the model reads, as known on {day(assessment.as_of)}, each with the day from which the figure holds."
    return Panel("forces", "Forces and other drivers", "analyst", text, caption, data, (table,))


def _resting(record: Record, readings: Sequence[Reading]) -> Cell:
    """Facts that a driver is read off, each leading to its row, where its sources stand."""
    names = dict.fromkeys(name for reading in readings for name in reading.facts)
    links = tuple((capital(record.facts[name].title or plain(name)), f"fact-{name}") for name in names if name in record.facts)
    return Cell(", ".join(title for title, _ in links), links=links)


def _value(value: float | str) -> Cell:
    return Cell(amount(value, 4), value) if isinstance(value, float) else Cell(str(value))


def _facts(assessment: Assessment, called: Called, record: Record, read: dict[str, FactBase], also: Mapping[str, Source]) -> Panel:
    cells = []
    for name, fact in read.items():
        held = " to ".join(filter(None, (str(fact.from_ or ""), str(fact.until or ""))))
        days = map(record.event_known, fact.events) if isinstance(fact, Treaty) else (entry.known for entry in record.entries if entry.name == name)
        known = min(days, default=assessment.as_of)
        source = sourced(_behind(assessment, record, fact))
        cells.append((capital(fact.title or plain(name)), plain(fact.kind), _says(assessment, called, record, fact), held, str(known), fact.evidence, source))
    wanted = {source for fact in read.values() for source in _behind(assessment, record, fact)}
    scenario = assessment.model.scenario
    for items in (scenario.quantities, scenario.correlations, scenario.contingencies, scenario.history):
        wanted |= set(cited(dict(items)))
    sources = list(({name: source for name, source in record.sources.items() if name in wanted} | dict(also)).items())
    listed = [
        (name, source.title, source.publisher, _when(source.published), f"{source.reliability}{source.credibility}", source.address or "")
        for name, source in sources
    ]
    head = ("fact", "kind", "says", "held from", "known since", "evidence", "source")
    tables = (
        Table("facts", "Facts that were read", head, "<<<<<<<", rows(cells), tuple(f"fact-{name}" for name in read), searched=True),
        Table(
            "sources", "Sources", ("name", "title", "publisher", "published", "grade", "address"), "<<<<<<", rows(listed),
            tuple(f"source-{name}" for name, _ in sources), searched=True,
        ),
    )  # fmt: skip
    text = (
        f"{len(read)} facts of the record “{record.title}” were read, and {len(sources)} sources stand behind this report. A grade is the source's "
        "reliability (A to F) with the information's credibility (1 to 6); F and 6 mean that it cannot be judged.",
    )
    return Panel("record", "The record", "analyst", text, tables=tuple(table for table in tables if table.rows))


def _behind(assessment: Assessment, record: Record, fact: FactBase) -> tuple[str, ...]:
    events = [event for event in fact.events if record.event_known(event) <= assessment.as_of] if isinstance(fact, Treaty) else []
    return tuple(dict.fromkeys([*fact.source, *(source for event in events for source in event.source)]))


def _when(published: Any) -> str:
    return published.value if isinstance(published, Absence) else str(published)


def _says(assessment: Assessment, called: Called, record: Record, fact: FactBase) -> str:
    """A fact in a few words, as known on the as-of date."""
    if isinstance(fact, Treaty):
        found = {party: status(fact, party, assessment.as_of, assessment.as_of, record.event_known) for party in fact.parties}
        without = [party for party, word in found.items() if word not in BINDING]
        if not without:
            return "binds all parties"
        return "binds nobody" if len(without) == len(found) else f"does not bind {', '.join(map(called.who, without[:MOST_PARTIES]))}"
    yearly = getattr(fact, "yearly", None)
    if yearly:
        return f"yearly figures, {min(yearly)} to {max(yearly)}"
    value = getattr(fact, "value", None)
    if value is None:
        value = getattr(fact, "threshold_index", None)
    told = "" if value is None else value.value if isinstance(value, Absence) else amount(float(value), 4)
    unit = getattr(fact, "unit", "1")
    return " ".join(filter(None, (told, "" if unit == "1" or not told else unit))) or getattr(fact, "text", "")
