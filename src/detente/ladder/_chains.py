"""Kernels: the chains that questions make of the rates of draws, sixteen draws at once.

A question (see `detente.ladder.questions`) is a chain of its own: rows are states that can be left, sinks are what is asked for. Here the rows that some
lane can be on are found. `_rates` lays out the matrices of its jumps in one segment.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.games._lanes import LANES, add, aligned, gather, load, peek, positive_bits, splat, store, turn
from detente.games.kernels import inlined, inner
from detente.ladder._powers import TERMS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LARGEST = 64  # columns of a chain whose sums are written out
TURNS = 1408  # more than the terms of the longest sum, 1,330


class Questions(NamedTuple):
    """Chains as flat arrays. A column of a chain is a row, or n_rows + sink; where something can be lost, which nobody asks for, its last sink takes that."""

    row_start: Any  # chain -> first row
    sink_start: Any  # chain -> first sink
    lossy: Any  # chain -> 1 where the last sink takes what is lost
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
    written_out: Any  # chain x direction: address of the sum over jumps that is written out for it (`_written_out`), 0 where there is none


class Work(NamedTuple):
    """Scratch for sixteen draws; flat arrays of lanes unless said."""

    place: Any  # lane: where its numbers begin
    rates: Floats  # segment x arc
    ever: Any  # arc: bits of the lanes with a positive rate in some segment
    start: Floats  # state
    reach: Any  # row: bits of the lanes that can be there
    owned: Any  # 1: the columns of rows and of sinks that are asked for
    written_out: Any  # direction: that of this chain, 0 where there is none
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
    entries: Floats  # P_a by column, packed, then P_b (`_rates`)
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
    before: Floats  # column
    x: Floats  # three vectors over columns: now, next, sum
    spent: Floats  # column: expected years there
    series: Floats  # turn: mass in sinks after so many jumps
    known: Floats  # piece: a, b, years and terms of the weights that are held for it
    to_one: Floats  # piece: what makes these add up to 1
    weight: Floats  # piece x turn
    time_weight: Floats  # turn
    slow: Floats  # segment: a of the ladder
    fast: Floats  # segment: b of the ladder
    paces: Floats  # 4: a and b of the chain in this segment, the jumps a year that they make, and the variance of their number over its mean
    quickest: Floats  # 2: jumps a year, and b, in the segments so far where they are largest
    few: Floats  # 1: expected jumps of lanes that hardly move
    outputs: Floats  # output: mass in sinks by then
    held: Floats  # sink: mass when the segment began
    method: Any  # lane
    settled: Any  # 1: 1 where every lane moved and none squared in the segment before, so that methods hold on in one like it
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


def make_work(asked: Questions, n_segments: int, n_arcs: int, n_states: int, n_levels: int, n_pieces: int, n_outputs: int) -> Work:
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

    known = aligned(4 * n_pieces)
    known[:] = -1.0

    return Work(
        place=whole(LANES), rates=aligned(n_segments * n_arcs), ever=whole(n_arcs), start=aligned(n_states), reach=whole(n_rows), owned=whole(1),
        written_out=whole(2), dense=whole(n_rows), row=whole(n_rows), row_first=whole(n_rows), column_last=whole(width),
        edge_first=whole(n_rows + 1), edge_column=whole(most_entries), edge_static=whole(most_entries), edge_place=whole(most_entries),
        column_first=whole(n_columns + 1), column_source=whole(most_entries), gates=aligned(n_rows), entries=aligned(2 * most_entries),
        powers=aligned(6 * size), level=aligned(n_levels * size), time_level=aligned(n_levels * timed_size), base=aligned(size), time_base=aligned(timed_size),
        spare=aligned(size), coefficient=aligned(TERMS + 2), time_coefficient=aligned(TERMS + 2), span=aligned(1), gate=aligned(1),
        before=aligned(width), x=aligned(3 * width), spent=aligned(width), series=aligned(TURNS), known=known, to_one=aligned(n_pieces),
        weight=aligned(n_pieces * TURNS), time_weight=aligned(TURNS),
        slow=aligned(n_segments), fast=aligned(n_segments), paces=aligned(4), quickest=aligned(2), few=aligned(1), outputs=aligned(max(n_outputs, 1)),
        held=aligned(n_columns), method=whole(LANES), settled=whole(1), fineness=whole(LANES), cap=whole(LANES), first_level=whole(LANES), turns=whole(LANES),
        parts=whole(LANES), rest=np.zeros(LANES), inside=np.zeros(LANES), units=whole(LANES), rows=whole(LANES), columns=whole(LANES),
        edges=whole(LANES),
    )  # fmt: skip


@inner
def bring(numbers: Any, place: Ints, count: int, lanes: Floats) -> None:
    """Bring sixteen rows of a contiguous array, which begin at `place`, into lanes."""
    whole = count // 8 * 8
    for k in range(0, whole, 8):
        turn(numbers, place, k, lanes)
    for k in range(whole, count):
        store(lanes, k, gather(numbers, place, k))


@inner
def load_draws(work: Work, first: int, last: int, order: Ints, rates: Floats, start: Floats, slow: Floats, fast: Floats) -> None:
    """Bring draws order[first:last] into lanes; lanes left over hold a chain that is nowhere."""
    _, n_segments, n_arcs = rates.shape
    work.ever[:] = 0
    for lane in range(LANES):
        work.place[lane] = order[min(first + lane, last - 1)] * start.shape[1]
    bring(start, work.place, start.shape[1], work.start)
    for s in range(start.shape[1]):
        for lane in range(last - first, LANES):
            work.start[s * LANES + lane] = 0.0
    # Rates do not matter where nothing starts.
    for lane in range(LANES):
        work.place[lane] = order[min(first + lane, last - 1)] * n_segments * n_arcs
    bring(rates, work.place, n_segments * n_arcs, work.rates)
    for lane in range(LANES):
        work.place[lane] = order[min(first + lane, last - 1)] * n_segments
    for segment in range(n_segments):
        store(work.slow, segment, gather(slow, work.place, segment))
        store(work.fast, segment, gather(fast, work.place, segment))
        for a in range(n_arcs):
            work.ever[a] |= positive_bits(load(work.rates, segment * n_arcs + a))


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
    # A sum that is written out goes over all rows; where no lane can be, that is cheaper than the lists of what is left.
    whole = asked.written_out[chain].any()
    n = 0
    work.rows[:] = 0
    work.edges[:] = 0
    for r in range(n_rows):
        work.dense[r] = -1
        if whole or work.reach[r] != 0:
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
    work.owned[0] = n + n_sinks - asked.lossy[chain]
    for direction in range(2):
        work.written_out[direction] = asked.written_out[chain, direction]
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


@inlined
def sunk(work: Work, n: int) -> Any:
    """The mass in the sinks that are asked for."""
    total = splat(0.0)
    for t in range(n, peek(work.owned, 0)):
        total = add(total, load(work.x, t))
    return total
