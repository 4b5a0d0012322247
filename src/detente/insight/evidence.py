"""How much of what is uncertain rests on evidence: shares of variance by grade, and what is not known against what is left to chance.

Evidence share. The variance of an outcome, for probabilities in log-odds, is shared out among grades of evidence (measured or published, elicited,
judgement, chance): the Shapley effect of each grade as one group, which counts half of what two grades do together to each, and holds for quantities that
correlate. From plain draws only what quantities do alone can be told, and the rest is named as such. Show either beside its twin in which every judgement is
twice as wide: a narrowed judgement must not look like evidence.

Epistemic and aleatory. If something happens with probability p in a draw, the variance of whether it happens is

    m (1 - m) = Var p + E[ p (1 - p) ],    m = E p

Var p is what one does not know, and E[p (1 - p)] would be left to chance if one did. Where draws hold chance themselves (contingencies), p is drawn twice
with other chances and everything else alike, and Cov(p, p') stands for Var p.

Refused: probabilities outside 0 to 1, and an event that happens in every draw or in none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import InvalidInput, Problem
from detente.insight.estimates import Estimate, normal
from detente.insight.given_data import Shares, first_order
from detente.insight.samples import Sample
from detente.insight.shapley import Shapley, shapley
from detente.insight.sobol import Outcome

Floats = NDArray[np.float64]
EVIDENCE = ("measured", "published")
FLOOR = 1e-12  # to which probabilities of reach are exact


@dataclass(frozen=True)
class Split:
    """Variance of whether something happens.

    Attributes
    ----------
    variance : float
    epistemic : Estimate
        The share of it that is not known.
    """

    variance: float
    epistemic: Estimate

    @property
    def aleatory(self) -> Estimate:
        """The share of it that is left to chance."""
        known = self.epistemic
        return Estimate(1 - known.value, 1 - known.high, 1 - known.low, known.draws)


def log_odds(probability: ArrayLike, floor: float = FLOOR) -> tuple[Floats, int]:
    """Log-odds of probabilities, and how many of them were moved to `floor` or to 1 less it.

    Where many are moved, what moves them dominates the variance: look at whether it can happen at all first.

    Raises
    ------
    InvalidInput
        For numbers that are no probabilities.

    Examples
    --------
    >>> [float(x) for x in log_odds([0.5, 0.0], floor=0.5)[0]], log_odds([0.5, 0.0])[1]
    ([0.0, 0.0], 1)
    """
    p = _probabilities(np.asarray(probability, dtype=float))
    clipped = np.clip(p, floor, 1 - floor)
    return np.log(clipped) - np.log1p(-clipped), int((clipped != p).sum())


def by_grade(grades: Mapping[str, str]) -> dict[str, list[str]]:
    """Quantities by what they rest on: `evidence` (measured or published), and each other grade under its name.

    Examples
    --------
    >>> by_grade({"incidents": "measured", "resolve": "judgement", "polls": "published"})
    {'evidence': ['incidents', 'polls'], 'judgement': ['resolve']}
    """
    found: dict[str, list[str]] = {}
    for name, grade in grades.items():
        found.setdefault("evidence" if grade in EVIDENCE else grade, []).append(name)
    return found


def evidence_share(
    one: ArrayLike, other: ArrayLike, grades: Mapping[str, str], outcome: Outcome, *, correlation: ArrayLike | None = None, resamples: int = 1000, seed: int = 1
) -> Shapley:
    """Share of an outcome's variance that comes from each grade of evidence.

    Parameters
    ----------
    one, other : array, draw x quantity
        As of `shapley`; quantities in the order of `grades`.
    grades : mapping of quantity to grade
        Whatever is drawn by chance may have the grade `chance`.
    outcome : callable
        Takes an array draw x quantity, returns a number for each draw, often log-odds.
    correlation, resamples, seed
        As of `shapley`.

    Raises
    ------
    InvalidInput
        As `shapley`.
    """
    return shapley(one, other, list(grades), outcome, correlation=correlation, groups=by_grade(grades), resamples=resamples, seed=seed)


def evidence_alone(sample: Sample, outcome: ArrayLike, grades: Mapping[str, str], shares: Shares | None = None) -> dict[str, Estimate]:
    """Share of variance that quantities of each grade bring alone, from plain draws; `together` is what is left.

    Parameters
    ----------
    sample, outcome, shares
        As of `first_order`.
    grades : mapping of quantity to grade

    Raises
    ------
    InvalidInput
        As `first_order`, and if a quantity has no grade.
    """
    missing = [name for name in sample.names if name not in grades]
    if missing:
        raise InvalidInput(Problem("grades", f"{', '.join(missing)} have none", "each quantity counts to one grade", "give them one"))
    groups: dict[str, Sequence[str]] = {**by_grade({name: grades[name] for name in sample.names}), "": sample.names}
    found = first_order(sample, outcome, groups, shares)
    whole = found.pop("")
    return {**found, "together": Estimate(1 - whole.value, 1 - whole.high, 1 - whole.low, whole.draws)}


def split(sample: Sample, probability: ArrayLike, again: ArrayLike | None = None) -> Split:
    """How much of the variance of an event is not known, and how much is left to chance.

    Parameters
    ----------
    sample : Sample
    probability : array over draws
        Of the event.
    again : array over draws, optional
        The same with other chances, where draws hold chance.

    Raises
    ------
    InvalidInput
        For what the module refuses.

    Examples
    --------
    >>> hazard = np.linspace(0.0, 1.0, 10_000)
    >>> split(Sample(hazard[:, None], ["hazard"]), hazard).epistemic.verdict
    '33 % (33 to 34 %)'
    """
    first = _probabilities(sample.outcome(probability, "probability"))
    second = first if again is None else _probabilities(sample.outcome(again, "again"))
    w = sample.weights / sample.weights.sum()
    mean = float(np.sum(w * (first + second)) / 2)
    variance = mean * (1 - mean)
    if variance <= 0:
        raise InvalidInput(Problem("probability", f"it is {mean:g} in every draw", "then nothing is uncertain", "ask about an event that may happen"))
    away, other = first - mean, second - mean
    known = float(np.sum(w * away * other)) / (1 - 1 / sample.effective)
    share = known / variance
    terms = w * (away * other - known - share * (1 - 2 * mean) * (away + other) / 2) / variance
    return Split(variance, normal(share, float(np.sqrt(np.sum(terms**2))), len(first)))


def _probabilities(values: Floats) -> Floats:
    if not ((values >= 0) & (values <= 1)).all():
        raise InvalidInput(Problem("probability", "some lie outside 0 to 1", "they are probabilities", "give the probability in each draw"))
    return values
