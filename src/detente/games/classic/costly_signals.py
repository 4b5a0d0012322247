"""Fearon's two models of signals that cost something: crises with a cost of backing down (1994), and tying hands against sinking costs (1997)."""

from __future__ import annotations

from dataclasses import dataclass

from detente.games.classic.entry import classic_model


def _share_below(value: float, low: float, high: float) -> float:
    """Of a uniform distribution."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


@dataclass(frozen=True)
class CrisisEquilibrium:
    """An equilibrium of the crisis with a cost of backing down.

    Attributes
    ----------
    name : str
        no bluff, partial bluff or all bluff.
    resists : float
        Probability that the defender resists a challenge.
    attacks : float
        Probability that a challenger who met resistance attacks.
    challenges, bluffs, war : float
        Probabilities at the start; bluffs are challenges of those who would back down.
    """

    name: str
    resists: float
    attacks: float
    challenges: float
    bluffs: float
    war: float


@classic_model(
    "Crisis with a cost of backing down",
    players=("challenger", "defender"),
    information="two-sided",
    citation="Fearon (1994), Signaling versus the balance of power and interests, Journal of Conflict Resolution 38, 236-269",
    provenance="tree as remembered, not the article's notation; equilibria derived",
    orderings=("backing_down_cost > 0", "challenger_high > challenger_low", "defender_high > defender_low", "challenger_high + backing_down_cost > 0"),
)
def backing_down(
    *, backing_down_cost: float, challenger_low: float, challenger_high: float, defender_low: float, defender_high: float
) -> CrisisEquilibrium:
    """Challenge or not; concede or resist; back down or attack, with private uniform payoffs of war.

    The status quo is worth 0 to the challenger and 1 to the defender; a concession 1 and 0; backing down -backing_down_cost and 1.

    Parameters
    ----------
    backing_down_cost : float
        What backing down costs the challenger, in units of the prize.
    challenger_low, challenger_high, defender_low, defender_high : float
        Ranges of the payoffs of war, known to the player himself alone.

    Examples
    --------
    >>> from detente import games
    >>> games.backing_down(backing_down_cost=1.0, challenger_low=-2.0, challenger_high=0.5, defender_low=-1.0, defender_high=0.5).name
    'partial bluff'
    """
    would_attack = 1.0 - _share_below(-backing_down_cost, challenger_low, challenger_high)
    willing = 1.0 - _share_below(0.0, defender_low, defender_high)
    if willing >= 1.0 / (1.0 + backing_down_cost):
        challenges = 1.0 - _share_below(-(1.0 - willing) / willing, challenger_low, challenger_high)
        return CrisisEquilibrium("no bluff", willing, 1.0, challenges, 0.0, challenges * willing)
    cut = defender_low + backing_down_cost / (1.0 + backing_down_cost) * (defender_high - defender_low)
    attacks = 1.0 / (1.0 - cut)
    if attacks >= would_attack:
        resists, challenges = 1.0 / (1.0 + backing_down_cost), would_attack / attacks
        return CrisisEquilibrium("partial bluff", resists, attacks, challenges, challenges - would_attack, would_attack * resists)
    resists = 1.0 - _share_below(-(1.0 - would_attack) / would_attack, defender_low, defender_high)
    return CrisisEquilibrium("all bluff", resists, would_attack, 1.0, 1.0 - would_attack, would_attack * resists)


@dataclass(frozen=True)
class Signal:
    """What a kind of signal comes to.

    Attributes
    ----------
    threshold : float
        Value of the issue from which the defender sends the signal, and fights if he is challenged.
    cost : float
        Cost that he chooses.
    war : float
        Probability of war at the start.
    value : float
        The defender's expected payoff at the start.
    """

    threshold: float
    cost: float
    war: float
    value: float


@dataclass(frozen=True)
class Signals:
    """Sinking costs are paid at once, tied hands only by who yields; neither is ever a bluff."""

    sinking_costs: Signal
    tying_hands: Signal


@classic_model(
    "Tying hands or sinking costs",
    players=("defender", "challenger"),
    information="two-sided",
    citation="Fearon (1997), Signaling foreign policy interests, Journal of Conflict Resolution 41, 68-90",
    provenance="theorems published (no bluffs; tied hands are worth more and risk more war); model written anew from them, equilibria derived",
    probabilities=("win", "challenged"),
    orderings=("1 > win > 0", "1 > challenged > 0", "cost > 0", "value_high * win > cost"),
)
def costly_signals(*, win: float, cost: float, challenged: float, value_high: float = 1.0) -> Signals:
    """A defender signals how much he cares; the challenger challenges or not; the challenged defender fights or yields.

    The defender's value of the issue is uniform from 0 to value_high. One signal is sent, or none, which tells that he will not fight.

    Parameters
    ----------
    win : float
        Probability that the defender wins.
    cost : float
        His cost of war.
    challenged : float
        Probability that a challenger attacks though the defender will surely fight.
    value_high : float
        Must be above cost / win, so that some defender signals.

    Examples
    --------
    >>> from detente import games
    >>> signals = games.costly_signals(win=0.5, cost=0.3, challenged=0.25)
    >>> round(signals.sinking_costs.war, 7), round(signals.tying_hands.war, 7)
    (0.1, 0.2285714)
    """

    def signal(threshold: float, size: float, paid: float) -> Signal:
        senders = 1.0 - threshold / value_high
        worth = (1.0 - challenged + challenged * win) * (value_high + threshold) / 2.0 - challenged * cost - paid
        return Signal(threshold, size, challenged * senders, senders * worth)

    sunk = (1.0 - challenged) * cost / win
    tied = challenged * cost / (1.0 - challenged + challenged * win)
    return Signals(signal(cost / win, sunk, sunk), signal(tied, cost - win * tied, 0.0))
