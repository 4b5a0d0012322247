"""Kernel: by when a chain first enters each of many sets of states, and how long it is where; sixteen draws at once.

A question (see `detente.ladder.questions`) is a chain of its own: rows are states that can be left, sinks are what is asked for. Time runs in
segments with constant rates. Each lane crosses a segment of length L by one of two exact methods, chosen by its own rates alone:

- the sum over jumps (uniformisation): x(t) = sum_j Poisson(j; q t) x P^j with P = I + Q / q, cut where the Poisson tail is below 1e-19. One run of
  P^j serves every output time inside the segment; a segment of more than `LONGEST_SUM` expected jumps is crossed in equal parts.
- squaring: L is written in binary over spans of 1/2^m years with q / 2^m <= 1/2, each digit is one multiplication by a stored power of
  `_powers` (the highest serves several times), and the remainder is a sum over jumps.

A lane never feels its neighbours: terms, parts and levels are its own, and what a neighbour needs beyond them adds exact zeros.

References
----------
Grassmann (1977), Transient solutions in Markovian queueing systems, doi 10.1016/0305-0548(77)90007-7 (uniformisation).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.games._elementary import exponential
from detente.games._lanes import LANES, add, aligned, divide, load, muladd, multiply, peek, splat, store, where_less, where_positive
from detente.games.kernels import entry, inner
from detente.ladder._powers import TERMS, apply, copy, copy_lanes, normalise, polynomial, powers_of, product

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LONGEST_SUM = 1024.0
TURNS = 1408
SUMMING, SQUARING = 0, 1
EITHER = -1


class Questions(NamedTuple):
    """Chains as flat arrays. A column of a chain is a row, or n_rows + sink; its last sink takes what is lost, which nobody asks for."""

    row_start: Any  # chain -> first row
    sink_start: Any  # chain -> first sink
    edge_start: Any  # row -> first edge
    edge_column: Any  # edge -> column of its chain
    arc_start: Any  # edge -> first arc
    arc: Any
    seed_start: Any  # chain -> first seed
    seed_state: Any
    seed_column: Any
    timed: Any  # chain -> 1 where the years spent on each row are asked for
    class_first: Any  # row -> first row of those that lead to it and that it leads to
    fullness: Floats  # chain -> share of the products of a full matrix that powers of P need


class Work(NamedTuple):
    """Scratch for sixteen draws; flat arrays of lanes unless said."""

    rates: Floats  # segment x arc
    ever: Any  # arc: bits of the lanes with a positive rate in some segment
    start: Floats  # state
    reach: Any  # row: bits of the lanes that can be there
    dense: Any  # row -> row of the matrix, -1 where no lane can be
    row: Any  # its inverse
    row_first: Any  # row of the matrix -> first column of its powers that may not be 0
    column_last: Any  # column -> the row after the last that may not be 0
    edge_first: Any  # of the matrix, by row: entries that some lane may have; the diagonal comes first
    edge_column: Any
    edge_static: Any  # the edge of the question behind an entry, -1 on the diagonal
    edge_place: Any  # its rank by column
    column_first: Any  # the same entries by column
    column_source: Any
    gates: Floats  # row: 1 in the lanes that can be there
    entries: Floats  # P by column, packed
    powers: Floats  # P, then its powers
    level: Floats
    time_level: Floats
    base: Floats
    time_base: Floats
    spare: Floats
    coefficient: Floats
    time_coefficient: Floats
    span: Floats
    gate: Floats  # 1
    x: Floats  # three vectors over columns: now, next, sum
    spent: Floats  # column: expected years there
    series: Floats  # turn: mass in sinks after so many jumps
    weight: Floats  # turn
    time_weight: Floats  # turn
    fastest: Floats  # 1: q
    outputs: Floats  # output: mass in sinks by then
    held: Floats  # sink: mass when the segment began
    method: Any  # lane
    fineness: Any  # lane: m
    cap: Any  # lane: the highest power stored is of span 2^(cap - m)
    first_level: Any  # lane
    turns: Any  # lane: terms of the sum
    parts: Any  # lane
    rest: Any  # lane: years of this part
    inside: Any  # lane: years of it until an output
    units: Any  # lane: spans of the finest power in a piece
    rows: Any  # lane: rows that it can be on
    columns: Any  # lane: these and the sinks
    edges: Any  # lane: edges that lead on from them


def make_work(asked: Questions, n_segments: int, n_arcs: int, n_states: int, n_levels: int, n_outputs: int) -> Work:
    """Scratch for the largest of these questions, made in Python."""
    rows = np.diff(asked.row_start)
    n_rows = max(int(rows.max(initial=1)), 1)
    n_columns = int((rows + np.diff(asked.sink_start)).max(initial=1))
    width = (n_columns + 3) // 4 * 4
    size = (n_rows + n_rows % 2) * width
    timed_size = size if asked.timed.any() else 1
    most_entries = int((asked.edge_start[asked.row_start[1:]] - asked.edge_start[asked.row_start[:-1]] + rows).max(initial=1))

    def whole(count: int) -> Ints:
        return np.zeros(count, np.int64)

    return Work(
        rates=aligned(n_segments * n_arcs), ever=whole(n_arcs), start=aligned(n_states), reach=whole(n_rows), dense=whole(n_rows), row=whole(n_rows),
        row_first=whole(n_rows), column_last=whole(width),
        edge_first=whole(n_rows + 1), edge_column=whole(most_entries), edge_static=whole(most_entries), edge_place=whole(most_entries),
        column_first=whole(n_columns + 1), column_source=whole(most_entries), gates=aligned(n_rows), entries=aligned(most_entries),
        powers=aligned(6 * size), level=aligned(n_levels * size), time_level=aligned(n_levels * timed_size), base=aligned(size), time_base=aligned(timed_size),
        spare=aligned(size), coefficient=aligned(TERMS + 2), time_coefficient=aligned(TERMS + 2), span=aligned(1), gate=aligned(1), x=aligned(3 * width),
        spent=aligned(width), series=aligned(TURNS), weight=aligned(TURNS), time_weight=aligned(TURNS), fastest=aligned(1), outputs=aligned(max(n_outputs, 1)),
        held=aligned(n_columns), method=whole(LANES), fineness=whole(LANES), cap=whole(LANES), first_level=whole(LANES), turns=whole(LANES),
        parts=whole(LANES), rest=np.zeros(LANES), inside=np.zeros(LANES), units=whole(LANES), rows=whole(LANES), columns=whole(LANES),
        edges=whole(LANES),
    )  # fmt: skip


@inner
def load_draws(work: Work, first: int, last: int, order: Ints, rates: Floats, start: Floats) -> None:
    """Bring draws order[first:last] into lanes; lanes left over hold a chain that is nowhere."""
    _, n_segments, n_arcs = rates.shape
    work.rates[:] = 0.0
    work.start[:] = 0.0
    work.ever[:] = 0
    for lane in range(last - first):
        draw = order[first + lane]
        for s in range(start.shape[1]):
            work.start[s * LANES + lane] = start[draw, s]
        for segment in range(n_segments):
            for a in range(n_arcs):
                rate = rates[draw, segment, a]
                work.rates[(segment * n_arcs + a) * LANES + lane] = rate
                if rate > 0.0:
                    work.ever[a] |= 1 << lane


@inner
def find_rows(work: Work, asked: Questions, chain: int) -> int:
    """Which rows of a chain some lane can be on, and in which lanes; returns their number. `work.x` starts where the lanes start."""
    first_row, n_rows = asked.row_start[chain], asked.row_start[chain + 1] - asked.row_start[chain]
    for r in range(n_rows):
        work.reach[r] = 0
    for k in range(asked.seed_start[chain], asked.seed_start[chain + 1]):
        if asked.seed_column[k] < n_rows:
            for lane in range(LANES):
                if work.start[asked.seed_state[k] * LANES + lane] > 0.0:
                    work.reach[asked.seed_column[k]] |= 1 << lane
    changed = True
    while changed:
        changed = False
        for r in range(n_rows):
            if work.reach[r] != 0:
                for e in range(asked.edge_start[first_row + r], asked.edge_start[first_row + r + 1]):
                    column = asked.edge_column[e]
                    if column < n_rows:
                        found = 0
                        for k in range(asked.arc_start[e], asked.arc_start[e + 1]):
                            found |= work.ever[asked.arc[k]]
                        found &= work.reach[r]
                        if found & ~work.reach[column] != 0:
                            work.reach[column] |= found
                            changed = True
    n = 0
    work.rows[:] = 0
    work.edges[:] = 0
    for r in range(n_rows):
        work.dense[r] = -1
        if work.reach[r] != 0:
            work.dense[r] = n
            work.row[n] = r
            n += 1
            for lane in range(LANES):
                if (work.reach[r] >> lane) & 1:
                    work.rows[lane] += 1
                    work.edges[lane] += asked.edge_start[first_row + r + 1] - asked.edge_start[first_row + r] + 1
    for i in range(n):
        begins = asked.class_first[first_row + work.row[i]]
        joined = i > 0 and asked.class_first[first_row + work.row[i - 1]] == begins
        work.row_first[i] = work.row_first[i - 1] if joined else i
    for t in range(work.column_last.shape[0] - 1, -1, -1):
        joined = t + 1 < n and work.row_first[t + 1] == work.row_first[t]
        work.column_last[t] = n if t >= n else work.column_last[t + 1] if joined else t + 1
    n_sinks = asked.sink_start[chain + 1] - asked.sink_start[chain]
    for lane in range(LANES):
        work.columns[lane] = work.rows[lane] + n_sinks
    for t in range(n + n_sinks):
        store(work.x, t, splat(0.0))
        store(work.spent, t, splat(0.0))
    for k in range(asked.seed_start[chain], asked.seed_start[chain + 1]):
        column = asked.seed_column[k]
        t = work.dense[column] if column < n_rows else n + column - n_rows
        if t >= 0:
            store(work.x, t, add(load(work.x, t), load(work.start, asked.seed_state[k])))
    return n


@inner
def find_entries(work: Work, asked: Questions, chain: int, n: int, w: int) -> None:
    """The entries of P that some lane may have, by row and by column."""
    first_row, n_rows = asked.row_start[chain], asked.row_start[chain + 1] - asked.row_start[chain]
    for t in range(w + 1):
        work.column_first[t] = 0
    count = 0
    for i in range(n):
        r = work.row[i]
        for lane in range(LANES):
            work.gates[i * LANES + lane] = 1.0 if (work.reach[r] >> lane) & 1 else 0.0
        work.edge_first[i] = count
        work.edge_column[count] = i
        work.edge_static[count] = -1
        work.column_first[i + 1] += 1
        count += 1
        for e in range(asked.edge_start[first_row + r], asked.edge_start[first_row + r + 1]):
            column = asked.edge_column[e]
            t = work.dense[column] if column < n_rows else n + column - n_rows
            if t >= 0:
                work.edge_column[count] = t
                work.edge_static[count] = e
                work.column_first[t + 1] += 1
                count += 1
    work.edge_first[n] = count
    for t in range(w):
        work.column_first[t + 1] += work.column_first[t]
    for i in range(n):
        for k in range(work.edge_first[i], work.edge_first[i + 1]):
            t = work.edge_column[k]
            work.edge_place[k] = work.column_first[t]
            work.column_source[work.column_first[t]] = i
            work.column_first[t] += 1
    for t in range(w, 0, -1):
        work.column_first[t] = work.column_first[t - 1]
    work.column_first[0] = 0


@inner
def arrange(work: Work, asked: Questions, segment: int, n_arcs: int, n: int) -> None:
    """P = I + Q / q of one segment; rows that a lane cannot be on are those of the identity there."""
    zero, one, minus = splat(0.0), splat(1.0), splat(-1.0)
    fastest = zero
    for i in range(n):
        gate, leaving = load(work.gates, i), zero
        first = peek(work.edge_first, i)
        for k in range(first + 1, peek(work.edge_first, i + 1)):
            e = peek(work.edge_static, k)
            rate = zero
            for a in range(peek(asked.arc_start, e), peek(asked.arc_start, e + 1)):
                rate = add(rate, load(work.rates, segment * n_arcs + peek(asked.arc, a)))
            rate = multiply(rate, gate)
            store(work.entries, peek(work.edge_place, k), rate)
            leaving = add(leaving, rate)
        store(work.entries, peek(work.edge_place, first), leaving)
        fastest = where_positive(muladd(fastest, minus, leaving), leaving, fastest)
    store(work.fastest, 0, fastest)
    inverse = where_positive(fastest, divide(one, fastest), zero)
    for i in range(n):
        first = peek(work.edge_first, i)
        # Rounding may leave less than nothing where the fastest row stays.
        stays = muladd(multiply(load(work.entries, peek(work.edge_place, first)), inverse), minus, one)
        store(work.entries, peek(work.edge_place, first), where_positive(stays, stays, zero))
        for k in range(first + 1, peek(work.edge_first, i + 1)):
            place = peek(work.edge_place, k)
            store(work.entries, place, multiply(load(work.entries, place), inverse))


@inner
def terms_of(jumps: float, n_columns: int) -> int:
    """Terms after which the Poisson tail is below 1e-19, and enough to cross the chain once; columns are those of the lane, whatever its neighbours need."""
    if jumps <= 0.0:
        return 0
    return max(int(jumps + 12.0 + np.sqrt(100.0 + 92.0 * jumps)), n_columns + 2)


@inner
def choose(
    work: Work, length: float, longest: float, n_inner: int, n_broken: int, n_pieces: int, fullness: float, forced: int
) -> int:
    """Method of each lane by its own rates alone, with fineness and highest power; returns the number of levels to store, 0 if none squares.

    The cost of each method is a sum over its loops, in units of about 10 picoseconds, fitted to times measured on chains of 2 to 24 rows.
    """
    finest = 0
    some = False
    for lane in range(LANES):
        rows, columns, edges = work.rows[lane], work.columns[lane], work.edges[lane]
        q = work.fastest[lane]
        jumps = q * length
        parts = max(1, int(np.ceil(jumps / LONGEST_SUM)))
        work.parts[lane] = parts
        work.method[lane] = SUMMING
        dense = rows * (columns + 1.5)
        squared = 8.7 * fullness * rows * dense
        summing = parts * terms_of(jumps / parts, columns) * (1.4 * edges + (50.0 if n_inner > 0 else 38.0) * columns + 19.0 * n_inner)
        squaring = 288.0 * dense + 2.0 * squared + 2050.0 * n_broken * columns
        if not jumps > 0.0 or forced == SUMMING or (forced == EITHER and summing <= squaring):
            continue
        fineness, cell = 0, q
        while cell > 0.5:
            cell *= 0.5
            fineness += 1
        # One power more pays as long as it saves more multiplications of a vector than it costs as a product of matrices.
        cap, spans = 0, np.ldexp(length, fineness)
        while np.ldexp(spans, -cap) > 2.0 * rows and np.ldexp(2.0, cap) <= np.ldexp(longest, fineness):
            cap += 1
        squaring += cap * squared + 2.0 * (n_pieces * (1.0 + 0.5 * cap) + np.ldexp(spans, -cap)) * dense
        if forced == SQUARING or squaring < summing:
            work.method[lane] = SQUARING
        work.fineness[lane] = fineness
        work.cap[lane] = cap
        if work.method[lane] == SQUARING:
            finest = max(finest, fineness)
            some = True
    levels = 0
    for lane in range(LANES):
        if work.method[lane] == SQUARING:
            work.first_level[lane] = finest - work.fineness[lane]
            levels = max(levels, work.first_level[lane] + work.cap[lane] + 1)
        else:
            work.first_level[lane] = 0
    return levels if some else 0


@inner
def build_levels(work: Work, n: int, w: int, levels: int, timed: bool) -> None:
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
    for i in range(size):
        store(work.powers, i, splat(0.0))
    for i in range(n):
        for k in range(work.edge_first[i], work.edge_first[i + 1]):
            store(work.powers, i * width + work.edge_column[k], load(work.entries, work.edge_place[k]))
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
def poisson(work: Work, years: Floats, last: int) -> None:
    """weight[j] = Poisson(j; q years) in each lane for j up to its own `turns`, 0 beyond, summing to 1."""
    for lane in range(LANES):
        work.gate[lane] = work.fastest[lane] * years[lane]
        work.span[lane] = work.turns[lane] + 0.5
    zero, jumps, end = splat(0.0), load(work.gate, 0), load(work.span, 0)
    # Weights in proportion to their chances: exp(-1024) would be 0.
    term = exponential(multiply(splat(-0.6), jumps))
    store(work.weight, 0, term)
    total = term
    for j in range(1, last + 1):
        term = multiply(term, multiply(jumps, splat(1.0 / j)))
        weight = where_less(splat(float(j)), end, term, zero)
        total = add(total, weight)
        store(work.weight, j, weight)
    scale = divide(splat(1.0), total)
    for j in range(last + 1):
        store(work.weight, j, multiply(load(work.weight, j), scale))


@inner
def sum_over_jumps(work: Work, rest: Floats, n: int, w: int, timed: bool, served: bool) -> None:
    """Move x over `rest` years, lane by lane; fills `series` if some output is to be served, `spent` if asked."""
    width = (w + 3) // 4 * 4
    last = 0
    for lane in range(LANES):
        work.turns[lane] = terms_of(work.fastest[lane] * rest[lane], work.columns[lane])
        last = max(last, work.turns[lane])
    poisson(work, rest, last)
    if timed:
        weigh_time(work, rest, last)
    if timed or served:
        sum_forward(work, n, w, width, last, timed)
    else:
        sum_backward(work.x, work.entries, work.column_first, work.column_source, work.weight, n, w, width, last)


@inner
def sum_backward(
    x: Floats, entries: Floats, column_first: Ints, column_source: Ints, weights: Floats, n: int, w: int, width: int, last: int
) -> None:
    """x = sum_j weight_j x P^j by Horner's rule, from the last term: nothing else is kept."""
    here, following = width, 2 * width
    for t in range(w):
        store(x, here + t, splat(0.0))
    for j in range(last, -1, -1):
        weight = load(weights, j)
        k = 0
        for t in range(w):
            held = multiply(weight, load(x, t))
            if t >= n:
                held = add(held, load(x, here + t))
            stop = peek(column_first, t + 1)
            while k < stop:
                held = muladd(load(entries, k), load(x, here + peek(column_source, k)), held)
                k += 1
            store(x, following + t, held)
        here, following = following, here
    copy(x, here, x, 0, w)


@inner
def sum_forward(work: Work, n: int, w: int, width: int, last: int, timed: bool) -> None:
    """The same from the first term, keeping what stands in sinks after each jump and the years spent."""
    here, following, result = 0, width, 2 * width
    weight, entered = load(work.weight, 0), splat(0.0)
    for t in range(w):
        held = load(work.x, t)
        store(work.x, result + t, multiply(weight, held))
        if n <= t < w - 1:
            entered = add(entered, held)
    store(work.series, 0, entered)
    for j in range(1, last + 1):
        if timed:
            add_years(work, here, w, j - 1)
        weight, entered = load(work.weight, j), splat(0.0)
        k = 0
        for t in range(w):
            held = load(work.x, here + t) if t >= n else splat(0.0)
            stop = peek(work.column_first, t + 1)
            while k < stop:
                held = muladd(load(work.entries, k), load(work.x, here + peek(work.column_source, k)), held)
                k += 1
            store(work.x, following + t, held)
            store(work.x, result + t, muladd(weight, held, load(work.x, result + t)))
            if n <= t < w - 1:
                entered = add(entered, held)
        store(work.series, j, entered)
        here, following = following, here
    if timed:
        add_years(work, here, w, last)
    copy(work.x, result, work.x, 0, w)


@inner
def add_years(work: Work, here: int, w: int, j: int) -> None:
    """Count the years spent after exactly j jumps."""
    years = load(work.time_weight, j)
    for t in range(w):
        store(work.spent, t, muladd(years, load(work.x, here + t), load(work.spent, t)))


@inner
def weigh_time(work: Work, rest: Floats, last: int) -> None:
    """time_weight[j]: years spent after exactly j jumps, in proportion to the chance of more than j, scaled to add up to `rest`."""
    for lane in range(LANES):
        after, total = 0.0, 0.0
        for j in range(last, -1, -1):
            work.time_weight[j * LANES + lane] = after
            total += after
            after += work.weight[j * LANES + lane]
        if not total > 0.0:
            work.time_weight[lane] = total = 1.0
        for j in range(last + 1):
            work.time_weight[j * LANES + lane] *= rest[lane] / total


@inner
def settle_output(work: Work, n: int, w: int, part: int, output: int) -> None:
    """The mass in sinks at the end of the segment, in the lanes whose last part this is."""
    total = splat(0.0)
    for t in range(n, w - 1):
        total = add(total, load(work.x, t))
    store(work.span, 0, total)
    for lane in range(LANES):
        if work.method[lane] == SUMMING and part + 1 == work.parts[lane]:
            work.outputs[output * LANES + lane] = work.span[lane]


@inner
def cross_by_sum(work: Work, n: int, w: int, pieces: Floats, ends: Ints, first: int, last: int, timed: bool) -> None:
    """Cross one segment in every lane that sums; `outputs` gets the mass in sinks at the ends of pieces."""
    length = 0.0
    for k in range(first, last):
        length += pieces[k]
    most = 1
    for lane in range(LANES):
        if work.method[lane] == SUMMING:
            most = max(most, work.parts[lane])
    rest, inside = work.rest, work.inside
    served = False
    for k in range(first, last - 1):
        served = served or ends[k] >= 0
    for part in range(most):
        for lane in range(LANES):
            on = work.method[lane] == SUMMING and part < work.parts[lane]
            rest[lane] = length / work.parts[lane] if on else 0.0
        sum_over_jumps(work, rest, n, w, timed, served)
        at = 0.0
        for k in range(first, last):
            at += pieces[k]
            if ends[k] < 0:
                continue
            if k + 1 == last:
                settle_output(work, n, w, part, ends[k])
                continue
            needed = 0
            for lane in range(LANES):
                opened = part * rest[lane]
                closing = part + 1 == work.parts[lane]
                here = rest[lane] > 0.0 and at > opened and (at <= opened + rest[lane] or closing)
                inside[lane] = min(at - opened, rest[lane]) if here else 0.0
                work.turns[lane] = terms_of(work.fastest[lane] * inside[lane], work.columns[lane]) if here else 0
                needed = max(needed, work.turns[lane])
            poisson(work, inside, needed)
            total = splat(0.0)
            for j in range(needed + 1):
                total = muladd(load(work.weight, j), load(work.series, j), total)
            store(work.span, 0, total)
            for lane in range(LANES):
                if inside[lane] > 0.0:
                    work.outputs[ends[k] * LANES + lane] = work.span[lane]


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
        sum_over_jumps(work, rest, n, w, timed, False)
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
            entered = splat(0.0)
            for t in range(n, w - 1):
                entered = add(entered, load(work.x, t))
            store(work.span, 0, entered)
            for lane in range(LANES):
                if work.method[lane] == SQUARING:
                    work.outputs[ends[k] * LANES + lane] = work.span[lane]


@entry
def ask(
    first: int, last: int, asked: Questions, order: Ints, rates: Floats, start: Floats, piece_start: Ints, pieces: Floats, ends: Ints,
    forced: int, entered: Floats, taken: Floats, spent: Floats, methods: Ints, work: Work,
) -> None:  # fmt: skip
    """Answer every question for draws order[first:last].

    rates[draw, segment, arc]; start[draw, state]; pieces of segment k are piece_start[k]:piece_start[k + 1], each with the index of the output time
    at its end or -1. Out: entered[draw, chain, output], the mass in sinks by then; taken[draw, segment, sink], what each sink took in while the
    segment lasted (with what it held at the start, in the first); spent[draw, row], years on the rows of the chain that is timed; methods[draw].
    """
    n_segments, n_arcs, n_chains = rates.shape[1], rates.shape[2], entered.shape[1]
    for opening in range(first, last, LANES):
        closing = min(opening + LANES, last)
        load_draws(work, opening, closing, order, rates, start)
        for chain in range(n_chains):
            first_sink = asked.sink_start[chain]
            n_sinks = asked.sink_start[chain + 1] - first_sink
            timed = asked.timed[chain] == 1
            n = find_rows(work, asked, chain)
            w = n + n_sinks
            find_entries(work, asked, chain, n, w)
            for k in range(n_sinks * LANES):
                work.held[k] = 0.0
            for segment in range(n_segments):
                opens, closes = piece_start[segment], piece_start[segment + 1]
                hold(work, n, w, ends, opens, closes)
                if n > 0:
                    cross_segment(work, asked, segment, n_arcs, n, w, pieces, ends, opens, closes, timed, asked.fullness[chain], forced)
                for lane in range(closing - opening):
                    draw = order[opening + lane]
                    for k in range(n_sinks):
                        mass = work.x[(n + k) * LANES + lane]
                        taken[draw, segment, first_sink + k] = mass - work.held[k * LANES + lane]
                        work.held[k * LANES + lane] = mass
                    for k in range(opens, closes):
                        if ends[k] >= 0:
                            entered[draw, chain, ends[k]] = work.outputs[ends[k] * LANES + lane]
                    methods[draw] = max(methods[draw], work.method[lane])
            if timed:
                for lane in range(closing - opening):
                    for i in range(n):
                        spent[order[opening + lane], work.row[i]] = work.spent[i * LANES + lane]


@inner
def hold(work: Work, n: int, w: int, ends: Ints, first: int, last: int) -> None:
    """Set every output of a segment to what the sinks hold when it begins."""
    total = splat(0.0)
    for t in range(n, w - 1):
        total = add(total, load(work.x, t))
    for k in range(first, last):
        if ends[k] >= 0:
            store(work.outputs, ends[k], total)


@inner
def cross_segment(
    work: Work, asked: Questions, segment: int, n_arcs: int, n: int, w: int, pieces: Floats, ends: Ints, first: int, last: int, timed: bool,
    fullness: float, forced: int,
) -> None:  # fmt: skip
    """Move every lane over one segment by its own method."""
    length = longest = 0.0
    broken, inner_outputs = 0, 0
    for k in range(first, last):
        length += pieces[k]
        longest = max(longest, pieces[k])
        inner_outputs += ends[k] >= 0 and k + 1 < last
        # A piece that is no whole number of spans leaves a remainder to be summed.
        broken += np.ldexp(pieces[k], 12) != np.floor(np.ldexp(pieces[k], 12))
    arrange(work, asked, segment, n_arcs, n)
    levels = choose(work, length, longest, inner_outputs, broken, last - first, fullness, forced)
    if levels > 0:
        build_levels(work, n, w, levels, timed)
        cross_by_squaring(work, n, w, pieces, ends, first, last, timed)
    sums = False
    for lane in range(LANES):
        sums = sums or work.method[lane] == SUMMING
    if sums:
        cross_by_sum(work, n, w, pieces, ends, first, last, timed)
