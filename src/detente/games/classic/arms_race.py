"""Richardson's arms race: x' = k y - a x + g, y' = l x - b y + h."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.games.classic.entry import classic_model


@dataclass(frozen=True)
class ArmsRace:
    """Two arms levels that answer each other.

    Attributes
    ----------
    reaction_x, reaction_y, fatigue_x, fatigue_y : float
        k, l, a, b, per unit of time.
    grievance_x, grievance_y : float
        g, h, in arms per unit of time.
    """

    reaction_x: float
    reaction_y: float
    fatigue_x: float
    fatigue_y: float
    grievance_x: float
    grievance_y: float

    @property
    def _determinant(self) -> float:
        return self.fatigue_x * self.fatigue_y - self.reaction_x * self.reaction_y

    @property
    def stable(self) -> bool:
        """Whether the race comes to rest: fatigue_x fatigue_y > reaction_x reaction_y."""
        return self._determinant > 0

    @property
    def rest(self) -> tuple[float, float] | None:
        """Where nothing changes (a saddle if the race is not stable); None if fatigue and reaction balance exactly."""
        if self._determinant == 0:
            return None
        x = (self.fatigue_y * self.grievance_x + self.reaction_x * self.grievance_y) / self._determinant
        return x, (self.reaction_y * self.grievance_x + self.fatigue_x * self.grievance_y) / self._determinant

    @property
    def rates(self) -> tuple[float, float]:
        """Eigenvalues, the larger first; always real."""
        half = np.sqrt((self.fatigue_x - self.fatigue_y) ** 2 + 4 * self.reaction_x * self.reaction_y) / 2
        middle = -(self.fatigue_x + self.fatigue_y) / 2
        return float(middle + half), float(middle - half)

    def at(self, time: float, x: float = 0.0, y: float = 0.0) -> tuple[float, float]:
        """Arms after this time from x and y at the start, exactly (matrix exponential)."""
        from scipy.linalg import expm

        # The constant 1 as a third level makes the system linear, so that a race without a point of rest is no special case.
        flow: NDArray[np.float64] = np.array(
            [[-self.fatigue_x, self.reaction_x, self.grievance_x], [self.reaction_y, -self.fatigue_y, self.grievance_y], [0.0, 0.0, 0.0]]
        )
        later = expm(flow * time) @ np.array([x, y, 1.0])
        return float(later[0]), float(later[1])


@classic_model(
    "Arms race",
    players=("X", "Y"),
    information="complete",
    citation="Richardson (1960), Arms and Insecurity, Boxwood Press",
    provenance="model published; solution is textbook mathematics",
    orderings=("reaction_x > 0", "reaction_y > 0", "fatigue_x > 0", "fatigue_y > 0"),
)
def arms_race(*, reaction_x: float, reaction_y: float, fatigue_x: float, fatigue_y: float, grievance_x: float, grievance_y: float) -> ArmsRace:
    """Richardson's two equations.

    Parameters
    ----------
    reaction_x, reaction_y : float
        How strongly each side answers the other's arms.
    fatigue_x, fatigue_y : float
        How strongly the cost of one's own arms restrains.
    grievance_x, grievance_y : float
        Arms that would be built against nobody's; negative for goodwill.

    Examples
    --------
    >>> from detente import games
    >>> race = games.arms_race(reaction_x=0.5, reaction_y=0.5, fatigue_x=1, fatigue_y=1, grievance_x=1, grievance_y=2)
    >>> race.stable, [round(level, 6) for level in race.rest]
    (True, [2.666667, 3.333333])
    """
    return ArmsRace(reaction_x, reaction_y, fatigue_x, fatigue_y, grievance_x, grievance_y)
