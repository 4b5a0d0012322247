"""Kernels: the sum over jumps (uniformisation), sixteen draws at once.

    x(t) = sum_j Poisson(j; q t) x P^j,    cut where the Poisson tail is below 1e-16

One run of P^j serves every output time inside the segment; a segment of more than `LONGEST_SUM` expected jumps is crossed in equal parts.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.games._elementary import exponential
from detente.games._lanes import LANES, add, divide, load, muladd, multiply, peek, splat, store, where_less, where_positive
from detente.games.kernels import inner
from detente.ladder._chains import TURNS, Work, sunk
from detente.ladder._powers import copy
from detente.ladder._written_out import BACKWARD, FORWARD, call_sum

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LONGEST_SUM = 1024.0
INVERSE = np.concatenate([[0.0], 1.0 / np.arange(1.0, TURNS)])
SUMMING = 0  # in `Work.method`


@inner
def terms_of(jumps: float, n_columns: int) -> int:
    """Terms after which the Poisson tail is below 1e-16, and enough to cross the chain once; columns are those of the lane, whatever its neighbours need."""
    if jumps <= 0.0:
        return 0
    return max(int(jumps + 10.0 + np.sqrt(16.0 + 70.0 * jumps)), n_columns + 2)


@inner
def poisson(work: Work, years: Floats, last: int) -> Any:
    """weight[j] in proportion to Poisson(j; q years) in each lane, for j up to its own `turns`, 0 beyond; returns what makes them add up to 1."""
    for lane in range(LANES):
        work.gate[lane] = work.fastest[lane] * years[lane]
        work.span[lane] = work.turns[lane] + 0.5
    zero, jumps, end = splat(0.0), load(work.gate, 0), load(work.span, 0)
    # In proportion, because exp(-1024) would be 0.
    term = exponential(multiply(splat(-0.6), jumps))
    store(work.weight, 0, term)
    total = term
    for j in range(1, last + 1):
        term = multiply(term, multiply(jumps, splat(INVERSE[j])))
        weight = where_less(splat(float(j)), end, term, zero)
        total = add(total, weight)
        store(work.weight, j, weight)
    return divide(splat(1.0), total)


@inner
def scale(a: Floats, count: int, factor: Any) -> None:
    """Multiply the first `count` groups of lanes."""
    for k in range(count):
        store(a, k, multiply(load(a, k), factor))


@inner
def sum_over_jumps(work: Work, rest: Floats, n: int, w: int, timed: bool, served: bool) -> None:
    """Move x over `rest` years, lane by lane; fills `series` if some output is to be served, `spent` if asked."""
    width = (w + 3) // 4 * 4
    last = 0
    for lane in range(LANES):
        work.turns[lane] = terms_of(work.fastest[lane] * rest[lane], work.columns[lane])
        last = max(last, work.turns[lane])
    to_one = poisson(work, rest, last)
    # Nothing comes back from what is lost, and nobody asks for it.
    owned = work.owned[0]
    if timed:
        to_years = weigh_time(work, rest, last)
        copy(work.x, 0, work.before, 0, owned)
        sum_up(work, work.time_weight, to_years, n, owned, width, last, False)
        for t in range(owned):
            store(work.spent, t, add(load(work.x, t), load(work.spent, t)))
        copy(work.before, 0, work.x, 0, owned)
    sum_up(work, work.weight, to_one, n, owned, width, last, served)
    # What is left on a row that empties may be less than nothing, by rounding.
    for t in range(n):
        store(work.x, t, where_positive(load(work.x, t), load(work.x, t), splat(0.0)))


@inner
def sum_up(work: Work, weights: Floats, to_one: Any, n: int, w: int, width: int, last: int, served: bool) -> None:
    """x = sum_j to_one weight_j x P^j, and what stands in sinks after each jump into `series` if asked."""
    written_out = work.written_out[FORWARD if served else BACKWARD]
    if written_out != 0:
        store(work.span, 0, to_one)
        call_sum(written_out, work.x, work.entries, weights, work.span, work.series, work.turns)
        return
    # Scaled beforehand: of thousands of parts, each scaled afterwards, the rounding would pile up in one direction.
    scale(weights, last + 1, to_one)
    if served:
        sum_forward(work, n, w, width, last)
    else:
        sum_backward(work.x, work.entries, work.column_first, work.column_source, weights, n, w, width, last)


@inner
def sum_backward(x: Floats, entries: Floats, column_first: Ints, column_source: Ints, weights: Floats, n: int, w: int, width: int, last: int) -> None:
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
def sum_forward(work: Work, n: int, w: int, width: int, last: int) -> None:
    """The same from the first term, keeping what stands in sinks after each jump."""
    here, following, result = 0, width, 2 * width
    weight, entered = load(work.weight, 0), splat(0.0)
    for t in range(w):
        held = load(work.x, t)
        store(work.x, result + t, multiply(weight, held))
        if t >= n:
            entered = add(entered, held)
    store(work.series, 0, entered)
    for j in range(1, last + 1):
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
            if t >= n:
                entered = add(entered, held)
        store(work.series, j, entered)
        here, following = following, here
    copy(work.x, result, work.x, 0, w)


@inner
def weigh_time(work: Work, rest: Floats, last: int) -> Any:
    """time_weight[j]: years spent after exactly j jumps, in proportion to the chance of more than j; returns what makes them add up to `rest`."""
    after = total = splat(0.0)
    for j in range(last, -1, -1):
        store(work.time_weight, j, after)
        total = add(total, after)
        after = add(after, load(work.weight, j))
    return where_positive(total, divide(load(rest, 0), total), splat(0.0))


@inner
def settle_output(work: Work, n: int, part: int, output: int) -> None:
    """The mass in sinks at the end of the segment, in the lanes whose last part this is."""
    store(work.span, 0, sunk(work, n))
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
                settle_output(work, n, part, ends[k])
                continue
            needed = 0
            for lane in range(LANES):
                # A part ends where the next one begins, to the last bit: an output between them would never be served.
                opened, closed = part * rest[lane], (part + 1) * rest[lane]
                closing = part + 1 == work.parts[lane]
                here = rest[lane] > 0.0 and at > opened and (at <= closed or closing)
                inside[lane] = min(at - opened, rest[lane]) if here else 0.0
                work.turns[lane] = terms_of(work.fastest[lane] * inside[lane], work.columns[lane]) if here else 0
                needed = max(needed, work.turns[lane])
            to_one = poisson(work, inside, needed)
            total = splat(0.0)
            for j in range(needed + 1):
                total = muladd(load(work.weight, j), load(work.series, j), total)
            store(work.span, 0, multiply(total, to_one))
            for lane in range(LANES):
                if inside[lane] > 0.0:
                    work.outputs[ends[k] * LANES + lane] = work.span[lane]
