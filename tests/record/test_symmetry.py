"""Relations without a direction are the same from every side. (Trap 20)"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from detente.document import dump, parse
from detente.record import Query, Record
from detente.record.facts import Treaty

DAY, KNOWN = date(2020, 6, 1), date(2026, 11, 22)


@pytest.fixture(scope="module")
def record() -> Record:
    return Record.load("baltic")


@pytest.fixture(scope="module")
def turned(record: Record) -> Record:
    """Every list of parties and of actors in the opposite order, and the facts too."""
    data = {**record.document.data, "facts": dict(reversed(record.document.data["facts"].items()))}
    facts: dict[str, Any] = {
        name: {key: value[::-1] if key in ("parties", "actors") else value for key, value in fact.items()} for name, fact in data["facts"].items()
    }
    return Record.parse(parse(dump({**data, "facts": facts}), "turned.yaml"))


def test_a_treaty_binds_its_parties_in_any_order(record: Record, turned: Record) -> None:
    asked = 0
    for name, treaty in record.facts.items():
        for party in treaty.parties if isinstance(treaty, Treaty) else ():
            query = Query(treaty=name, party=party, take="status")
            for day in (date(1995, 1, 1), date(2010, 1, 1), DAY):
                assert record.read(query, at=day, known=KNOWN).value == turned.read(query, at=day, known=KNOWN).value
                asked += 1
    assert asked > 50


@pytest.mark.parametrize("kind", ["incident", "crisis"])
def test_an_event_belongs_to_everyone_in_it(record: Record, turned: Record, kind: str) -> None:
    """Found by any of its actors, wherever he stands in the list."""
    events = record.facts_of(kind)
    assert any(len(fact.actors) > 1 for fact in events.values())  # type: ignore[attr-defined]
    for name, fact in events.items():
        for actor in fact.actors:  # type: ignore[attr-defined]
            assert name in record.facts_of(kind, actors=actor)
            assert set(record.facts_of(kind, actors=actor)) == set(turned.facts_of(kind, actors=actor))
