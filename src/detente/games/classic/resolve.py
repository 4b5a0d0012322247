"""Brinkmanship as a contest of resolve: critical risk, and a war of attrition in which the accumulated risk of disaster takes the place of time."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log1p

import numpy as np

from detente.games.classic.entry import classic_model

BOOK = "Powell (1990), Nuclear Deterrence Theory: The Search for Credibility, Cambridge University Press"


@classic_model(
    "Critical risk",
    players=("state",),
    information="complete",
    citation=BOOK,
    provenance="key quantity of the literature, as remembered",
    orderings=("prevail > submit > disaster",),
)
def critical_risk(*, prevail: float, submit: float, disaster: float) -> float:
    """The greatest one-shot risk of disaster that a state prefers to submission: (prevail - submit) / (prevail - disaster), its resolve.

    Examples
    --------
    >>> from detente import games
    >>> games.critical_risk(prevail=1, submit=0, disaster=-9)
    0.1
    """
    return (prevail - submit) / (prevail - disaster)


@dataclass(frozen=True)
class ContestOfResolve:
    """Symmetric equilibrium of the contest.

    Attributes
    ----------
    highest_cost : float
        N: costs of disaster are uniform from 0 to N, in units of the prize.
    """

    highest_cost: float

    def quits(self, cost: float) -> float:
        """The accumulated risk at which a player with this cost of disaster gives up: 1 - exp(1/N - 1/cost), falling in cost."""
        return 1.0 - exp(1.0 / self.highest_cost - 1.0 / cost) if cost > 0 else 1.0

    def still_in(self, risk: float) -> float:
        """The cost of disaster of a player who gives up at this risk: who is still in has a lower one."""
        return 1.0 / (1.0 / self.highest_cost - log1p(-risk)) if risk < 1 else 0.0

    @property
    def disaster(self) -> float:
        """Probability of disaster: the risk at which the side with the higher cost quits, on average. To 1e-10."""
        nodes, weights = np.polynomial.legendre.leggauss(400)
        costs = 0.5 * self.highest_cost * (nodes + 1.0)
        quits = np.array([self.quits(cost) for cost in costs])
        return float(0.5 * self.highest_cost * weights @ (quits * 2.0 * costs / self.highest_cost**2))


@classic_model(
    "Contest of resolve in accumulated risk",
    players=("A", "B"),
    information="two-sided",
    citation=BOOK,
    provenance="derived by us in the book's spirit: not a proposition of the book",
    orderings=("highest_cost > 0",),
)
def contest_of_resolve(*, highest_cost: float) -> ContestOfResolve:
    """Both sides let the accumulated risk of disaster rise until one quits and loses the prize of 1; disaster strikes with the risk then reached.

    Parameters
    ----------
    highest_cost : float
        Costs of disaster are private and uniform from 0 to this.

    Examples
    --------
    >>> from detente import games
    >>> contest = games.contest_of_resolve(highest_cost=4)
    >>> round(contest.quits(1), 7), round(contest.disaster, 7)
    (0.5276334, 0.1661947)
    """
    return ContestOfResolve(highest_cost)
