"""What a run rests on: the sources, data sets and facts that it used, each with its date and grade, and the methods that it computed by.

A source is used by the run if a fact that was read off the record cites it, or a quantity, contingency, correlation or piece of history of the scenario
does. An event of a treaty counts if it was known on the as-of date. A source of which past cases were counted is a data set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from detente.ensemble.archive import cited
from detente.exports.methods import Method, methods_of
from detente.record.facts import FactBase, Treaty
from detente.scenario.evidence import Cases

if TYPE_CHECKING:
    from detente.ensemble import Assessment
    from detente.record import Record, Source

SECTIONS = ("quantities", "correlations", "contingencies", "history")
"""Parts of a scenario that a run uses and that cite sources; figures stand beside it."""


@dataclass(frozen=True)
class Cited:
    """A source, and what it was used for.

    Attributes
    ----------
    name : str
        In the record.
    source : Source
    serves : mapping
        `facts`, and sections of the scenario, to the names of what cites it.
    cases : bool
        Whether past cases were counted in it: a data set.
    """

    name: str
    source: Source
    serves: Mapping[str, tuple[str, ...]]
    cases: bool


@dataclass(frozen=True)
class Used:
    """A fact that was read, the first day on which some of it was known, and the names of its sources."""

    name: str
    fact: FactBase
    known: date
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Bibliography:
    """What a run rests on.

    Attributes
    ----------
    about : mapping
        Provenance of the run: its manifest.
    record : str
        Name of the record; empty where the scenario has none.
    record_title : str
    sources : tuple of Cited
        In the order of the record, each once.
    facts : tuple of Used
        In the order of the record.
    methods : tuple of Method
    """

    about: Mapping[str, Any]
    record: str
    record_title: str
    sources: tuple[Cited, ...]
    facts: tuple[Used, ...]
    methods: tuple[Method, ...]


def bibliography(assessment: Assessment) -> Bibliography:
    """Collect what a run rests on.

    Examples
    --------
    >>> import detente
    >>> found = bibliography(detente.assess("first-steps", draws=64))
    >>> found.sources, found.methods[0].key
    ((), 'eibelshaeuser-poensgen-2019')
    """
    model = assessment.model
    about, record = assessment.about, model.record
    if record is None:
        return Bibliography(about, "", "", (), (), methods_of(assessment))
    known: dict[str, date] = {}
    for entry in record.entries:
        known[entry.name] = min(entry.known, known.get(entry.name, entry.known))
    read = [name for name in record.facts if name in model.timeline.facts]
    facts = tuple(Used(name, record.facts[name], known[name], tuple(_sources(record, assessment, name))) for name in read)
    serves: dict[str, dict[str, dict[str, None]]] = {}
    for used in facts:
        for name in used.sources:
            serves.setdefault(name, {}).setdefault("facts", {})[used.name] = None
    counted = set()
    for section in SECTIONS:
        for item, content in getattr(model.scenario, section).items():
            for name in cited(content):
                serves.setdefault(name, {}).setdefault(section, {})[item] = None
            counted |= {cases.source for cases in _cases(content)}
    sources = tuple(
        Cited(name, record.sources[name], {part: tuple(items) for part, items in serves[name].items()}, name in counted)
        for name in record.sources if name in serves
    )  # fmt: skip
    return Bibliography(about, PurePath(str(model.scenario.record)).stem, record.title, sources, facts, methods_of(assessment))


def _sources(record: Record, assessment: Assessment, name: str) -> Iterator[str]:
    """Sources of a fact as known on the as-of date, each once."""
    fact = record.facts[name]
    events = [event for event in fact.events if record.event_known(event) <= assessment.as_of] if isinstance(fact, Treaty) else []
    yield from dict.fromkeys([*fact.source, *(source for event in events for source in event.source)])


def _cases(content: Any) -> Iterator[Cases]:
    """Past cases that an item of the scenario rests on."""
    for part in (getattr(content, "built_from", ()), getattr(content, "cases", None)):
        yield from part if isinstance(part, tuple) else () if part is None else (part,)
