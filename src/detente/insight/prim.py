"""Boxes of quantities in which an outcome holds, by the patient rule induction method: from all draws inward.

Peeling takes away, again and again, the outer share alpha of one quantity on one side: that for which

    (density after - density before) / weight taken away

is largest, until few draws are left or no peel raises the density. Pasting then gives back shares of what was taken, by the same measure, as long as the
density does not fall. Of a box B and the hits H, the draws in which the outcome holds,

    coverage = w(B and H) / w(H),    density = w(B and H) / w(B),    mass = w(B) / w(all)

with w the weight of draws. A peel takes the outermost draws up to the first before which more than alpha (w(B) - mean weight) lies, and those of the same
value: with equal weights, all up to the quantile alpha. Of peels that are equally good one that restricts fewer quantities is taken, then the first.

A box is found by searching, so what it shows on the same draws is a little too good: measure it (`detente.insight.boxes`) on those of another seed.

Refused: outcomes without a hit.

References: Friedman and Fisher (1999), doi 10.1023/A:1008894516817; Bryant and Lempert (2010), doi 10.1016/j.techfore.2009.08.002.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import InvalidInput, Problem
from detente.games.threads import over_draws, thread_count
from detente.insight import _peeling
from detente.insight._ordering import order_draws
from detente.insight.samples import Floats, Sample

Ints = NDArray[np.int64]
Limits = dict[str, tuple[float, float]]
ROUNDING = 1e-12  # densities that differ by less are the same: sums of weights are rounded
_BLOCK = 16_384  # draws


@dataclass(frozen=True)
class Trajectory:
    """Boxes, each a peel further in than the one before, and at the end those that pasting gave.

    Attributes
    ----------
    names : tuple of str
        Of the quantities.
    lower, upper : array, box x quantity
        Both limits belong to the box; infinite where it is open.
    coverage, density, mass : array over boxes
    """

    names: tuple[str, ...]
    lower: Floats
    upper: Floats
    coverage: Floats
    density: Floats
    mass: Floats

    @property
    def restricted(self) -> Ints:
        """How many quantities each box restricts."""
        return np.asarray((np.isfinite(self.lower) | np.isfinite(self.upper)).sum(axis=1))

    def limits(self, box: int) -> Limits:
        """Low and high of each quantity that a box restricts."""
        pairs = zip(self.names, self.lower[box], self.upper[box], strict=True)
        return {name: (float(low), float(high)) for name, low, high in pairs if np.isfinite(low) or np.isfinite(high)}


class Search:
    """Draws that are sorted once, by every quantity, for any number of runs.

    Parameters
    ----------
    sample : Sample
    hits : array of bool over draws
        Where the outcome holds.
    alpha : float, optional
        Share of the box that a peel takes and a paste gives; Friedman and Fisher advise 0.05 to 0.1.
    fewest : int, optional
        Draws that a box keeps at least; 50 is judgement: of so few the density is known to some 14 points.
    threads : int, optional
        The result does not depend on it.

    Raises
    ------
    InvalidInput
        If the outcome holds in no draw.

    Examples
    --------
    >>> import numpy as np
    >>> sample = Sample(np.random.default_rng(1).random((4000, 3)), ["one", "two", "three"])
    >>> found = Search(sample, (sample.inputs[:, 0] > 0.7) & (sample.inputs[:, 2] < 0.4)).run()
    >>> sorted(found.limits(-1))
    ['one', 'three']
    """

    def __init__(self, sample: Sample, hits: ArrayLike, *, alpha: float = 0.05, fewest: int = 50, threads: int | None = None) -> None:
        holds = sample.hits(hits)
        kept = sample.weights > 0
        if not holds[kept].any():
            raise InvalidInput(Problem("hits", "the outcome holds in no draw", "there is nothing to find a box of", "ask for less, or draw more"))
        if not 0 < alpha < 1:
            raise InvalidInput(Problem("alpha", f"it is {alpha}", "it is the share of a box that a peel takes", "0.05 to 0.1 is usual"))
        self.names, self.alpha, self.fewest = sample.names, alpha, fewest
        self.inputs = sample.inputs if kept.all() else sample.inputs[kept]
        self.threads = thread_count(threads) if len(self.inputs) > _BLOCK else 1
        weights = sample.weights[kept]
        self._signed = np.where(holds[kept], weights, -weights)
        self._total, self._hits = float(weights.sum()), float(weights[holds[kept]].sum())
        self._orders = order_draws(self.inputs, self.threads)

    def run(self, columns: Sequence[int] | None = None) -> Trajectory:
        """Peel and paste, with all quantities or some of them."""
        chosen = np.arange(len(self.names)) if columns is None else np.asarray(columns)
        lower, upper = (np.full(len(self.names), sign * np.inf) for sign in (-1.0, 1.0))
        boxes = [(lower.copy(), upper.copy(), self._total, self._hits)]
        for weight, hits in self._peels(chosen, lower, upper):
            boxes.append((lower.copy(), upper.copy(), weight, hits))
        for weight, hits in self._pastes(lower, upper, *boxes[-1][2:]):
            boxes.append((lower.copy(), upper.copy(), weight, hits))
        lows, highs, weights, caught = (np.array(each) for each in zip(*boxes, strict=True))
        return Trajectory(self.names, lows, highs, caught / self._hits, caught / weights, weights / self._total)

    def _peels(self, chosen: Ints, lower: Floats, upper: Floats) -> Iterator[tuple[float, float]]:
        """Narrow the limits peel by peel; weight of the box and of its hits after each."""
        signed, orders = self._signed.copy(), self._orders[chosen]
        ends = np.tile(np.array([0, len(signed) - 1]), (len(chosen), 1))
        found = np.zeros((len(chosen), 2, 3))
        weight, hits, count, spread = self._total, self._hits, len(signed), len(signed)
        while True:
            allowed = self.alpha * (weight - weight / count)
            self._over(_peeling.peels, len(chosen), self.inputs, chosen, orders, ends, signed, allowed, found)
            best = _best(found[:, :, 0], found[:, :, 1], weight, hits, -1.0, _anew(chosen, lower, upper))
            if best is None:
                return
            c, side = best
            gone, caught, limit = found[c, side]
            j, step = int(chosen[c]), 1 if side == _peeling.LOWER else -1
            left = int(_peeling.leave(self.inputs, j, orders[c], int(ends[c, side]), step, limit, signed))
            if count - left < self.fewest:
                return
            weight, hits, count = weight - gone, hits - caught, count - left
            (lower if side == _peeling.LOWER else upper)[j] = limit
            yield weight, hits
            if count < spread / 2:
                self._over(_peeling.compact, len(chosen), orders, ends, signed)
                spread = count

    def _pastes(self, lower: Floats, upper: Floats, weight: float, hits: float) -> Iterator[tuple[float, float]]:
        """Widen the limits paste by paste."""
        misses = np.zeros(len(self.inputs), dtype=np.int16)
        restricted = np.flatnonzero(np.isfinite(lower) | np.isfinite(upper))
        self._over(_peeling.count_misses, len(misses), self.inputs, restricted, lower, upper, misses, block=_BLOCK)
        sides = [(int(j), side) for j in restricted for side in (_peeling.LOWER, _peeling.UPPER)]
        while True:
            found = np.zeros((len(sides), 3))
            count = int((misses == 0).sum())
            allowed = self.alpha * (weight - weight / count)
            for place, (j, side) in enumerate(sides):
                limit = (lower, upper)[side][j]
                if np.isfinite(limit):
                    _peeling.paste(self.inputs, j, self._orders[j], side, limit, misses, self._signed, allowed, found[place])
            best = _best(found[:, None, 0], found[:, None, 1], weight, hits, 1.0, np.zeros((len(sides), 1)))
            if best is None:
                return
            j, side = sides[best[0]]
            come, caught, limit = found[best[0]]
            limits = (lower, upper)[side]
            self._over(_peeling.enter, len(misses), self.inputs, j, side, limits[j], limit, misses, block=_BLOCK)
            limits[j] = limit
            weight, hits = weight + come, hits + caught
            yield weight, hits

    def _over(self, kernel: Callable[..., Any], count: int, *arguments: Any, block: int | None = None) -> None:
        over_draws(kernel, count, self.threads, *arguments, block=block or max(1, -(-count // self.threads)))


def _anew(chosen: Ints, lower: Floats, upper: Floats) -> Floats:
    """1 where a peel, on either side, would restrict a quantity that is not restricted yet."""
    return np.repeat(~(np.isfinite(lower) | np.isfinite(upper))[chosen, None], 2, axis=1).astype(float)


def _best(moved: Floats, caught: Floats, weight: float, hits: float, sign: float, rank: Floats) -> tuple[int, int] | None:
    """Which move gains most density for its weight, of equal ones that of lowest rank; None if no peel (sign -1) gains, or every paste (sign 1) loses."""
    possible = moved > 0
    after = np.divide(hits + sign * caught, weight + sign * moved, out=np.zeros(moved.shape), where=possible)
    change = after - hits / weight
    change[np.abs(change) < ROUNDING] = 0.0
    gain = np.divide(change, moved, out=np.full(moved.shape, -np.inf), where=possible)
    top = gain.max(initial=-np.inf)
    if top < 0 or (top == 0 and sign < 0):
        return None
    first = np.lexsort((np.arange(gain.size), rank.ravel(), -gain.ravel()))[0]
    return int(first // gain.shape[1]), int(first % gain.shape[1])
