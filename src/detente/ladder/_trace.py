"""Kernel: the ladder's equilibrium on its principal branch, by continuation from precision 0.

Follows x - F(x; t lambda) = 0 from t = 0 to the first arrival at t = 1 (`detente.games._continuation`). Values are measured in log-odds: in units of 1 / lambda_i,
or of actor i's range of values where that is less, and the ray in units of the widest range of log-odds, so that the steps hang neither on the scale of
payoffs nor on that of precision. Where no path arrives, Newton's method in stages of precision looks for any equilibrium.
"""

import numpy as np

from detente.games._continuation import CONVERGED, EVALUATE, EVALUATIONS, FOLDS, advance, make_path
from detente.games._continuation import begin as begin_path
from detente.games.kernels import entry, inner
from detente.ladder._answer import record
from detente.ladder._jacobian import jacobian, make_tangent_work
from detente.ladder._newton import newton
from detente.ladder._solve import ACCEPTED, FINAL_TOLERANCE
from detente.ladder._sweep import begin, load, make_work, sweep

MOST_CARE = 64.0
NEWTON_STAGES = 8
RESIDUAL_TOLERANCE = 1e-11
TRACED, FOUND, LOST = 1, 2, 4


@inner
def log_odds(plan, x, full, work, unit):
    """unit[unknown]: log-odds in one unit of the unknown. Returns the widest range of log-odds at x, the length of the ray."""
    n_rungs, n_actors = work.income.shape
    end = 1.0
    for i in range(n_actors):
        low, high = x[i], x[i]
        for s in range(n_rungs):
            low = min(low, x[s * n_actors + i])
            high = max(high, x[s * n_actors + i])
        spread = high - low
        for s in range(n_rungs):
            unit[s * n_actors + i] = max(full[i], 1.0 / spread if spread > 0.0 else 1.0)
        for o in range(plan.outcome_target.shape[0]):
            worth = work.lump[o, i] + x[plan.outcome_target[o] * n_actors + i]
            low = min(low, worth)
            high = max(high, worth)
        end = max(end, full[i] * (high - low))
    for k in range(n_rungs * n_actors, x.shape[0]):
        unit[k] = 1.0
    return end


@inner
def evaluate(plan, values, full, end, unit, x, image, work, tangent, slope, path, with_jacobian):
    """Fill path.residual, and path.jacobian if asked, at path.trial; x is work space."""
    n = x.shape[0]
    t = path.trial[n] / end
    for i in range(full.shape[0]):
        work.precision[i] = t * full[i]
    for k in range(n):
        x[k] = path.trial[k] / unit[k]
    sweep(plan, values, x, work.precision, work, image)
    for r in range(n):
        path.residual[r] = (x[r] - image[r]) * unit[r]
    if with_jacobian:
        jacobian(plan, x, work.precision, full, work, tangent, slope)
        for r in range(n):
            for c in range(n):
                path.jacobian[r, c] = -slope[r, c] * unit[r] / unit[c]
            path.jacobian[r, r] += 1.0
            path.jacobian[r, n] = -slope[r, n] * unit[r] / end


@entry
def trace_pairs(
    first, last, plan, values, n_rungs, n_actors, n_unknown, chosen, any_branch, x, rates, best_rates, status, residual, regret, evaluations, folds
):
    """Solve the pairs (draw, segment) in chosen[first:last]; outputs are indexed like `chosen`.

    With any_branch, where no path arrives, any equilibrium that Newton's method finds is an answer.
    """
    work = make_work(plan, n_rungs, n_actors)
    tangent = make_tangent_work(plan, n_rungs, n_actors, n_unknown)
    path = make_path(n_unknown)
    image, scale, unit, error, trial, start = (
        np.zeros(n_unknown), np.zeros(n_unknown), np.zeros(n_unknown), np.zeros(n_unknown), np.zeros(n_unknown), np.zeros(n_unknown),
    )  # fmt: skip
    slope = np.zeros((n_unknown, n_unknown + 1))
    matrix = np.zeros((n_unknown, n_unknown))
    full, precision = np.zeros(n_actors), np.zeros(n_actors)
    for k in range(first, last):
        numbers = values[chosen[k, 0], chosen[k, 1]]
        here = x[k]
        load(plan, numbers, work)
        for i in range(n_actors):
            full[i] = numbers[plan.precision[i]]
        request, care = EVALUATE, 1.0
        while request != CONVERGED and care <= MOST_CARE:
            begin(plan, numbers, here, work, image)
            end = log_odds(plan, here, full, work, unit)
            for u in range(n_unknown):
                start[u] = here[u] * unit[u]
            begin_path(path, start, end, care)
            request = EVALUATE
            while request < 0:
                evaluate(plan, numbers, full, end, unit, here, image, work, tangent, slope, path, request == EVALUATE)
                request = advance(path, RESIDUAL_TOLERANCE * (1.0 + end))
            evaluations[k] += path.whole[EVALUATIONS]
            folds[k] = path.whole[FOLDS]
            care *= 8.0
        outcome = LOST
        # The last stage polishes what the path found; all of them stand in for a path that was lost.
        stage = NEWTON_STAGES
        if request == CONVERGED:
            outcome = TRACED
            for u in range(n_unknown):
                here[u] = path.trial[u] / unit[u]
        elif any_branch:
            outcome, stage = FOUND, 1
            begin(plan, numbers, here, work, image)
        while stage <= NEWTON_STAGES:
            for i in range(n_actors):
                precision[i] = stage / NEWTON_STAGES * full[i]
            _, count = newton(plan, numbers, here, precision, FINAL_TOLERANCE, work, tangent, image, scale, slope, matrix, error, trial)
            evaluations[k] += count
            stage += 1
        residual[k], regret[k] = record(plan, numbers, here, full, work, image, scale, error, rates[k], best_rates[k])
        status[k] = outcome if residual[k] <= ACCEPTED else LOST
