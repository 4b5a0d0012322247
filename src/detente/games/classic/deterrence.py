"""Zagare and Kilgour's rudimentary asymmetric and unilateral deterrence games.

A hard player prefers to carry out his last threat, a soft one does not; each knows his own type alone. C is to cooperate or concede, D to defect, challenge or
resist; an outcome is named by the last moves of challenger and defender. The numbers that stand as defaults illustrate: they are ours, not the book's.
"""

from __future__ import annotations

from typing import Any

from detente.games.classic.closed_form import ClosedForm, defects
from detente.games.classic.draft import Draft, Payoff, move, two_types
from detente.games.classic.entry import classic_game
from detente.games.tree import Node

BOOK = "Zagare and Kilgour (2000), Perfect Deterrence, Cambridge University Press"


def _rudimentary(a: Any) -> list[ClosedForm]:
    threshold = (a.challenger_dc - a.challenger_sq) / (a.challenger_dc - a.challenger_dd)
    answers = {"hard defender": defects(1.0), "soft defender": defects(0.0)}
    found = []
    if a.defender_hard >= threshold:
        found.append(ClosedForm("deterrence", f"defender_hard >= {threshold:.6g}", {"challenger": defects(0.0), **answers}))
    if a.defender_hard <= threshold:
        found.append(ClosedForm("attack", f"defender_hard <= {threshold:.6g}", {"challenger": defects(1.0), **answers}))
    return found


@classic_game(
    "Rudimentary asymmetric deterrence game",
    players=("challenger", "defender"),
    information="one-sided",
    citation=f"{BOOK}, appendix 3",
    provenance="tree, orderings and the defender's choice published; the challenger's threshold derived",
    probabilities=("defender_hard",),
    orderings=("challenger_dc > challenger_sq > challenger_dd", "defender_sq > defender_dd_hard > defender_dc > defender_dd_soft"),
    closed_forms=_rudimentary,
)
def rudimentary_deterrence(
    *, defender_hard: float, challenger_dc: Payoff = 1.0, challenger_sq: Payoff = 0.6, challenger_dd: Payoff = 0.0,
    defender_sq: Payoff = 0.9, defender_dd_hard: Payoff = 0.4, defender_dc: Payoff = 0.3, defender_dd_soft: Payoff = 0.0,
) -> Draft:  # fmt: skip
    """The rudimentary asymmetric deterrence game: challenge or not; if challenged, concede or resist.

    Parameters
    ----------
    defender_hard : float
        Probability that the defender is hard, his credibility.
    challenger_dc, challenger_sq, challenger_dd, defender_sq, defender_dd_hard, defender_dc, defender_dd_soft : float or array over draws
        Payoffs at concession (DC), status quo (SQ) and conflict (DD).

    Returns
    -------
    ClassicGame
        `closed_form` has deterrence if defender_hard >= (DC - SQ) / (DC - DD) in the challenger's payoffs, and attack if it is at most that.

    Raises
    ------
    InvalidInput
        If a number is not finite, the probability is none, or an ordering is violated; all are told.

    Examples
    --------
    >>> from detente import games
    >>> [found.name for found in games.rudimentary_deterrence(defender_hard=0.39).closed_form()]
    ['attack']
    """
    draft = Draft()
    conflict = {"hard": defender_dd_hard, "soft": defender_dd_soft}

    def play(defender: str) -> Node:
        answer = move(1, f"{defender} defender", C=draft.end("DC", challenger_dc, defender_dc), D=draft.end("DD", challenger_dd, conflict[defender]))
        return move(0, "challenger", C=draft.end("SQ", challenger_sq, defender_sq), D=answer)

    return draft.nature({"defender": two_types(defender_hard, "hard", "soft")}, play)


def _profile(hard_challenges: float, soft_challenges: float, soft_resists: float) -> dict[str, dict[str, float]]:
    return {
        "hard challenger, node 1": defects(hard_challenges),
        "soft challenger, node 1": defects(soft_challenges),
        "hard defender, node 2": defects(1.0),
        "soft defender, node 2": defects(soft_resists),
        "hard challenger, node 3": defects(1.0),
        "soft challenger, node 3": defects(0.0),
    }


def _believes(low: float, high: float) -> dict[tuple[str, str], tuple[float, float]]:
    return {(f"{kind} defender, node 2", "hard challenger"): (low, high) for kind in ("hard", "soft")}


def _unilateral(a: Any) -> list[ClosedForm]:
    gain = a.challenger_dc - a.challenger_sq
    deters_hard, deters_soft = gain / (a.challenger_dc - a.challenger_dd_hard), gain / (a.challenger_dc - a.challenger_cd)
    resists = (a.defender_cd - a.defender_dc) / (a.defender_cd - a.defender_dd_soft)
    challenger, defender = a.challenger_hard, a.defender_hard
    c_t, c_s, d_n = f"c_t = {deters_hard:.6g}", f"c_s = {deters_soft:.6g}", f"d_n = {resists:.6g}"
    found = []
    if defender >= deters_hard:
        found.append(ClosedForm("certain deterrence", f"defender_hard >= {c_t}", _profile(0, 0, 0), _believes(resists, 1)))
    if deters_soft <= defender <= deters_hard and challenger > 0:
        found.append(ClosedForm("separating", f"{c_s} <= defender_hard <= {c_t}", _profile(1, 0, 0), _believes(1, 1)))
    if defender <= deters_soft and 0 < challenger <= resists:
        bluff, resist = challenger * (1 - resists) / (resists * (1 - challenger)), (deters_soft - defender) / (1 - defender)
        condition = f"defender_hard <= {c_s} and challenger_hard <= {d_n}"
        found.append(ClosedForm("bluff", condition, _profile(1, bluff, resist), _believes(resists, resists)))
    if defender <= deters_soft and challenger >= resists:
        condition = f"defender_hard <= {c_s} and challenger_hard >= {d_n}"
        found.append(ClosedForm("attack", condition, _profile(1, 1, 0), _believes(challenger, challenger)))
    condition = f"always, if a challenger whom nobody expected is believed hard with at most {d_n}"
    found.append(ClosedForm("steadfast deterrence", condition, _profile(0, 0, 1), _believes(0, resists), plausible=False))
    return found


@classic_game(
    "Unilateral deterrence game",
    players=("challenger", "defender"),
    information="two-sided",
    citation=f"{BOOK}, chapter 5; Zagare and Kilgour (1993), Asymmetric deterrence, International Studies Quarterly 37",
    provenance="tree, orderings and symbols as remembered, in accord with published summaries; equilibria derived",
    probabilities=("challenger_hard", "defender_hard"),
    orderings=(
        "challenger_dc > challenger_sq > challenger_dd_hard > challenger_cd > challenger_dd_soft",
        "defender_cd > defender_dd_hard > defender_dc > defender_dd_soft",
        "defender_sq > defender_dd_hard",
    ),
    closed_forms=_unilateral,
)
def unilateral_deterrence(
    *, challenger_hard: float, defender_hard: float, challenger_dc: Payoff = 1.0, challenger_sq: Payoff = 0.6, challenger_dd_hard: Payoff = 0.3,
    challenger_cd: Payoff = 0.2, challenger_dd_soft: Payoff = 0.0, defender_cd: Payoff = 1.0, defender_sq: Payoff = 0.9,
    defender_dd_hard: Payoff = 0.4, defender_dc: Payoff = 0.3, defender_dd_soft: Payoff = 0.0,
) -> Draft:  # fmt: skip
    """The unilateral deterrence game: challenge or not; concede or resist; back down or press on.

    Parameters
    ----------
    challenger_hard, defender_hard : float
        Probabilities that a player is hard, independent of each other.
    challenger_dc, challenger_sq, ..., defender_dd_soft : float or array over draws
        Payoffs at concession (DC), status quo (SQ), the challenger's defeat (CD) and conflict (DD).

    Returns
    -------
    ClassicGame
        `closed_form` has certain deterrence, separating, bluff and attack, of which one exists off the borders of their regions, and steadfast deterrence,
        which always exists but is not plausible. (At the belief d_n exactly, a soft defender who resists less often deters too; that is left out.)

    Raises
    ------
    InvalidInput
        If a number is not finite, a probability is none, or an ordering is violated; all are told.

    Examples
    --------
    >>> from detente import games
    >>> bluff, steadfast = games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2).closed_form()
    >>> bluff.name, round(bluff.strategies["soft defender, node 2"]["D"], 6)
    ('bluff', 0.375)
    """
    draft = Draft()
    worth = {"hard": (challenger_dd_hard, defender_dd_hard), "soft": (challenger_dd_soft, defender_dd_soft)}

    def play(challenger: str, defender: str) -> Node:
        conflict = draft.end("DD", worth[challenger][0], worth[defender][1])
        press = move(0, f"{challenger} challenger, node 3", C=draft.end("CD", challenger_cd, defender_cd), D=conflict)
        answer = move(1, f"{defender} defender, node 2", C=draft.end("DC", challenger_dc, defender_dc), D=press)
        return move(0, f"{challenger} challenger, node 1", C=draft.end("SQ", challenger_sq, defender_sq), D=answer)

    types = {"challenger": two_types(challenger_hard, "hard", "soft"), "defender": two_types(defender_hard, "hard", "soft")}
    return draft.nature(types, play)
