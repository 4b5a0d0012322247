"""Summaries of a result over draws: predictive probability, ranges, and how much of it comes from few draws.

All sums run over whole arrays in the order of draws and all quantiles are exact order statistics, so they depend neither on threads nor on
chunks. For a conditional result draws are weighted by the probability of the condition: if a happened, draws prone to a are likelier.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Summary: TypeAlias = Mapping[str, float | str | None]

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


def weighted_quantiles(values: Floats, weights: Floats, shares: tuple[float, ...]) -> list[float]:
    """Smallest values at which the cumulative weight reaches each share (inverse of the weighted distribution function)."""
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[order])
    total = cumulative[-1]
    positions = np.searchsorted(cumulative, np.asarray(shares) * total, side="left")
    return [float(values[order[min(position, len(values) - 1)]]) for position in positions]


def summarise(numerator: Floats, denominator: Floats | None = None, best: float | None = None, no_best: str = "") -> Summary:
    """Summary of a probability over draws.

    Parameters
    ----------
    numerator : array over draws
        The probability, or for a conditional the joint probability.
    denominator : array over draws, optional
        Probability of the condition: the mean is the ratio of means, and draws are weighted by it.
    best : float, optional
        The same mean under best replies only, for the error share.
    no_best : str
        Why there is none.

    Returns
    -------
    mapping
        `mean p05 p25 p50 p75 p95 top5_share error_share`; where one of them is None, `why` says why.
    """
    keys = ("mean", *QUANTILES, "top5_share", "error_share")
    if denominator is None:
        mean = float(np.mean(numerator))
        quantiles = [float(x) for x in np.quantile(numerator, tuple(QUANTILES.values()), method="inverted_cdf")]
    else:
        weight = float(np.mean(denominator))
        if weight == 0.0:
            return {**dict.fromkeys(keys), "why": "the condition has probability 0 in every draw"}
        mean = float(np.mean(numerator)) / weight
        values = np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
        quantiles = weighted_quantiles(values, denominator, tuple(QUANTILES.values()))
    result: dict[str, float | str | None] = {"mean": mean, **dict(zip(QUANTILES, quantiles, strict=True))}
    if mean == 0.0:
        return {**result, "top5_share": None, "error_share": None, "why": "it cannot happen in any draw, so no share of it can be named"}
    result |= {"top5_share": top_share(numerator), "error_share": None if best is None else 1.0 - best / mean}
    return result if best is not None else {**result, "why": no_best}


def top_share(values: Floats, share: float = 0.05) -> float | None:
    """Share of the sum that comes from the largest `share` of draws; None when the sum is 0."""
    total = float(np.sum(values))
    if total == 0.0:
        return None
    count = max(1, round(share * len(values)))
    return float(np.sum(np.sort(values)[-count:])) / total


def monte_carlo_error(values: Floats, blocks: int = 16) -> float:
    """Standard error of the mean over draws, from the spread of interleaved blocks of the low-discrepancy sequence.

    Every block takes each `blocks`-th draw; the error is the standard deviation of block means over the root of their number, which for a
    scrambled sequence overstates the error of the whole (Owen 1997).
    """
    count = len(values) // blocks
    if count < 2:
        return float(np.std(values) / np.sqrt(max(len(values), 1)))
    means = values[: count * blocks].reshape(count, blocks).mean(axis=0)
    return float(np.std(means, ddof=1) / np.sqrt(blocks))
