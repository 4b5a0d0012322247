"""Alliances: whether an ally comes and what records of alliances show of it (after Smith), and what support does to a protege's demands (after Benson)."""

from __future__ import annotations

from dataclasses import dataclass

from detente.games.classic.bargaining import Demand, risk_return
from detente.games.classic.entry import classic_model


@dataclass(frozen=True)
class Reliability:
    """Reliability of an alliance, and what hangs on it.

    Attributes
    ----------
    reliability : float
        Probability that the ally intervenes.
    resists_from, attacked_to : float
        The target resists from this reliability on; a resisting target is attacked up to that one.
    attacked : bool
    observed : float
        Mean reliability of alliances that were attacked, if reliabilities in the world were uniform: below their mean of one half by selection.
    """

    reliability: float
    resists_from: float
    attacked_to: float

    @property
    def attacked(self) -> bool:
        return self.reliability < self.resists_from or self.reliability <= self.attacked_to

    @property
    def observed(self) -> float:
        return min(1.0, max(0.0, self.resists_from, self.attacked_to)) / 2


@classic_model(
    "Alliance reliability",
    players=("attacker", "target", "ally"),
    information="one-sided",
    citation="Smith (1995), Alliance formation and war, International Studies Quarterly 39, 405-425",
    provenance="claims published (unreliable alliances are attacked more, which biases their record); this reduction derived, not the article's equilibrium",
    probabilities=("win_alone", "win_helped"),
    orderings=("win_helped > win_alone", "ally_cost_high > 0", "target_value > 0", "reneging_cost >= 0"),
)
def alliance_reliability(
    *, win_alone: float, win_helped: float, target_value: float, target_cost: float, attacker_cost: float, ally_value: float, reneging_cost: float,
    ally_cost_high: float,
) -> Reliability:  # fmt: skip
    """Attack or not; resist or concede; the ally comes if its private cost, uniform up to ally_cost_high, is at most what it gains.

    Parameters
    ----------
    win_alone, win_helped : float
        The target's probability of winning without and with the ally.
    target_value, target_cost, attacker_cost : float
        What the target defends, and costs of war; the attacker's prize is 1.
    ally_value, reneging_cost, ally_cost_high : float

    Examples
    --------
    >>> from detente import games
    >>> found = games.alliance_reliability(win_alone=0.3, win_helped=0.6, target_value=1, target_cost=0.35, attacker_cost=0.5, ally_value=1,
    ...     reneging_cost=0.2, ally_cost_high=1)
    >>> found.reliability, found.attacked, round(found.observed, 6)
    (0.5, True, 0.333333)
    """
    helps = win_helped - win_alone
    reliability = min(1.0, max(0.0, (ally_value * helps + reneging_cost) / ally_cost_high))
    return Reliability(reliability, (target_cost / target_value - win_alone) / helps, ((1 - win_alone) - attacker_cost) / helps)


@classic_model(
    "Commitment and moral hazard",
    players=("protege", "opponent", "guarantor"),
    information="one-sided",
    citation="Benson (2012), Constructing International Security, Cambridge University Press; Benson, Meirowitz and Ramsay (2014), Inducing deterrence through "
    "moral hazard in alliance contracts, Journal of Conflict Resolution 58, 307-335",
    provenance="types of commitment published; this reduction to Fearon (1995) derived, not the book's equilibrium",
    probabilities=("win", "support"),
    orderings=("1 >= cost_share >= 0", "cost_protege >= 0", "opponent_cost_high > 0", "added_win >= 0", "1 >= win + added_win"),
)
def commitment(*, support: float, win: float, added_win: float, cost_share: float, cost_protege: float, opponent_cost_high: float) -> Demand:
    """What a protege demands of an opponent whose cost of war is private (uniform from 0), if a guarantor will support it with a probability.

    An unconditional commitment is support 1, a probabilistic one between 0 and 1; a conditional one is support 0 where the protege is who initiates.

    Parameters
    ----------
    support : float
    win, added_win : float
        The protege's probability of winning alone, and what support adds to it.
    cost_share : float
        Share of the protege's cost that support takes over. If it is 0, support raises the demand but not the risk of war.
    cost_protege, opponent_cost_high : float

    Examples
    --------
    >>> from detente import games
    >>> found = games.commitment(support=1, win=0.5, added_win=0.15, cost_share=0.6, cost_protege=0.2, opponent_cost_high=0.4)
    >>> round(found.demand, 6), round(found.war, 6)
    (0.81, 0.4)
    """
    own_cost = cost_protege * (1 - support * cost_share)
    return risk_return(win=win + support * added_win, cost_a=own_cost, cost_b_low=0.0, cost_b_high=opponent_cost_high)
