"""Kernel: the ladder's equilibrium on its principal branch, by continuation from precision 0.

Follows x - F(x; t lambda) = 0 from t = 0 to the first arrival at t = 1 (`detente.games._continuation`). Values are measured in log-odds: in units
of 1 / lambda_i, or of actor i's range of values where that is less, and the ray in units of the widest range of log-odds, so that the steps hang
neither on the scale of payoffs nor on that of precision.
"""

from detente.games._continuation import CONVERGED, EVALUATE, EVALUATIONS, FOLDS, advance
from detente.games._continuation import begin as begin_path
from detente.games.kernels import entry, inlined, inner
from detente.ladder._answer import record
from detente.ladder._jacobian import jacobian
from detente.ladder._solve import ACCEPTED, UNSETTLED
from detente.ladder._sweep import begin, load, sweep

MOST_CARE = 64.0
RESIDUAL_TOLERANCE = 1e-11
TRACED = 1


@inner
def log_odds(plan, x, full, work, unit):
    """unit[0, unknown]: log-odds in one unit of the unknown; unit[1] the other way. Returns the widest range of log-odds at x, the length of the ray."""
    n_rungs, n_actors = work.income.shape
    end = 1.0
    for i in range(n_actors):
        low, high = x[i], x[i]
        for s in range(n_rungs):
            low = min(low, x[s * n_actors + i])
            high = max(high, x[s * n_actors + i])
        spread = high - low
        for s in range(n_rungs):
            unit[0, s * n_actors + i] = max(full[i], 1.0 / spread if spread > 0.0 else 1.0)
        for o in range(plan.outcome_target.shape[0]):
            worth = work.lump[o, i] + x[plan.outcome_target[o] * n_actors + i]
            low = min(low, worth)
            high = max(high, worth)
        end = max(end, full[i] * (high - low))
    for k in range(x.shape[0]):
        if k >= n_rungs * n_actors:
            unit[0, k] = 1.0
        unit[1, k] = 1.0 / unit[0, k]
    return end


@inlined
def evaluate(plan, values, full, end, unit, x, image, work, tangent, slope, path, with_jacobian):
    """Fill path.residual, and path.jacobian if asked, at path.trial; x is work space."""
    n = x.shape[0]
    t = path.trial[n] / end
    for i in range(full.shape[0]):
        work.precision[i] = t * full[i]
    for k in range(n):
        x[k] = path.trial[k] * unit[1, k]
    sweep(plan, values, x, work.precision, work, image)
    for r in range(n):
        path.residual[r] = (x[r] - image[r]) * unit[0, r]
    if with_jacobian:
        jacobian(plan, x, work.precision, full, work, tangent, slope)
        for r in range(n):
            for c in range(n):
                path.jacobian[r, c] = -slope[r, c] * unit[0, r] * unit[1, c]
            path.jacobian[r, r] += 1.0
            path.jacobian[r, n] = -slope[r, n] * unit[0, r] / end


@entry
def trace_pairs(first, last, plan, values, chosen, x, rates, best_rates, status, residual, regret, evaluations, folds, work, tangent, path, space):
    """Solve the pairs (draw, segment) in chosen[first:last]; outputs are indexed like `chosen`."""
    image, scale, error, start, unit, full, slope = space
    n_unknown, n_actors = image.shape[0], full.shape[0]
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
                start[u] = here[u] * unit[0, u]
            begin_path(path, start, end, care)
            request = EVALUATE
            while request < 0:
                evaluate(plan, numbers, full, end, unit, here, image, work, tangent, slope, path, request == EVALUATE)
                request = advance(path, RESIDUAL_TOLERANCE * (1.0 + end))
            evaluations[k] += path.whole[EVALUATIONS]
            folds[k] = path.whole[FOLDS]
            care *= 8.0
        # Where no path arrives, this is the last point that it came to.
        for u in range(n_unknown):
            here[u] = (path.trial[u] if request == CONVERGED else path.here[u]) * unit[1, u]
        residual[k], regret[k] = record(plan, numbers, here, full, work, image, scale, error, rates[k], best_rates[k])
        status[k] = TRACED if residual[k] <= ACCEPTED else UNSETTLED
