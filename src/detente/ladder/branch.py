"""Equilibria of chosen draws and segments: on the principal branch, or any.

The branch is followed from behaviour proportional to the action weights at precision 0 along the ray t (lambda_1, ..., lambda_n) to its first
arrival at t = 1, by pseudo-arclength continuation with the analytic Jacobian. That is slower than `detente.ladder.solve`, and the definition of what
it looks for: it settles what that leaves and checks a sample of the rest (`detente.ladder.cross_check`). Where the branch cannot be followed, as
through a bifurcation, Newton's method finds an equilibrium of which no more is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.ladder.layout import Plan

if TYPE_CHECKING:
    from detente.ladder.equilibrium import Equilibrium

Floats = NDArray[np.float64]
AGREEMENT = 1e-6
TRACED = 1


@dataclass(frozen=True)
class Found:
    """Answers for the pairs that were asked for.

    Attributes
    ----------
    unknown, rates, best_rates : array, pair x (unknown or arc)
        As in `Equilibrium`.
    status : array, pair
        1 on the branch, 2 by Newton's method, 4 not found.
    residual, regret : array, pair
    evaluations, folds : array, pair
        Jacobians evaluated; folds of the branch that were passed.
    """

    unknown: Floats
    rates: Floats
    best_rates: Floats
    status: NDArray[np.int64]
    residual: Floats
    regret: Floats
    evaluations: NDArray[np.int64]
    folds: NDArray[np.int64]


def trace(plan: Plan, values: Floats, pairs: NDArray[np.int64], *, threads: int | None = None) -> Found:
    """Follow the principal branch for each (draw, segment) in `pairs` of values[draw, segment, slot]."""
    from detente.games._continuation import make_path
    from detente.games.tables import Table
    from detente.games.threads import over_draws
    from detente.ladder import _trace
    from detente.ladder._jacobian import make_tangent_work
    from detente.ladder._sweep import make_work

    found, n, size = _empty(plan, len(pairs)), plan.n_unknown, (len(plan.ladder.rungs), len(plan.ladder.actors))

    def work() -> tuple[Any, ...]:
        space = (*np.zeros((5, n)), np.zeros(size[1]), np.zeros((n, n + 1)))
        return Table(make_work(plan.layout, *size)), Table(make_tangent_work(plan.layout, *size, n)), Table(make_path(n)), space

    over_draws(
        _trace.trace_pairs, len(pairs), threads, *_question(plan, values, pairs),
        found.unknown, found.rates, found.best_rates, found.status, found.residual, found.regret, found.evaluations, found.folds,
        work=work, block=1,
    )  # fmt: skip
    return found


def newton(plan: Plan, values: Floats, pairs: NDArray[np.int64], *, threads: int | None = None) -> Found:
    """Look for any equilibrium of each (draw, segment) in `pairs` of values[draw, segment, slot]."""
    from detente.games.tables import Table
    from detente.games.threads import over_draws
    from detente.ladder import _newton
    from detente.ladder._jacobian import make_tangent_work
    from detente.ladder._sweep import make_work

    found, n, size = _empty(plan, len(pairs)), plan.n_unknown, (len(plan.ladder.rungs), len(plan.ladder.actors))

    def work() -> tuple[Any, ...]:
        space = (*np.zeros((4, n)), np.zeros(size[1]), np.zeros((n, n + 1)), np.zeros((n, n)))
        return Table(make_work(plan.layout, *size)), Table(make_tangent_work(plan.layout, *size, n)), space

    over_draws(
        _newton.newton_pairs, len(pairs), threads, *_question(plan, values, pairs),
        found.unknown, found.rates, found.best_rates, found.status, found.residual, found.regret, found.evaluations,
        work=work, block=1,
    )  # fmt: skip
    return found


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


def _question(plan: Plan, values: Floats, pairs: NDArray[np.int64]) -> tuple[Any, ...]:
    chosen = np.ascontiguousarray(pairs, dtype=np.int64).reshape(-1, 2)
    from detente.games.tables import Table

    return Table(plan.layout), values, chosen


def _empty(plan: Plan, n_pairs: int) -> Found:
    rates, best_rates = np.zeros((2, n_pairs, len(plan.arcs)))
    residual, regret = np.zeros((2, n_pairs))
    status, evaluations, folds = np.zeros((3, n_pairs), dtype=np.int64)
    return Found(np.zeros((n_pairs, plan.n_unknown)), rates, best_rates, status, residual, regret, evaluations, folds)
