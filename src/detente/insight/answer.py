"""What draws say of a measure, and in which share of them something holds. Frozen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.insight.boxes import jeffreys_of
from detente.insight.samples import effective

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Share:
    """In which share of draws something holds, with its 95 % Monte Carlo interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Answer:
    """What draws say of a measure.

    Attributes
    ----------
    values : array over draws
        NaN where it is not defined.
    weights : array over draws
        By history, and by the probability of the condition.
    predictive : float or None
        None where it is defined in no draw.
    p05, p50, p95 : float or None
        Quantiles over the draws in which it is defined.
    undefined : float
        In which share of draws, by history alone, it is not defined.
    """

    values: Floats
    weights: Floats
    predictive: float | None
    p05: float | None
    p50: float | None
    p95: float | None
    undefined: float

    @property
    def ranges(self) -> tuple[float, float, float]:
        """The three quantiles of a measure that is defined somewhere."""
        assert self.p05 is not None and self.p50 is not None and self.p95 is not None
        return self.p05, self.p50, self.p95

    @property
    def defined(self) -> Bools:
        """In which draws it is defined."""
        return np.isfinite(self.values)

    def share(self, holds: Bools) -> Share | None:
        """In which share of the draws in which it is defined something holds; None where there are none."""
        weights = np.where(self.defined, self.weights, 0.0)
        total = float(weights.sum())
        if total <= 0:
            return None
        value = float(weights[holds & self.defined].sum()) / total
        low, high = jeffreys_of(value, effective(weights))
        return Share(value, low, high)
