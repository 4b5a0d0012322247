"""The status of a treaty for a party: its events replayed as far as they had happened and were known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from detente.record.facts import Event, Treaty

BINDING = frozenset({"provisional", "in_force"})
# What an event makes of the status; the others (notices, offers, findings, data) change none.
LEADS_TO = {
    "signed": "signed", "provisional": "provisional", "adopted": "in_force", "in_force": "in_force", "resumed": "in_force", "extended": "in_force",
    "suspended": "suspended", "withdrawn": "withdrawn", "expired": "expired", "revoked_ratification": "not_in_force",
}  # fmt: skip


def status(treaty: Treaty, party: str, at: date, known: date, known_day: Callable[[Event], date]) -> str:
    """Status for one party on the day `at`, as known on the day `known`.

    Parameters
    ----------
    known_day : callable
        The day on which an event became known.

    Returns
    -------
    str
        `not signed`, or one of signed, provisional, in_force, suspended, withdrawn, expired, not_in_force.
    """
    found, expires = "not signed", None
    for event in sorted(treaty.events, key=lambda event: event.date.day):
        if event.date.day > at or known_day(event) > known or (event.by and party not in event.by):
            continue
        follows = LEADS_TO.get(event.event)
        if follows is None:
            continue
        if follows in BINDING:
            expires = event.expires.day if event.expires is not None else expires if event.event == "resumed" else None
        found = follows
    return "expired" if found in BINDING and expires is not None and at >= expires else found


def turning_days(treaty: Treaty, known: date, known_day: Callable[[Event], date]) -> set[date]:
    """Days on which the status may change, as known on a day: acts, and ends that were known ahead."""
    events = [event for event in treaty.events if known_day(event) <= known]
    return {event.date.day for event in events} | {event.expires.day for event in events if event.expires is not None}
