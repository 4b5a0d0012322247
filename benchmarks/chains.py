"""Chains of eight rungs for benchmarks of first passage: one step up and two ways down from every rung."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.ladder.layout import Arc

RUNGS, YEARS = 8, 10
TOP = np.arange(RUNGS) == RUNGS - 1
ARCS = [Arc(s, s + 1, "chance", "chance") for s in range(RUNGS - 1)]
ARCS += [Arc(s, t, "chance", "chance") for s in range(1, RUNGS) for t in sorted({0, s - 1})]
UP = np.array([arc.target > arc.source for arc in ARCS])


def rates_of(draws: int, segments: int, down: float) -> NDArray[np.float64]:
    """Rates of `draw x segment x arc`: half a step up a year, `down` steps down, with a factor of two of doubt."""
    return np.where(UP, 0.5, down) * np.random.default_rng(1).lognormal(0.0, 0.7, (draws, segments, len(ARCS)))


def starts(draws: int) -> NDArray[np.float64]:
    """All draws on the lowest rung: `draw x rung`."""
    return np.eye(RUNGS)[np.zeros(draws, dtype=int)]
