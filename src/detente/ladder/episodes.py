"""Episodes: what happens between leaving the first rung and coming back to it, told a year and by how long it lasts.

    a year(x)     = Σ_s q_0s  P(touch x's level or a higher one before the return | begin at s)
    duration(x)   = time from the first entry into x until the system is back on the first rung, stands aside, or is on a final rung

Both are told under the rates of one calendar segment, as if it lasted: a year of them is a year on the first rung. That is how past cases are counted,
whose years are years of a system that stood and was not at war.

The first is found by state reduction (Grassmann, Taksar and Heyman 1985), which adds and multiplies only non-negative numbers. The second is of phase
type, P(longer than t) = e exp(A t) 1, with exp(A h) from its Taylor series at a step so short that h times the largest rate is at most 1/8, and squared
from there; a quantile is found bit by bit and lies within one such step.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.ladder.equilibrium import Equilibrium
from detente.ladder.names import Masks, Names

Floats = NDArray[np.float64]
TERMS = 16
LONGEST = 128.0  # years
FINEST = 20  # LONGEST / 2**20 is about an hour


@dataclass(frozen=True)
class Episodes:
    """Episodes of a solved ladder.

    Parameters
    ----------
    equilibrium : Equilibrium
    segment : int
        Whose rates hold.

    Examples
    --------
    >>> from detente.ladder import Episodes, Ladder, Move, Rung, solve
    >>> ladder = Ladder(
    ...     rungs=(Rung("calm"), Rung("crisis"), Rung("war")), actors=("challenger",),
    ...     moves=(Move("incident", "calm", "crisis", 0.3), Move("fading", "crisis", "calm", 2.0), Move("blows", "crisis", "war", 0.5),
    ...            Move("peace", "war", "calm", 1.0)),
    ...     discount={"challenger": 0.1}, precision={"challenger": 1.0},
    ... )
    >>> found = Episodes(solve(ladder))
    >>> round(float(found.a_year("war")[0]), 12)          # one crisis in five
    0.06
    """

    equilibrium: Equilibrium
    segment: int = 0

    @cached_property
    def names(self) -> Names:
        return Names(self.equilibrium.plan.ladder)

    @cached_property
    def rates(self) -> Floats:
        """Draw x rung x rung, diagonal 0."""
        return np.ascontiguousarray(self.equilibrium.generator()[:, self.segment])

    def a_year(self, name: str) -> Floats:
        """Episodes a year that touch the level of a rung or group, or a higher one: array over draws."""
        target = self.names.reach_mask(name)
        return np.asarray(self._first_touch(target)[:, target].sum(axis=1))

    def duration(self, name: str) -> Durations:
        """How long episodes last from the first entry into a rung or group."""
        ladder, base = self.equilibrium.plan.ladder, self.names.base_mask()
        over = base | np.array([rung.aside or rung.final for rung in ladder.rungs])
        going = np.flatnonzero(~over)
        entered = self._first_touch(self.names.touch_mask(name))[:, going]
        total = entered.sum(axis=1, keepdims=True)
        start = np.divide(entered, total, out=np.zeros_like(entered), where=total > 0)
        stay = self.rates[:, going][:, :, going].copy()
        stay[:, range(len(going)), range(len(going))] = -self.rates[:, going].sum(axis=2)
        return Durations(start, stay)

    def _first_touch(self, target: Masks) -> Floats:
        """Episodes a year by the state in which they first touch the target: draw x state."""
        base = self.names.base_mask()
        rates = self.rates.copy()
        at = np.einsum("ds,dst->dt", self._on_base(base), rates) * ~base
        for k in np.flatnonzero(~(base | target)):
            out = rates[:, k].sum(axis=1, keepdims=True)
            share = np.divide(rates[:, k], out, out=np.zeros_like(rates[:, k]), where=out > 0)
            at = at + at[:, k, None] * share
            rates += rates[:, :, k, None] * share[:, None, :]
            at[:, k] = rates[:, :, k] = 0.0
            rates[:, range(rates.shape[1]), range(rates.shape[1])] = 0.0
        return np.asarray(at)

    def _on_base(self, base: Masks) -> Floats:
        """Shares of the states of the first rung (several only with a background): those of the start, or the first of them."""
        plan = self.equilibrium.plan
        share = self.equilibrium.values[:, self.segment][:, plan.start] * base
        total = share.sum(axis=1, keepdims=True)
        return np.where(total > 0, share / np.where(total > 0, total, 1.0), np.arange(len(base)) == np.argmax(base))


@dataclass(frozen=True)
class Durations:
    """A phase-type distribution for each draw.

    Attributes
    ----------
    start : array, draw x state
    stay : array, draw x state x state
        Rates between the states in which the episode goes on, and minus the whole rate out on the diagonal.
    """

    start: Floats
    stay: Floats

    @cached_property
    def squarings(self) -> int:
        """How often the shortest step is doubled up to `LONGEST` years."""
        fastest = -self.stay.diagonal(axis1=1, axis2=2).min(initial=0.0)
        return max(FINEST, int(np.ceil(np.log2(max(8.0 * fastest * LONGEST, 1.0)))))

    @property
    def shortest(self) -> float:
        """The shortest step, in years."""
        return LONGEST / 2.0**self.squarings

    @cached_property
    def powers(self) -> list[Floats]:
        """exp(A h), exp(A 2h), exp(A 4h), ... with h the shortest step."""
        step = self.stay * self.shortest
        term = np.broadcast_to(np.eye(step.shape[1]), step.shape)
        total = term.copy()
        for k in range(1, TERMS):
            term = term @ step / k
            total += term
        powers = [total]
        for _ in range(self.squarings):
            powers.append(powers[-1] @ powers[-1])
        return powers

    def longer_than(self, years: float) -> Floats:
        """P(an episode lasts longer): array over draws."""
        whole = round(years / self.shortest)
        at = self.start[:, None, :]
        for bit, power in enumerate(self.powers):
            if whole >> bit & 1:
                at = at @ power
        return np.asarray(at.sum(axis=(1, 2)))

    def quantile(self, share: float | Floats) -> Floats:
        """Years that a share of episodes does not outlast: array over draws; at most `LONGEST`.

        Parameters
        ----------
        share : float or array over draws
        """
        left = 1.0 - np.broadcast_to(np.asarray(share, dtype=float), self.start.shape[:1])
        at, years = self.start[:, None, :], np.zeros(len(self.start))
        for bit in range(len(self.powers) - 1, -1, -1):
            further = at @ self.powers[bit]
            still = further.sum(axis=(1, 2)) > left
            at = np.where(still[:, None, None], further, at)
            years += np.where(still, self.shortest * 2.0**bit, 0.0)
        return years
