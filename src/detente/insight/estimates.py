"""An estimate with its 95 % interval, and what it says in plain words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NORMAL = 1.959963984540054  # of the normal distribution, 95 % lie within so many standard deviations
LEAST = 0.001  # a judgement: what moves less of the variance moves nothing that a reader could use
NOT_TOLD = "≈ 0"
_TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class Estimate:
    """A number that draws tell only roughly.

    Attributes
    ----------
    value : float
        May fall below 0 by chance where the number itself cannot; `verdict` says so instead of showing it.
    low, high : float
        95 % interval.
    draws : int
        From how many.
    """

    value: float
    low: float
    high: float
    draws: int

    @property
    def is_distinct(self) -> bool:
        """Whether the interval lies above 0."""
        return self.low > 0

    @property
    def verdict(self) -> str:
        """In words, read as a share.

        Examples
        --------
        >>> Estimate(-0.01, -0.03, 0.02, 1024).verdict
        'not distinguishable from 0 at 1,024 draws'
        >>> Estimate(0.31, 0.28, 0.34, 1024).verdict
        '31 % (28 to 34 %)'
        """
        if not self.is_distinct:
            return f"not distinguishable from 0 at {self.draws:,} draws"
        if self.high < LEAST:
            return f"less than {100 * LEAST:g} %"
        return f"{_percent(self.value)} % ({_percent(self.low)} to {_percent(self.high)} %)"

    @property
    def short(self) -> str:
        """The same for a cell of a table, in per cent without the sign; no share is above all of it, whatever the interval.

        Examples
        --------
        >>> Estimate(0.31, 0.28, 0.34, 1024).short, Estimate(-0.01, -0.03, 0.02, 1024).short, Estimate(0.97, 0.9, 1.04, 1024).short
        ('31 (28–34)', '≈ 0', '97 (90–100)')
        """
        if not self.is_distinct:
            return NOT_TOLD
        words = replace(self, high=min(self.high, 1.0)).verdict
        if words.startswith("less"):
            return words.removeprefix("less than ").replace("0.1 %", "<0.1")
        return words.replace(" %", "").replace(" to ", "–")


def normal(value: float, error: float, draws: int) -> Estimate:
    """An estimate from its standard error."""
    return Estimate(value, value - NORMAL * error, value + NORMAL * error, draws)


def percentile(value: float, resampled: Floats, draws: int) -> Estimate:
    """An estimate from its bootstrap: the interval between quantiles of the resamples."""
    low, high = np.quantile(resampled, _TAILS)
    return Estimate(value, float(low), float(high), draws)


def _percent(share: float) -> str:
    """Two digits; whole from ten on."""
    return f"{100 * share:.0f}" if abs(share) >= 0.0995 else f"{100 * share:.2g}"
