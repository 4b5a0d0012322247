"""Zagare and Kilgour's tripartite crisis game: extended deterrence between abandonment and entrapment.

    node 1   challenger   accept: status quo SQ        demand: node 2
    node 2   protege      concede: settlement SE       resist: node 3
    node 3   defender     withhold: node 4b            support: node 4a
    node 4a  challenger   back_down: CC                press: conflict CF
    node 4b  protege      stay: loses PL               realign: PR

A determined challenger presses, a hesitant one backs down; an unsupported disloyal protege realigns, a loyal one stays. The defender likes conflict better
than losing the protege. The numbers that stand as defaults illustrate: they are ours.

Which equilibria it has is told by `tripartite_classes`.
"""

from __future__ import annotations

from detente.games.classic.draft import Draft, Payoff, move, two_types
from detente.games.classic.entry import classic_game
from detente.games.classic.tripartite_classes import classes
from detente.games.tree import Node


@classic_game(
    "Tripartite crisis game",
    players=("challenger", "protege", "defender"),
    information="two-sided",
    citation="Zagare and Kilgour (2003), Alignment patterns, crisis bargaining, and extended deterrence, International Studies Quarterly 47, 587-615; "
    "Zagare and Kilgour (2006), The deterrence-versus-restraint dilemma in extended deterrence, International Studies Review 8",
    provenance="players and information published; tree and labels as remembered; equilibria derived",
    probabilities=("challenger_determined", "protege_disloyal"),
    orderings=(
        "challenger_cf_determined > challenger_cc > challenger_cf_hesitant",
        "challenger_pl > challenger_sq",
        "challenger_pr > challenger_sq",
        "defender_pl > defender_cf > defender_pr",
        "defender_cc > defender_cf",
        "protege_cc > protege_cf",
        "protege_cc > protege_se > protege_pl",
        "protege_pr_disloyal > protege_pl > protege_pr_loyal",
    ),
    closed_forms=classes,
)
def tripartite_crisis(
    *, challenger_determined: float, protege_disloyal: float, challenger_pl: Payoff = 1.0, challenger_se: Payoff = 0.9, challenger_pr: Payoff = 0.8,
    challenger_sq: Payoff = 0.5, challenger_cf_determined: Payoff = 0.3, challenger_cc: Payoff = 0.2, challenger_cf_hesitant: Payoff = 0.0,
    protege_cc: Payoff = 1.0, protege_sq: Payoff = 0.9, protege_cf: Payoff = 0.6, protege_se: Payoff = 0.4, protege_pr_disloyal: Payoff = 0.3,
    protege_pl: Payoff = 0.2, protege_pr_loyal: Payoff = 0.1, defender_sq: Payoff = 1.0, defender_cc: Payoff = 0.9, defender_se: Payoff = 0.7,
    defender_pl: Payoff = 0.6, defender_cf: Payoff = 0.3, defender_pr: Payoff = 0.0,
) -> Draft:  # fmt: skip
    """The tripartite crisis game.

    Parameters
    ----------
    challenger_determined : float
        Probability that the challenger presses on against support.
    protege_disloyal : float
        Probability that an unsupported protege realigns: the credibility of that threat.
    challenger_pl, challenger_se, ..., defender_pr : float or array over draws
        Payoffs at the ends.

    Returns
    -------
    ClassicGame
        `closed_form` has every class off the borders between them: commitment (three ways for the challenger to meet it), concession, the straddle,
        mixed resistance (three ways), and three deterrences.

    Raises
    ------
    InvalidInput
        If a number is not finite, a probability is none, or an ordering is violated; all are told.

    Examples
    --------
    >>> from detente import games
    >>> straddle, commitment = games.tripartite_crisis(challenger_determined=0.3, protege_disloyal=0.2).closed_form()
    >>> commitment.name, commitment.plausible
    ('commitment that deters', False)
    >>> straddle.name, round(straddle.strategies["defender, node 3"]["support"], 6)
    ('straddle', 0.605263)
    """
    draft = Draft()
    conflict = {"determined": challenger_cf_determined, "hesitant": challenger_cf_hesitant}
    realignment = {"disloyal": protege_pr_disloyal, "loyal": protege_pr_loyal}

    def play(challenger: str, protege: str) -> Node:
        supported = move(
            0, f"{challenger} challenger, node 4a",
            back_down=draft.end("CC", challenger_cc, protege_cc, defender_cc), press=draft.end("CF", conflict[challenger], protege_cf, defender_cf),
        )  # fmt: skip
        alone = move(
            1, f"{protege} protege, node 4b",
            stay=draft.end("PL", challenger_pl, protege_pl, defender_pl), realign=draft.end("PR", challenger_pr, realignment[protege], defender_pr),
        )  # fmt: skip
        resists = move(2, "defender, node 3", withhold=alone, support=supported)
        answer = move(1, f"{protege} protege, node 2", concede=draft.end("SE", challenger_se, protege_se, defender_se), resist=resists)
        return move(0, f"{challenger} challenger, node 1", accept=draft.end("SQ", challenger_sq, protege_sq, defender_sq), demand=answer)

    types = {"challenger": two_types(challenger_determined, "determined", "hesitant"), "protege": two_types(protege_disloyal, "disloyal", "loyal")}
    return draft.nature(types, play)
