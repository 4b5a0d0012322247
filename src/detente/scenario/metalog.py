"""A smooth distribution through two or three stated quantiles: Keelin's metalog.

    M(u) = a1 + a2 logit(u) + a3 (u - 1/2) logit(u)

Two quantiles give a1 and a2 (a logistic distribution); three give a3 as well. The curve passes through the stated
points exactly. It is a quantile function only where it rises: M'(u) > 0 for all u exactly when a2 > 0 and |a3| <
1.66711 a2, so a triple that is more lopsided than that is refused by the caller, who can ask which middle values are
possible.

Reference: Keelin, T. W. (2016), The metalog distributions, Decision Analysis 13(4), 243-277,
doi:10.1287/deca.2016.0338.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

# M' has its least value where x tanh(x) = 1 with x = logit(u) / 2; there M' vanishes at |a3| / a2 = 2 / x.
STEEPEST_SKEW = 2 / 1.1996786402577338

Coefficients = tuple[float, float, float]


def _basis(probability: float) -> tuple[float, float]:
    log_odds = log(probability) - log(1 - probability)
    return log_odds, (probability - 0.5) * log_odds


def fit(probabilities: Sequence[float], values: Sequence[float]) -> Coefficients:
    """Return the metalog through two or three points.

    Parameters
    ----------
    probabilities : sequence of float
        Rising, inside (0, 1). Three must straddle the middle: the first at most 1/2, the last at least 1/2.
    values : sequence of float
        The quantiles at these probabilities, on the scale on which the metalog is wanted.

    Returns
    -------
    (a1, a2, a3) : a3 is 0 for two points.
    """
    (l1, w1), *others = map(_basis, probabilities)
    rise = [value - values[0] for value in values[1:]]
    if len(others) == 1:
        a2, a3 = rise[0] / (others[0][0] - l1), 0.0
    else:
        (dl2, dw2), (dl3, dw3) = ((log_odds - l1, skew - w1) for log_odds, skew in others)
        a3 = (dl2 * rise[1] - dl3 * rise[0]) / (dl2 * dw3 - dl3 * dw2)
        a2 = (rise[1] - a3 * dw3) / dl3
    return values[0] - a2 * l1 - a3 * w1, a2, a3


def rises(coefficients: Coefficients) -> bool:
    """Say whether the metalog is a quantile function: strictly rising on all of (0, 1)."""
    _, a2, a3 = coefficients
    return a2 > 0 and abs(a3) < STEEPEST_SKEW * a2


def middle_range(probabilities: Sequence[float], low: float, high: float) -> tuple[float, float]:
    """Return the open interval in which the second of three quantiles must lie between `low` and `high`."""
    (l1, w1), (l2, w2), (l3, w3) = map(_basis, probabilities)
    ends = [
        low + (high - low) * ((l2 - l1) + skew * (w2 - w1)) / ((l3 - l1) + skew * (w3 - w1))
        for skew in (-STEEPEST_SKEW, STEEPEST_SKEW)
    ]
    return min(ends), max(ends)


def metalog(u: NDArray[np.float64], coefficients: Coefficients) -> NDArray[np.float64]:
    """Evaluate M(u) for u in (0, 1), any shape."""
    a1, a2, a3 = coefficients
    return np.asarray(a1 + (a2 + a3 * (u - 0.5)) * logit(u), dtype=np.float64)
