"""First-order shares of variance from plain draws: how much of an outcome's variance would go, on average, if one quantity were known.

Draws are cut into bins along each quantity, of equal weight and about sqrt(n) of them. With r what is left of the outcome within its bin,

    S = 1 - U / V,    U = sum w r^2 / sum_b W_b (1 - 1 / n_b),    V = sum w (y - mean)^2 / (W (1 - 1 / n))

where W_b is the weight of bin b and n_b, n the effective numbers of draws: for equal weights the unbiased correlation ratio of Kelley (1935). The standard
error is that of a ratio of means,

    se^2 = sum w^2 (r^2 - (1 - S) (y - mean)^2)^2 / (W V)^2

and holds from a few hundred effective draws on.

What happens within a bin counts as unexplained, so S is a little low where an outcome swings many times along a quantity. Draws may be weighted by history
and quantities may correlate; then S holds what a quantity tells of the outcome through those that go with it, and shares may sum to more than 1.

Refused: an outcome that is the same in every draw, or not of these draws.

References: Plischke, Borgonovo and Smith (2013), doi 10.1016/j.ejor.2012.11.047; Kelley (1935), doi 10.1073/pnas.21.9.554.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.insight.estimates import Estimate, normal
from detente.insight.samples import Sample
from detente.insight.sobol import check_varies

Floats = NDArray[np.float64]


Shares = Mapping[str, tuple[float, Floats]]


def shares_of(sample: Sample, outcome: ArrayLike, names: Iterable[str] | None = None) -> Shares:
    """Share of each quantity and what each draw adds to its error, from which sums of groups follow; parameters and errors as of `first_order`."""
    y = sample.outcome(outcome)
    check_varies(y[sample.weights > 0])
    return {name: _share(sample, y, sample.column(name, "groups")) for name in (sample.names if names is None else dict.fromkeys(names))}


def first_order(
    sample: Sample, outcome: ArrayLike, groups: Mapping[str, Sequence[str]] | None = None, shares: Shares | None = None
) -> dict[str, Estimate]:
    """First-order share of each quantity, or the sum of those of each group.

    Parameters
    ----------
    sample : Sample
    outcome : array over draws
        Often log-odds of a probability (`detente.insight.evidence.log_odds`).
    groups : mapping of name to quantities, optional
        A sum leaves out what quantities of a group do only together.
    shares : mapping, optional
        What `shares_of` told of the same sample and outcome, where it is at hand.

    Raises
    ------
    InvalidInput
        For what the module refuses, and a quantity that is not there.

    Examples
    --------
    >>> x = np.random.default_rng(1).random((4096, 2))
    >>> found = first_order(Sample(x, ["hazard", "noise"]), x[:, 0] ** 2)
    >>> found["hazard"].value > 0.98, found["noise"].verdict
    (True, 'not distinguishable from 0 at 4,096 draws')
    """
    parts = {name: [name] for name in sample.names} if groups is None else groups
    shares = shares_of(sample, outcome, chain(*parts.values())) if shares is None else shares
    found = {}
    for name, members in parts.items():
        each = [shares[member] for member in members]
        value = sum(share for share, _ in each)
        # Errors of members are correlated, so their terms are summed draw by draw.
        terms = np.sum([term for _, term in each], axis=0) if each else np.zeros(1)
        error = float(np.sqrt(np.sum(terms**2)))
        found[name] = normal(float(value), error, len(sample.inputs))
    return found


def _share(sample: Sample, y: Floats, column: int) -> tuple[float, Floats]:
    """Share, and what each draw adds to its error."""
    w = sample.weights
    total, count = float(w.sum()), sample.effective
    bins = sample.bins(column, max(2, round(count**0.5)))
    weight, squares, sums = (np.bincount(bins, weights=each) for each in (w, w**2, w * y))
    used = weight > 0
    means = np.divide(sums, weight, out=np.zeros(len(weight)), where=used)
    freedom = float(np.sum(weight[used] - squares[used] / weight[used]))
    inside, about = (y - means[bins]) ** 2, (y - np.sum(w * y) / total) ** 2
    variance = float(np.sum(w * about)) / (total * (1 - 1 / count))
    unexplained = float(np.sum(w * inside)) / freedom if freedom > 0 else variance
    share = 1 - unexplained / variance
    terms = w * (inside * (total / freedom if freedom > 0 else 1.0) - (1 - share) * about) / (variance * total)
    return share, terms
