"""Kernel: a fixed point of the ladder's sweep at one precision by Anderson acceleration.

Anderson (1965) mixes the last `MEMORY` sweeps so that the residual of the mixture is least; Walker and Ni (2011) give the form used here.
Values are measured in log-odds (times lambda_i) inside the least squares, so that the answer does not hang on the scale of payoffs.
"""

from typing import NamedTuple

import numpy as np

from detente.games.kernels import inlined, inner
from detente.ladder._sweep import residual_size, scale_unknowns, sweep

MEMORY = 6
MIXING = 1.0
SWEEPS = 150


class Memory(NamedTuple):
    """Work space: the last steps, and what the next one is found from."""

    image: np.ndarray  # unknown: F(x)
    scale: np.ndarray  # unknown
    residual: np.ndarray  # unknown
    metric: np.ndarray  # unknown
    previous_x: np.ndarray  # unknown
    previous_residual: np.ndarray  # unknown
    newest: np.ndarray  # unknown: last change of the residual
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
        np.zeros(n_unknown),
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


@inner
def project(vector, metric, changes, out):
    """out[j] = sum_k vector_k metric_k changes_kj, with running totals in registers: MEMORY of them, written out."""
    t0 = t1 = t2 = t3 = t4 = t5 = 0.0
    for k in range(vector.shape[0]):
        factor = vector[k] * metric[k]
        t0 += factor * changes[k, 0]
        t1 += factor * changes[k, 1]
        t2 += factor * changes[k, 2]
        t3 += factor * changes[k, 3]
        t4 += factor * changes[k, 4]
        t5 += factor * changes[k, 5]
    out[0], out[1], out[2], out[3], out[4], out[5] = t0, t1, t2, t3, t4, t5


@inner
def extrapolate(x, residual, metric, steps, changes, share, image):
    """The mixture with the least residual into `image`. Returns the squares of the largest step and of the largest residual, in log-odds."""
    s0, s1, s2, s3, s4, s5 = share[0], share[1], share[2], share[3], share[4], share[5]
    largest_step = largest_residual = 0.0
    for k in range(x.shape[0]):
        back = s0 * steps[k, 0] + s1 * steps[k, 1] + s2 * steps[k, 2] + s3 * steps[k, 3] + s4 * steps[k, 4] + s5 * steps[k, 5]
        turn = s0 * changes[k, 0] + s1 * changes[k, 1] + s2 * changes[k, 2] + s3 * changes[k, 3] + s4 * changes[k, 4] + s5 * changes[k, 5]
        step = MIXING * (residual[k] - turn) - back
        image[k] = x[k] + step
        largest_step = max(largest_step, step * step * metric[k])
        largest_residual = max(largest_residual, residual[k] * residual[k] * metric[k])
    return largest_step, largest_residual


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
        if count > 1:
            newest = (newest + 1) % MEMORY
            stored = min(stored + 1, MEMORY)
            for k in range(n):
                steps[k, newest] = x[k] - memory.previous_x[k]
                changes[k, newest] = memory.newest[k] = residual[k] - memory.previous_residual[k]
            project(memory.newest, metric, changes, total)
            for j in range(stored):
                gram[newest, j] = total[j]
                gram[j, newest] = total[j]
        wild = True
        if stored > 0:
            project(residual, metric, changes, share)
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
            largest_step, largest_residual = extrapolate(x, residual, metric, steps, changes, share, memory.image)
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
