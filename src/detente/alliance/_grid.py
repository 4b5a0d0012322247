"""Capability on a grid of 1/256 of what the whole alliance would bring.

Shares are rounded once, by largest remainders (Hamilton's method): each ally gets the whole units of its share, and the units left go to the largest
fractions, so that all allies together have exactly 256. What a lower level of help delivers is rounded to the nearest unit. Sums on the grid are exact
from there on. They differ from the sums of the unrounded shares by no more than the positive or the negative errors add up to, whichever is more, and
that bound is reported.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.alliance.model import Alliance

GRID = 256


def units(alliance: Alliance) -> NDArray[np.int64]:
    """Array, ally x level x clock: units of 1/256 that a choice delivers."""
    exact = _exact(alliance)
    found = np.rint(exact).astype(np.int64)
    for clock in range(exact.shape[2]):
        found[:, -1, clock] = _largest_remainders(exact[:, -1, clock])
    return np.minimum(found, found[:, -1:])


def rounding_error(alliance: Alliance) -> NDArray[np.float64]:
    """Array, clock: the most by which committed capability on the grid can differ from that of the unrounded shares, as a share of the whole."""
    off = units(alliance) - _exact(alliance)
    sure = np.array([ally.certain for ally in alliance.allies])[:, None, None]
    high, low = np.where(sure, off[:, -1:], off.max(axis=1, keepdims=True)), np.where(sure, off[:, -1:], off.min(axis=1, keepdims=True))
    bound: NDArray[np.float64] = np.maximum(high.sum(axis=(0, 1)), -low.sum(axis=(0, 1))) / GRID
    return bound


def shares(alliance: Alliance) -> NDArray[np.float64]:
    """Array, ally x level x clock: what a choice delivers, unrounded, as a share of what all allies' forces would."""
    return np.asarray(alliance.capability[:, None, :] * np.array(alliance.delivered)[None] / alliance.total)


def _exact(alliance: Alliance) -> NDArray[np.float64]:
    return GRID * shares(alliance)


def _largest_remainders(exact: NDArray[np.float64]) -> NDArray[np.int64]:
    whole = np.floor(exact).astype(np.int64)
    # Ties go to whom comes first, so that the result does not hang on rounding of the sort.
    order = np.argsort(-np.round(exact - whole, 9), kind="stable")
    whole[order[: GRID - int(whole.sum())]] += 1
    return whole
