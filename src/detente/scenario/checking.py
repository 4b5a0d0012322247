"""What the checks of a scenario share: the file with its places, the names that formulas may use, and the words for what is unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from detente.document import Document, Formula, canonical_unit, check_unit, nearest
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
        """Names whose unit is none: it is told once, where they are declared."""
        return frozenset(name for name, unit in self.names.items() if not is_unit(unit))

    def problem(self, path: Path, what: str, why: str, remedy: str, *, key: bool = False) -> Problem:
        """A problem at its place in the file."""
        return Problem(self.document.where(path, key=key), what, why, remedy)

    def unknown(self, path: Path, name: str, what: str, known: Collection[str], *, key: bool = False) -> Problem:
        """A name that is not declared, with the nearest that is."""
        close = nearest(name, known)
        remedy = f"did you mean {close!r}?" if close else f"use one of {', '.join(sorted(known))}" if 0 < len(known) <= MANY else f"declare {name!r}"
        return self.problem(path, f"{name!r} is no {what}", "", remedy, key=key)

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
        missing = sorted(formula.names - self.names.keys())
        for name in missing:
            close = nearest(name, self.names)
            remedy = f"did you mean {close!r}?" if close else f"declare {name!r}"
            yield self.problem(path, f"{name!r} in `{formula.text[:60]}` is no quantity, driver or switch", "", remedy)
        told = sorted(formula.names & self.background)
        if told and not in_background:
            why = "rates, payoffs and stakes may depend on it; this is one number for all its states"
            yield self.problem(path, f"{told[0]!r} is the state of the background", why, "let a rate, payoff or stake depend on it instead")
        # A constant takes the unit that is expected of it.
        elif not missing and formula.constant is None and is_unit(unit) and not formula.names & self.unclear:
            yield from check_unit(formula, unit, self.names, self.document.where(path))


def is_unit(text: Any) -> bool:
    """Whether a text can be read as a unit."""
    try:
        canonical_unit(text)
    except ValueError:
        return False
    return True
