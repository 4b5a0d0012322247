"""Kernels: the sum over jumps (uniformisation), sixteen draws at once.

    x(t) = sum_j W_j(t) x P_1 P_2 ... P_j,    P_j = P_a for odd j and P_b for even j (`_rates`)

W_j is the probability of exactly j jumps in t years at rates a, b, a, b, ...; the sum is cut where more jumps have a probability below 1e-16. With
d = (b - a) / 2 and i_k the modified spherical Bessel functions of the first kind,

    W_{2k+1} = a (a b)^k G_{k+1},    W_{2k} = (a b)^k (t / 2k G_k + d G_{k+1}),    G_{k+1} = exp(-(a + b) t / 2) t (t / 2 d)^k i_k(d t) / k!

and for k = 0, (t / 2k) G_k stands for exp(-(a + b) t / 2) cosh(d t). With a = b they are the probabilities of Poisson. One run of the products serves every
output time inside the segment; a segment of more than `LONGEST_SUM` expected jumps is crossed in equal parts.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.games._lanes import LANES, add, divide, load, muladd, multiply, peek, splat, store, subtract, where_equal, where_positive
from detente.games.kernels import inner
from detente.ladder._chains import TURNS, Work, sunk
from detente.ladder._powers import copy
from detente.ladder._written_out import BACKWARD, FORWARD, call_sum

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LONGEST_SUM = 1024.0
FEW = 1e-150  # of so few jumps there is one at the most
LEAST = 1e-100  # the last weight; the largest is at most 1e+100
SUMMING = 0  # in `Work.method`


@inner
def terms_of(jumps: float, scatter: float, n_columns: int) -> int:
    """The last jump that counts, an odd one: more have a probability below 1e-16, and the chain can be crossed once.

    `scatter` is the variance of their number over its mean, 1 for one pace. Columns are those of the lane, whatever its neighbours need.
    """
    if jumps <= 0.0:
        return 0
    return max(int(jumps + 10.0 * scatter + np.sqrt(scatter * (16.0 * scatter + 70.0 * jumps))), n_columns + 2) // 2 * 2 + 1


@inner
def weighty(jumps: float, last: int) -> int:
    """The last jump, an odd one, whose probability is not below 1e-200: so that none grows beyond all bounds when they are found from the last."""
    if last > 33.0 + 2.0 * jumps or jumps < 0.01:
        last = min(last, int(100.0 / (1.0 + max(0.0, -np.log10(jumps))) + 2.0 * jumps) // 2 * 2 + 1)
    return last


@inner
def births(work: Work, slot: int, years: Floats, last: int) -> Any:
    """Fill the weights of a slot where it does not hold just these already: most chains of a ladder jump alike. Returns what makes them add up to 1."""
    held = slot * 4
    same = True
    for lane in range(LANES):
        place = held * LANES + lane
        same = same and work.known[place] == work.paces[lane] and work.known[place + LANES] == work.paces[LANES + lane]
        same = same and work.known[place + 2 * LANES] == years[lane] and work.known[place + 3 * LANES] == work.turns[lane]
    if not same:
        for lane in range(LANES):
            work.known[(held + 3) * LANES + lane] = work.turns[lane]
        store(work.known, held, load(work.paces, 0))
        store(work.known, held + 1, load(work.paces, 1))
        store(work.known, held + 2, load(years, 0))
        store(work.to_one, slot, fill(work, slot * TURNS, years, last))
    return load(work.to_one, slot)


@inner
def fill(work: Work, first: int, years: Floats, last: int) -> Any:
    """weight[first + j] in proportion to W_j in each lane, for j up to its own `turns`, 0 beyond; returns what makes them add up to 1.

    From the last on, by the recurrence of modified spherical Bessel functions in the direction in which it only adds and keeps all digits (Miller's algorithm).
    """
    zero, one, half = splat(0.0), splat(1.0), splat(0.5)
    for lane in range(LANES):
        jumps = work.paces[2 * LANES + lane] * years[lane]
        moving = work.turns[lane] > 0 and jumps > FEW
        work.gate[lane] = years[lane] if moving else 0.0
        work.span[lane] = weighty(jumps, work.turns[lane]) // 2 if moving else 0
        work.few[lane] = 0.0 if moving else work.paces[lane] * years[lane]
    moves, top = load(work.gate, 0), load(work.span, 0)
    a, b = multiply(load(work.paces, 0), moves), multiply(load(work.paces, 1), moves)
    # Lanes that hardly move: the first of their two weights is 1, the second `few`.
    slow, fast, least = where_positive(a, divide(one, a), one), where_positive(b, divide(one, b), zero), where_positive(a, splat(LEAST), one)
    product = multiply(slow, where_positive(b, fast, one))
    apart = multiply(multiply(half, subtract(b, a)), product)
    twice = multiply(apart, subtract(b, a))
    u = v = total = zero
    for k in range(last // 2, -1, -1):
        u = where_equal(splat(float(k)), top, least, u)
        here = multiply(product, muladd(multiply(v, splat(k + 1.0)), twice, multiply(u, splat(2.0 * k + 1.0))))
        even, odd = muladd(u, apart, here), multiply(u, fast)
        total = add(total, add(even, odd))
        store(work.weight, first + 2 * k, even)
        store(work.weight, first + 2 * k + 1, odd)
        v, u = u, multiply(here, splat(2.0 * k))
    store(work.weight, first + 1, add(load(work.weight, first + 1), load(work.few, 0)))
    return divide(one, total)


@inner
def sum_over_jumps(work: Work, slot: int, rest: Floats, n: int, w: int, timed: bool, served: bool) -> None:
    """Move x over `rest` years, lane by lane; fills `series` if some output is to be served, `spent` if asked. Weights are kept in a slot."""
    width = (w + 3) // 4 * 4
    last = 0
    for lane in range(LANES):
        work.turns[lane] = terms_of(work.paces[2 * LANES + lane] * rest[lane], work.paces[3 * LANES + lane], work.columns[lane])
        last = max(last, work.turns[lane])
    to_one, weights = births(work, slot, rest, last), work.weight[slot * TURNS * LANES :]
    # Nothing comes back from what is lost, and nobody asks for it.
    owned = work.owned[0]
    if timed:
        to_years = weigh_time(work, weights, rest, last)
        copy(work.x, 0, work.before, 0, owned)
        sum_up(work, work.time_weight, to_years, n, owned, width, last, False)
        for t in range(owned):
            store(work.spent, t, add(load(work.x, t), load(work.spent, t)))
        copy(work.before, 0, work.x, 0, owned)
    sum_up(work, weights, to_one, n, owned, width, last, served)
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
    if served:
        sum_forward(work, weights, to_one, n, w, width, last)
    else:
        sum_backward(work.x, work.entries, work.edge_first[n], work.column_first, work.column_source, weights, to_one, n, w, width, last)


@inner
def sum_backward(
    x: Floats, entries: Floats, second: int, column_first: Ints, column_source: Ints, weights: Floats, to_one: Any, n: int, w: int, width: int, last: int
) -> None:  # fmt: skip
    """x = sum_j weight_j x P_1 ... P_j by Horner's rule, from the last term: nothing else is kept. Entries of P_b begin at `second`."""
    here, following = width, 2 * width
    for t in range(w):
        store(x, here + t, splat(0.0))
    for j in range(last, -1, -1):
        # Weights are scaled, not the sum: of thousands of parts, each scaled afterwards, the rounding would pile up in one direction.
        weight, matrix = multiply(load(weights, j), to_one), second * (j % 2)
        k = 0
        for t in range(w):
            held = multiply(weight, load(x, t))
            if t >= n:
                held = add(held, load(x, here + t))
            stop = peek(column_first, t + 1)
            while k < stop:
                held = muladd(load(entries, matrix + k), load(x, here + peek(column_source, k)), held)
                k += 1
            store(x, following + t, held)
        here, following = following, here
    copy(x, here, x, 0, w)


@inner
def sum_forward(work: Work, weights: Floats, to_one: Any, n: int, w: int, width: int, last: int) -> None:
    """The same from the first term, keeping what stands in sinks after each jump."""
    here, following, result = 0, width, 2 * width
    weight, entered = multiply(load(weights, 0), to_one), splat(0.0)
    for t in range(w):
        held = load(work.x, t)
        store(work.x, result + t, multiply(weight, held))
        if t >= n:
            entered = add(entered, held)
    store(work.series, 0, entered)
    for j in range(1, last + 1):
        weight, entered, matrix = multiply(load(weights, j), to_one), splat(0.0), work.edge_first[n] * (1 - j % 2)
        k = 0
        for t in range(w):
            held = load(work.x, here + t) if t >= n else splat(0.0)
            stop = peek(work.column_first, t + 1)
            while k < stop:
                held = muladd(load(work.entries, matrix + k), load(work.x, here + peek(work.column_source, k)), held)
                k += 1
            store(work.x, following + t, held)
            store(work.x, result + t, muladd(weight, held, load(work.x, result + t)))
            if t >= n:
                entered = add(entered, held)
        store(work.series, j, entered)
        here, following = following, here
    copy(work.x, result, work.x, 0, w)


@inner
def weigh_time(work: Work, weights: Floats, rest: Floats, last: int) -> Any:
    """time_weight[j]: years spent after exactly j jumps, in proportion to the chance of more than j over the pace of the next.

    Returns what makes them add up to `rest`.
    """
    after = total = splat(0.0)
    for j in range(last, -1, -1):
        pace = load(work.paces, j % 2)
        years = where_positive(pace, divide(after, pace), after)
        store(work.time_weight, j, years)
        total = add(total, years)
        after = add(after, load(weights, j))
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
        sum_over_jumps(work, last - 1, rest, n, w, timed, served)
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
                jumps, scatter = work.paces[2 * LANES + lane] * inside[lane], work.paces[3 * LANES + lane]
                work.turns[lane] = terms_of(jumps, scatter, work.columns[lane]) if here else 0
                needed = max(needed, work.turns[lane])
            to_one, weights = births(work, k, inside, needed), k * TURNS
            total = splat(0.0)
            for j in range(needed + 1):
                total = muladd(load(work.weight, weights + j), load(work.series, j), total)
            store(work.span, 0, multiply(total, to_one))
            for lane in range(LANES):
                if inside[lane] > 0.0:
                    work.outputs[ends[k] * LANES + lane] = work.span[lane]
