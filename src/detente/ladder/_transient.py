"""Kernel: by when a chain first enters each of many sets of states, and how long it is where; sixteen draws at once.

Time runs in segments with constant rates. Each lane crosses a segment by one of two exact methods, the sum over jumps (`_jumps`) or squaring (`_squaring`),
chosen by its own rates alone. A lane never feels its neighbours: terms, parts and levels are its own, and what a neighbour needs beyond them adds exact zeros.

References
----------
Grassmann (1977), Transient solutions in Markovian queueing systems, doi 10.1016/0305-0548(77)90007-7 (uniformisation).
"""

import numpy as np
from numpy.typing import NDArray

from detente.games._lanes import LANES, store
from detente.games.kernels import entry, inner
from detente.ladder._chains import LARGEST, Questions, Work, find_entries, find_rows, load_draws, sunk
from detente.ladder._jumps import LONGEST_SUM, SUMMING, cross_by_sum, terms_of
from detente.ladder._rates import arrange, hasten
from detente.ladder._squaring import SQUARING, build_levels, cross_by_squaring

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EITHER = -1


@inner
def fineness_of(q: float) -> int:
    """m such that a span of 2^-m years sees half a jump or less."""
    fineness = 0
    while q > 0.5:
        q *= 0.5
        fineness += 1
    return fineness


@inner
def highest_power(fineness: int, length: float, longest: float, rows: int) -> int:
    """One power more pays as long as it saves more multiplications of a vector than it costs as a product of matrices."""
    cap, spans = 0, np.ldexp(length, fineness)
    while np.ldexp(spans, -cap) > 2.0 * rows and np.ldexp(2.0, cap) <= np.ldexp(longest, fineness):
        cap += 1
    return cap


@inner
def parts_of(jumps: float) -> int:
    """Equal parts in which a segment is summed."""
    return max(1, int(np.ceil(jumps / LONGEST_SUM)))


@inner
def alike(pieces: Floats, ends: Ints, before: int, first: int, last: int) -> bool:
    """Whether pieces first:last are like those of the segment before, before:first."""
    count = last - first
    if first - before != count:
        return False
    for k in range(first, last):
        if pieces[k] != pieces[k - count] or (ends[k] >= 0) != (ends[k - count] >= 0):
            return False
    return True


@inner
def choose(
    work: Work, length: float, longest: float, n_inner: int, n_broken: int, n_pieces: int, timed: bool, fullness: float, n_rows: int, forced: int
) -> int:
    """Method of each lane by its own rates alone, with fineness and highest power; returns the number of levels to store, 0 if none squares.

    The cost of each method is a sum over its loops, in units of about 10 picoseconds, fitted to times measured on chains of 2 to 24 rows. It is that of
    the lane's fastest segment so far: draws are ordered by their fastest, and neighbours that choose differently cost both methods. What is yet to come
    changes no bit of what was.
    """
    finest = 0
    some = False
    for lane in range(LANES):
        rows, columns, edges = work.rows[lane], work.columns[lane], work.edges[lane]
        # A sum that can be written out counts as such, and as all of its rows, whether or not it is, so that the answer does not hang on that.
        whole = rows > 0 and columns + n_rows - rows <= LARGEST
        if whole:
            edges = edges * n_rows // rows
            columns += n_rows - rows
            rows = n_rows
        q = work.paces[2 * LANES + lane]
        work.parts[lane] = parts_of(q * length)
        work.method[lane] = SUMMING
        jumps = work.quickest[lane] * length
        parts = parts_of(jumps)
        turns = terms_of(jumps / parts, work.paces[3 * LANES + lane], columns)
        dense = rows * (columns + 1.5)
        if whole:
            term = 4.5 * edges + (9.0 if n_inner > 0 else 4.5) * columns + 20.0
        else:
            term = 1.4 * edges + (50.0 if n_inner > 0 else 38.0) * columns
        term *= 2.0 if timed else 1.0
        least = parts * turns * (term + 19.0 * n_inner)
        if not q > 0.0 or forced == SUMMING:
            continue
        squared = 8.7 * fullness * rows * dense
        squaring = 500.0 * dense + 2.0 * squared + 2050.0 * n_broken * columns
        if forced == EITHER and least <= squaring:
            continue
        fineness = fineness_of(work.quickest[LANES + lane])
        cap = highest_power(fineness, length, longest, rows)
        squaring += cap * squared + 2.0 * (n_pieces * (1.0 + 0.5 * cap) + np.ldexp(length, fineness - cap)) * dense
        if forced == SQUARING or squaring < least:
            work.method[lane] = SQUARING
            work.fineness[lane] = fineness_of(work.paces[LANES + lane])
            work.cap[lane] = highest_power(work.fineness[lane], length, longest, rows)
            finest = max(finest, work.fineness[lane])
            some = True
    levels = 0
    for lane in range(LANES):
        if work.method[lane] == SQUARING:
            work.first_level[lane] = finest - work.fineness[lane]
            levels = max(levels, work.first_level[lane] + work.cap[lane] + 1)
        else:
            work.first_level[lane] = 0
    return levels if some else 0


@entry
def ask(
    first: int, last: int, asked: Questions, order: Ints, rates: Floats, slow: Floats, fast: Floats, start: Floats, piece_start: Ints, pieces: Floats,
    ends: Ints, forced: int, entered: Floats, taken: Floats, spent: Floats, work: Work,
) -> None:  # fmt: skip
    """Answer every question for draws order[first:last].

    rates[draw, segment, arc]; slow[draw, segment] and fast[draw, segment] (`_pace`); start[draw, state]; pieces of segment k are
    piece_start[k]:piece_start[k + 1], each with the index of the output time at its end or -1. Out: entered[draw, chain, output], the mass in sinks by then;
    taken[draw, segment, sink], what each sink took in while the segment lasted (with what it held at the start, in the first); spent[draw, row], years on the
    rows of the chain that is timed.
    """
    n_segments, n_arcs, n_chains = rates.shape[1], rates.shape[2], entered.shape[1]
    for opening in range(first, last, LANES):
        closing = min(opening + LANES, last)
        load_draws(work, opening, closing, order, rates, start, slow, fast)
        for chain in range(n_chains):
            first_sink = asked.sink_start[chain]
            n_sinks = asked.sink_start[chain + 1] - first_sink
            timed = asked.timed[chain] == 1
            n_rows = asked.row_start[chain + 1] - asked.row_start[chain]
            n = find_rows(work, asked, chain)
            w = n + n_sinks
            find_entries(work, asked, chain, n, w)
            work.quickest[:] = 0.0
            work.settled[0] = 0
            for k in range(n_sinks * LANES):
                work.held[k] = 0.0
            for segment in range(n_segments):
                opens, closes = piece_start[segment], piece_start[segment + 1]
                before = piece_start[segment - 1] if segment > 0 else -1
                hold(work, n, ends, opens, closes)
                if n > 0 and closes > opens:
                    cross_segment(work, asked, segment, n_arcs, n, w, pieces, ends, before, opens, closes, timed, asked.fullness[chain], n_rows, forced)
                for lane in range(closing - opening):
                    draw = order[opening + lane]
                    for k in range(work.owned[0] - n):
                        mass = work.x[(n + k) * LANES + lane]
                        taken[draw, segment, first_sink + k] = mass - work.held[k * LANES + lane]
                        work.held[k * LANES + lane] = mass
                    for k in range(opens, closes):
                        if ends[k] >= 0:
                            entered[draw, chain, ends[k]] = work.outputs[ends[k] * LANES + lane]
            if timed:
                for lane in range(closing - opening):
                    for i in range(n):
                        spent[order[opening + lane], work.row[i]] = work.spent[i * LANES + lane]


@inner
def hold(work: Work, n: int, ends: Ints, first: int, last: int) -> None:
    """Set every output of a segment to what the sinks hold when it begins."""
    total = sunk(work, n)
    for k in range(first, last):
        if ends[k] >= 0:
            store(work.outputs, ends[k], total)


@inner
def cross_segment(
    work: Work, asked: Questions, segment: int, n_arcs: int, n: int, w: int, pieces: Floats, ends: Ints, before: int, first: int, last: int,
    timed: bool, fullness: float, n_rows: int, forced: int,
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
    moving, faster = True, hasten(work)
    for lane in range(LANES):
        moving = moving and work.paces[lane] > 0.0
    if moving and not faster and work.settled[0] == 1 and alike(pieces, ends, before, first, last):
        levels = 0
        for lane in range(LANES):
            work.parts[lane] = parts_of(work.paces[2 * LANES + lane] * length)
    else:
        levels = choose(work, length, longest, inner_outputs, broken, last - first, timed, fullness, n_rows, forced)
    work.settled[0] = moving and levels == 0
    if levels > 0:
        build_levels(work, n, w, levels, timed)
        cross_by_squaring(work, n, w, pieces, ends, first, last, timed)
    sums = False
    for lane in range(LANES):
        sums = sums or work.method[lane] == SUMMING
    if sums:
        cross_by_sum(work, n, w, pieces, ends, first, last, timed)
