"""Zagare and Kilgour's asymmetric escalation game: initiate, concede or respond in kind or escalate, and escalate further.

    node 1   challenger   C: status quo SQ             D: node 2
    node 2   defender     C: concession DC             D: node 3a              E: node 3b
    node 3a  challenger   D: limited conflict DD       E: node 4
    node 3b  challenger   D: defender wins DE          E: all-out conflict EE
    node 4   defender     D: challenger wins ED        E: all-out conflict EE

The challenger is hard if EE is worth more to him than giving way. The defender has two letters: tactically hard (H first) if she likes limited conflict
better than concession, strategically hard (H second) if she likes EE better than defeat. The numbers that stand as defaults illustrate: they are ours.

Which equilibria it has is told by `escalation_classes`.
"""

from __future__ import annotations

from detente.games.classic.deterrence import BOOK
from detente.games.classic.draft import Draft, Payoff, move, two_types
from detente.games.classic.entry import classic_game
from detente.games.classic.escalation_classes import classes
from detente.games.tree import Node


@classic_game(
    "Asymmetric escalation game",
    players=("challenger", "defender"),
    information="two-sided",
    citation=f"{BOOK}, chapters 7 and 8, appendix 8; Kilgour and Zagare (2007), Explaining limited conflicts, Conflict Management and Peace Science 24",
    provenance="orderings published, tree as quoted by others; equilibria derived, most of their names as remembered",
    probabilities=("challenger_hard", "defender_hh", "defender_hs", "defender_sh"),
    orderings=(
        "challenger_dc > challenger_sq > challenger_ed > challenger_dd > challenger_ee_hard > challenger_de > challenger_ee_soft",
        "defender_sq > defender_de > defender_dd_hard > defender_dc > defender_dd_soft > defender_ee_hard > defender_ed > defender_ee_soft",
        "1 >= defender_hh + defender_hs + defender_sh",
    ),
    closed_forms=classes,
)
def asymmetric_escalation(
    *, challenger_hard: float, defender_hh: float, defender_hs: float, defender_sh: float, challenger_dc: Payoff = 1.0, challenger_sq: Payoff = 0.6,
    challenger_ed: Payoff = 0.5, challenger_dd: Payoff = 0.4, challenger_ee_hard: Payoff = 0.3, challenger_de: Payoff = 0.2,
    challenger_ee_soft: Payoff = 0.0, defender_sq: Payoff = 1.0, defender_de: Payoff = 0.8, defender_dd_hard: Payoff = 0.6, defender_dc: Payoff = 0.5,
    defender_dd_soft: Payoff = 0.4, defender_ee_hard: Payoff = 0.3, defender_ed: Payoff = 0.2, defender_ee_soft: Payoff = 0.0,
) -> Draft:  # fmt: skip
    """The asymmetric escalation game.

    Parameters
    ----------
    challenger_hard : float
        Probability that the challenger is hard.
    defender_hh, defender_hs, defender_sh : float
        Probabilities of the kinds of defender; the rest is SS.
    challenger_dc, challenger_sq, ..., defender_ee_soft : float or array over draws
        Payoffs at the six ends; dd_hard and dd_soft by the defender's first letter, ee_hard and ee_soft by the challenger's type and her second letter.

    Returns
    -------
    ClassicGame
        `closed_form` has every class off the borders between them: no response; constrained, hybrid and mixed limited response, alone or with others who
        escalate or mix; attack; bluff I and II; and deterrence, whose answers off the path are told one by one where they are pure.

    Raises
    ------
    InvalidInput
        If a number is not finite, a probability is none, or an ordering is violated; all are told.

    Examples
    --------
    >>> from detente import games
    >>> game = games.asymmetric_escalation(challenger_hard=0.7, defender_hh=0.2, defender_hs=0.1, defender_sh=0.2)
    >>> [found.name for found in game.closed_form() if found.plausible]
    ['no response', 'constrained limited response']
    """
    draft = Draft()
    limited = {"H": defender_dd_hard, "S": defender_dd_soft}
    all_out = {"H": defender_ee_hard, "S": defender_ee_soft}
    own = {"hard": challenger_ee_hard, "soft": challenger_ee_soft}

    def play(challenger: str, defender: str) -> Node:
        conflict = draft.end("EE", own[challenger], all_out[defender[1]])
        yields = move(1, f"{defender} defender, node 4", D=draft.end("ED", challenger_ed, defender_ed), E=conflict)
        in_kind = move(0, f"{challenger} challenger, node 3a", D=draft.end("DD", challenger_dd, limited[defender[0]]), E=yields)
        escalated = move(0, f"{challenger} challenger, node 3b", D=draft.end("DE", challenger_de, defender_de), E=conflict)
        answer = move(1, f"{defender} defender, node 2", C=draft.end("DC", challenger_dc, defender_dc), D=in_kind, E=escalated)
        return move(0, f"{challenger} challenger, node 1", C=draft.end("SQ", challenger_sq, defender_sq), D=answer)

    kinds = {"HH": defender_hh, "HS": defender_hs, "SH": defender_sh, "SS": max(0.0, 1.0 - (defender_hh + defender_hs + defender_sh))}
    return draft.nature({"challenger": two_types(challenger_hard, "hard", "soft"), "defender": kinds}, play)
