"""Which beliefs support what is played at an information set that play never reaches.

With g(a, x) what action a gains at member x over an action that is played, as a share of the mover's payoff range, they are the polytope

    { mu : sum_x mu(x) = 1,  least(x) <= mu(x) <= most(x),  sum_x mu(x) g(a, x) <= 0 for every a and every played action }

where `least` and `most` are 0 and 1, or 0 and 0 at members that no trembles make credible, or one number where Bayes' rule tells it. The set holds for one
information set, whatever is believed at others; a joint choice for several need not come from the same trembles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem

Range = tuple[float, float]
# Judgement: a share of the payoff range, or a probability, that rounding may yield.
ROUNDING = 1e-9


@dataclass(frozen=True)
class SupportingBeliefs:
    """A polytope of beliefs.

    Attributes
    ----------
    gains : tuple of tuple of float
        Row for each pair of an action and a played one, column for each member.
    bounds : tuple of (float, float)
        Least and greatest credible belief in each member.
    slack : float
        The regret that is there anyway: rounding of a certified equilibrium.
    witness : tuple of float
        One of them.
    """

    gains: tuple[tuple[float, ...], ...]
    bounds: tuple[Range, ...]
    slack: float
    witness: tuple[float, ...]

    def hold(self, belief: Sequence[float]) -> bool:
        """Whether a belief is one of them, but for rounding.

        Raises
        ------
        InvalidInput
            If it has not one number for every member.
        """
        mu = np.asarray(belief, dtype=float)
        if mu.shape != (len(self.bounds),):
            raise InvalidInput(Problem("belief", f"shape {mu.shape}", f"there are {len(self.bounds)} members", "give one probability for each of them"))
        least, most = np.array(self.bounds).T
        within = (mu >= least - ROUNDING).all() and (mu <= most + ROUNDING).all() and abs(mu.sum() - 1.0) <= ROUNDING
        return bool(within and (self._rows @ mu <= self.slack + ROUNDING).all())

    @cached_property
    def ranges(self) -> tuple[Range, ...]:
        """Least and greatest belief in each member: exact for two members, by linear programmes for more."""
        if len(self.bounds) == 2:
            low, high = self._of_two()
            return (low, high), (1.0 - high, 1.0 - low)
        from scipy.optimize import linprog

        found = []
        for member, stated in enumerate(self.witness):
            goal = np.zeros(len(self.bounds))
            ends = []
            for sign in (1.0, -1.0):
                goal[member] = sign
                answer = linprog(
                    goal, A_ub=self._rows, b_ub=np.full(len(self.gains), self.slack), A_eq=np.ones((1, len(goal))), b_eq=[1.0], bounds=self.bounds
                )  # fmt: skip
                # A polytope as thin as rounding may look empty: its witness is what is known of it.
                ends.append(float(answer.x[member]) if answer.status == 0 else stated)
            found.append((min(ends[0], stated), max(ends[1], stated)))
        return tuple(found)

    @property
    def _rows(self) -> NDArray[np.float64]:
        return np.array(self.gains).reshape(-1, len(self.bounds))

    def _of_two(self) -> Range:
        """Beliefs in the first of two members: p g(a, 0) + (1 - p) g(a, 1) <= 0."""
        (low, high), (other_low, other_high) = self.bounds
        low, high = max(low, 1.0 - other_high), min(high, 1.0 - other_low)
        for first, second in self.gains:
            slope, slack = first - second, self.slack - second
            if slope > 0:
                high = min(high, slack / slope)
            elif slope < 0:
                low = max(low, slack / slope)
        return min(low, self.witness[0]), max(high, self.witness[0])
