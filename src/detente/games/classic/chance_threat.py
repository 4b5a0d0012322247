"""Schelling's threat that leaves something to chance: a threat of disaster that comes only with some probability.

The threatener threatens or refrains; who is not threatened takes what he wants. Under the threat a deterrable adversary complies or defies, an undeterrable
one defies; on defiance disaster comes with the threatened probability, otherwise the threatener gives in. Compliance is worth 0 to both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.games.classic.closed_form import ClosedForm
from detente.games.classic.draft import Draft, Payoff
from detente.games.classic.entry import classic_game, classic_model
from detente.games.tree import Chance, Decision

CITATION = "Schelling (1960), The Strategy of Conflict, Harvard UP, chapter 8; Schelling (1966), Arms and Influence, Yale UP, chapter 3"


@dataclass(frozen=True)
class UsableThreats:
    """Probabilities of disaster that a threat may carry.

    Attributes
    ----------
    effective : float
        From here on a deterrable adversary complies.
    acceptable : float
        Up to here an effective threat is better for the threatener than none.
    undeterrable : float
        Greatest share of undeterrable adversaries for which some threat is both.
    """

    effective: float
    acceptable: float
    undeterrable: float

    @property
    def exist(self) -> bool:
        return self.effective <= self.acceptable


@classic_model(
    "Usable threats that leave something to chance",
    players=("threatener", "adversary"),
    information="one-sided",
    citation=CITATION,
    provenance="idea published; model and conditions derived",
    probabilities=("undeterrable",),
    orderings=("gain > 0", "disaster_adversary > 0", "disaster_threatener > loss > 0"),
)
def usable_threats(
    *, undeterrable: float, gain: float = 1.0, disaster_adversary: float = 4.0, loss: float = 2.0, disaster_threatener: float = 10.0
) -> UsableThreats:
    """Between which probabilities a threat works and is worth making.

    Parameters
    ----------
    undeterrable : float
        Probability that the adversary cannot be deterred.
    gain, disaster_adversary : float
        What the adversary wins if he defies and the threatener gives in, and what disaster costs him.
    loss, disaster_threatener : float
        What giving in and disaster cost the threatener.

    Examples
    --------
    >>> from detente import games
    >>> threats = games.usable_threats(undeterrable=0.5)
    >>> threats.effective, threats.acceptable
    (0.2, 0.25)
    """
    effective = gain / (gain + disaster_adversary)
    acceptable = 1.0
    if undeterrable > 0:
        acceptable = min(1.0, loss * (1 - undeterrable) / (undeterrable * (disaster_threatener - loss)))
    return UsableThreats(effective, acceptable, loss / (effective * (disaster_threatener - loss) + loss))


def _threat(a: Any) -> list[ClosedForm]:
    effective = a.gain / (a.gain + a.disaster_adversary)
    worst = a.risk * a.disaster_threatener + (1 - a.risk) * a.loss
    found = []
    for name, complies in (("compliance", True), ("defiance", False)):
        if (a.risk >= effective) if complies else (a.risk <= effective):
            answer = {"comply": float(complies), "defy": float(not complies)}
            threat_costs = a.undeterrable * worst if complies else worst
            threatens = float(threat_costs <= a.loss)
            behaviour = {"threatener": {"refrain": 1.0 - threatens, "threaten": threatens}, "adversary": answer}
            condition = f"risk {'>=' if complies else '<='} {effective:.6g}"
            found.append(ClosedForm(f"{'threat' if threatens else 'no threat'}, {name}", condition, behaviour))
    return found


@classic_game(
    "Threat that leaves something to chance",
    players=("threatener", "adversary"),
    information="one-sided",
    citation=CITATION,
    provenance="idea published; tree and equilibria derived",
    probabilities=("risk", "undeterrable"),
    orderings=("gain > 0", "disaster_adversary > 0", "disaster_threatener > loss > 0"),
    closed_forms=_threat,
)
def chance_threat(
    *, risk: float, undeterrable: float, gain: Payoff = 1.0, disaster_adversary: Payoff = 4.0, loss: Payoff = 2.0, disaster_threatener: Payoff = 10.0
) -> Draft:
    """Threaten a risk of disaster, or refrain; comply or defy.

    Parameters
    ----------
    risk : float
        Probability of disaster on defiance.
    undeterrable, gain, disaster_adversary, loss, disaster_threatener
        As for `usable_threats`; losses and disasters are stated as positive costs. Payoffs may be arrays over draws.

    Returns
    -------
    ClassicGame

    Examples
    --------
    >>> from detente import games
    >>> [found.name for found in games.chance_threat(risk=0.22, undeterrable=0.5).closed_form()]
    ['threat, compliance']
    """
    draft = Draft(chance=[undeterrable, 1.0 - undeterrable, risk, 1.0 - risk, risk, 1.0 - risk])
    complied, taken = draft.end("complies", 0.0, 0.0), draft.end("gives in", -loss, gain)
    disaster = draft.end("disaster", -disaster_threatener, -disaster_adversary)
    # Two chance moves with numbers of their own: Gambit takes shared ones for one move of nature, who would then forget whom she drew.
    unmoved, defied = (Chance(((k, "disaster", disaster), (k + 1, "gives in", taken))) for k in (2, 4))
    answer = Decision(1, "adversary", (("comply", complied), ("defy", defied)))
    threatened = Chance(((0, "undeterrable adversary", unmoved), (1, "deterrable adversary", answer)))
    draft.root = Decision(0, "threatener", (("refrain", taken), ("threaten", threatened)))
    return draft
