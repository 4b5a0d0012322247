"""A box of quantities, what lies in it, and which of its restrictions luck could explain.

The quasi-p value of a restriction is the chance that draws which hit as often as without it would hit at least as often as the box does,

    P( Binomial(n, density without the restriction) >= n density ),    n = effective number of draws in the box

With very many draws any restriction that helps at all has a small one; then what dropping it would cost says more. Intervals are for sampling alone: they hold
for draws in which the box was not searched for.

Refused: limits of a quantity that is not there, and a lower limit above the upper one.

Reference: Bryant and Lempert (2010), doi 10.1016/j.techfore.2009.08.002.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.errors import InvalidInput, Problem
from detente.insight.samples import Bools, Sample, effective
from detente.ladder.agreement import jeffreys


@dataclass(frozen=True)
class Box:
    """A box and what it holds.

    Attributes
    ----------
    limits : mapping of quantity to (low, high)
        Both belong to the box; infinite where it is open.
    draws, hits : int
        How many draws lie in it, and in how many of these the outcome holds.
    coverage : float
        Which share of the hits it holds, by weight.
    density : float
        In which share of its draws the outcome holds, by weight; NaN if it is empty.
    mass : float
        Which share of all draws it holds, by weight.
    probability : float
        The same under the priors: how likely it was thought before history.
    effective_draws, effective_hits : float
        Effective number of draws in it, and of hits in it and outside.
    """

    limits: Mapping[str, tuple[float, float]]
    draws: int
    hits: int
    coverage: float
    density: float
    mass: float
    probability: float
    effective_draws: float
    effective_hits: float

    @property
    def density_interval(self) -> tuple[float, float]:
        """95 %, for sampling alone."""
        return jeffreys_of(self.density, self.effective_draws)

    @property
    def coverage_interval(self) -> tuple[float, float]:
        """95 %, for sampling alone."""
        return jeffreys_of(self.coverage, self.effective_hits)


def jeffreys_of(share: float, count: float) -> tuple[float, float]:
    """95 % interval of a share of an effective number of draws; from 0 to 1 where there are none."""
    return jeffreys(share * count, count) if count > 0 else (0.0, 1.0)  # type: ignore[arg-type]


def inside(limits: Mapping[str, tuple[float, float]], sample: Sample) -> Bools:
    """Which draws lie in a box.

    Raises
    ------
    InvalidInput
        For what the module refuses.
    """
    found = np.ones(len(sample.inputs), dtype=bool)
    for name, (low, high) in limits.items():
        if not low <= high:
            raise InvalidInput(Problem("limits", f"those of {name!r} are {low:g} and {high:g}", "nothing lies between", "give the lower one first"))
        values = sample.inputs[:, sample.column(name, "limits")]
        found &= (values >= low) & (values <= high)
    return found


def measure(limits: Mapping[str, tuple[float, float]], sample: Sample, hits: ArrayLike) -> Box:
    """What a box holds of a sample.

    Parameters
    ----------
    limits : mapping of quantity to (low, high)
    sample : Sample
    hits : array of bool over draws
        Where the outcome holds.

    Raises
    ------
    InvalidInput
        For what the module refuses.

    Examples
    --------
    >>> import numpy as np
    >>> sample = Sample(np.arange(10.0)[:, None], ["resolve"])
    >>> box = measure({"resolve": (5.0, np.inf)}, sample, sample.inputs[:, 0] > 5.0)
    >>> box.coverage, box.density, box.mass
    (1.0, 0.8, 0.5)
    """
    holds, w, within = sample.hits(hits), sample.weights, inside(limits, sample)
    both = within & holds
    weight, caught, total = float(w[within].sum()), float(w[both].sum()), float(w[holds].sum())
    return Box(
        limits=dict(limits), draws=int(within.sum()), hits=int(both.sum()), coverage=caught / total if total > 0 else float("nan"),
        density=caught / weight if weight > 0 else float("nan"), mass=weight / float(w.sum()),
        probability=float(sample.prior[within].sum() / sample.prior.sum()), effective_draws=effective(w[within]), effective_hits=effective(w[holds]),
    )  # fmt: skip


def quasi_p(box: Box, sample: Sample, hits: ArrayLike) -> dict[str, float]:
    """Quasi-p value of each restriction of a box that is not empty."""
    from scipy.special import betainc

    found = {}
    for name in box.limits:
        chance = measure(_without(box, name), sample, hits).density
        successes = box.density * box.effective_draws
        # For whole numbers the incomplete beta function is the tail of the binomial distribution.
        found[name] = float(betainc(successes, box.effective_draws - successes + 1.0, chance)) if successes > 0 else 1.0
    return found


def simplify(box: Box, sample: Sample, hits: ArrayLike, level: float = 0.05) -> Box:
    """Drop restrictions that luck could explain, that with the largest quasi-p value first, until none has one above `level`."""
    while box.limits:
        found = quasi_p(box, sample, hits)
        worst = max(found, key=lambda name: found[name])
        if found[worst] <= level:
            break
        box = measure(_without(box, worst), sample, hits)
    return box


def _without(box: Box, name: str) -> dict[str, tuple[float, float]]:
    return {other: pair for other, pair in box.limits.items() if other != name}
