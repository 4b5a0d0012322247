"""Kernel: pseudo-arclength continuation of the ladder's equilibrium from precision 0 to its full precision.

Follows H(x, t) = x - F(x; t lambda) = 0 from t = 0 along the ray of precisions and stops at the first arrival at t = 1, through folds in t (Allgower
and Georg 1990, chapter 6). Each step predicts along the tangent of the curve and corrects by Newton's method on H bordered with the
plane through the predicted point. Lengths are measured in shares of `scale_unknowns`, so the steps do not hang on the scale of payoffs.
"""

import numpy as np
from numba import njit

from detente.ladder._settle import FINAL_TOLERANCE, eliminate, newton, scale_unknowns
from detente.ladder._sweep import jacobian, load, make_tangent_work, make_work, sweep

STEP_LIMIT = 2000
FIRST_STEP = 0.02
LARGEST_STEP = 0.3
SMALLEST_STEP = 1e-9


@njit(cache=True, error_model="numpy")
def bordered(plan, values, x, t, full, precision, work, tangent_work, image, scale, slope, border, matrix, error):
    """H and its bordered Jacobian at (x, t), columns scaled; `matrix` and `error` (without the last entry) out. Returns the residual's size."""
    n = x.shape[0]
    for i in range(full.shape[0]):
        precision[i] = t * full[i]
    sweep(plan, values, x, precision, work, image)
    jacobian(plan, x, precision, full, work, tangent_work, slope)
    for r in range(n):
        error[r] = (image[r] - x[r]) / scale[r]
        for c in range(n):
            matrix[r, c] = -slope[r, c] * scale[c] / scale[r]
        matrix[r, r] += 1.0
        matrix[r, n] = -slope[r, n] / scale[r]
    for c in range(n + 1):
        matrix[n, c] = border[c]
    worst = 0.0
    for r in range(n):
        if not abs(error[r]) <= worst:
            worst = abs(error[r])
    return worst


@njit(cache=True, error_model="numpy")
def trace(plan, values, x, full, work, tangent_work, image, scale, slope):
    """Carry x from t = 0 (where it must solve H) to t = 1. Returns (residual, steps, folds); x holds the answer."""
    n = x.shape[0]
    n_rungs, n_actors = work.income.shape
    matrix = np.zeros((n + 1, n + 1))
    square = np.zeros((n, n))
    error = np.zeros(n + 1)
    direction = np.zeros(n + 1)
    border = np.zeros(n + 1)
    trial = np.zeros(n)
    spare = np.zeros(n)
    precision = np.zeros(n_actors)
    t = 0.0
    step = FIRST_STEP
    folds = 0
    border[n] = 1.0
    forward = 1.0
    for count in range(1, STEP_LIMIT + 1):
        scale_unknowns(x, n_rungs, n_actors, scale)
        bordered(plan, values, x, t, full, precision, work, tangent_work, image, scale, slope, border, matrix, error)
        direction[:] = 0.0
        direction[n] = 1.0
        if not eliminate(matrix, direction):
            return np.inf, count, folds
        norm = np.sqrt(np.sum(direction * direction))
        for c in range(n + 1):
            direction[c] /= norm
        if direction[n] * forward < 0.0:
            folds += 1
            forward = -forward
        border[:] = direction
        accepted = False
        while not accepted and step > SMALLEST_STEP:
            for c in range(n):
                trial[c] = x[c] + step * direction[c] * scale[c]
            t_trial = t + step * direction[n]
            previous = np.inf
            for correction in range(6):
                size = bordered(plan, values, trial, t_trial, full, precision, work, tangent_work, image, scale, slope, border, matrix, error)
                if size < 1e-9:
                    accepted = True
                    break
                # A correction that does not shrink the residual has left the curve's neighbourhood.
                if not size < 0.5 * previous and correction > 0:
                    break
                previous = size
                error[n] = step
                for c in range(n):
                    error[n] -= direction[c] * (trial[c] - x[c]) / scale[c]
                error[n] -= direction[n] * (t_trial - t)
                if not eliminate(matrix, error):
                    break
                for c in range(n):
                    trial[c] += error[c] * scale[c]
                t_trial += error[n]
            if not accepted:
                step *= 0.4
        if not accepted:
            return np.inf, count, folds
        if t_trial >= 1.0:
            share = (1.0 - t) / (t_trial - t)
            for c in range(n):
                x[c] += share * (trial[c] - x[c])
            size, _ = newton(plan, values, x, full, FINAL_TOLERANCE, work, tangent_work, image, scale, slope, square, spare, trial)
            return size, count, folds
        x[:] = trial
        t = t_trial
        step = min(LARGEST_STEP, step * (1.8 if correction <= 2 else 1.0))
    return np.inf, STEP_LIMIT, folds


@njit(cache=True, nogil=True, error_model="numpy")
def trace_draws(first, last, plan, values, n_rungs, n_actors, n_unknown, chosen, x, residual, steps, folds):
    """Trace the pairs (draw, segment) in chosen[first:last]."""
    work = make_work(plan, n_rungs, n_actors)
    tangent_work = make_tangent_work(plan, n_rungs, n_actors, n_unknown)
    image = np.zeros(n_unknown)
    scale = np.zeros(n_unknown)
    slope = np.zeros((n_unknown, n_unknown + 1))
    full = np.zeros(n_actors)
    for k in range(first, last):
        numbers = values[chosen[k, 0], chosen[k, 1]]
        load(plan, numbers, work)
        for i in range(n_actors):
            full[i] = numbers[plan.precision[i]]
        begin(plan, numbers, x[k], full, work, image)
        residual[k], steps[k], folds[k] = trace(plan, numbers, x[k], full, work, tangent_work, image, scale, slope)


@njit(cache=True, error_model="numpy")
def begin(plan, values, x, precision, work, image):
    """The principal branch at t = 0: behaviour proportional to the action weights, and the values that follow."""
    n_values = work.income.size
    x[:] = 0.0
    for _ in range(2):
        sweep(plan, values, x, precision * 0.0, work, image)
        x[n_values:] = image[n_values:]
        sweep(plan, values, x, precision * 0.0, work, image)
        x[:n_values] = image[:n_values]
