"""Kernel: where a chain is, how long it has spent where, and by when it first enters each of many sets of states; eight draws at once.

For the sets, states of the set are sinks and the chain is cut down to the states that it can be on before it enters. Time runs in pieces. Each lane
crosses a piece of length L with the matrices of `_powers`: L is written in binary over spans of 1/2^m years, q / 2^m <= 1/2, each digit is one
multiplication by a stored power, and the remainder is a sum over jumps (uniformisation) up to a Poisson tail of 1e-32. Where few jumps are expected,
no power is stored and the whole piece is the remainder; each lane chooses by its own rates, so that its neighbours never matter.

References
----------
Grassmann (1977), Transient solutions in Markovian queueing systems, doi 10.1016/0305-0548(77)90007-7 (uniformisation).
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.ladder._lanes import LANES, add, divide, load, muladd, multiply, splat, store, where_positive
from detente.ladder._powers import TERMS, apply, copy, copy_lanes, normalise, polynomial, powers_of, product, step

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LONGEST_SUM = 300.0
WEIGHTS = 640
SQUARING, SUMMING = 1, 0


class Work(NamedTuple):
    """Scratch for eight draws; flat arrays of lanes unless said."""

    rates: Floats  # segment x state x state
    exits: Floats  # segment x state
    joined: Any  # segment x state x state: bits of the lanes with a positive rate
    ever: Any  # state x state: the same over segments
    twin: Any  # segment x lane: earliest equal segment
    years: Any  # segment x lane: years spent under the generator of that segment
    longest: Any  # segment x lane: longest piece under it
    count: Any  # segment x lane: pieces under it
    start: Floats  # state
    here: Floats  # state: probability of being there, not yet entered the set
    entered: Floats  # state: probability of having entered the set there
    arrived: Floats  # state: the part of it from this segment
    spent: Floats  # state: expected years there
    reach: Any  # state: bits of the lanes that can be there before the set is entered
    column_state: Any  # column -> state; rows first, then sinks
    edge_first: Any
    edge_column: Any
    column_first: Any
    column_source: Any
    powers: Floats
    level: Floats
    time_level: Floats
    base: Floats
    time_base: Floats
    spare: Floats
    coefficient: Floats
    time_coefficient: Floats
    span: Floats
    weight: Floats
    x: Floats
    fastest: Floats  # 1: q
    chosen: Floats  # 1
    method: Any  # lane
    fineness: Any  # lane: m
    cap: Any  # lane: the highest power stored is of span 2^(cap - m)
    first_level: Any  # lane
    loaded: Any  # lane: the segment whose powers are stored
    turns: Any  # lane


@njit(cache=True, error_model="numpy")
def make_work(n_states: int, n_segments: int, n_levels: int) -> Work:
    """Allocate scratch."""
    rows = n_states + n_states % 2
    width = (n_states + 3) // 4 * 4
    size = rows * width * LANES
    return Work(
        np.zeros(n_segments * n_states * n_states * LANES),
        np.zeros(n_segments * n_states * LANES),
        np.zeros((n_segments, n_states, n_states), np.int64),
        np.zeros((n_states, n_states), np.int64),
        np.zeros((n_segments, LANES), np.int64),
        np.zeros((n_segments, LANES)),
        np.zeros((n_segments, LANES)),
        np.zeros((n_segments, LANES), np.int64),
        np.zeros(n_states * LANES),
        np.zeros(n_states * LANES),
        np.zeros(n_states * LANES),
        np.zeros(n_states * LANES),
        np.zeros(n_states * LANES),
        np.zeros(n_states, np.int64),
        np.zeros(width, np.int64),
        np.zeros(n_states + 1, np.int64),
        np.zeros(n_states * n_states, np.int64),
        np.zeros(width + 1, np.int64),
        np.zeros(n_states * n_states, np.int64),
        np.zeros(6 * size),
        np.zeros(n_levels * size),
        np.zeros(n_levels * size),
        np.zeros(size),
        np.zeros(size),
        np.zeros(size),
        np.zeros((TERMS + 2) * LANES),
        np.zeros((TERMS + 2) * LANES),
        np.zeros(LANES),
        np.zeros(WEIGHTS * LANES),
        np.zeros(3 * width * LANES),
        np.zeros(LANES),
        np.zeros(LANES),
        np.zeros(LANES, np.int64),
        np.zeros(LANES, np.int64),
        np.zeros(LANES, np.int64),
        np.zeros(LANES, np.int64),
        np.zeros(LANES, np.int64),
        np.zeros(LANES, np.int64),
    )


@njit(cache=True, error_model="numpy")
def load_draws(work: Work, first: int, last: int, generator: Floats, same: Ints, start: Floats, segment_of: Ints, lengths: Floats) -> None:
    """Bring draws first..last into lanes; lanes left over hold a chain that is nowhere."""
    _, n_segments, n, _ = generator.shape
    work.rates[:] = 0.0
    work.start[:] = 0.0
    work.twin[:] = 0
    work.ever[:] = 0
    for lane in range(last - first):
        draw = first + lane
        for s in range(n):
            work.start[s * LANES + lane] = start[draw, s]
        for segment in range(n_segments):
            work.twin[segment, lane] = same[draw, segment]
            for s in range(n):
                for t in range(n):
                    if s != t:
                        work.rates[((segment * n + s) * n + t) * LANES + lane] = generator[draw, segment, s, t]
    for segment in range(n_segments):
        for s in range(n):
            total = splat(0.0)
            for t in range(n):
                at = (segment * n + s) * n + t
                total = add(total, load(work.rates, at))
                bits = 0
                for lane in range(LANES):
                    if work.rates[at * LANES + lane] > 0.0:
                        bits |= 1 << lane
                work.joined[segment, s, t] = bits
                work.ever[s, t] |= bits
            store(work.exits, segment * n + s, total)
    for lane in range(LANES):
        for segment in range(n_segments):
            work.years[segment, lane] = 0.0
            work.longest[segment, lane] = 0.0
            work.count[segment, lane] = 0
        for piece in range(lengths.shape[0]):
            segment = work.twin[segment_of[piece], lane]
            if lengths[piece] > 0.0:
                work.years[segment, lane] += lengths[piece]
                work.longest[segment, lane] = max(work.longest[segment, lane], lengths[piece])
                work.count[segment, lane] += 1


@njit(cache=True, error_model="numpy")
def find_reachable(work: Work, target: Any, n_states: int) -> bool:
    """Bits of the lanes in which each state can be occupied before the target is entered; false if none can."""
    some = False
    for s in range(n_states):
        work.reach[s] = 0
        if not target[s]:
            for lane in range(LANES):
                if work.start[s * LANES + lane] > 0.0:
                    work.reach[s] |= 1 << lane
                    some = True
    changed = some
    while changed:
        changed = False
        for s in range(n_states):
            if work.reach[s] != 0:
                for t in range(n_states):
                    found = work.reach[s] & work.ever[s, t]
                    if not target[t] and found & ~work.reach[t] != 0:
                        work.reach[t] |= found
                        changed = True
    return some


@njit(cache=True, error_model="numpy")
def arrange(work: Work, segment: int, whole: bool, n_states: int) -> tuple[int, int]:
    """Rows, sinks and P = I + Q / q of one segment; returns the numbers of rows and of columns. With `whole`, every state is a row."""
    n = 0
    work.fastest[:] = 0.0
    for s in range(n_states):
        if work.reach[s] != 0:
            leaves = whole
            for lane in range(LANES):
                exit_rate = work.exits[(segment * n_states + s) * LANES + lane]
                if (work.reach[s] >> lane) & 1 and exit_rate > 0.0:
                    leaves = True
                    work.fastest[lane] = max(work.fastest[lane], exit_rate)
            if leaves:
                work.column_state[n] = s
                n += 1
    w = n
    for t in range(n_states):
        found = False
        for i in range(n):
            s = work.column_state[i]
            if s == t:
                found = False
                break
            if work.joined[segment, s, t] & work.reach[s] != 0:
                found = True
        if found:
            work.column_state[w] = t
            w += 1
    width = (w + 3) // 4 * 4
    one, minus, zero = splat(1.0), splat(-1.0), splat(0.0)
    fastest = load(work.fastest, 0)
    scale = where_positive(fastest, fastest, one)
    for i in range(n * width):
        store(work.powers, i, zero)
    edges = 0
    for t in range(w + 1):
        work.column_first[t] = 0
    for i in range(n):
        s = work.column_state[i]
        for lane in range(LANES):
            work.chosen[lane] = 1.0 if (work.reach[s] >> lane) & 1 else 0.0
        gate = load(work.chosen, 0)
        work.edge_first[i] = edges
        for j in range(w):
            t = work.column_state[j]
            if i == j:
                share = divide(load(work.exits, segment * n_states + s), scale)
                store(work.powers, i * width + i, muladd(multiply(share, gate), minus, one))
            elif work.joined[segment, s, t] & work.reach[s] != 0:
                share = divide(load(work.rates, (segment * n_states + s) * n_states + t), scale)
                store(work.powers, i * width + j, multiply(share, gate))
            else:
                continue
            work.edge_column[edges] = j
            work.column_first[j + 1] += 1
            edges += 1
    work.edge_first[n] = edges
    for t in range(w):
        work.column_first[t + 1] += work.column_first[t]
    for i in range(n):
        for e in range(work.edge_first[i], work.edge_first[i + 1]):
            j = work.edge_column[e]
            work.column_source[work.column_first[j]] = i
            work.column_first[j] += 1
    for t in range(w, 0, -1):
        work.column_first[t] = work.column_first[t - 1]
    work.column_first[0] = 0
    return n, w


@njit(cache=True, error_model="numpy")
def choose(work: Work, segment: int, n_states: int, forced: int) -> int:
    """Method, fineness and highest power of each lane, by its own rates alone; returns the number of levels to store."""
    finest = 0
    some = False
    for lane in range(LANES):
        twin = work.twin[segment, lane]
        work.method[lane] = SUMMING
        work.fineness[lane] = 0
        work.cap[lane] = 0
        q, years = work.fastest[lane], work.years[twin, lane]
        if not (q > 0.0 and years > 0.0):
            continue
        rows = edges = 0
        for s in range(n_states):
            if (work.reach[s] >> lane) & 1 and work.exits[(segment * n_states + s) * LANES + lane] > 0.0:
                rows += 1
                for t in range(n_states):
                    edges += (work.joined[segment, s, t] >> lane) & 1
        fineness, cell = 0, q
        while cell > 0.5:
            cell *= 0.5
            fineness += 1
        spans = np.ldexp(years, fineness)
        longest = np.ldexp(work.longest[twin, lane], fineness)
        cap, reach = 0, 2.0
        while reach * rows < spans and reach <= longest:
            cap += 1
            reach *= 2.0
        pieces = work.count[twin, lane]
        jumps = q * years
        terms = jumps + 25.0 * pieces + np.sqrt(pieces * (608.0 * pieces + 148.0 * jumps))
        summing = terms * (30.0 + edges + 4.0 * rows)
        dense = rows * (rows + 2.0)
        squaring = (7.0 + cap) * 0.6 * rows * dense + 6.0 * edges * rows + (spans * 2.0 / reach + pieces * (1.0 + 0.5 * cap)) * dense
        work.method[lane] = SQUARING if squaring < summing else SUMMING
        if forced >= 0:
            work.method[lane] = forced
        if q * work.longest[twin, lane] > LONGEST_SUM:
            work.method[lane] = SQUARING
        if work.method[lane] == SQUARING:
            work.fineness[lane] = fineness
            work.cap[lane] = cap
            finest = max(finest, fineness)
            some = True
    levels = 0
    for lane in range(LANES):
        work.first_level[lane] = finest - work.fineness[lane]
        if work.method[lane] == SQUARING:
            levels = max(levels, work.first_level[lane] + work.cap[lane] + 1)
        else:
            work.first_level[lane] = 0
            work.fineness[lane] = finest
    return levels if some else 0


@njit(cache=True, error_model="numpy")
def build_levels(work: Work, n: int, w: int, levels: int, whole: bool) -> None:
    """Fill level[i] = exp(Q span) with spans doubling from level to level, each lane entering at its own first level."""
    width = (w + 3) // 4 * 4
    size = (n + n % 2) * width
    for lane in range(LANES):
        jumps = np.ldexp(work.fastest[lane], -work.fineness[lane]) if work.method[lane] == SQUARING else 0.0
        term = 1.0
        for j in range(TERMS + 2):
            work.coefficient[j * LANES + lane] = term
            term *= jumps / (j + 1)
        after = 0.0
        for j in range(TERMS, -1, -1):
            after += work.coefficient[(j + 1) * LANES + lane]
            work.time_coefficient[j * LANES + lane] = after
        if not after > 0.0:
            work.time_coefficient[lane] = 1.0
    powers_of(work.powers, work.edge_first, work.edge_column, n, width, size)
    polynomial(work.powers, work.coefficient, work.spare, work.base, 0, n, width, size)
    store(work.span, 0, splat(1.0))
    normalise(work.base, 0, n, width, work.span)
    if whole:
        polynomial(work.powers, work.time_coefficient, work.spare, work.time_base, 0, n, width, size)
        for lane in range(LANES):
            work.span[lane] = np.ldexp(1.0, -work.fineness[lane])
        normalise(work.time_base, 0, n, width, work.span)
    copy(work.base, 0, work.level, 0, size)
    if whole:
        copy(work.time_base, 0, work.time_level, 0, size)
    for i in range(1, levels):
        below, above = (i - 1) * size, i * size
        product(work.level, below, work.level, below, work.level, above, n, width)
        store(work.span, 0, splat(1.0))
        normalise(work.level, above, n, width, work.span)
        if whole:
            product(work.level, below, work.time_level, below, work.time_level, above, n, width)
            for k in range(size):
                store(work.time_level, above + k, add(load(work.time_level, above + k), load(work.time_level, below + k)))
            for lane in range(LANES):
                work.span[lane] = np.ldexp(1.0, i - work.fineness[lane] - work.first_level[lane])
            normalise(work.time_level, above, n, width, work.span)
        enters = False
        for lane in range(LANES):
            work.chosen[lane] = 0.0
            if work.method[lane] == SQUARING and work.first_level[lane] == i:
                work.chosen[lane] = 1.0
                enters = True
        if enters:
            copy_lanes(work.base, 0, work.level, above, size, work.chosen)
            if whole:
                copy_lanes(work.time_base, 0, work.time_level, above, size, work.chosen)


@njit(cache=True, error_model="numpy")
def sum_over_jumps(work: Work, rest: Floats, n: int, w: int, n_states: int, whole: bool) -> None:
    """Move x over `rest` years, lane by lane, by the sum over jumps; fills `spent` too if asked."""
    width = (w + 3) // 4 * 4
    last = 0
    for lane in range(LANES):
        jumps = work.fastest[lane] * rest[lane]
        if jumps <= 0.5:
            stop = max(24, n_states + 2)
        elif jumps <= 2.0:
            stop = max(38, n_states + 2)
        else:
            stop = max(int(jumps + 26.0 + np.sqrt(608.0 + 148.0 * jumps)), n_states + 2)
        if jumps == 0.0:
            stop = 0
        last = max(last, stop)
        work.turns[lane] = stop
    for lane in range(LANES):
        jumps = work.fastest[lane] * rest[lane]
        term = np.exp(-jumps)
        total = 0.0
        for j in range(last + 1):
            if j > work.turns[lane]:
                term = 0.0
            work.weight[j * LANES + lane] = term
            total += term
            term *= jumps / (j + 1)
        for j in range(last + 1):
            work.weight[j * LANES + lane] /= total
    here, following, result = 0, width, 2 * width
    weight = load(work.weight, 0)
    for t in range(w):
        store(work.x, result + t, multiply(weight, load(work.x, t)))
    if whole:
        # Expected years are weighted by the chance of more than j jumps, scaled so that they add up to the length of the piece.
        for lane in range(LANES):
            after, total = 0.0, 0.0
            for j in range(last, -1, -1):
                share = work.weight[j * LANES + lane]
                work.weight[j * LANES + lane] = after
                total += after
                after += share
            if not total > 0.0:
                work.weight[lane] = total = 1.0
            for j in range(last + 1):
                work.weight[j * LANES + lane] *= rest[lane] / total
        years = load(work.weight, 0)
        for t in range(w):
            s = work.column_state[t]
            store(work.spent, s, muladd(years, load(work.x, t), load(work.spent, s)))
    for j in range(1, last + 1):
        step(work.powers, work.column_first, work.column_source, work.x, here, following, n, width, w)
        here, following = following, here
        weight = load(work.weight, j)
        if whole:
            years = weight
            for t in range(w):
                s = work.column_state[t]
                store(work.spent, s, muladd(years, load(work.x, here + t), load(work.spent, s)))
        else:
            for t in range(w):
                store(work.x, result + t, muladd(weight, load(work.x, here + t), load(work.x, result + t)))
    copy(work.x, result, work.x, 0, w)
