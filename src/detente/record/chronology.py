"""Whether the acts of a record can have followed one another as it says: the life of a treaty, and what allies did by their accession.

Dates of a month or a year are given the benefit of the doubt: only what cannot be true on any of their days is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from detente.document import FirstDay, instead, last_day
from detente.errors import Problem
from detente.record.facts import Commitment, Deployment, Event, FactBase, Treaty
from detente.record.membership import accessions
from detente.record.treaty import BINDING, LEADS_TO

if TYPE_CHECKING:
    from detente.record.record import Record

ONCE_IN_FORCE = ("withdrawn", "suspended", "extended", "expired")


@dataclass
class _Standing:
    """How a treaty stands for a party while its events are gone through."""

    bound: bool = False  # ever
    expires: FirstDay | None = None
    over: Event | None = None  # its expiry or withdrawal
    last: Event | None = None  # that changed its status

    def ended(self, day: date) -> str:
        """How and when it had ended before an act that was on this day at the earliest; nothing where it had not."""
        if self.over is not None:
            return f"{'expired' if self.over.event == 'expired' else 'been left'} on {self.over.date}"
        return f"expired on {self.expires}" if self.expires is not None and last_day(self.expires.text) <= day else ""

    def follow(self, event: Event) -> None:
        if event.event in (*BINDING, "adopted", "resumed"):
            self.bound, self.over = True, None
        if LEADS_TO[event.event] in BINDING and event.event != "resumed":
            self.expires = event.expires
        if event.event in ("withdrawn", "expired"):
            self.over, self.expires = event, None
        self.last = event


def treaties(record: Record) -> Iterator[Problem]:
    """Events by nobody, out of order, or against one another."""
    for name, fact in record.facts.items():
        if isinstance(fact, Treaty):
            yield from _events(record, name, fact)


def _events(record: Record, name: str, fact: Treaty) -> Iterator[Problem]:
    parties = {party: _Standing() for party in fact.parties}
    for index in sorted(range(len(fact.events)), key=lambda index: fact.events[index].date.day):
        event, path = fact.events[index], ("facts", name, "events", index)
        for party in event.by:
            if party not in parties:
                remedy = instead(party, parties, f"use one of {', '.join(parties)}")
                yield Problem(record.document.where((*path, "by")), f"{party!r} is no party", "", remedy)
        if event.expires is not None and event.event not in ("in_force", "extended", "provisional"):
            yield Problem(record.document.where((*path, "expires")), f"{event.event} has no end", "", "give `expires` where it enters into force")
        acting = [parties[party] for party in (event.by or fact.parties) if party in parties]
        if event.event not in LEADS_TO or not acting:
            continue
        where, told = record.document.where((*path, "event")), f"{event.event} on {event.date}, but it"
        ended = [standing.ended(event.date.day) for standing in acting]
        if event.event in ONCE_IN_FORCE and not any(standing.bound for standing in acting):
            yield Problem(where, f"{told} never was in force before", "", "add the event of its entry into force, or mend the date")
        elif other := _against(event, acting):
            yield Problem(where, f"{event.event} and {other} on one day, {event.date}", "it cannot be both", "give each its own day, or drop one")
        elif event.event not in (*BINDING, "adopted", "signed", "expired", "revoked_ratification") and all(ended):
            yield Problem(where, f"{told} had {ended[0]}", "what has ended can only be made anew", "mend one of the dates, or let it enter `in_force` again")
        for standing in acting:
            standing.follow(event)


def _against(event: Event, acting: Iterable[_Standing]) -> str:
    """The event of the same date that says the opposite for one of those who act."""
    for standing in acting:
        last = standing.last
        if last is not None and last.date == event.date and "signed" not in (last.event, event.event):
            if (LEADS_TO[last.event] in BINDING) != (LEADS_TO[event.event] in BINDING):
                return last.event
    return ""


def allies(record: Record) -> Iterator[Problem]:
    """What somebody did as a member of an alliance before he was one, and members who joined twice or before there was anything to join."""
    joined: dict[str, dict[str, FirstDay]] = {}
    for alliance, name, member, day in accessions(record.facts):
        fact, where = record.facts[name], record.document.where(("facts", name, "members", member))
        earlier = joined.setdefault(alliance, {}).setdefault(member, day)
        if earlier is not day:
            yield Problem(where, f"{member!r} joins {alliance} on {day}, but it had joined on {earlier}", "", "keep one of the two")
        if fact.from_ is not None and _before(day, fact.from_):
            yield Problem(where, f"{member!r} joins on {day}, before there was anything to join ({fact.from_})", "", "mend one of the dates")
    for name, fact in record.facts.items():
        alliances, actors = _involved(fact)
        for alliance, member in ((alliance, actor) for alliance in dict.fromkeys(alliances) for actor in dict.fromkeys(actors)):
            accession, first = joined.get(alliance, {}).get(member), fact.from_
            if accession is not None and first is not None and _before(first, accession):
                yield Problem(
                    record.document.where(("facts", name, "from")), f"this {fact.kind} of {alliance} begins on {first}, but {member!r} joined on {accession}",
                    "an ally is one from its accession on", f"mend one of the dates, or name states in place of {alliance}",
                )  # fmt: skip


def _involved(fact: FactBase) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """For which alliances, if they are any, and with whom; where nothing stands nobody is deployed."""
    if isinstance(fact, Deployment) and fact.value != 0:
        return (fact.side,), (fact.host, *fact.owner)
    if isinstance(fact, Commitment):
        return (*fact.by, *fact.to), (*fact.by, *fact.to)
    return (), ()


def _before(one: FirstDay, other: FirstDay) -> bool:
    """Whether every day that a date may mean lies before every day of another."""
    return last_day(one.text) < other.day
