"""Whether the answers of `solve` lie on the principal branch: a random sample is solved again by following it, and compared.

The share that lies elsewhere is told with its interval over all draws and segments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.ladder.branch import TRACED, trace
from detente.ladder.equilibrium import Equilibrium
from detente.ladder.layout import Plan

Floats = NDArray[np.float64]
AGREEMENT = 1e-6  # of answers that are the same, by judgement: methods agree to far less, and branches lie far apart


@dataclass(frozen=True)
class CrossCheck:
    """Answers of `solve` beside those of continuation, for a random sample.

    Attributes
    ----------
    pairs : array, pair x 2
        (draw, segment), as positions in the equilibrium.
    followed : array of bool, pair
        Whether the principal branch could be followed to the end.
    difference : array, pair
        Largest difference of the unknowns, as a share of the actor's range of values or of 1 + |log-ratio|; NaN where not followed.
    folds : array, pair
        Folds that the branch passes before the full precision.
    """

    pairs: NDArray[np.int64]
    followed: NDArray[np.bool_]
    difference: Floats
    folds: NDArray[np.int64]

    @property
    def elsewhere(self) -> list[tuple[int, int]]:
        """The (draw, segment) whose answer lies on another branch: it differs by more than 1e-6."""
        return [(int(draw), int(segment)) for draw, segment in self.pairs[self.followed & (self.difference > AGREEMENT)]]

    @property
    def share(self) -> float:
        """Share of those followed that lie on another branch; NaN if none was followed."""
        return len(self.elsewhere) / self.followed.sum() if self.followed.any() else float("nan")

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Jeffreys interval of that share over all draws and segments."""
        return jeffreys(len(self.elsewhere), int(self.followed.sum()), level)


def jeffreys(hits: int, count: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of a share after `hits` in `count` (Brown, Cai and DasGupta 2001, doi 10.1214/ss/1009213286)."""
    from scipy.special import betaincinv

    low, high = (float(betaincinv(hits + 0.5, count - hits + 0.5, share)) for share in ((1 - level) / 2, (1 + level) / 2))
    return (low if hits > 0 else 0.0), (high if hits < count or count == 0 else 1.0)


def cross_check(equilibrium: Equilibrium, count: int, seed: int = 0, *, threads: int | None = None) -> CrossCheck:
    """Solve a random sample again by following the principal branch, and compare.

    Parameters
    ----------
    equilibrium : Equilibrium
    count : int
        How many pairs of a draw and a segment; all that there are, if they are fewer. Segments that copied another are left out.
    seed : int
        Of the sample.
    threads : int, optional

    Raises
    ------
    InvalidInput
        If `count` is less than 1.
    """
    if count < 1:
        raise InvalidInput(Problem("count", f"{count} is no number of pairs", "a sample has at least one", "give 1 or more"))
    solved = np.argwhere(equilibrium.same == np.arange(equilibrium.same.shape[1]))
    chosen = np.random.default_rng(seed).permutation(len(solved))[:count]
    pairs = np.ascontiguousarray(solved[np.sort(chosen)])
    found = trace(equilibrium.plan, equilibrium.values, pairs, threads=threads)
    followed = found.status == TRACED
    difference = np.where(followed, distance(equilibrium.plan, equilibrium.unknown[pairs[:, 0], pairs[:, 1]], found.unknown), np.nan)
    return CrossCheck(pairs, followed, difference, found.folds)


def distance(plan: Plan, one: Floats, other: Floats) -> Floats:
    """Largest difference of two sets of unknowns (pair x unknown), as a share of the actor's range of values in the first or of 1 + |log-ratio|."""
    n_actors = len(plan.ladder.actors)
    n_values = len(plan.ladder.rungs) * n_actors
    spread = np.ptp(one[:, :n_values].reshape(len(one), -1, n_actors), axis=1)
    size = np.where(spread > 0, spread, np.maximum(np.abs(one[:, :n_actors]), 1e-300))
    scale = np.concatenate([np.tile(size, n_values // n_actors), 1.0 + np.abs(one[:, n_values:])], axis=1)
    return np.asarray((np.abs(other - one) / scale).max(axis=1))
