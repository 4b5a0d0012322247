"""Summaries of a result over draws: predictive probability, ranges, and how much of it comes from few draws.

All sums run over whole arrays in the order of draws and all quantiles are exact order statistics, so they depend neither on threads nor on
chunks. For a conditional result draws are weighted by the probability of the condition: if a happened, draws prone to a are likelier. Where history
weights draws, every sum over draws carries these weights too.
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
    order = np.argsort(values)
    cumulative = np.cumsum(weights[order])
    total = cumulative[-1]
    positions = np.searchsorted(cumulative, np.asarray(shares) * total, side="left")
    return [float(values[order[min(position, len(values) - 1)]]) for position in positions]


def mean(values: Floats, weights: Floats | None = None) -> float:
    """Mean over draws; weights where history gives them."""
    return float(np.mean(values)) if weights is None else float(np.sum(weights * values)) / float(np.sum(weights))


def quantiles(values: Floats, weights: Floats | None = None, shares: tuple[float, ...] = tuple(QUANTILES.values())) -> list[float]:
    """The `QUANTILES` of an array over draws, or other ones: smallest values at which so many of the draws are reached, by number or by weight."""
    if weights is None:
        return [float(x) for x in np.quantile(values, shares, method="inverted_cdf")]
    return weighted_quantiles(values, weights, shares)


def summarise(
    numerator: Floats, denominator: Floats | None = None, best: float | None = None, no_best: str = "", weights: Floats | None = None
) -> Summary:
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
    weights : array over draws, optional
        Weights that history gives.

    Returns
    -------
    mapping
        `mean p05 p25 p50 p75 p95 top5_share error_share`; where one of them is None, `why` says why.
    """
    keys = ("mean", *QUANTILES, "top5_share", "error_share")
    if denominator is None:
        average, found = mean(numerator, weights), quantiles(numerator, weights)
    else:
        given = mean(denominator, weights)
        if given == 0.0:
            return {**dict.fromkeys(keys), "why": "the condition has probability 0 in every draw"}
        average = mean(numerator, weights) / given
        values = np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
        found = quantiles(values, denominator if weights is None else weights * denominator)
    result: dict[str, float | str | None] = {"mean": average, **dict(zip(QUANTILES, found, strict=True))}
    if average == 0.0:
        return {**result, "top5_share": None, "error_share": None, "why": "it cannot happen in any draw, so no share of it can be named"}
    result |= {"top5_share": top_share(numerator, weights=weights), "error_share": None if best is None else 1.0 - best / average}
    return result if best is not None else {**result, "why": no_best}


def top_share(values: Floats, share: float = 0.05, weights: Floats | None = None) -> float | None:
    """Share of the sum that comes from the largest `share` of draws (by weight, the draw at the edge in part); None when the sum is 0."""
    if weights is None:
        total = float(np.sum(values))
        count = max(1, round(share * len(values)))
        return None if total == 0.0 else float(np.sum(np.sort(values)[-count:])) / total
    total = float(np.sum(weights * values))
    if total == 0.0:
        return None
    order = np.argsort(-values)
    before = np.cumsum(weights[order]) - weights[order]
    inside = np.clip(share * float(np.sum(weights)) - before, 0.0, weights[order])
    return float(np.sum(inside * values[order])) / total


def monte_carlo_error(values: Floats, blocks: int = 16, weights: Floats | None = None) -> float:
    """Standard error of the mean over draws, from the spread of interleaved blocks of the low-discrepancy sequence.

    Every block takes each `blocks`-th draw; the error is the standard deviation of block means over the root of their number, which for a
    scrambled sequence overstates the error of the whole (Owen 1997).
    """
    count = len(values) // blocks
    if count < 2:
        return float(np.std(values) / np.sqrt(max(len(values), 1)))
    inside = slice(count * blocks)
    means = values[inside].reshape(count, blocks).mean(axis=0)
    if weights is not None:
        each = weights[inside].reshape(count, blocks).sum(axis=0)
        totals = (weights * values)[inside].reshape(count, blocks).sum(axis=0)
        means = np.divide(totals, each, out=np.zeros(blocks), where=each > 0)
    return float(np.std(means, ddof=1) / np.sqrt(blocks))
