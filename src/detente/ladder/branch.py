"""The principal branch of a ladder's equilibria, followed for chosen draws and segments.

From behaviour proportional to the action weights at precision 0 along the ray t (lambda_1, ..., lambda_n) to its first arrival at t = 1, by pseudo-arclength
continuation with the analytic Jacobian. Slower than `detente.ladder.solve` and the definition of what it looks for: it settles what that leaves,
and checks a sample of the rest (`detente.ladder.cross_check`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.ladder.layout import Plan

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Traced:
    """Answers for the pairs that were asked for.

    Attributes
    ----------
    pairs : array, pair x 2
        Draw and segment.
    unknown, rates, best_rates : array, pair x (unknown or arc)
        As in `Equilibrium`.
    status : array, pair
        1 on the branch, 2 found by Newton's method off it, 4 not found.
    residual, regret : array, pair
    evaluations, folds : array, pair
        Jacobians evaluated; folds of the branch that were passed.
    """

    pairs: NDArray[np.int64]
    unknown: Floats
    rates: Floats
    best_rates: Floats
    status: NDArray[np.int64]
    residual: Floats
    regret: Floats
    evaluations: NDArray[np.int64]
    folds: NDArray[np.int64]


def trace(plan: Plan, values: Floats, pairs: NDArray[np.int64], *, any_branch: bool = False, threads: int | None = None) -> Traced:
    """Follow the branch for each (draw, segment) in `pairs`.

    Parameters
    ----------
    values : array, draw x segment x slot
        The evaluated numbers of the plan.
    any_branch : bool
        Where no path arrives, accept any equilibrium that Newton's method finds.
    threads : int, optional
    """
    from detente.games.threads import over_draws
    from detente.ladder import _trace

    n_pairs, n_arcs = len(pairs), len(plan.arcs)
    unknown = np.zeros((n_pairs, plan.n_unknown))
    rates, best_rates = np.zeros((2, n_pairs, n_arcs))
    residual, regret = np.zeros((2, n_pairs))
    status, evaluations, folds = np.zeros((3, n_pairs), dtype=np.int64)
    chosen = np.ascontiguousarray(pairs, dtype=np.int64)
    over_draws(
        _trace.trace_pairs, n_pairs, threads, plan.layout, values, len(plan.ladder.rungs), len(plan.ladder.actors), plan.n_unknown, chosen,
        any_branch, unknown, rates, best_rates, status, residual, regret, evaluations, folds,
    )  # fmt: skip
    return Traced(chosen, unknown, rates, best_rates, status, residual, regret, evaluations, folds)
