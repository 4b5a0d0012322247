"""What the checks of a scenario share: the file with its places, the names that formulas may use, and the words for what is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from keyword import iskeyword
from typing import Any

from detente.document import Document, Formula, canonical_unit, check_unit, instead
from detente.document.grammar import FUNCTIONS, NOT_FINITE
from detente.errors import Problem
from detente.record import Record
from detente.scenario.build import indicators
from detente.scenario.schema import Scenario

Path = tuple[str | int, ...]
PER_YEAR, PRIZE, FLOW, PRECISION, PURE = "1/year", "prize", "prize/year", "1/prize", "1"
MANY = 16


def namespace(scenario: Scenario) -> dict[str, str]:
    """Every name that a formula may use, with its unit."""
    names = {name: item.unit for name, item in scenario.quantities.items()}
    names |= {name: item.unit for name, item in scenario.drivers.items()}
    names |= {name: PURE for name in scenario.switches}
    return names | {name: PURE for name in indicators(scenario)}


@dataclass(frozen=True)
class Checking:
    """A scenario whose single items are well formed, with its file and its record."""

    scenario: Scenario
    document: Document
    record: Record | None
    unread: bool = False  # whether a record is named that could not be read

    @cached_property
    def names(self) -> dict[str, str]:
        """Names in formulas with their units."""
        return namespace(self.scenario)

    @cached_property
    def background(self) -> frozenset[str]:
        """Names that tell the states of the background."""
        return indicators(self.scenario)

    @cached_property
    def unclear(self) -> frozenset[str]:
        """Names whose unit is in doubt: that is told once, where they are declared."""
        declared = Counter([*self.scenario.quantities, *self.scenario.drivers, *self.scenario.switches])
        doubtful = {name for name, count in declared.items() if count > 1 or self.misread(name)}
        return frozenset(doubtful.union(name for name, unit in self.names.items() if not is_unit(unit)))

    def misread(self, name: str) -> tuple[str, ...]:
        """Units of what a driver reads to which its own cannot be converted."""
        driver = self.scenario.drivers.get(name)
        if driver is None or driver.read is None or self.record is None or not is_unit(driver.unit):
            return ()
        wanted = canonical_unit(driver.unit)[1]
        return tuple(unit for unit in self.record.units(driver.read) if canonical_unit(unit)[1] != wanted)

    def missing(self, formula: Formula) -> list[str]:
        """Names in a formula that are not declared; one that is written with hyphens is one name."""
        missing = formula.names - self.names.keys()
        if not missing:
            return []
        hyphened = [name.replace("_", "-") for name in self.names if "_" in name and name.replace("_", "-") in formula.text]
        meant = [name for name in hyphened if not missing.isdisjoint(name.split("-"))]
        # `incident-rate` may be declared so, which is told there and not as two names wherever it is used.
        broken = [name for name in self.names if not is_name(name) and name in formula.text]
        return meant or sorted(name for name in missing if not any(name in whole for whole in broken))

    def problem(self, path: Path, what: str, why: str, remedy: str, *, key: bool = False) -> Problem:
        """A problem at its place in the file."""
        return Problem(self.document.where(path, key=key), what, why, remedy)

    def unknown(self, path: Path, name: str, what: str, known: Collection[str], *, key: bool = False) -> Problem:
        """A name that is not declared, with the nearest that is."""
        return self.problem(path, f"{name!r} is no {what}", *self.remedy(name, known, list_them=True), key=key)

    def remedy(self, name: str, known: Collection[str], *, list_them: bool = False) -> tuple[str, str]:
        """Why a name is not declared, where that is known, and what to do."""
        taken = (section.removed.get(name) for section in self.document.place.entries.values())
        removed = next((place for place in taken if place is not None), None)
        if removed is not None:
            return f"{removed} removes it", "drop that line, or replace this item too"
        listed = f"use one of {', '.join(sorted(known))}" if list_them and 0 < len(known) <= MANY else f"declare {name!r}"
        return "", instead(name, known, listed)

    def unit(self, path: Path, unit: str) -> Iterator[Problem]:
        """Whether a text is a unit."""
        try:
            canonical_unit(unit)
        except ValueError as error:
            what, _, remedy = str(error).partition("; ")
            yield self.problem(path, what, "", remedy or "write a unit such as 1/year, prize, troops or 1")

    def formula(self, path: Path, formula: Formula, unit: str, *, in_background: bool = True) -> Iterator[Problem]:
        """Names and units of a formula.

        Parameters
        ----------
        in_background : bool
            Whether it may differ between the states of the background.
        """
        missing = self.missing(formula)
        for name in missing:
            yield self.problem(path, f"{name!r} in `{formula.text[:60]}` is no quantity, driver or switch", *self.remedy(name, self.names))
        told = sorted(formula.names & self.background)
        if told and not in_background:
            why = "rates, payoffs and stakes may depend on it; this is one number for all its states"
            yield self.problem(path, f"{told[0]!r} is the state of the background", why, "let a rate, payoff or stake depend on it instead")
        # A constant takes the unit that is expected of it.
        elif formula.names <= self.names.keys() - self.unclear and formula.constant is None and is_unit(unit):
            yield from check_unit(formula, unit, self.names, self.document.where(path))


def no_such(option: str, name: str, what: str, title: str, known: Collection[str], otherwise: str) -> Problem:
    """An option that names nothing of a scenario: the nearest name, or all of them, or what to do where there is none."""
    return Problem(option, f"{name!r} is no {what} of {title}", "", instead(name, known, f"use one of {', '.join(known)}" if known else otherwise))


def is_name(text: str) -> bool:
    """Whether a text can be a name in formulas: a word that has no other meaning there."""
    return text.isidentifier() and not iskeyword(text) and text not in FUNCTIONS and text.casefold() not in NOT_FINITE


def is_unit(text: Any) -> bool:
    """Whether a text can be read as a unit."""
    try:
        canonical_unit(text)
    except ValueError:
        return False
    return True
