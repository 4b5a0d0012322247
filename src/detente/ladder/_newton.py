"""Kernel: Newton's method with backtracking for the ladder's equilibrium at one precision."""

import numpy as np

from detente.games.kernels import inner
from detente.ladder._jacobian import jacobian
from detente.ladder._sweep import residual_size, scale_unknowns, sweep

ITERATIONS = 40


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
