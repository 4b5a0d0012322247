"""What a policy changes in every structure of a scenario, and whether the sign of that holds in all of them.

In structure m a policy changes the predictive probability of a rung by d, told by draws with a standard error e. Its sign there is

    lower, higher      d + 1.96 e < 0, d - 1.96 e > 0
    nothing            no draw changes
    open               none of these: more draws could tell

It holds if it is the same in every structure, the scenario as written among them; it does not if it is one thing here and another there. Where it is open in
some structure and of one kind in all others, it is not told whether it holds.

Refused: scenarios that have no structures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from detente.ensemble.statistics import mean, monte_carlo_error, weighted_quantiles
from detente.errors import InvalidInput, Problem
from detente.insight.beside import Beside
from detente.insight.estimates import NORMAL
from detente.insight.policies import ROUNDING, Change
from detente.insight.questions import World
from detente.insight.structures import AS_WRITTEN
from detente.ladder import Wanted

Floats = NDArray[np.float64]
Sign: TypeAlias = Literal["lower", "higher", "nothing", "open"]


@dataclass(frozen=True)
class Effect:
    """What a policy changes of one probability.

    Attributes
    ----------
    change : Change
        Of the predictive probability, with its range over draws and how often it is lower and higher.
    error : float
        Monte Carlo standard error of the change.
    """

    change: Change
    error: float

    @property
    def margin(self) -> float:
        """Half of the 95 % Monte Carlo interval of the change."""
        return NORMAL * self.error

    @property
    def sign(self) -> Sign:
        """Of the change, as far as the draws tell it."""
        if self.change.lower == self.change.higher == 0.0:
            return "nothing"
        return "lower" if self.change.change + self.margin < 0 else "higher" if self.change.change - self.margin > 0 else "open"

    def plain(self) -> dict[str, Any]:
        """As plain data, for `compare --json`."""
        each = self.change
        head = {"baseline": each.baseline, "policy": each.policy, "change": each.change, "p05": each.low, "p95": each.high}
        return {**head, "lower": each.lower, "higher": each.higher, "error": self.error}


@dataclass(frozen=True)
class Signs:
    """The sign of one effect of a policy in every structure, `as_written` first."""

    by_structure: Mapping[str, Sign]

    @property
    def holds(self) -> bool | None:
        """Whether it is the same in all; None where too few draws leave that open."""
        told = set(self.by_structure.values()) - {"open"}
        return False if len(told) > 1 else None if "open" in self.by_structure.values() else True

    def says(self, rung: str) -> str:
        """A sentence on whether it holds.

        Examples
        --------
        >>> Signs({"as_written": "lower", "looking_ahead": "lower", "looser_choice": "lower"}).says("war")
        'war is lower as written and in all 2 structures: the sign holds'
        >>> Signs({"as_written": "lower", "looking_ahead": "higher", "looser_choice": "lower"}).says("war")
        'war is lower as written and in looser_choice, higher in looking_ahead: the sign does not hold'
        """
        words: dict[Sign, str] = {"lower": "lower", "higher": "higher", "nothing": "unchanged", "open": "too close to tell"}
        parts = []
        for sign in dict.fromkeys(self.by_structure.values()):
            names = [name for name, each in self.by_structure.items() if each == sign]
            others = [name for name in names if name != AS_WRITTEN]
            which = f"in all {len(others)} structures" if len(names) == len(self.by_structure) else f"in {', '.join(others)}"
            where = (["as written"] if AS_WRITTEN in names else []) + ([which] if others else [])
            parts.append(f"{words[sign]} {' and '.join(where)}")
        end = {True: "the sign holds", False: "the sign does not hold", None: "whether the sign holds is open"}[self.holds]
        return f"{rung} is {', '.join(parts)}: {end}"

    def plain(self, rung: str) -> dict[str, Any]:
        """As plain data, for `compare --json`."""
        return {"holds": self.holds, "by_structure": dict(self.by_structure), "says": self.says(rung)}


def effect_of(before: Floats, after: Floats, weights: Floats) -> Effect:
    """The effect of what a probability is after, draw by draw, in place of what it was before."""
    difference = np.where(np.abs(after - before) > ROUNDING, after - before, 0.0)
    low, high = weighted_quantiles(difference, weights, (0.05, 0.95))
    lower, higher = (mean((sign * difference > 0).astype(float), weights) for sign in (-1, 1))
    return Effect(Change(mean(before, weights), mean(after, weights), low, high, lower, higher), monte_carlo_error(difference, weights=weights))


def reach_of(data: xr.Dataset, rungs: Sequence[str], count: int) -> dict[str, Floats]:
    """Reach at the horizon over the first draws."""
    return {name: np.ascontiguousarray(data["reach"].sel(rung=name).values[:count, -1]) for name in rungs}


def in_structures(beside: Beside, policies: Sequence[str], rungs: Sequence[str]) -> dict[str, dict[str, dict[str, Effect]]]:
    """Effects in every structure of the scenario: `{policy: {structure: {rung: effect}}}`.

    Raises
    ------
    InvalidInput
        If there are no structures, or a structure cannot be read under a policy.
    """
    model = beside.assessment.model
    if not beside.structures:
        what, remedy = "the scenario has no structures", "add `structures:` to the file, or leave out --structures"
        raise InvalidInput(Problem(model.document.where(("title",)), what, "there is nothing to read it otherwise by", remedy))
    wanted = Wanted(names=frozenset(rungs))
    found: dict[str, dict[str, dict[str, Effect]]] = {policy: {} for policy in policies}
    for structure in beside.structures:
        for policy in policies:
            with_it = beside.get(World(policy=policy, structure=structure), wanted=wanted)
            count = with_it.sizes["draw"]
            without = beside.get(World(structure=structure), count, wanted)
            weights = with_it["weight"].values
            before, after = reach_of(without, rungs, count), reach_of(with_it, rungs, count)
            found[policy][structure] = {rung: effect_of(before[rung], after[rung], weights) for rung in rungs}
    return found
