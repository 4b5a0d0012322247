"""Kernels: the equilibrium of one draw by Anderson acceleration in stages of precision, then Newton for what is left.

Anderson (1965) mixes the last `MEMORY` sweeps so that the residual of the mixture is least; Walker and Ni (2011) give the form used here.
Values are measured in log-odds (times lambda_i) inside the least squares, so that the answer does not hang on the scale of payoffs.
"""

import numpy as np
from numba import njit

from detente.ladder._sweep import jacobian, sweep

MEMORY = 6
MIXING = 0.7
STAGES = 4
FINAL_TOLERANCE = 1e-11
STAGE_TOLERANCE = 1e-2
ACCEPTED = 1e-8
SWEEPS_A_STAGE = 150


@njit(cache=True, error_model="numpy")
def scale_unknowns(x, n_rungs, n_actors, scale):
    """scale[unknown]: the range of an actor's values, or 1 + |log-ratio|; residuals are shares of it."""
    for i in range(n_actors):
        low = high = x[i]
        for s in range(n_rungs):
            low = min(low, x[s * n_actors + i])
            high = max(high, x[s * n_actors + i])
        spread = high - low
        if spread <= 0.0:
            spread = abs(high) if high != 0.0 else 1.0
        for s in range(n_rungs):
            scale[s * n_actors + i] = spread
    for k in range(n_rungs * n_actors, x.shape[0]):
        scale[k] = 1.0 + abs(x[k])


@njit(cache=True, error_model="numpy")
def residual_size(residual, scale):
    """Largest residual as a share of its scale; infinite when anything is not a number."""
    worst = 0.0
    for k in range(residual.shape[0]):
        size = abs(residual[k]) / scale[k]
        if not size <= worst:
            worst = size
            if not np.isfinite(size):
                return np.inf
    return worst


@njit(cache=True, error_model="numpy")
def solve_small(a, b, n):
    """Solve the symmetric positive system a y = b in place by Gaussian elimination; b holds y."""
    for k in range(n):
        for r in range(k + 1, n):
            ratio = a[r, k] / a[k, k]
            for c in range(k + 1, n):
                a[r, c] -= ratio * a[k, c]
            b[r] -= ratio * b[k]
    for k in range(n - 1, -1, -1):
        for c in range(k + 1, n):
            b[k] -= a[k, c] * b[c]
        b[k] /= a[k, k]


@njit(cache=True, error_model="numpy")
def anderson(plan, values, x, precision, tolerance, work, image, scale, history_x, history_r, gram, metric, residual, previous_x, previous_r, mix):
    """Settle x at one precision. Returns (residual, sweeps)."""
    n_rungs, n_actors = work.income.shape
    n = x.shape[0]
    for k in range(n):
        metric[k] = precision[k % n_actors] ** 2 if k < n_rungs * n_actors else 1.0
    history_x[:, :] = 0.0
    history_r[:, :] = 0.0
    small, total, right = mix[:MEMORY], mix[MEMORY], mix[MEMORY + 1]
    stored = 0
    newest = -1
    size = np.inf
    for count in range(1, SWEEPS_A_STAGE + 1):
        sweep(plan, values, x, precision, work, image)
        for k in range(n):
            residual[k] = image[k] - x[k]
        scale_unknowns(x, n_rungs, n_actors, scale)
        size = residual_size(residual, scale)
        if size <= tolerance or size == np.inf:
            return size, count
        # Sums run over the unknowns with one running total for each remembered step, which lets the compiler use vector instructions.
        if count > 1:
            newest = (newest + 1) % MEMORY
            stored = min(stored + 1, MEMORY)
            for j in range(MEMORY):
                total[j] = 0.0
            for k in range(n):
                history_x[k, newest] = x[k] - previous_x[k]
                history_r[k, newest] = residual[k] - previous_r[k]
                factor = history_r[k, newest] * metric[k]
                for j in range(MEMORY):
                    total[j] += factor * history_r[k, j]
            for j in range(stored):
                gram[newest, j] = total[j]
                gram[j, newest] = total[j]
        wild = True
        if stored > 0:
            for j in range(MEMORY):
                right[j] = 0.0
            for k in range(n):
                factor = residual[k] * metric[k]
                for j in range(MEMORY):
                    right[j] += factor * history_r[k, j]
            trace = 0.0
            for j in range(stored):
                trace += gram[j, j]
            for j in range(stored):
                for l in range(stored):
                    small[j, l] = gram[j, l]
                small[j, j] += 1e-12 * trace + 1e-300
            solve_small(small, right, stored)
            for j in range(stored, MEMORY):
                right[j] = 0.0
            largest_step = 0.0
            largest_residual = 0.0
            for k in range(n):
                step = MIXING * residual[k]
                for j in range(MEMORY):
                    step -= right[j] * (history_x[k, j] + MIXING * history_r[k, j])
                image[k] = x[k] + step
                largest_step = max(largest_step, step * step * metric[k])
                largest_residual = max(largest_residual, residual[k] * residual[k] * metric[k])
            # An extrapolation far beyond the residual comes from nearly parallel differences: step plainly and forget them.
            wild = not np.sqrt(largest_step) <= 50.0 * (1.0 + np.sqrt(largest_residual))
            if wild:
                stored = 0
                newest = -1
                history_x[:, :] = 0.0
                history_r[:, :] = 0.0
        for k in range(n):
            previous_x[k] = x[k]
            previous_r[k] = residual[k]
        for k in range(n):
            x[k] = x[k] + 0.5 * residual[k] if wild else image[k]
    return size, SWEEPS_A_STAGE


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def newton(plan, values, x, precision, tolerance, work, tangent, image, scale, slope, matrix, residual, trial):
    """Newton with backtracking from x. Returns (residual, iterations)."""
    n_rungs, n_actors = work.income.shape
    n = x.shape[0]
    size = np.inf
    for count in range(1, 41):
        sweep(plan, values, x, precision, work, image)
        for k in range(n):
            residual[k] = image[k] - x[k]
        scale_unknowns(x, n_rungs, n_actors, scale)
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
        x[:] = trial
    return size, 40
