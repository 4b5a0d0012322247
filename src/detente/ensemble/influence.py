"""Which quantities a result hangs on: Spearman's rank correlation over draws.

    rho(x, y) = correlation of the ranks of x and y, equal values sharing their mean rank

Ranks do not change under a rising transformation, so the correlation with a probability is the one with its log-odds. A quantity or an outcome
that is the same in every draw has none and is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def ranks(values: Floats) -> Floats:
    """Mean ranks, from 1, of each column.

    Parameters
    ----------
    values : array, draw x column
    """
    result = np.empty(values.shape)
    for column in range(values.shape[1]):
        order = np.argsort(values[:, column], kind="stable")
        ordered = values[order, column]
        starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
        tie = np.cumsum(starts) - 1
        bounds = np.append(np.flatnonzero(starts), len(ordered))
        result[order, column] = ((bounds[:-1] + bounds[1:] + 1) / 2)[tie]
    return result


def rank_correlations(inputs: Floats, outcomes: Floats) -> Floats:
    """Spearman's correlation of every input with every outcome.

    Parameters
    ----------
    inputs : array, draw x input
    outcomes : array, draw x outcome

    Returns
    -------
    array, input x outcome
        NaN where one of the two never varies.

    References
    ----------
    Spearman (1904), The proof and measurement of association between two things, doi 10.2307/1412159.
    """
    one, other = (_standardised(ranks(values)) for values in (inputs, outcomes))
    return np.asarray(np.clip(one.T @ other, -1.0, 1.0))


def _standardised(columns: Floats) -> Floats:
    """Columns of mean 0 and length 1, NaN where a column is constant."""
    centred = columns - columns.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    with np.errstate(invalid="ignore"):
        return np.asarray(centred / np.where(length > 0, length, np.nan))
