"""Whether a query asks for something that the record has: treaties, parties and values by which facts are told apart.

That there is nothing on a certain day is no problem of the query but a typed absence of its reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.document import instead
from detente.errors import Problem

if TYPE_CHECKING:
    from detente.record.query import Query
    from detente.record.record import Record

FEW = 12


def problems(record: Record, query: Query) -> list[Problem]:
    """What a query asks for that the record has at no time, each at its dotted key of the query."""
    return _of_treaty(record, query) if query.treaty is not None else _of_facts(record, query)


def _of_treaty(record: Record, query: Query) -> list[Problem]:
    name = str(query.treaty)
    treaty = record.treaties.get(name)
    if treaty is None:
        return [_unknown("treaty", name, "treaty of the record", record.treaties)]
    if query.party is not None and query.party not in treaty.parties:
        return [_unknown("party", query.party, f"party to {name}", treaty.parties)]
    return []


def _of_facts(record: Record, query: Query) -> list[Problem]:
    kind = str(query.kind)
    facts = record.facts_of(kind)
    found = []
    for key, wanted in query.where.items():
        values = [getattr(fact, key) for fact in facts.values()]
        present = {one for value in values for one in (value if isinstance(value, tuple) else (value,)) if one is not None}
        options = wanted if isinstance(wanted, tuple) else (wanted,)
        if not options:
            found.append(Problem(f"where.{key}", "an empty list matches nothing", "", f"name a value, or drop {key!r}"))
        for index, option in enumerate(options):
            if option not in present:
                place = f"where.{key}.{index}" if isinstance(wanted, tuple) else f"where.{key}"
                found.append(_unknown(place, str(option), f"{key} of any {kind} in the record", present))
    if not found and not record.asked(query):
        found.append(Problem("where", f"no {kind} in the record is all of this at once", "", "ask for less in `where`, or add the fact"))
    return found


def _unknown(where: str, name: str, what: str, known: Iterable[object]) -> Problem:
    names = sorted({str(one) for one in known})
    listed = ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")
    return Problem(where, f"{name!r} is no {what}", "", instead(name, names, f"there is {listed or 'none'}"))
