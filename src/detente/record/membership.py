"""Who belongs to an alliance at a date: the members of every round of accession that was known by then.

Each round is a fact of its own that names the alliance in `joins`, so that none is known before its time. Nobody leaves: a record has no word for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from detente.document import FirstDay, instead
from detente.errors import InvalidInput, Problem
from detente.record.facts import Actor, FactBase

if TYPE_CHECKING:
    from detente.record.record import Record


def accessions(facts: Mapping[str, FactBase]) -> Iterator[tuple[str, str, str, FirstDay]]:
    """Every accession: alliance, fact that tells it, member, date as written."""
    for name, fact in facts.items():
        if isinstance(fact, Actor):
            yield from ((fact.joins or name, name, member, day) for member, day in fact.members.items())


def members(record: Record, alliance: str, at: date, known: date) -> dict[str, date]:
    """Members with the day on which each acceded; see `Record.members`."""
    found = [each for each in accessions(record.facts) if each[0] == alliance]
    if not found:
        alliances = sorted({each[0] for each in accessions(record.facts)})
        remedy = instead(alliance, alliances, f"use one of {', '.join(alliances)}" if alliances else "add one under `facts`")
        raise InvalidInput(Problem("alliance", f"{alliance!r} is no alliance of the record", "", remedy))
    told = {entry.name for entry in record.entries if entry.known <= known}
    return dict(sorted(((member, day.day) for _, name, member, day in found if name in told and day.day <= at), key=lambda item: item[1]))
