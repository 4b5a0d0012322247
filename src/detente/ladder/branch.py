"""Equilibria of chosen draws and segments: on the principal branch, or any.

The branch is followed from behaviour proportional to the action weights at precision 0 along the ray t (lambda_1, ..., lambda_n) to its first
arrival at t = 1, by pseudo-arclength continuation with the analytic Jacobian. That is slower than `detente.ladder.solve`, and the definition of what
it looks for: it settles what that leaves and checks a sample of the rest (`detente.ladder.agreement`). Where the branch cannot be followed, as
through a bifurcation, Newton's method finds an equilibrium of which no more is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ladder.layout import Plan

Floats = NDArray[np.float64]
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
        space = (*np.zeros((4, n)), np.zeros((2, n)), np.zeros(size[1]), np.zeros((n, n + 1)))
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


def _question(plan: Plan, values: Floats, pairs: NDArray[np.int64]) -> tuple[Any, ...]:
    from detente.games.tables import Table

    return Table(plan.layout), values, np.ascontiguousarray(pairs, dtype=np.int64).reshape(-1, 2)


def _empty(plan: Plan, n_pairs: int) -> Found:
    rates, best_rates = np.zeros((2, n_pairs, len(plan.arcs)))
    residual, regret = np.zeros((2, n_pairs))
    status, evaluations, folds = np.zeros((3, n_pairs), dtype=np.int64)
    return Found(np.zeros((n_pairs, plan.n_unknown)), rates, best_rates, status, residual, regret, evaluations, folds)
