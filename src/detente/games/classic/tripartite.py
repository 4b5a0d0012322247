"""Zagare and Kilgour's tripartite crisis game: extended deterrence between abandonment and entrapment.

    node 1   challenger   accept: status quo SQ        demand: node 2
    node 2   protege      concede: settlement SE       resist: node 3
    node 3   defender     withhold: node 4b            support: node 4a
    node 4a  challenger   back_down: CC                press: conflict CF
    node 4b  protege      stay: loses PL               realign: PR

A determined challenger presses, a hesitant one backs down; an unsupported disloyal protege realigns, a loyal one stays. The defender likes conflict better
than losing the protege. The numbers that stand as defaults illustrate: they are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.games.classic.closed_form import ClosedForm
from detente.games.classic.draft import Draft, Payoff, move, two_types
from detente.games.classic.entry import classic_game
from detente.games.tree import Node


def _form(
    name: str, condition: str, demands: tuple[float, float], loyal_resists: float, supports: float, determined: tuple[float, float], disloyal: float
) -> ClosedForm:
    """A class from demands of both challengers, resistance of the loyal protege, support, and Pr(determined) and Pr(disloyal) as believed after them."""
    strategies = {
        "determined challenger, node 1": {"accept": 1.0 - demands[0], "demand": demands[0]},
        "hesitant challenger, node 1": {"accept": 1.0 - demands[1], "demand": demands[1]},
        "disloyal protege, node 2": {"concede": 0.0, "resist": 1.0},
        "loyal protege, node 2": {"concede": 1.0 - loyal_resists, "resist": loyal_resists},
        "defender, node 3": {"withhold": 1.0 - supports, "support": supports},
        "determined challenger, node 4a": {"back_down": 0.0, "press": 1.0},
        "hesitant challenger, node 4a": {"back_down": 1.0, "press": 0.0},
        "disloyal protege, node 4b": {"stay": 0.0, "realign": 1.0},
        "loyal protege, node 4b": {"stay": 1.0, "realign": 0.0},
    }
    beliefs = {(f"{kind} protege, node 2", "determined challenger"): determined for kind in ("disloyal", "loyal")}
    beliefs["defender, node 3", "determined challenger"] = determined
    beliefs["defender, node 3", "disloyal protege"] = (disloyal, disloyal)
    return ClosedForm(name, condition, strategies, beliefs)


def _committed(a: Any) -> Iterator[ClosedForm]:
    """Support for sure: everybody resists, and the challenger meets a defender."""
    condition = "protege_disloyal >= (PL - CF) / (PL - PR) of the defender, and "
    resists = a.protege_cf >= a.protege_se
    if a.challenger_cc <= a.challenger_sq and a.challenger_cf_determined <= a.challenger_sq:
        most = 1.0 if resists else (a.protege_cc - a.protege_se) / (a.protege_cc - a.protege_cf)
        yield _form("commitment that deters", f"{condition}SQ >= CF, CC of the challenger", (0, 0), 1, 1, (0, most), a.protege_disloyal)
    if a.challenger_cc <= a.challenger_sq <= a.challenger_cf_determined and resists and a.challenger_determined > 0:
        yield _form("commitment, determined demand", f"{condition}CF >= SQ >= CC of the challenger", (1, 0), 1, 1, (1, 1), a.protege_disloyal)
    p = a.challenger_determined
    if a.challenger_cc >= a.challenger_sq and p * a.protege_cf + (1 - p) * a.protege_cc >= a.protege_se:
        yield _form("commitment, all demand", f"{condition}CC >= SQ of the challenger", (1, 1), 1, 1, (p, p), a.protege_disloyal)


def _uncommitted(a: Any) -> Iterator[ClosedForm]:
    """The straddle, and mixed resistance where the challenger is probably determined."""
    p, disloyal = a.challenger_determined, a.protege_disloyal
    unsupported = disloyal * a.challenger_pr + (1 - disloyal) * a.challenger_pl
    withheld = disloyal * a.defender_pr + (1 - disloyal) * a.defender_pl
    believed = (a.defender_cc - withheld) / (a.defender_cc - a.defender_cf)
    if 0 < p < believed and a.challenger_cc < a.challenger_sq < unsupported:
        support = (unsupported - a.challenger_sq) / (unsupported - a.challenger_cc)
        bluff = p * (1 - believed) / (believed * (1 - p))
        resistance = support * (believed * a.protege_cf + (1 - believed) * a.protege_cc) + (1 - support) * a.protege_pl
        if resistance >= a.protege_se:
            condition = f"protege_disloyal < (PL - CF) / (PL - PR) of the defender, challenger_determined < r* = {believed:.6g}"
            yield _form("straddle", condition, (1, bluff), 1, support, (believed, believed), disloyal)
    supported = p * a.protege_cf + (1 - p) * a.protege_cc
    if p >= believed and disloyal > 0 and supported > a.protege_se:
        loyalty = (a.defender_pl - (p * a.defender_cf + (1 - p) * a.defender_cc)) / (a.defender_pl - a.defender_pr)
        resists = disloyal * (1 - loyalty) / (loyalty * (1 - disloyal))
        support = (a.protege_se - a.protege_pl) / (supported - a.protege_pl)
        resistance = disloyal + (1 - disloyal) * resists
        alone = loyalty * a.challenger_pr + (1 - loyalty) * a.challenger_pl
        demand = (1 - resistance) * a.challenger_se + resistance * (support * a.challenger_cc + (1 - support) * alone)
        if demand >= a.challenger_sq:
            condition = f"protege_disloyal < (PL - CF) / (PL - PR) of the defender, challenger_determined >= r* = {believed:.6g}, and a demand pays"
            yield _form("mixed resistance", condition, (1, 1), resists, support, (p, p), loyalty)


def _tripartite(a: Any) -> list[ClosedForm]:
    withheld = a.protege_disloyal * a.defender_pr + (1 - a.protege_disloyal) * a.defender_pl
    return list(_committed(a) if a.defender_cf >= withheld else _uncommitted(a))


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
    closed_forms=_tripartite,
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
        `closed_form` has the classes found so far: commitment (three ways for the challenger to answer it), the straddle, and mixed resistance.

    Raises
    ------
    InvalidInput
        If a number is not finite, a probability is none, or an ordering is violated; all are told.

    Examples
    --------
    >>> from detente import games
    >>> (straddle,) = games.tripartite_crisis(challenger_determined=0.3, protege_disloyal=0.2).closed_form()
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
