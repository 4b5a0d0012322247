"""What it would be worth to know a quantity before choosing among options: expected value of partial perfect information.

With b_d the benefit of option d (less its harm, in any one unit) in a draw,

    value of knowing all      E[ max_d b_d ] - max_d E[ b_d ]
    value of knowing x        E[ max_d E[ b_d | x ] ] - max_d E[ b_d ]

From plain draws, E[ b_d | x ] is taken as the mean over bins of equal weight along x, about the cube root of n of them. The best of several noisy means is
too good on the draws that gave it, so bins choose by one half of the draws and are valued on the other, then the other way round, beside the option that is
best over all draws. What is told is what these choices gain, on average no more than the true value.

Refused: fewer than two options, and benefits of other draws.

Reference: Strong and Oakley (2013), doi 10.1177/0272989X12465123.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import InvalidInput, Problem
from detente.insight.estimates import Estimate, normal
from detente.insight.samples import Sample

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Information:
    """What knowing is worth, in the unit of the benefits.

    Attributes
    ----------
    best : int
        The option that is best as things are known.
    everything : Estimate
        Value of knowing all quantities; no research is worth more.
    each : mapping of quantity to Estimate
        Value of knowing one. Exactly 0 where knowing it would never change the choice.
    """

    best: int
    everything: Estimate
    each: Mapping[str, Estimate]


def value_of_information(sample: Sample, benefits: ArrayLike) -> Information:
    """Value of knowing each quantity, and all of them.

    Parameters
    ----------
    sample : Sample
    benefits : array, draw x option

    Raises
    ------
    InvalidInput
        For what the module refuses.

    Examples
    --------
    >>> x = np.random.default_rng(1).normal(size=(4096, 2))
    >>> found = value_of_information(Sample(x, ["matters", "noise"]), np.column_stack([np.zeros(4096), x[:, 0]]))
    >>> found.each["matters"].is_distinct, found.each["noise"].is_distinct
    (True, False)
    """
    b = sample.outcome(benefits, "benefits", dimensions=2)
    if b.shape[1] < 2:
        raise InvalidInput(Problem("benefits", f"they are of {b.shape[1]} options", "there is nothing to choose", "give a column to each of two or more"))
    w = sample.weights
    best = int(np.argmax(w @ b))
    everything = _mean(b.max(axis=1) - b[:, best], w)
    half = np.arange(len(b)) % 2
    count = max(2, round(sample.effective ** (1 / 3)))
    each = {}
    for column, name in enumerate(sample.names):
        bins = sample.bins(column, count)
        gains = np.empty(len(b))
        for chooses in (0, 1):
            mine, theirs = half == chooses, half != chooses
            sums = np.stack([np.bincount(bins[mine], weights=w[mine] * option[mine], minlength=count) for option in b.T], axis=1)
            seen = np.bincount(bins[mine], weights=w[mine], minlength=count) > 0
            choice = np.where(seen, np.argmax(sums, axis=1), best)
            rows = np.flatnonzero(theirs)
            gains[rows] = b[rows, choice[bins[rows]]] - b[rows, best]
        each[name] = _mean(gains, w)
    return Information(best, everything, each)


def _mean(values: Floats, w: Floats) -> Estimate:
    share = w / w.sum()
    value = float(np.sum(share * values))
    return normal(value, float(np.sqrt(np.sum((share * (values - value)) ** 2))), len(values))
