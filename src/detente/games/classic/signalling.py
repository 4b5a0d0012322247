"""Lewis and Schultz's crisis signalling game with normal private information: all its equilibria.

The challenger takes the status quo or challenges; the target concedes or resists; the challenger then stands firm or backs down. The challenger knows his
shocks to war and to backing down, the target hers to war, all standard normal. With r the probability that the target resists,

    c* = (SQ - (1 - r) CD) / r,      challenge = 1 - Phi(c* - W) Phi(c* - a),
    firm = Phi2((W - a) / sqrt 2, W - c*; 1 / sqrt 2) / challenge,      r = Phi((firm W_B + (1 - firm) V_B - C_B) / firm),

so that equilibria are the roots of the last equation in r: usually one or three. The bivariate normal is Plackett's integral, to 1e-13.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.games.classic.entry import classic_model

Floats = NDArray[np.float64]
# Resolution of the search: closer roots could be missed. Even in log odds, so that roots near 0 and 1 are seen.
GRID = 1.0 / (1.0 + np.exp(-np.linspace(-14.0, 14.0, 4001)))


@dataclass(frozen=True)
class SignallingEquilibrium:
    """Probabilities of one equilibrium.

    Attributes
    ----------
    resists, challenges, stands_firm : float
        Each given that the player is to move.
    outcomes : mapping
        Probabilities of status quo, concession, war (the challenger stands firm) and backing down.
    """

    resists: float
    challenges: float
    stands_firm: float

    @property
    def outcomes(self) -> dict[str, float]:
        crisis = self.challenges * self.resists
        return {
            "status quo": 1.0 - self.challenges,
            "concession": self.challenges * (1.0 - self.resists),
            "war": crisis * self.stands_firm,
            "backing down": crisis * (1.0 - self.stands_firm),
        }


@classic_model(
    "Lewis and Schultz's crisis signalling game",
    players=("challenger", "target"),
    information="two-sided",
    citation="Lewis and Schultz (2003), Revealing preferences, Political Analysis 11, 345-367; Crisman-Cox and Gibilisco (2019), doi 10.1017/psrm.2019.58",
    provenance="game, equations and the outer two of three equilibria published; the middle one derived (the authors' code prints a number that is no root)",
    orderings=("challenger_concession > challenger_status_quo",),
)
def lewis_schultz_signalling(
    *, challenger_war: float, challenger_backing_down: float, challenger_concession: float, challenger_status_quo: float, target_war: float,
    target_backing_down: float, target_concession: float,
) -> tuple[SignallingEquilibrium, ...]:  # fmt: skip
    """All equilibria, by rising probability that the target resists.

    Parameters
    ----------
    challenger_war, challenger_backing_down : float
        W_A and a: mean payoffs, in standard deviations of the private shocks.
    challenger_concession, challenger_status_quo : float
        V_A and S_A.
    target_war, target_backing_down, target_concession : float
        W_B (mean), V_B and C_B.

    Raises
    ------
    InvalidInput
        If a number is not finite, or a concession is worth no more than the status quo, so that only a wish for war makes challenges (our demand, not the
        source's).

    Examples
    --------
    >>> from detente import games
    >>> found = games.lewis_schultz_signalling(challenger_war=-1.9, challenger_backing_down=-1.2, challenger_concession=1, challenger_status_quo=0,
    ...     target_war=-2.8, target_backing_down=1, target_concession=0)
    >>> [round(one.resists, 7) for one in found]
    [0.2964518, 0.4724232, 0.8740314]
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr

    def follow(resists: Floats) -> tuple[Floats, Floats]:
        cut = (challenger_status_quo - (1.0 - resists) * challenger_concession) / resists
        war, back = ndtr(challenger_war - cut), ndtr(challenger_backing_down - cut)
        challenges = war + back - war * back
        return challenges, _bivariate((challenger_war - challenger_backing_down) / np.sqrt(2.0), challenger_war - cut) / challenges

    def gap(resists: Floats) -> Floats:
        firm = follow(resists)[1]
        return np.asarray(resists - ndtr((firm * target_war + (1.0 - firm) * target_backing_down - target_concession) / firm))

    def one(resists: float) -> float:
        return float(gap(np.array([resists]))[0])

    gaps = gap(GRID)
    roots = [float(GRID[k]) for k in np.flatnonzero(gaps == 0)]
    roots += [float(brentq(one, GRID[k], GRID[k + 1], xtol=1e-14)) for k in np.flatnonzero(gaps[:-1] * gaps[1:] < 0)]
    found = []
    for root in sorted(roots):
        challenges, firm = follow(np.array([root]))
        found.append(SignallingEquilibrium(root, float(challenges[0]), float(firm[0])))
    return tuple(found)


def _bivariate(h: float, k: Floats) -> Floats:
    """Phi2(h, k) at correlation 1 / sqrt 2: a sum of positive terms, so that small probabilities keep their digits."""
    from scipy.special import ndtr

    nodes, weights = np.polynomial.legendre.leggauss(64)
    angle = np.pi / 8.0 * (nodes + 1.0)
    spread = h * h + k[:, None] ** 2 - 2.0 * h * k[:, None] * np.sin(angle)
    return np.asarray(ndtr(h) * ndtr(k) + np.exp(-spread / (2.0 * np.cos(angle) ** 2)) @ weights / 16.0)
