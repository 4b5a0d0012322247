"""An equilibrium known in closed form: its class, when it exists, what everybody does and believes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ClosedForm:
    """One class of perfect Bayesian equilibria at given numbers.

    Attributes
    ----------
    name : str
        Class, in the literature's word where it has one.
    condition : str
        When the class exists.
    strategies : information set -> action -> probability
    beliefs : (information set, event) -> (lowest, highest)
        Probability of the event (a type of somebody else) once the set is reached. On the path both numbers are Bayes' rule; off the path every
        belief between them supports the class. Beliefs that change nothing are left out.
    ranges : (information set, action) -> (lowest, highest)
        Probabilities that may stand anywhere in a range; `strategies` holds one of them.
    by_ends : bool
        True if whatever equilibrium comes to each end as often as this one is of the class, though somebody plays otherwise where play never comes, or
        types that like the ends equally well share a move differently.
    plausible : bool
        False if the class rests on the belief that an unexpected challenge comes from the type that has less to gain by it.
    """

    name: str
    condition: str
    strategies: Mapping[str, Mapping[str, float]]
    beliefs: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    ranges: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    plausible: bool = True
    by_ends: bool = False


def defects(probability: float) -> dict[str, float]:
    """C and D, the moves of Zagare and Kilgour's games."""
    return {"C": 1.0 - probability, "D": probability}
