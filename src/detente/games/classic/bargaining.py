"""Fearon's rationalist explanations for war: the bargaining range, the risk-return trade-off, first strikes and preventive war.

A prize of 1, which A wins by war with probability p, at costs to both; both are risk neutral. These are closed forms, not trees.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.games.classic.entry import classic_model

ARTICLE = "Fearon (1995), Rationalist explanations for war, International Organization 49, 379-414"


@dataclass(frozen=True)
class BargainingRange:
    """A's shares of the prize, from `low` to `high`, that both prefer to war. The part outside 0 to 1 is no division of the prize."""

    low: float
    high: float

    @property
    def length(self) -> float:
        """How long the range is; negative if there is none."""
        return self.high - self.low

    @property
    def exists(self) -> bool:
        """Whether a peaceful bargain exists that both strictly prefer."""
        return self.length > 0


@classic_model(
    "Bargaining range",
    players=("A", "B"),
    information="complete",
    citation=ARTICLE,
    provenance="published",
    probabilities=("win",),
    orderings=("cost_a > 0", "cost_b > 0"),
)
def bargaining_range(*, win: float, cost_a: float, cost_b: float) -> BargainingRange:
    """Divisions that both prefer to war: win - cost_a to win + cost_b, never empty.

    Parameters
    ----------
    win : float
        Probability that A wins a war.
    cost_a, cost_b : float
        Costs of war, in units of the prize.

    Examples
    --------
    >>> from detente import games
    >>> games.bargaining_range(win=0.5, cost_a=0.1, cost_b=0.2)
    BargainingRange(low=0.4, high=0.7)
    """
    return BargainingRange(win - cost_a, win + cost_b)


@classic_model(
    "Bargaining range with a first-strike advantage",
    players=("A", "B"),
    information="complete",
    citation=ARTICLE,
    provenance="as remembered, derived again",
    probabilities=("win_first", "win_second"),
    orderings=("win_first > win_second", "cost_a > 0", "cost_b > 0"),
)
def first_strike_bargain(*, win_first: float, win_second: float, cost_a: float, cost_b: float) -> BargainingRange:
    """Divisions that neither side would break by striking first; there are none if the advantage is at least the sum of costs.

    Parameters
    ----------
    win_first, win_second : float
        Probability that A wins if A strikes first, and if B does.
    cost_a, cost_b : float

    Examples
    --------
    >>> from detente import games
    >>> games.first_strike_bargain(win_first=0.7, win_second=0.3, cost_a=0.1, cost_b=0.2).exists
    False
    """
    return BargainingRange(win_first - cost_a, win_second + cost_b)


@dataclass(frozen=True)
class Demand:
    """A's best take-it-or-leave-it demand, the probability of war that it runs, and its worth to A."""

    demand: float
    war: float
    value: float


@classic_model(
    "Risk-return trade-off",
    players=("A", "B"),
    information="one-sided",
    citation=ARTICLE,
    provenance="model published; solution for uniform costs derived",
    probabilities=("win",),
    orderings=("cost_a >= 0", "cost_b_high >= cost_b_low >= 0"),
)
def risk_return(*, win: float, cost_a: float, cost_b_low: float, cost_b_high: float) -> Demand:
    """A demands a share, B accepts or fights, and only B knows its cost, which is uniform for A.

    Parameters
    ----------
    win : float
        Probability that A wins a war.
    cost_a : float
    cost_b_low, cost_b_high : float
        Range of B's cost; equal ends are complete information, without war.

    Examples
    --------
    >>> from detente import games
    >>> games.risk_return(win=0.5, cost_a=0.5, cost_b_low=0.0, cost_b_high=0.4)
    Demand(demand=0.5, war=0.0, value=0.5)
    """
    demand = min(1.0, win + max(cost_b_low, (cost_b_high - cost_a) / 2))
    margin = demand - win - cost_b_low
    war = margin / (cost_b_high - cost_b_low) if margin > 0 else 0.0
    return Demand(demand, war, (1 - war) * demand + war * (win - cost_a))


@dataclass(frozen=True)
class PreventiveWar:
    """Whether B attacks now, and the later strength of A above which it does."""

    war: bool
    threshold: float


@classic_model(
    "Preventive war",
    players=("A", "B"),
    information="complete",
    citation=ARTICLE,
    provenance="condition as remembered, derived from the values of war now and war later",
    probabilities=("win_now", "win_later", "discount"),
    orderings=("cost_b > 0", "1 > discount > 0"),
)
def preventive_war(*, win_now: float, win_later: float, cost_b: float, discount: float) -> PreventiveWar:
    """B declines and A cannot promise to spare it later: B attacks now if discount x win_later - win_now > cost_b (1 - discount)^2.

    Parameters
    ----------
    win_now, win_later : float
        Probability that A wins a war, now and from the next period on.
    cost_b : float
        B's cost of war, in units of the prize of one period.
    discount : float
        Factor a period.

    Examples
    --------
    >>> from detente import games
    >>> round(games.preventive_war(win_now=0.3, win_later=0.5, cost_b=0.2, discount=0.9).threshold, 7)
    0.3355556
    """
    threshold = (win_now + cost_b * (1 - discount) ** 2) / discount
    return PreventiveWar(win_later > threshold, threshold)
