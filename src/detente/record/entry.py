"""Figures at a time: what a query chooses among."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from detente.record.facts import FactBase


@dataclass(frozen=True)
class Entry:
    """A figure at a time: a fact, or one year of a yearly fact."""

    name: str
    fact: FactBase
    first: date
    last: date | None
    known: date
    value: Any = None

    def get(self, field: str) -> Any:
        """A value of the fact; `value` is that of the year."""
        return self.value if field == "value" else getattr(self.fact, field)

    def overlaps(self, other: Entry) -> bool:
        """Whether there is a day on which both held."""
        return (self.last is None or other.first <= self.last) and (other.last is None or self.first <= other.last)


def current(entries: Iterable[Entry], at: date) -> list[Entry]:
    """The newest figure of every subject that had begun by the day `at`."""
    newest: dict[Any, Entry] = {}
    for entry in entries:
        key = entry.fact.subject or entry.name
        if entry.first <= at and (key not in newest or entry.first >= newest[key].first):
            newest[key] = entry
    return list(newest.values())


def matches(fact: FactBase, where: Mapping[str, Any]) -> bool:
    """Whether a fact has all these values; of a list in `where`, or in the fact, one is enough."""
    for key, wanted in where.items():
        value, options = getattr(fact, key), wanted if isinstance(wanted, list | tuple) else [wanted]
        if not (any(option in value for option in options) if isinstance(value, tuple) else value in options):
            return False
    return True
