"""Kernel: any equilibrium of a ladder by Newton's method with backtracking, in stages of precision: the last resort where no path can be followed."""

import numpy as np

from detente.games.kernels import entry, inner
from detente.ladder._answer import record
from detente.ladder._jacobian import jacobian
from detente.ladder._solve import ACCEPTED, FINAL_TOLERANCE, UNSETTLED
from detente.ladder._sweep import begin, load, residual_size, scale_unknowns, sweep

ITERATIONS = 40
STAGES = 8
FOUND = 2


@inner
def eliminate(a, b):
    """Solve a y = b by Gaussian elimination with partial pivoting; b holds y. False when singular."""
    n = b.shape[0]
    for k in range(n):
        pivot = k
        for r in range(k + 1, n):
            if abs(a[r, k]) > abs(a[pivot, k]):
                pivot = r
        if not abs(a[pivot, k]) > 0.0:
            return False
        if pivot != k:
            for c in range(k, n):
                held = a[k, c]
                a[k, c] = a[pivot, c]
                a[pivot, c] = held
            held = b[k]
            b[k] = b[pivot]
            b[pivot] = held
        for r in range(k + 1, n):
            ratio = a[r, k] / a[k, k]
            if ratio != 0.0:
                for c in range(k + 1, n):
                    a[r, c] -= ratio * a[k, c]
                b[r] -= ratio * b[k]
    for k in range(n - 1, -1, -1):
        for c in range(k + 1, n):
            b[k] -= a[k, c] * b[c]
        b[k] /= a[k, k]
    return True


@inner
def newton(plan, values, x, precision, tolerance, work, tangent, image, scale, slope, matrix, residual, trial):
    """Newton with backtracking from x. Returns (residual, iterations)."""
    n = x.shape[0]
    size = np.inf
    for count in range(1, ITERATIONS + 1):
        sweep(plan, values, x, precision, work, image)
        for k in range(n):
            residual[k] = image[k] - x[k]
        scale_unknowns(x, work, scale)
        size = residual_size(residual, scale)
        if size <= tolerance or size == np.inf:
            return size, count
        jacobian(plan, x, precision, precision, work, tangent, slope)
        for r in range(n):
            for c in range(n):
                matrix[r, c] = -slope[r, c]
            matrix[r, r] += 1.0
        if not eliminate(matrix, residual):
            return size, count
        fraction = 1.0
        better = False
        for _ in range(8):
            for k in range(n):
                trial[k] = x[k] + fraction * residual[k]
            sweep(plan, values, trial, precision, work, image)
            for k in range(n):
                image[k] -= trial[k]
            if residual_size(image, scale) < size:
                better = True
                break
            fraction *= 0.4
        if not better:
            return size, count
        for k in range(n):
            x[k] = trial[k]
    return size, ITERATIONS


@entry
def newton_pairs(first, last, plan, values, chosen, x, rates, best_rates, status, residual, regret, iterations, work, tangent, space):
    """Solve the pairs (draw, segment) in chosen[first:last]; outputs are indexed like `chosen`."""
    image, scale, error, trial, precision, slope, matrix = space
    for k in range(first, last):
        numbers = values[chosen[k, 0], chosen[k, 1]]
        load(plan, numbers, work)
        begin(plan, numbers, x[k], work, image)
        for stage in range(1, STAGES + 1):
            for i in range(precision.shape[0]):
                precision[i] = stage / STAGES * numbers[plan.precision[i]]
            _, count = newton(plan, numbers, x[k], precision, FINAL_TOLERANCE, work, tangent, image, scale, slope, matrix, error, trial)
            iterations[k] += count
        residual[k], regret[k] = record(plan, numbers, x[k], precision, work, image, scale, error, rates[k], best_rates[k])
        status[k] = FOUND if residual[k] <= ACCEPTED else UNSETTLED
