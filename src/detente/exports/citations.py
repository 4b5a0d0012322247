"""What a run rests on: the sources, data sets and facts that it used, each with its date and grade, and the methods that it computed by.

A source is used by the run if a fact that was read off the record cites it, or a quantity, contingency, correlation or piece of history of the scenario
does, or the policy that it was made under. An event of a treaty counts if it was known on the as-of date. A source of which past cases were counted is a
data set.
"""

from __future__ import annotations

from collections import Counter
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
    source : Source or None
        None where the scenario has no record that describes it.
    serves : mapping
        `facts`, and sections of the scenario, to the names of what cites it.
    cases : bool
        Whether past cases were counted in it: a data set.
    """

    name: str
    source: Source | None
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
    quantities : mapping
        `{grade of evidence: number of quantities}`, most first.
    """

    about: Mapping[str, Any]
    record: str
    record_title: str
    sources: tuple[Cited, ...]
    facts: tuple[Used, ...]
    methods: tuple[Method, ...]
    quantities: Mapping[str, int]


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
    record = model.record
    facts = tuple(_facts(record, assessment)) if record is not None else ()
    serves: dict[str, dict[str, dict[str, None]]] = {}
    for used in facts:
        for name in used.sources:
            serves.setdefault(name, {}).setdefault("facts", {})[used.name] = None
    counted = set()
    parts = {section: getattr(model.scenario, section) for section in SECTIONS}
    parts["policies"] = {name: item for name, item in model.scenario.policies.items() if name == model.policy}
    for section, items in parts.items():
        for item, content in items.items():
            for name in cited(content):
                serves.setdefault(name, {}).setdefault(section, {})[item] = None
            counted |= {cases.source for cases in _cases(content)}
    described = record.sources if record is not None else {}
    sources = tuple(
        Cited(name, described.get(name), {part: tuple(names) for part, names in serves[name].items()}, name in counted)
        for name in sorted(serves, key=[*described, *serves].index)
    )
    grades: dict[str, int] = dict(Counter(str(item.evidence) for item in model.scenario.quantities.values()).most_common())
    name, title = (PurePath(str(model.scenario.record)).stem, record.title) if record is not None else ("", "")
    return Bibliography(assessment.about, name, title, sources, facts, methods_of(assessment), grades)


def _facts(record: Record, assessment: Assessment) -> Iterator[Used]:
    """The facts that were read off the record."""
    known: dict[str, date] = {}
    for entry in record.entries:
        known[entry.name] = min(entry.known, known.get(entry.name, entry.known))
    known |= {name: min(map(record.event_known, treaty.events)) for name, treaty in record.treaties.items()}
    for name, fact in record.facts.items():
        if name in assessment.model.facts:
            yield Used(name, fact, known[name], tuple(_sources(record, assessment, name)))


def _sources(record: Record, assessment: Assessment, name: str) -> Iterator[str]:
    """Sources of a fact as known on the as-of date, each once."""
    fact = record.facts[name]
    events = [event for event in fact.events if record.event_known(event) <= assessment.as_of] if isinstance(fact, Treaty) else []
    yield from dict.fromkeys([*fact.source, *(source for event in events for source in event.source)])


def _cases(content: Any) -> Iterator[Cases]:
    """Past cases that an item of the scenario rests on."""
    for part in (getattr(content, "built_from", ()), getattr(content, "cases", None)):
        yield from part if isinstance(part, tuple) else () if part is None else (part,)
