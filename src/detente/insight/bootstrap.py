"""Means over draws, and over draws drawn again: all resamples at once, as a product of counts and terms.

Resample b counts draw k c_bk times; its means are C T / n, with T the terms of each draw. Whatever is a function of means, such as a ratio of two of them,
has its bootstrap from these alone. Draws of a low-discrepancy sequence are resampled as if they were independent, which makes intervals too wide, not too
narrow.

Reference: Efron (1979), doi 10.1214/aos/1176344552.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_CHUNK = 1_000_000  # counts held at once


def resampled_means(terms: Floats, resamples: int, seed: int = 1) -> Floats:
    """Means of each term over the draws, first of the sample and then of each resample.

    Parameters
    ----------
    terms : array, draw x term
    resamples, seed : int

    Returns
    -------
    array, (1 + resample) x term
    """
    n = len(terms)
    rng = np.random.default_rng(seed)
    found = np.empty((1 + resamples, terms.shape[1]))
    found[0] = terms.mean(axis=0)
    counts = np.empty((min(resamples, max(1, _CHUNK // n)), n))
    for first in range(0, resamples, len(counts)):
        some = counts[: resamples - first]
        for row in some:
            row[:] = np.bincount(rng.integers(n, size=n), minlength=n)
        found[1 + first : 1 + first + len(some)] = (terms.T @ some.T).T / n
    return found
