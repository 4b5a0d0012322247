"""The ledger of evidence: what each past case serves for, so that none serves twice.

A case has one role. It `build`s a prior (`built_from` of a quantity), `condition`s the draws (an item of `history`), or `check`s what comes out (a
figure of that role). Two entries clash where they rest on a case that they share, with different roles or twice as a condition, and what was read off
the case overlaps (`of`): that a crisis began says nothing of how it ended, given that it began. An item of history may state a `weight` and so say
openly how far cases count that have served before. Figures of the roles `test` and `beside` are no entries: they may share cases, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from detente.errors import Problem
from detente.scenario.checking import Checking, Path
from detente.scenario.evidence import Cases
from detente.scenario.schema import Scenario

LEDGER = ("build", "condition", "check")


@dataclass(frozen=True)
class Entry:
    """Cases in the ledger: whose they are, what for, and where that is written."""

    path: Path
    role: str
    cases: Cases
    weighted: bool = False

    @property
    def owner(self) -> str:
        return str(self.path[1])


def entries(scenario: Scenario) -> Iterator[Entry]:
    """Every entry of the ledger."""
    for name, quantity in scenario.quantities.items():
        for index, cases in enumerate(quantity.built_from):
            yield Entry(("quantities", name, "built_from", index), "build", cases)
    for name, item in scenario.history.items():
        yield Entry(("history", name, "cases"), "condition", item.cases, weighted=item.weight is not None)
    for name, figure in scenario.figures.items():
        if figure.role in LEDGER and figure.cases is not None:
            yield Entry(("figures", name, "cases"), figure.role, figure.cases)


def shared(scenario: Scenario, one: Entry, other: Entry) -> str | None:
    """In words what two entries share, or None."""
    a, b = one.cases, other.cases
    if a.source != b.source or (a.of is not None and b.of is not None and a.of != b.of):
        return None
    if one.owner in b.without or other.owner in a.without:
        return None
    left = {name for cases in (a, b) for owner in cases.without for name in _named(scenario, owner)}
    if a.named and b.named:
        both = [name for name in a.named if name in b.named and name not in left]
        return _listed(both)
    if a.named or b.named:
        named, window = (a, b) if a.named else (b, a)
        return _listed([name for name, day in named.named.items() if name not in left and _inside(day.day, window)])
    if a.from_ is None or a.until is None or b.from_ is None or b.until is None:
        return None
    first, last = max(a.from_.day, b.from_.day), min(a.until.day, b.until.day)
    return f"those of {first.year} to {last.year}" if first <= last else None


def built_on_the_same(scenario: Scenario, figure: str) -> tuple[str, ...]:
    """Quantities that were built from cases which a figure counts too."""
    item = scenario.history.get(figure) or scenario.figures[figure]
    cases = item.cases
    if cases is None:
        return ()
    own = Entry(("figures", figure), "test", cases)
    return tuple(dict.fromkeys(entry.owner for entry in entries(scenario) if entry.path[0] == "quantities" and shared(scenario, own, entry)))


def check_ledger(c: Checking) -> Iterator[Problem]:
    """Cases of unknown origin, and cases that would serve twice."""
    scenario = c.scenario
    owners = {**scenario.figures, **scenario.history}
    for entry in _every_case(scenario):
        cases, path = entry.cases, _written(c, entry.path)
        if c.record is not None and cases.source not in c.record.sources:
            yield c.unknown((*path, "source"), cases.source, "source of the record", c.record.sources)
        for name in cases.without:
            if name not in owners:
                yield c.unknown((*path, "without"), name, "figure or item of history", owners)
    for one, other in combinations(entries(scenario), 2):
        twice = one.role == other.role == "condition"
        if (one.role == other.role and not twice) or one.weighted or other.weighted:
            continue
        both = shared(scenario, one, other)
        if both is not None:
            what = f"{other.owner!r} ({other.role}) and {one.owner!r} ({one.role}) rest on the same cases: {both}"
            why = "evidence that serves twice looks stronger than it is"
            weight = ", or state a `weight`" if "condition" in (one.role, other.role) else ""
            remedy = f"leave them out (`without: {one.owner}`), or say what alone was read off them (`of`){weight}"
            yield c.problem(_written(c, other.path), what, why, remedy)


def _written(c: Checking, path: Path) -> Path:
    """The path in the file: there a single mapping may stand for a list of one."""
    section, name, key, *rest = path
    return (section, name, key, *(rest if isinstance(c.document.data[section][name][key], list) else rest[1:]))


def _every_case(scenario: Scenario) -> Iterator[Entry]:
    """Entries of the ledger, and the cases of figures that are none."""
    yield from entries(scenario)
    for name, figure in scenario.figures.items():
        if figure.cases is not None and figure.role not in LEDGER:
            yield Entry(("figures", name, "cases"), figure.role, figure.cases)


def _named(scenario: Scenario, owner: str) -> tuple[str, ...]:
    item = scenario.history.get(owner) or scenario.figures.get(owner)
    return tuple(item.cases.named) if item is not None and item.cases is not None else ()


def _inside(day: date, window: Cases) -> bool:
    assert window.from_ is not None and window.until is not None
    return window.from_.day <= day <= window.until.day


def _listed(names: list[str]) -> str | None:
    return (", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")) if names else None
