"""Trust between states that may be security seekers or expansionists: the trust game, the spiral, and costly reassurance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.games.classic.closed_form import ClosedForm, defects
from detente.games.classic.draft import Draft, Payoff, move, two_types
from detente.games.classic.entry import classic_game, classic_model
from detente.games.tree import Node

JERVIS = "Jervis (1978), Cooperation under the security dilemma, World Politics 30, 167-214"
SPIRAL = "Kydd (1997), Game theory and the spiral model, World Politics 49, 371-400"
REASSURANCE = "Kydd (2000), Trust, reassurance, and cooperation, International Organization 54, 325-357"


def _form(name: str, condition: str, a_arms: float, b_arms: float) -> ClosedForm:
    strategies = {f"expansionist {player}": defects(1.0) for player in "AB"}
    return ClosedForm(name, condition, {**strategies, "seeker A": defects(a_arms), "seeker B": defects(b_arms)})


def _trust(a: Any) -> list[ClosedForm]:
    fear = a.seeker_both_arm - a.seeker_exploited
    threshold = fear / (a.seeker_both_restrain - a.seeker_exploits + fear)
    found = []
    if min(a.a_seeker, a.b_seeker) >= threshold:
        found.append(_form("mutual restraint", f"a_seeker, b_seeker >= {threshold:.6g}", 0.0, 0.0))
    if min(a.a_seeker, a.b_seeker) > threshold:
        found.append(_form("mixed restraint", f"a_seeker, b_seeker > {threshold:.6g}", 1 - threshold / a.a_seeker, 1 - threshold / a.b_seeker))
    found.append(_form("both arm", "always", 1.0, 1.0))
    return found


@classic_game(
    "Trust game",
    players=("A", "B"),
    information="two-sided",
    citation=f"{JERVIS}; {REASSURANCE}",
    provenance="idea published; game and equilibria derived",
    probabilities=("a_seeker", "b_seeker"),
    orderings=(
        "seeker_both_restrain > seeker_exploits > seeker_both_arm > seeker_exploited",
        "expansionist_exploits > expansionist_both_restrain > expansionist_both_arm > expansionist_exploited",
    ),
    closed_forms=_trust,
)
def trust_game(
    *, a_seeker: float, b_seeker: float, seeker_both_restrain: Payoff = 1.0, seeker_exploits: Payoff = 0.6, seeker_both_arm: Payoff = 0.3,
    seeker_exploited: Payoff = 0.0, expansionist_exploits: Payoff = 1.0, expansionist_both_restrain: Payoff = 0.6, expansionist_both_arm: Payoff = 0.3,
    expansionist_exploited: Payoff = 0.0,
) -> Draft:  # fmt: skip
    """Both choose restraint (C) or arms (D) at once; a seeker likes mutual restraint best, an expansionist exploits.

    Parameters
    ----------
    a_seeker, b_seeker : float
        Probabilities that A and B seek security: how far each is trusted by the other.
    seeker_both_restrain, ..., expansionist_exploited : float or array over draws
        Payoffs of either player, by his type. The numbers that stand as defaults illustrate: they are ours.

    Returns
    -------
    ClassicGame
        `closed_form`: seekers restrain if both trusts are at least (P - S) / (R - T + P - S), the least trust; that both arm is always an equilibrium.

    Examples
    --------
    >>> from detente import games
    >>> [found.name for found in games.trust_game(a_seeker=0.6, b_seeker=0.4).closed_form()]
    ['both arm']
    """
    draft = Draft()
    worth = {
        "seeker": (seeker_both_restrain, seeker_exploited, seeker_exploits, seeker_both_arm),
        "expansionist": (expansionist_both_restrain, expansionist_exploited, expansionist_exploits, expansionist_both_arm),
    }

    def play(a: str, b: str) -> Node:
        cc, cd, dc, dd = (draft.end(label, worth[a][mine], worth[b][yours]) for label, mine, yours in (("CC", 0, 0), ("CD", 1, 2), ("DC", 2, 1), ("DD", 3, 3)))
        return move(0, f"{a} A", C=move(1, f"{b} B", C=cc, D=cd), D=move(1, f"{b} B", C=dc, D=dd))

    return draft.nature({"A": two_types(a_seeker, "seeker", "expansionist"), "B": two_types(b_seeker, "seeker", "expansionist")}, play)


@classic_model(
    "Spiral of rational mistrust",
    players=("A", "B"),
    information="two-sided",
    citation=SPIRAL,
    provenance="idea published; formula derived by Bayes' rule",
    probabilities=("trust", "seeker_arms"),
    whole=("observations",),
    orderings=("1 > trust > 0", "seeker_arms > 0", "observations >= 0"),
)
def spiral(*, trust: float, seeker_arms: float, observations: int) -> float:
    """Trust left after a state was seen to arm so many times, if a frightened seeker arms with a probability and an expansionist always.

    Examples
    --------
    >>> from detente import games
    >>> [round(games.spiral(trust=0.8, seeker_arms=0.5, observations=n), 6) for n in range(5)]
    [0.8, 0.666667, 0.5, 0.333333, 0.2]
    """
    seeker = trust * seeker_arms**observations
    return seeker / (seeker + 1 - trust)


@dataclass(frozen=True)
class Reassurance:
    """Sizes of a gesture, from `low` to `high`, that a seeker makes and an expansionist does not."""

    low: float
    high: float

    @property
    def exists(self) -> bool:
        return self.low <= self.high


@classic_model(
    "Costly reassurance",
    players=("sender", "receiver"),
    information="one-sided",
    citation=REASSURANCE,
    provenance="idea published; interval derived",
    orderings=("expansionist_cost > seeker_cost > 0", "seeker_gain > 0", "expansionist_gain > 0"),
)
def reassurance(*, seeker_gain: float, expansionist_gain: float, seeker_cost: float, expansionist_cost: float) -> Reassurance:
    """Gestures that separate: expansionist_gain / expansionist_cost to seeker_gain / seeker_cost.

    Parameters
    ----------
    seeker_gain, expansionist_gain : float
        What being trusted is worth: R - P to a seeker, T - P to an expansionist.
    seeker_cost, expansionist_cost : float
        Cost of a gesture of size 1.

    Examples
    --------
    >>> from detente import games
    >>> games.reassurance(seeker_gain=0.7, expansionist_gain=0.7, seeker_cost=1.0, expansionist_cost=2.0)
    Reassurance(low=0.35, high=0.7)
    """
    return Reassurance(expansionist_gain / expansionist_cost, seeker_gain / seeker_cost)
