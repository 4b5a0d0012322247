"""What the record says where a claim asks it: a query on a day, a fact, a text of one, or the year of an act. What it did not have by then is None."""

from __future__ import annotations

from datetime import date

from detente.document import Absence
from detente.ensemble import Assessment
from detente.insight.claims import Ask, Claims
from detente.record import Record
from detente.record.facts import Event
from detente.scenario.files import shipped
from detente.scenario.timeline import year_of


def whole_record(claims: Claims, assessment: Assessment) -> Record | None:
    """The record to ask: that of the claims, else that of the scenario, of which a run keeps only what it used itself."""
    name = claims.file.record or assessment.model.document.data.get("record")
    return Record.load(name) if name in shipped("records") else assessment.model.record


def read_record(each: Ask, record: Record | None, as_of: date) -> float | None:
    """A reading of the record; None where it had no answer."""
    assert record is not None
    known = each.known.day if each.known is not None else as_of
    if each.query is not None:
        value = record.read(each.query, at=each.at.day if each.at is not None else as_of, known=known).value
        return None if isinstance(value, Absence | str) else float(value)
    if each.fact is not None:
        entries = [entry for entry in record.entries if entry.name == each.fact and entry.known <= known]
        if not entries:
            return None
        if each.take is not None:
            return float(entries[0].first.year) if each.take == "year" else year_of(entries[0].first)
        return float(bool(getattr(record.facts[each.fact], each.states))) if each.states is not None else 1.0
    found = [event for event in acts(record.treaties[str(each.treaty)].events, each) if record.event_known(event) <= known]
    return float(found[0].date.day.year) if found else None


def acts(events: tuple[Event, ...], ask: Ask) -> list[Event]:
    """Acts of a treaty that a reading is about, in their order."""
    found = [event for event in events if event.event == ask.event and (ask.by is None or not event.by or ask.by in event.by)]
    return sorted(found, key=lambda event: event.date.day)
