"""Kilgour and Zagare's generalised mutual deterrence game.

A and B choose C or D at once; whoever was struck alone then gives in (C) or strikes back (D), the hard type surely, the soft never. For A let

    w = DC - SQ,   u = SQ - DD of the hard,   k = CD - DD of the soft,   z = SQ - DD of the soft,

likewise for B. Classes overlap: several equilibria may exist at the same numbers. The numbers that stand as defaults illustrate: they are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.games.classic.closed_form import ClosedForm, defects
from detente.games.classic.deterrence import BOOK
from detente.games.classic.draft import Draft, Payoff, move, two_types
from detente.games.classic.entry import classic_game
from detente.games.tree import Node


@dataclass(frozen=True)
class _Side:
    """What a player weighs, and how credible the other is to him."""

    w: float
    u: float
    k: float
    z: float
    other: float

    @property
    def a1(self) -> float:
        return self.w / (self.w + self.u)

    @property
    def a2(self) -> float:
        return self.w / (self.w + self.k)

    @property
    def keeps_other_hard_indifferent(self) -> float:
        """How often the other's hard type strikes so that this side's hard type is indifferent."""
        return 1 - (1 - self.other) * self.w / (self.other * self.u)

    @property
    def lowest(self) -> float:
        """How often the other's hard type must strike at least, so that both types of this side strike."""
        if self.other == 0:
            return 0.0
        return max(0.0, (self.other * self.z - (1 - self.other) * self.w) / (self.other * (self.z - self.k)), self.keeps_other_hard_indifferent)


def _profile(hard_a: float, soft_a: float, hard_b: float, soft_b: float) -> dict[str, dict[str, float]]:
    first = {"hard A": hard_a, "soft A": soft_a, "hard B": hard_b, "soft B": soft_b}
    return {f"{who}, first": defects(p) for who, p in first.items()} | {f"{who}, struck": defects(float(who[:4] == "hard")) for who in first}


def _mutual(a: Any) -> list[ClosedForm]:
    one = _Side(a.a_dc - a.a_sq, a.a_sq - a.a_dd_hard, a.a_cd - a.a_dd_soft, a.a_sq - a.a_dd_soft, a.b_hard)
    two = _Side(a.b_cd - a.b_sq, a.b_sq - a.b_dd_hard, a.b_dc - a.b_dd_soft, a.b_sq - a.b_dd_soft, a.a_hard)
    found = []
    if a.b_hard >= one.a1 and a.a_hard >= two.a1:
        found.append(ClosedForm("deterrence", f"b_hard >= a1 = {one.a1:.6g} and a_hard >= b1 = {two.a1:.6g}", _profile(0, 0, 0, 0)))
    if a.b_hard > one.a1 and a.a_hard > two.a1:
        strategies = _profile(two.keeps_other_hard_indifferent, 0, one.keeps_other_hard_indifferent, 0)
        found.append(ClosedForm("mixed deterrence", f"b_hard > a1 = {one.a1:.6g} and a_hard > b1 = {two.a1:.6g}", strategies))
    if a.b_hard >= one.a2 and a.a_hard >= two.a2:
        found.append(ClosedForm("separating", f"b_hard >= a2 = {one.a2:.6g} and a_hard >= b2 = {two.a2:.6g}", _profile(1, 0, 1, 0)))
    if a.b_hard < one.a2 and a.a_hard < two.a2:
        soft_a, soft_b = (two.a2 - a.a_hard) / (1 - a.a_hard), (one.a2 - a.b_hard) / (1 - a.b_hard)
        found.append(ClosedForm("bluff", f"b_hard < a2 = {one.a2:.6g} and a_hard < b2 = {two.a2:.6g}", _profile(1, soft_a, 1, soft_b)))
    if a.b_hard <= one.a2:
        found.append(
            ClosedForm("A attacks", f"b_hard <= a2 = {one.a2:.6g}", _profile(1, 1, 1, 0), ranges={("hard B, first", "D"): (one.lowest, 1.0)})
        )
    if a.a_hard <= two.a2:
        found.append(
            ClosedForm("B attacks", f"a_hard <= b2 = {two.a2:.6g}", _profile(1, 0, 1, 1), ranges={("hard A, first", "D"): (two.lowest, 1.0)})
        )
    return found


@classic_game(
    "Generalised mutual deterrence game",
    players=("A", "B"),
    information="two-sided",
    citation=f"Kilgour and Zagare (1991), Credibility, uncertainty, and deterrence, American Journal of Political Science 35; {BOOK}",
    provenance="tree, orderings and class names as remembered, in accord with the published abstract; equilibria derived",
    probabilities=("a_hard", "b_hard"),
    orderings=("a_dc > a_sq > a_dd_hard > a_cd > a_dd_soft", "b_cd > b_sq > b_dd_hard > b_dc > b_dd_soft"),
    closed_forms=_mutual,
)
def mutual_deterrence(
    *, a_hard: float, b_hard: float, a_dc: Payoff = 1.0, a_sq: Payoff = 0.6, a_dd_hard: Payoff = 0.4, a_cd: Payoff = 0.3, a_dd_soft: Payoff = 0.0,
    b_cd: Payoff = 1.0, b_sq: Payoff = 0.6, b_dd_hard: Payoff = 0.4, b_dc: Payoff = 0.3, b_dd_soft: Payoff = 0.0,
) -> Draft:  # fmt: skip
    """The generalised mutual deterrence game: both may strike; who was struck alone gives in or strikes back.

    Parameters
    ----------
    a_hard, b_hard : float
        Probabilities that A and B are hard, independent of each other.
    a_dc, a_sq, ..., b_dd_soft : float or array over draws
        Payoffs at A's gain (DC), status quo (SQ), B's gain (CD) and conflict (DD).

    Returns
    -------
    ClassicGame
        `closed_form` has every class that exists: deterrence, mixed deterrence, separating, bluff, A attacks, B attacks. With equal numbers for A and B the
        quantal response path bifurcates, and says so.

    Raises
    ------
    InvalidInput
        If a number is not finite, a probability is none, or an ordering is violated; all are told.

    Examples
    --------
    >>> from detente import games
    >>> [found.name for found in games.mutual_deterrence(a_hard=0.6, b_hard=0.6).closed_form()]
    ['separating']
    """
    draft = Draft()
    conflict = {"hard": (a_dd_hard, b_dd_hard), "soft": (a_dd_soft, b_dd_soft)}

    def play(a: str, b: str) -> Node:
        both = draft.end("DD", conflict[a][0], conflict[b][1])
        struck_a = move(0, f"{a} A, struck", C=draft.end("CD", a_cd, b_cd), D=both)
        struck_b = move(1, f"{b} B, struck", C=draft.end("DC", a_dc, b_dc), D=both)
        waits = move(1, f"{b} B, first", C=draft.end("SQ", a_sq, b_sq), D=struck_a)
        strikes = move(1, f"{b} B, first", C=struck_b, D=both)
        return move(0, f"{a} A, first", C=waits, D=strikes)

    return draft.nature({"A": two_types(a_hard, "hard", "soft"), "B": two_types(b_hard, "hard", "soft")}, play)
