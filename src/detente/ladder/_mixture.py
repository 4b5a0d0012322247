"""Kernels: the next guess at a fixed point by Anderson acceleration, for sixteen draws at once.

Anderson (1965, doi 10.1145/321296.321305) mixes the last `MEMORY` sweeps so that the residual of the mixture is least; Walker and Ni (2011, doi
10.1137/10078356X) give the form used here. Values are measured in log-odds (times lambda_i) inside the least squares, so that the answer does not
hang on the scale of payoffs. Each lane remembers its own last steps, in places of its own: what a lane finds never hangs on its neighbours.
"""

from typing import Any, NamedTuple

import numpy as np

from detente.games._lanes import LANES, add, aligned, divide, load, magnitude, muladd, multiply, splat, store, subtract, where_less, where_positive
from detente.games.kernels import inlined, inner

MEMORY = 6
DAMPING = 0.5
WILD = 50.0
MIX, DAMP, TAKE, STAY = 0.0, 1.0, 2.0, 3.0


class Memory(NamedTuple):
    """Work space of sixteen draws; flat arrays of lanes unless said."""

    residual: Any  # unknown
    worst: Any  # 1: largest residual as a share of its scale
    sum: Any  # 1: of all of them; not finite where any is not
    metric: Any  # unknown: square of the log-odds in one of its units
    previous_x: Any  # unknown
    previous_residual: Any  # unknown
    steps: Any  # unknown x place: changes of x
    changes: Any  # unknown x place: changes of the residual
    newest: Any  # unknown: the step to the next guess
    taken: Any  # place: 1 in the lanes whose last change is to be put there
    clear: Any  # 1: 1 in the lanes whose steps and changes are to be put to 0 before
    gram: Any  # place x place: scalar products of the changes
    system: Any  # the same, to be solved
    total: Any  # place
    share: Any  # place
    largest_step: Any  # 1: squares, in log-odds
    largest_residual: Any  # 1
    stored: Any  # lane: number of steps remembered
    place: Any  # lane: of the newest of them
    move: Any  # 1: how the next guess comes about, see `advance`


def make_memory(n_unknown: int) -> Memory:
    """Work space of one thread."""
    return Memory(
        residual=aligned(n_unknown), worst=aligned(1), sum=aligned(1), metric=aligned(n_unknown), previous_x=aligned(n_unknown),
        previous_residual=aligned(n_unknown), steps=aligned(n_unknown * MEMORY), changes=aligned(n_unknown * MEMORY), newest=aligned(n_unknown),
        taken=aligned(MEMORY), clear=aligned(1), gram=aligned(MEMORY**2), system=aligned(MEMORY**2), total=aligned(MEMORY), share=aligned(MEMORY),
        largest_step=aligned(1), largest_residual=aligned(1), stored=np.zeros(LANES, np.int64), place=np.zeros(LANES, np.int64), move=aligned(1),
    )  # fmt: skip


@inner
def measure(bench, memory, n_rungs, n_actors):
    """Residuals, and the largest as a share of the actor's range of values or of 1 + |log-ratio|."""
    zero, one = splat(0.0), splat(1.0)
    worst, total = zero, zero
    for i in range(n_actors):
        low = high = load(bench.x, i)
        for s in range(1, n_rungs):
            here = load(bench.x, s * n_actors + i)
            low, high = where_less(here, low, here, low), where_less(high, here, here, high)
        spread = subtract(high, low)
        alone = where_less(zero, magnitude(high), magnitude(high), one)
        inverse = divide(one, where_less(zero, spread, spread, alone))
        for s in range(n_rungs):
            k = s * n_actors + i
            residual = subtract(load(bench.image, k), load(bench.x, k))
            store(memory.residual, k, residual)
            size = multiply(magnitude(residual), inverse)
            total = add(total, size)
            worst = where_less(worst, size, size, worst)
    for k in range(n_rungs * n_actors, bench.x.shape[0] // LANES):
        x = load(bench.x, k)
        residual = subtract(load(bench.image, k), x)
        store(memory.residual, k, residual)
        size = divide(magnitude(residual), add(one, magnitude(x)))
        total = add(total, size)
        worst = where_less(worst, size, size, worst)
    store(memory.worst, 0, worst)
    store(memory.sum, 0, total)


@inner
def forget(memory, lane):
    """Clear the remembered steps of a lane, when it mixes next."""
    memory.stored[lane] = 0
    memory.place[lane] = MEMORY - 1
    memory.clear[lane] = 1.0
    for k in range(MEMORY * MEMORY):
        memory.gram[k * LANES + lane] = 0.0


@inner
def remember(memory, lane):
    """Keep the last step of a lane in the place of its oldest, when it mixes next."""
    memory.place[lane] = (memory.place[lane] + 1) % MEMORY
    memory.stored[lane] = min(memory.stored[lane] + 1, MEMORY)
    memory.taken[memory.place[lane] * LANES + lane] = 1.0


@inlined
def updated(table, k, taken, clear, change):
    """Lanes k of a table of remembered steps, brought up to date."""
    held = where_positive(taken, change, where_positive(clear, splat(0.0), load(table, k)))
    store(table, k, held)
    return held


@inner
def project(memory):
    """Scalar products of the newest change (`total`) and of the residual (`share`) with every remembered change: MEMORY sums each, in registers."""
    a0 = a1 = a2 = a3 = a4 = a5 = splat(0.0)
    b0 = b1 = b2 = b3 = b4 = b5 = splat(0.0)
    t0, t1, t2 = load(memory.taken, 0), load(memory.taken, 1), load(memory.taken, 2)
    t3, t4, t5 = load(memory.taken, 3), load(memory.taken, 4), load(memory.taken, 5)
    clear, changes = load(memory.clear, 0), memory.changes
    for k in range(memory.residual.shape[0] // LANES):
        metric, residual, first = load(memory.metric, k), load(memory.residual, k), k * MEMORY
        change = subtract(residual, load(memory.previous_residual, k))
        a, b = multiply(change, metric), multiply(residual, metric)
        c = updated(changes, first, t0, clear, change)
        a0, b0 = muladd(a, c, a0), muladd(b, c, b0)
        c = updated(changes, first + 1, t1, clear, change)
        a1, b1 = muladd(a, c, a1), muladd(b, c, b1)
        c = updated(changes, first + 2, t2, clear, change)
        a2, b2 = muladd(a, c, a2), muladd(b, c, b2)
        c = updated(changes, first + 3, t3, clear, change)
        a3, b3 = muladd(a, c, a3), muladd(b, c, b3)
        c = updated(changes, first + 4, t4, clear, change)
        a4, b4 = muladd(a, c, a4), muladd(b, c, b4)
        c = updated(changes, first + 5, t5, clear, change)
        a5, b5 = muladd(a, c, a5), muladd(b, c, b5)
    store(memory.total, 0, a0)
    store(memory.total, 1, a1)
    store(memory.total, 2, a2)
    store(memory.total, 3, a3)
    store(memory.total, 4, a4)
    store(memory.total, 5, a5)
    store(memory.share, 0, b0)
    store(memory.share, 1, b1)
    store(memory.share, 2, b2)
    store(memory.share, 3, b3)
    store(memory.share, 4, b4)
    store(memory.share, 5, b5)


@inner
def weigh(memory):
    """Solve for the shares of the remembered steps; a place that holds none has share 0."""
    trace = splat(0.0)
    for j in range(MEMORY):
        trace = add(trace, load(memory.gram, j * MEMORY + j))
    ridge = muladd(trace, splat(1e-12), splat(1e-300))
    for k in range(MEMORY * MEMORY):
        store(memory.system, k, load(memory.gram, k))
    for j in range(MEMORY):
        store(memory.system, j * MEMORY + j, add(load(memory.system, j * MEMORY + j), ridge))
    a, b = memory.system, memory.share
    for k in range(MEMORY):
        inverse = divide(splat(-1.0), load(a, k * MEMORY + k))
        for r in range(k + 1, MEMORY):
            ratio = multiply(load(a, r * MEMORY + k), inverse)
            for c in range(k + 1, MEMORY):
                store(a, r * MEMORY + c, muladd(ratio, load(a, k * MEMORY + c), load(a, r * MEMORY + c)))
            store(b, r, muladd(ratio, load(b, k), load(b, r)))
    for turn in range(MEMORY):
        k = MEMORY - 1 - turn
        held = load(b, k)
        for c in range(k + 1, MEMORY):
            held = subtract(held, multiply(load(a, k * MEMORY + c), load(b, c)))
        store(b, k, divide(held, load(a, k * MEMORY + k)))


@inner
def extrapolate(bench, memory):
    """The step to the mixture with the least residual, into `newest`, with the squares of its largest part and of the largest residual, in log-odds."""
    s0, s1, s2 = load(memory.share, 0), load(memory.share, 1), load(memory.share, 2)
    s3, s4, s5 = load(memory.share, 3), load(memory.share, 4), load(memory.share, 5)
    t0, t1, t2 = load(memory.taken, 0), load(memory.taken, 1), load(memory.taken, 2)
    t3, t4, t5 = load(memory.taken, 3), load(memory.taken, 4), load(memory.taken, 5)
    clear, steps, changes = load(memory.clear, 0), memory.steps, memory.changes
    largest_step = largest_residual = splat(0.0)
    for k in range(memory.residual.shape[0] // LANES):
        residual, metric, first = load(memory.residual, k), load(memory.metric, k), k * MEMORY
        turn = muladd(s1, load(changes, first + 1), multiply(s0, load(changes, first)))
        turn = muladd(s3, load(changes, first + 3), muladd(s2, load(changes, first + 2), turn))
        turn = muladd(s5, load(changes, first + 5), muladd(s4, load(changes, first + 4), turn))
        last = subtract(load(bench.x, k), load(memory.previous_x, k))
        back = multiply(s0, updated(steps, first, t0, clear, last))
        back = muladd(s1, updated(steps, first + 1, t1, clear, last), back)
        back = muladd(s2, updated(steps, first + 2, t2, clear, last), back)
        back = muladd(s3, updated(steps, first + 3, t3, clear, last), back)
        back = muladd(s4, updated(steps, first + 4, t4, clear, last), back)
        back = muladd(s5, updated(steps, first + 5, t5, clear, last), back)
        step = subtract(subtract(residual, turn), back)
        store(memory.newest, k, step)
        size = multiply(multiply(step, step), metric)
        largest_step = where_less(largest_step, size, size, largest_step)
        size = multiply(multiply(residual, residual), metric)
        largest_residual = where_less(largest_residual, size, size, largest_residual)
    store(memory.largest_step, 0, largest_step)
    store(memory.largest_residual, 0, largest_residual)
    store(memory.clear, 0, splat(0.0))
    for place in range(MEMORY):
        store(memory.taken, place, splat(0.0))


@inner
def mix(bench, memory):
    """The mixture of each lane; lanes in which it is wild, or of which nothing is remembered, are put to `DAMP`."""
    project(memory)
    for lane in range(LANES):
        if memory.move[lane] == MIX and memory.stored[lane] > 0:
            place = memory.place[lane]
            for j in range(MEMORY):
                memory.gram[(place * MEMORY + j) * LANES + lane] = memory.total[j * LANES + lane]
                memory.gram[(j * MEMORY + place) * LANES + lane] = memory.total[j * LANES + lane]
    weigh(memory)
    extrapolate(bench, memory)
    for lane in range(LANES):
        if memory.move[lane] == MIX:
            # An extrapolation far beyond the residual comes from nearly parallel differences: step plainly and forget them.
            if not np.sqrt(memory.largest_step[lane]) <= WILD * (1.0 + np.sqrt(memory.largest_residual[lane])):
                forget(memory, lane)
            if memory.stored[lane] == 0:
                memory.move[lane] = DAMP


@inner
def advance(bench, memory):
    """The next guess of each lane by `move`: the mixture, a damped step, the image, or the same again."""
    move, half = load(memory.move, 0), splat(DAMPING)
    for k in range(memory.residual.shape[0] // LANES):
        x, residual = load(bench.x, k), load(memory.residual, k)
        store(memory.previous_x, k, x)
        store(memory.previous_residual, k, residual)
        step = where_less(move, splat(0.5 * DAMP), load(memory.newest, k), multiply(half, residual))
        step = where_less(splat(0.5 * (DAMP + TAKE)), move, residual, step)
        step = where_less(splat(0.5 * (TAKE + STAY)), move, splat(0.0), step)
        store(bench.x, k, add(x, step))
