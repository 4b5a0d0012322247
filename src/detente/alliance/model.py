"""An alliance as a portfolio of promises: who decides in which order, and what each ally's help is worth by when.

Allies stand in groups that decide one after another. An ally chooses a level of help, from nothing to forces; with level l it delivers the share
`delivered[l, clock]` of its own capability by that clock. Allies that are `certain` are attacked themselves: they fight whatever the others do.

Refused: two allies of one name, a group or leader that nobody belongs to, a capability below 0, help that shrinks as its level or the clock rises.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem

LEVELS = ("nothing", "words", "sanctions", "materiel", "forces")


@dataclass(frozen=True)
class Ally:
    """One ally.

    Parameters
    ----------
    name : str
    group : str
        The group in which it decides.
    capability : tuple of float
        What all of its forces would bring by each clock, in any unit that is one for all allies.
    certain : bool
        Whether it fights whatever happens, as a host under attack does.
    """

    name: str
    group: str
    capability: tuple[float, ...]
    certain: bool = False


@dataclass(frozen=True)
class Alliance:
    """Allies, the order in which they decide, and what their help delivers.

    Parameters
    ----------
    allies : tuple of Ally
    groups : tuple of str
        In order of decision. Allies of a group decide at the same time, and see what the groups before them chose.
    clocks : tuple of str
        Names of the dates by which capability is counted, the soonest first.
    delivered : tuple of tuple of float, level x clock
        Share of an ally's capability that its choice of a level delivers: 0 at the least, not falling, at most 1.
    levels : tuple of str
        From the least help to the most; only the last is sending forces, which is what those who decide later see.
    leader : str, optional
        The ally on whose choice results are told apart.
    consensus : str
        The least level of help that does not block the Council.

    Raises
    ------
    InvalidInput
        With everything that is wrong.

    Examples
    --------
    >>> from detente.alliance import Alliance, Ally
    >>> two = Alliance(allies=(Ally("leader", "first", (2.0,)), Ally("follower", "second", (1.0,))), groups=("first", "second"),
    ...     clocks=("day 30",), delivered=((0.0,), (1.0,)), levels=("nothing", "forces"), leader="leader", consensus="forces")
    >>> two.total.tolist()
    [3.0]
    """

    allies: tuple[Ally, ...]
    groups: tuple[str, ...]
    clocks: tuple[str, ...]
    delivered: tuple[tuple[float, ...], ...]
    levels: tuple[str, ...] = LEVELS
    leader: str | None = None
    consensus: str = "words"

    def __post_init__(self) -> None:
        if problems := [*self._wrong_names(), *self._wrong_numbers()]:
            raise InvalidInput(problems)

    def on(self, clocks: Collection[str]) -> Alliance:
        """The same alliance, its capability counted on some of its clocks only."""
        kept = [place for place, clock in enumerate(self.clocks) if clock in clocks]

        def pick(numbers: tuple[float, ...]) -> tuple[float, ...]:
            return tuple(numbers[place] for place in kept)

        allies = tuple(replace(ally, capability=pick(ally.capability)) for ally in self.allies)
        return replace(self, allies=allies, clocks=tuple(self.clocks[place] for place in kept), delivered=tuple(map(pick, self.delivered)))

    @property
    def names(self) -> tuple[str, ...]:
        """Allies, in the order given."""
        return tuple(ally.name for ally in self.allies)

    @cached_property
    def capability(self) -> NDArray[np.float64]:
        """Array, ally x clock."""
        return np.array([ally.capability for ally in self.allies], dtype=float)

    @cached_property
    def total(self) -> NDArray[np.float64]:
        """Array, clock: what the alliance would bring if every ally sent forces."""
        whole: NDArray[np.float64] = self.capability.sum(axis=0) * np.array(self.delivered[-1])
        return whole

    @cached_property
    def member_of(self) -> NDArray[np.int64]:
        """Array, ally: index of its group."""
        return np.array([self.groups.index(ally.group) for ally in self.allies], dtype=np.int64)

    def _wrong_names(self) -> list[Problem]:
        problems = []
        for what, names in (("ally", self.names), ("group", self.groups), ("clock", self.clocks), ("level", self.levels)):
            twice = sorted({name for name in names if names.count(name) > 1})
            problems += [Problem(what, f"{name!r} stands twice", "names tell results apart", "give each another name") for name in twice]
            if not names:
                problems.append(Problem(what, "there is none", "nobody could help by any date", f"give at least one {what}"))
        problems += [
            Problem(ally.name, f"group {ally.group!r} is not in the order of decision", "nobody knows what it sees", f"use one of {', '.join(self.groups)}")
            for ally in self.allies
            if ally.group not in self.groups
        ]
        problems += [
            Problem("groups", f"nobody is in {group!r}", "an empty group would count as one that has decided", "leave it out")
            for group in self.groups
            if all(ally.group != group for ally in self.allies)
        ]
        if self.leader is not None and self.leader not in self.names:
            problems.append(Problem("leader", f"{self.leader!r} is no ally", "results are told apart by what the leader chose", "name one of the allies"))
        if self.consensus not in self.levels:
            problems.append(
                Problem("consensus", f"{self.consensus!r} is no level", "the Council must know what blocks it", f"use one of {', '.join(self.levels)}")
            )
        return problems

    def _wrong_numbers(self) -> list[Problem]:
        clocks = len(self.clocks)
        problems = [
            Problem(
                ally.name, f"capability {ally.capability} is not {clocks} numbers of 0 or more", "it says what comes by each clock", "give one for each clock"
            )
            for ally in self.allies
            if len(ally.capability) != clocks or not all(0 <= one < float("inf") for one in ally.capability)
        ]
        if len(self.levels) < 2:
            problems.append(Problem("levels", f"there are {len(self.levels)}", "an ally needs something to choose from", "give at least two"))
        if [len(row) for row in self.delivered] != [clocks] * len(self.levels):
            problems.append(
                Problem("delivered", f"it is not {len(self.levels)} levels by {clocks} clocks", "", "give one row for each level, one number for each clock")
            )
        elif not (np.isfinite(self.delivered).all() and np.min(self.delivered) >= 0 and np.max(self.delivered) <= 1):
            problems.append(Problem("delivered", "a share lies outside 0 to 1", "an ally cannot deliver more than it has", "give shares"))
        elif any(self.delivered[0]):
            problems.append(Problem("delivered", "the least level delivers something", "doing nothing brings nothing", "let its row be 0"))
        elif (np.diff(self.delivered, axis=0) < 0).any():
            problems.append(Problem("delivered", "a higher level delivers less", "levels are ordered by how much they help", "let shares rise with the level"))
        if not problems:
            idle = [clock for clock, total in zip(self.clocks, self.total, strict=True) if not total > 0]
            problems += [
                Problem("capability", f"nobody brings anything by {clock}", "shares of nothing have no meaning", "leave the clock out") for clock in idle
            ]
        return problems
