"""Kernel: a fixed point of the ladder's sweep at one precision by Anderson acceleration.

Anderson (1965) mixes the last `MEMORY` sweeps so that the residual of the mixture is least; Walker and Ni (2011) give the form used here.
Values are measured in log-odds (times lambda_i) inside the least squares, so that the answer does not hang on the scale of payoffs.
"""

from typing import NamedTuple

import numpy as np

from detente.games.kernels import inlined, inner
from detente.ladder._sweep import residual_size, scale_unknowns, sweep

MEMORY = 6
MIXING = 0.7
SWEEPS = 150


class Memory(NamedTuple):
    """Work space: the last steps, and what the next one is found from."""

    image: np.ndarray  # unknown: F(x)
    scale: np.ndarray  # unknown
    residual: np.ndarray  # unknown
    metric: np.ndarray  # unknown
    previous_x: np.ndarray  # unknown
    previous_residual: np.ndarray  # unknown
    steps: np.ndarray  # unknown x remembered step: change of x
    changes: np.ndarray  # unknown x remembered step: change of the residual
    gram: np.ndarray  # remembered step x remembered step: scalar products of the changes
    system: np.ndarray  # the same, to be solved
    share: np.ndarray  # remembered step
    total: np.ndarray  # remembered step


def make_memory(n_unknown: int) -> Memory:
    """Work space of one thread."""
    return Memory(
        np.zeros(n_unknown), np.zeros(n_unknown), np.zeros(n_unknown), np.zeros(n_unknown), np.zeros(n_unknown), np.zeros(n_unknown),
        np.zeros((n_unknown, MEMORY)), np.zeros((n_unknown, MEMORY)), np.zeros((MEMORY, MEMORY)), np.zeros((MEMORY, MEMORY)),
        np.zeros(MEMORY), np.zeros(MEMORY),
    )  # fmt: skip


@inner
def forget(memory):
    """Clear the remembered steps."""
    for k in range(memory.steps.shape[0]):
        for j in range(MEMORY):
            memory.steps[k, j] = 0.0
            memory.changes[k, j] = 0.0


@inner
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


@inlined
def anderson(plan, values, x, precision, tolerance, work, memory):
    """Settle x at one precision. Returns (residual, sweeps)."""
    n_actors = work.income.shape[1]
    n_values = work.income.size
    n = x.shape[0]
    residual, metric, steps, changes, gram, share, total = (
        memory.residual, memory.metric, memory.steps, memory.changes, memory.gram, memory.share, memory.total,
    )  # fmt: skip
    for k in range(n):
        metric[k] = precision[k % n_actors] ** 2 if k < n_values else 1.0
    forget(memory)
    stored = 0
    newest = -1
    size = np.inf
    for count in range(1, SWEEPS + 1):
        sweep(plan, values, x, precision, work, memory.image)
        for k in range(n):
            residual[k] = memory.image[k] - x[k]
        scale_unknowns(x, work, memory.scale)
        size = residual_size(residual, memory.scale)
        if size <= tolerance or size == np.inf:
            return size, count
        # Sums run over the unknowns with one running total for each remembered step, which lets the compiler use vector instructions.
        if count > 1:
            newest = (newest + 1) % MEMORY
            stored = min(stored + 1, MEMORY)
            for j in range(MEMORY):
                total[j] = 0.0
            for k in range(n):
                steps[k, newest] = x[k] - memory.previous_x[k]
                changes[k, newest] = residual[k] - memory.previous_residual[k]
                factor = changes[k, newest] * metric[k]
                for j in range(MEMORY):
                    total[j] += factor * changes[k, j]
            for j in range(stored):
                gram[newest, j] = total[j]
                gram[j, newest] = total[j]
        wild = True
        if stored > 0:
            for j in range(MEMORY):
                share[j] = 0.0
            for k in range(n):
                factor = residual[k] * metric[k]
                for j in range(MEMORY):
                    share[j] += factor * changes[k, j]
            trace = 0.0
            for j in range(stored):
                trace += gram[j, j]
            for j in range(stored):
                for other in range(stored):
                    memory.system[j, other] = gram[j, other]
                memory.system[j, j] += 1e-12 * trace + 1e-300
            solve_small(memory.system, share, stored)
            for j in range(stored, MEMORY):
                share[j] = 0.0
            largest_step = 0.0
            largest_residual = 0.0
            for k in range(n):
                step = MIXING * residual[k]
                for j in range(MEMORY):
                    step -= share[j] * (steps[k, j] + MIXING * changes[k, j])
                memory.image[k] = x[k] + step
                largest_step = max(largest_step, step * step * metric[k])
                largest_residual = max(largest_residual, residual[k] * residual[k] * metric[k])
            # An extrapolation far beyond the residual comes from nearly parallel differences: step plainly and forget them.
            wild = not np.sqrt(largest_step) <= 50.0 * (1.0 + np.sqrt(largest_residual))
            if wild:
                stored = 0
                newest = -1
                forget(memory)
        for k in range(n):
            memory.previous_x[k] = x[k]
            memory.previous_residual[k] = residual[k]
            x[k] = x[k] + 0.5 * residual[k] if wild else memory.image[k]
    return size, SWEEPS
