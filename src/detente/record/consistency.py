"""Whether the parts of a record fit together: sources, dates, coverage, subjects. Everything is reported at once, at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from detente.document import Absence, FirstDay, canonical_unit, instead
from detente.errors import Problem
from detente.record import chronology
from detente.record.facts import Actor, Event, FactBase, IncidentCount, Treaty

if TYPE_CHECKING:
    from detente.record.entry import Entry
    from detente.record.record import Record


def check(record: Record) -> list[Problem]:
    """Every inconsistency of a record whose single items are well formed, in the order of the file."""
    parts = (_sources, _known, _references, _units, _coverage, _subjects, chronology.treaties, chronology.allies)
    return in_order(problem for part in parts for problem in part(record))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems of one file in its order, each once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: [int(part) if part.isdigit() else 0 for part in problem.where.rsplit(":", 2)[1:]])


def _cited(record: Record) -> Iterator[tuple[tuple[Any, ...], FactBase | Event, date]]:
    """Every fact and event with its path and own day."""
    for name, fact in record.facts.items():
        own = fact.from_.day if fact.from_ is not None else record.coverage.from_.day
        yield ("facts", name), fact, own
        if isinstance(fact, Treaty):
            for index, event in enumerate(fact.events):
                yield ("facts", name, "events", index), event, event.date.day


def _sources(record: Record) -> Iterator[Problem]:
    for path, item, _ in _cited(record):
        for source in item.source:
            if source not in record.sources:
                remedy = instead(source, record.sources, "add it under `sources`")
                yield Problem(record.document.where((*path, "source")), f"{source!r} is no source of this record", "", remedy)


def _known(record: Record) -> Iterator[Problem]:
    """A fact is not known before the first of its sources was published, and somebody can say when it was."""
    for path, item, _ in _cited(record):
        published = [record.sources[name].published for name in item.source if name in record.sources]
        if item.known is None and published and all(day is Absence.NOT_OBSERVED for day in published):
            yield Problem(
                record.document.where(path, key=True), "nothing says when it became known", "its source has no date of publication", "add `known: date`"
            )
        dated = [day for day in published if isinstance(day, FirstDay)]
        if item.known is None or len(dated) < len(item.source) or not dated:
            continue
        earliest = min(dated, key=lambda published: published.day)
        if item.known.day < earliest.day:
            yield Problem(
                record.document.where((*path, "known")), f"it is known on {item.known}, but its source appeared on {earliest}",
                "nobody could have read it before", "name an earlier source, or mend the date",
            )  # fmt: skip


def _references(record: Record) -> Iterator[Problem]:
    by_name: dict[str, list[Entry]] = {}
    for entry in record.entries:
        by_name.setdefault(entry.name, []).append(entry)
    for name, fact in record.facts.items():
        if fact.beside is not None:
            other = record.facts.get(fact.beside)
            what, remedy = "", "name the figure that this one contradicts"
            if other is None:
                what, remedy = f"{fact.beside!r} is no fact", instead(fact.beside, record.facts, remedy)
            elif other.kind != fact.kind or other.subject != fact.subject:
                what = f"{fact.beside!r} is about something else"
            elif other.beside is not None:
                # Queries read neither of two figures that stand beside each other.
                what, remedy = f"{fact.beside!r} stands beside another itself", f"name {other.beside!r}" if other.beside != name else "drop one `beside`"
            elif not any(one.overlaps(two) for one in by_name[name] for two in by_name[fact.beside]):
                what, remedy = f"{fact.beside!r} is of another time", "drop `beside`: figures of different times do not contradict each other"
            elif _of_one_source(fact, other):
                what = f"{name!r} and {fact.beside!r} rest on the same source, {', '.join(fact.source)}"
                remedy = "keep the figure that it gives, or make each edition or page a source of its own"
            if what:
                yield Problem(record.document.where(("facts", name, "beside")), what, "", remedy)
        if isinstance(fact, Actor) and fact.joins is not None and not isinstance(record.facts.get(fact.joins), Actor):
            alliances = [one for one, actor in record.facts.items() if isinstance(actor, Actor) and actor.type == "alliance"]
            where = record.document.where(("facts", name, "joins"))
            yield Problem(where, f"{fact.joins!r} is no actor", "", instead(fact.joins, alliances, "add the alliance under `facts`"))
        if isinstance(fact, IncidentCount) and fact.series not in record.series:
            where = record.document.where(("facts", name, "series"))
            yield Problem(where, f"{fact.series!r} is no series", "", instead(fact.series, record.series, "add it under `series`"))


def _of_one_source(fact: FactBase, other: FactBase) -> bool:
    """Whether one publication is said to give both figures; what was computed from it may be computed in several ways."""
    return bool(fact.source) and set(fact.source) == set(other.source) and "derived" not in (fact.evidence, other.evidence)


def _units(record: Record) -> Iterator[Problem]:
    units = [(("series", name, "unit"), series.unit) for name, series in record.series.items()]
    units += [(("facts", name, "unit"), fact.unit) for name, fact in record.facts.items() if hasattr(fact, "unit")]
    for path, unit in units:
        try:
            canonical_unit(unit)
        except ValueError as error:
            what, _, remedy = str(error).partition("; ")
            yield Problem(record.document.where(path), what, "", remedy or "write a unit such as troops, 1/year, percent or 1")


def _coverage(record: Record) -> Iterator[Problem]:
    first, last = record.coverage.from_.day, record.coverage.until.day
    for entry in record.entries:
        if entry.first > last or entry.first < first:
            path = ("facts", entry.name, "from" if entry.fact.from_ is not None else "yearly")
            yield Problem(
                record.document.where(path), f"it begins on {entry.first}, outside the coverage of the record ({first} to {last})",
                "a query there would not look for it", "widen `coverage`, or drop the fact",
            )  # fmt: skip


def _subjects(record: Record) -> Iterator[Problem]:
    """Two figures of one subject at one time contradict each other unless one stands beside the other."""
    groups: dict[Any, list[Entry]] = {}
    for entry in record.entries:
        if entry.fact.subject is not None and entry.fact.beside is None:
            groups.setdefault(entry.fact.subject, []).append(entry)
    for entries in groups.values():
        for index, later in enumerate(entries):
            for earlier in entries[:index]:
                if later.first == earlier.first:
                    what = f"{later.name!r} and {earlier.name!r} are figures of the same thing at one time"
                    why, remedy = "conflicting figures are kept side by side, never merged in silence", f"add `beside: {earlier.name}`"
                    if _of_one_source(later.fact, earlier.fact):
                        what, why, remedy = f"{what}, both from {', '.join(later.fact.source)}", "one source gives one figure", "keep one"
                    where = record.document.where(("facts", later.name), key=True)
                    yield Problem(where, what, why, f"{remedy}, or give one a later `from`")
