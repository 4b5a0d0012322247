"""The centipede: two players in turn take the larger part of a growing pie, or pass it on."""

from __future__ import annotations

from typing import Any

from detente.games.classic.closed_form import ClosedForm
from detente.games.classic.draft import Draft, Payoff
from detente.games.classic.entry import classic_game
from detente.games.tree import Decision, Node


def _take(a: Any) -> list[ClosedForm]:
    return [ClosedForm("take at once", "always", {f"node {k + 1}": {"take": 1.0, "pass": 0.0} for k in range(int(a.moves))})]


@classic_game(
    "Centipede",
    players=("one", "two"),
    information="complete",
    citation="McKelvey and Palfrey (1992), An experimental study of the centipede game, Econometrica 60, 803-836, doi 10.2307/2951567",
    provenance="game and payoffs published; that all take is the textbook's backward induction",
    whole=("moves",),
    orderings=("moves >= 1", "growth > 1", "large > growth * small", "small > 0"),
    closed_forms=_take,
)
def centipede(*, moves: int = 4, large: Payoff = 0.4, small: Payoff = 0.1, growth: Payoff = 2.0) -> Draft:
    """The centipede of four moves (or six, or any number).

    Parameters
    ----------
    moves : int
    large, small : float or array over draws
        The two parts of the first pie, in dollars in the experiment.
    growth : float or array over draws
        Factor of both parts with each pass.

    Returns
    -------
    ClassicGame

    Examples
    --------
    >>> from detente import games
    >>> games.centipede(moves=4).payoffs.tolist()
    [[0.4, 0.1], [0.2, 0.8], [1.6, 0.4], [0.8, 3.2], [6.4, 1.6]]
    """
    draft = Draft()
    ends = []
    for k in range(int(moves) + 1):
        parts = (large * growth**k, small * growth**k)
        ends.append(draft.end(f"taken at {k + 1}" if k < moves else "passed on", *(parts if k % 2 == 0 else parts[::-1])))
    node: Node = ends[-1]
    for k in reversed(range(int(moves))):
        node = Decision(k % 2, f"node {k + 1}", (("take", ends[k]), ("pass", node)))
    draft.root = node
    return draft
