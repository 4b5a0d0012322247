"""Inspection games: the one-shot game in mixed strategies, and Dresher's and von Stengel's recursive game in exact fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

from detente.games.classic.closed_form import ClosedForm
from detente.games.classic.draft import Draft, Payoff, move
from detente.games.classic.entry import classic_game, classic_model


def _mixed(a: Any) -> list[ClosedForm]:
    inspect, violate = a.gain / (a.sanction + a.gain), a.cost / a.loss
    strategies = {"inspector": {"wait": 1 - inspect, "inspect": inspect}, "inspectee": {"comply": 1 - violate, "violate": violate}}
    return [ClosedForm("mixed", "always", strategies)]


@classic_game(
    "Inspection game",
    players=("inspector", "inspectee"),
    information="imperfect",
    citation="Dresher (1962), A sampling inspection problem in arms control agreements, RAND RM-2972; Maschler (1966), A price leadership method, "
    "Naval Research Logistics Quarterly 13",
    provenance="textbook game; equilibrium derived",
    orderings=("sanction > 0", "gain > 0", "loss > cost > 0"),
    closed_forms=_mixed,
)
def inspection_game(*, sanction: Payoff = 4.0, gain: Payoff = 1.0, cost: Payoff = 1.0, loss: Payoff = 5.0) -> Draft:
    """Inspect or not, comply or violate, at once.

    Parameters
    ----------
    sanction, gain : float or array over draws
        What being caught costs the inspectee, and what an undetected violation brings.
    cost, loss : float or array over draws
        What an inspection and an undetected violation cost the inspector.

    Returns
    -------
    ClassicGame
        `closed_form`: inspection with probability gain / (sanction + gain), violation with probability cost / loss. An inspector who can announce his
        strategy inspects as often, and the inspectee complies (Maschler 1966).

    Examples
    --------
    >>> from detente import games
    >>> games.inspection_game().closed_form()[0].strategies["inspectee"]["violate"]
    0.2
    """
    draft = Draft()
    waits = move(1, "inspectee", comply=draft.end("legal, not inspected", 0.0, 0.0), violate=draft.end("undetected", -loss, gain))
    inspects = move(1, "inspectee", comply=draft.end("legal, inspected", -cost, 0.0), violate=draft.end("caught", -cost, -sanction))
    draft.root = move(0, "inspector", wait=waits, inspect=inspects)
    return draft


@dataclass(frozen=True)
class RecursiveInspection:
    """Value to the violator, and probability that the inspector inspects now."""

    value: Fraction
    inspects: Fraction


@classic_model(
    "Recursive inspection game",
    players=("violator", "inspector"),
    information="imperfect",
    citation="von Stengel (2016), Recursive inspection games, Mathematics of Operations Research 41, 935-952, arXiv 1412.0129; Dresher (1962), RAND RM-2972",
    provenance="independence of the number of violations published; formula as remembered, verified against the recursion",
    whole=("periods", "inspections", "violations"),
    orderings=("periods >= 1", "periods >= inspections >= 0", "periods >= violations >= 0"),
)
def recursive_inspection(*, periods: int, inspections: int, violations: int = 1) -> RecursiveInspection:
    """Zero-sum: each of at most so many violations brings 1 if it is not inspected, and the game ends with -1 once one is caught.

    Parameters
    ----------
    periods, inspections : int
        n and m. The violator sees inspections.
    violations : int
        k, 1 in Dresher's game.

    Returns
    -------
    RecursiveInspection
        value = (C(n, m+1) - C(n-k, m+1)) / s(n, m) and inspects = s(n-1, m-1) / s(n, m), with s(n, m) = C(n, 0) + ... + C(n, m); exact.

    Examples
    --------
    >>> from detente import games
    >>> games.recursive_inspection(periods=5, inspections=2, violations=2)
    RecursiveInspection(value=Fraction(9, 16), inspects=Fraction(5, 16))
    """
    n, m, k = int(periods), int(inspections), int(violations)
    total = _sum(n, m)
    return RecursiveInspection(Fraction(comb(n, m + 1) - comb(n - k, m + 1), total), Fraction(_sum(n - 1, m - 1), total))


def _sum(n: int, m: int) -> int:
    return sum(comb(n, i) for i in range(m + 1))
