"""Which quantities a result hangs on: Spearman's rank correlation over draws.

    rho(x, y) = correlation of the ranks of x and y, equal values sharing their mean rank

Ranks do not change under a rising transformation, so the correlation with a probability is the one with its log-odds. A quantity or an outcome
that is the same in every draw has none and is left out. Where history weights draws, the rank of a draw is the weight below it, and draws count by weight.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.games.threads import over_items

Floats = NDArray[np.float64]


def ranks(values: Floats, weights: Floats | None = None) -> Floats:
    """Mean ranks, from 1, of each column.

    Parameters
    ----------
    values : array, draw x column
    weights : array over draws, optional
    """
    each = np.ones(len(values)) if weights is None else weights
    result = np.empty(values.shape)

    def rank(column: int) -> None:
        order = np.argsort(values[:, column])
        ordered = values[order, column]
        starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
        tie = np.cumsum(starts) - 1
        below = np.concatenate([[0.0], np.cumsum(each[order])])
        bounds = below[np.append(np.flatnonzero(starts), len(ordered))]
        result[order, column] = ((bounds[:-1] + bounds[1:] + 1) / 2)[tie]

    over_items(rank, range(values.shape[1]))
    return result


def rank_correlations(inputs: Floats, outcomes: Floats, weights: Floats | None = None) -> Floats:
    """Spearman's correlation of every input with every outcome.

    Parameters
    ----------
    inputs : array, draw x input
    outcomes : array, draw x outcome
    weights : array over draws, optional

    Returns
    -------
    array, input x outcome
        NaN where one of the two never varies.

    References
    ----------
    Spearman (1904), The proof and measurement of association between two things, doi 10.2307/1412159.
    """
    one, other = (_standardised(ranks(values, weights), weights) for values in (inputs, outcomes))
    return np.asarray(np.clip(one.T @ other, -1.0, 1.0))


def _standardised(columns: Floats, weights: Floats | None) -> Floats:
    """Columns of mean 0 and length 1, NaN where a column is constant."""
    share = np.full((len(columns), 1), 1 / len(columns)) if weights is None else (weights / weights.sum())[:, None]
    centred = (columns - (share * columns).sum(axis=0)) * np.sqrt(share)
    length = np.sqrt((centred**2).sum(axis=0))
    # What is left of a constant column is a rounding error.
    varies = length > 1e-12 * np.abs(columns).max(axis=0, initial=1.0)
    with np.errstate(invalid="ignore"):
        return np.asarray(centred / np.where(varies, length, np.nan))
