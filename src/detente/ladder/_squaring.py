"""Kernels: crossing a segment by squaring, sixteen draws at once.

With q the largest exit rate (b of `_pace`), the length of a piece is written in binary over spans of 1/2^m years with q / 2^m <= 1/2, each digit is one
multiplication by a stored power of `_powers` (the highest serves several times), and the remainder is a sum over jumps.
"""

import numpy as np
from numpy.typing import NDArray

from detente.games._lanes import LANES, add, load, muladd, splat, store, where_positive
from detente.games.kernels import inner
from detente.ladder._chains import Work, sunk
from detente.ladder._jumps import sum_over_jumps
from detente.ladder._powers import TERMS, apply, copy, copy_lanes, lay_out_matrix, normalise, polynomial, powers_of, product

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SQUARING = 1  # in `Work.method`


@inner
def build_levels(work: Work, n: int, w: int, levels: int, timed: bool) -> None:
    """Fill level[i] = exp(Q span) with spans doubling from level to level, each lane entering at its own first level."""
    width = (w + 3) // 4 * 4
    size = (n + n % 2) * width
    for lane in range(LANES):
        jumps = np.ldexp(work.paces[LANES + lane], -work.fineness[lane]) if work.method[lane] == SQUARING else 0.0
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
    lay_out_matrix(work.powers, work.entries, work.edge_first[n], work.edge_first, work.edge_column, work.edge_place, n, width, size)
    powers_of(work.powers, work.edge_first, work.edge_column, n, width, size)
    polynomial(work.powers, work.coefficient, work.spare, work.base, 0, n, width, size, work.row_first, work.column_last)
    store(work.span, 0, splat(1.0))
    normalise(work.base, 0, n, width, work.span)
    if timed:
        polynomial(work.powers, work.time_coefficient, work.spare, work.time_base, 0, n, width, size, work.row_first, work.column_last)
        for lane in range(LANES):
            work.span[lane] = np.ldexp(1.0, -work.fineness[lane])
        normalise(work.time_base, 0, n, width, work.span)
    copy(work.base, 0, work.level, 0, size)
    if timed:
        copy(work.time_base, 0, work.time_level, 0, size)
    for i in range(1, levels):
        below, above = (i - 1) * size, i * size
        product(work.level, below, work.level, below, work.level, above, n, width, work.row_first, work.column_last)
        store(work.span, 0, splat(1.0))
        normalise(work.level, above, n, width, work.span)
        if timed:
            product(work.level, below, work.time_level, below, work.time_level, above, n, width, work.row_first, work.column_last)
            for k in range(size):
                store(work.time_level, above + k, add(load(work.time_level, above + k), load(work.time_level, below + k)))
            for lane in range(LANES):
                work.span[lane] = np.ldexp(1.0, i - work.fineness[lane] - work.first_level[lane])
            normalise(work.time_level, above, n, width, work.span)
        enters = False
        for lane in range(LANES):
            work.gate[lane] = 0.0
            if work.method[lane] == SQUARING and work.first_level[lane] == i:
                work.gate[lane] = 1.0
                enters = True
        if enters:
            copy_lanes(work.base, 0, work.level, above, size, work.gate)
            if timed:
                copy_lanes(work.time_base, 0, work.time_level, above, size, work.gate)


@inner
def advance(work: Work, n: int, w: int, power: int, timed: bool) -> None:
    """x = x A in the lanes of `gate`, A being the stored power that begins at `power`; fills `spent` too if asked."""
    width = (w + 3) // 4 * 4
    gate = load(work.gate, 0)
    if timed:
        apply(work.x, 0, work.time_level, power, work.x, width, n, width, work.column_last, False)
        for t in range(w):
            store(work.spent, t, muladd(gate, load(work.x, width + t), load(work.spent, t)))
    apply(work.x, 0, work.level, power, work.x, width, n, width, work.column_last, True)
    for t in range(w):
        store(work.x, t, where_positive(gate, load(work.x, width + t), load(work.x, t)))


@inner
def cross_by_squaring(work: Work, n: int, w: int, pieces: Floats, ends: Ints, first: int, last: int, timed: bool) -> None:
    """Cross one segment in every lane that squares, piece by piece."""
    width = (w + 3) // 4 * 4
    size = (n + n % 2) * width
    rest, units = work.rest, work.units
    for k in range(first, last):
        highest = -1
        for lane in range(LANES):
            rest[lane] = 0.0
            units[lane] = 0
            if work.method[lane] == SQUARING:
                cells = np.ldexp(pieces[k], work.fineness[lane])
                units[lane] = int(cells)
                rest[lane] = np.ldexp(cells - units[lane], -work.fineness[lane])
                highest = max(highest, work.first_level[lane] + work.cap[lane])
        sum_over_jumps(work, k, rest, n, w, timed, False)
        for level in range(highest + 1):
            most = 0
            for lane in range(LANES):
                work.turns[lane] = 0
                digit = level - work.first_level[lane]
                if work.method[lane] == SQUARING and 0 <= digit <= work.cap[lane]:
                    left = units[lane] >> digit
                    work.turns[lane] = left if digit == work.cap[lane] else left & 1
                    most = max(most, work.turns[lane])
            for turn in range(most):
                for lane in range(LANES):
                    work.gate[lane] = 1.0 if turn < work.turns[lane] else 0.0
                advance(work, n, w, level * size, timed)
        if ends[k] >= 0:
            store(work.span, 0, sunk(work, n))
            for lane in range(LANES):
                if work.method[lane] == SQUARING:
                    work.outputs[ends[k] * LANES + lane] = work.span[lane]
