"""Kernels: the two paces at which the chains of a ladder jump in turn, found once for each draw and segment; sixteen draws at once.

A chain could jump at one pace, its largest exit rate. But rungs that last days, seldom entered, would make it jump at theirs for years. So jumps alternate
between a pace a and the largest exit rate b of the ladder, P_a = I + Q / a and P_b = I + Q / b. Where a rung is faster than a, P_a is negative on the diagonal;
what that can cost is bounded by numbers d, one for each rung, that are found together with a:

    d >= 1,    |P_a| 1 <= d,    |P_a| |P_b| d <= (1 + g) d,    so that    sum_j W_j |P_1| ... |P_j| 1 <= exp(g h a b / (a + b)) max d

with W_j the probability of j jumps in h years (`_jumps`). That may be `MOST` at the very most, or jumps keep one pace, a = b. The same d hold in every chain
that a question makes of the ladder: where a set of rungs takes in whatever comes, and where rungs have copies.

References
----------
van Moorsel and Sanders (1994), Adaptive uniformization, Stochastic Models 10, 619 (paces that change from jump to jump).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.games._elementary import logarithm
from detente.games._lanes import (
    LANES,
    add,
    aligned,
    divide,
    gather,
    load,
    magnitude,
    muladd,
    multiply,
    peek,
    positive_bits,
    splat,
    store,
    subtract,
    where_less,
    where_positive,
)
from detente.games.kernels import entry, inner
from detente.ladder._chains import Questions, Work
from detente.ladder.questions import Steps

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# (1 - x / a) (1 - x / b) stays within -1 and 1 for x up to b where b / a is at most 3 + sqrt(8).
WIDEST = 5.2
MOST = 1000.0
SWEEPS = 3
SLACK = 1.1


class Bound(NamedTuple):
    """Scratch of `find_paces`; flat arrays of lanes unless said."""

    place: Any  # lane: where its numbers begin
    rate: Any  # edge
    leaving: Any  # state: exit rate
    d: Any  # state
    once: Any  # state: |P_b| d
    twice: Any  # state: |P_a| |P_b| d
    paces: Any  # 2: a and b


def make_bound(steps: Steps) -> Bound:
    """Scratch of one thread."""
    n, edges = len(steps.edge_start) - 1, max(len(steps.edge_column), 1)
    return Bound(np.zeros(LANES, np.int64), aligned(edges), aligned(n), aligned(n), aligned(n), aligned(n), aligned(2))


@inner
def leave(work: Bound, steps: Steps, rates: Floats, base: int, n: int) -> Any:
    """Fill `rate` and `leaving` from rates that begin at `base`; returns the largest exit rate."""
    fastest = splat(0.0)
    for s in range(n):
        leaving = splat(0.0)
        for e in range(peek(steps.edge_start, s), peek(steps.edge_start, s + 1)):
            rate = splat(0.0)
            for k in range(peek(steps.arc_start, e), peek(steps.arc_start, e + 1)):
                rate = add(rate, gather(rates, work.place, base + peek(steps.arc, k)))
            store(work.rate, e, rate)
            leaving = add(leaving, rate)
        store(work.leaving, s, leaving)
        fastest = where_less(fastest, leaving, leaving, fastest)
    return fastest


@inner
def jump(work: Bound, steps: Steps, inverse: Any, before: Floats, after: Floats, n: int) -> None:
    """after = |I + Q / pace| before."""
    for s in range(n):
        total = multiply(magnitude(subtract(splat(1.0), multiply(load(work.leaving, s), inverse))), load(before, s))
        for e in range(peek(steps.edge_start, s), peek(steps.edge_start, s + 1)):
            total = muladd(multiply(load(work.rate, e), inverse), load(before, peek(steps.edge_column, e)), total)
        store(after, s, total)


@inner
def cost(work: Bound, steps: Steps, a: Any, b: Any, years: float, n: int) -> Any:
    """The logarithm of what is added in absolute value, at most, as a multiple of what it comes to."""
    one, often = splat(1.0), splat(1.0 / years)
    slow, fast = divide(one, a), divide(one, b)
    for s in range(n):
        store(work.d, s, one)
    for _ in range(SWEEPS):
        jump(work, steps, fast, work.d, work.once, n)
        jump(work, steps, slow, work.once, work.twice, n)
        # On rungs faster than a from the inequality itself; elsewhere so that a rung counts for what the way from it leads to within such a time.
        for s in range(n - 1, -1, -1):
            leaving, ahead = load(work.leaving, s), often
            for e in range(peek(steps.edge_start, s), peek(steps.edge_start, s + 1)):
                ahead = muladd(load(work.rate, e), load(work.d, peek(steps.edge_column, e)), ahead)
            turned = subtract(multiply(splat(2.0), multiply(leaving, slow)), one)
            grown = multiply(splat(SLACK), load(work.twice, s))
            grown = where_less(grown, turned, turned, grown)
            store(work.d, s, where_less(a, leaving, grown, divide(ahead, add(leaving, often))))
    jump(work, steps, fast, work.d, work.once, n)
    jump(work, steps, slow, work.once, work.twice, n)
    most = growth = one
    for s in range(n):
        d = load(work.d, s)
        ratio = divide(load(work.twice, s), d)
        most, growth = where_less(most, d, d, most), where_less(growth, ratio, ratio, growth)
    return muladd(subtract(growth, one), divide(splat(years), add(slow, fast)), logarithm(most))


@entry
def find_paces(first: int, last: int, steps: Steps, rates: Floats, years: Floats, slow: Floats, fast: Floats, work: Bound) -> None:
    """Fill slow[draw, segment] and fast[draw, segment], the paces a and b of the ladder; `years` of each segment."""
    _, n_segments, n_arcs = rates.shape
    n = steps.edge_start.shape[0] - 1
    allowed = splat(np.log(MOST))
    for opening in range(first, last, LANES):
        for lane in range(LANES):
            work.place[lane] = min(opening + lane, last - 1) * n_segments * n_arcs
        for segment in range(n_segments):
            b = leave(work, steps, rates, segment * n_arcs, n)
            half, a = multiply(b, splat(0.5)), multiply(b, splat(1.0 / WIDEST))
            for s in range(n):
                leaving = load(work.leaving, s)
                a = where_less(half, leaving, a, where_less(a, leaving, leaving, a))
            store(work.paces, 0, b)
            store(work.paces, 1, b)
            one = splat(1.0)
            for _ in range(2 if years[segment] > 0.0 else 0):
                # Where nothing leaves any rung, any pace will do.
                held = cost(work, steps, where_positive(b, a, one), where_positive(b, b, one), years[segment], n)
                # For less than two jumps there is nothing to gain.
                found, a = load(work.paces, 0), where_less(splat(2.0), multiply(b, splat(years[segment])), a, b)
                store(work.paces, 0, where_less(found, b, found, where_less(held, allowed, a, b)))
                if positive_bits(subtract(b, load(work.paces, 0))) == (1 << LANES) - 1:
                    break
                a = half
            for lane in range(min(LANES, last - opening)):
                slow[opening + lane, segment] = work.paces[lane]
                fast[opening + lane, segment] = work.paces[LANES + lane]


@inner
def rates_between(work: Work, asked: Questions, segment: int, n_arcs: int, n: int) -> Any:
    """Fill `entries` with the rates of one segment, what leaves a row on the diagonal; nothing leaves rows that a lane cannot be on. Returns the largest."""
    zero, minus = splat(0.0), splat(-1.0)
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
    return fastest


@inner
def set_paces(work: Work, segment: int, fastest: Any) -> None:
    """`paces` of a chain in one segment: those of the ladder, or its own largest exit rate where that makes for fewer jumps."""
    one, two = splat(1.0), splat(2.0)
    slow, fast = load(work.slow, segment), load(work.fast, segment)
    ratio = where_positive(fast, divide(slow, fast), one)
    share = divide(two, add(one, ratio))
    jumps = multiply(slow, share)
    store(work.paces, 0, where_less(jumps, fastest, slow, fastest))
    store(work.paces, 1, where_less(jumps, fastest, fast, fastest))
    store(work.paces, 2, where_less(jumps, fastest, jumps, fastest))
    store(work.paces, 3, where_less(jumps, fastest, subtract(two, multiply(multiply(share, share), ratio)), one))


@inner
def find_quickest(work: Work, asked: Questions, n: int, n_arcs: int, piece_start: Ints) -> None:
    """The most jumps a year, and the largest b, of each lane in any segment in which time is spent."""
    most = largest = splat(0.0)
    for segment in range(piece_start.shape[0] - 1):
        if piece_start[segment] == piece_start[segment + 1]:
            continue
        set_paces(work, segment, rates_between(work, asked, segment, n_arcs, n))
        jumps, b = load(work.paces, 2), load(work.paces, 1)
        most, largest = where_less(most, jumps, jumps, most), where_less(largest, b, b, largest)
    store(work.quickest, 0, most)
    store(work.quickest, 1, largest)


@inner
def arrange(work: Work, asked: Questions, segment: int, n_arcs: int, n: int) -> None:
    """P_a and, behind it, P_b of one segment; rows that a lane cannot be on are those of the identity there."""
    zero, one, minus = splat(0.0), splat(1.0), splat(-1.0)
    set_paces(work, segment, rates_between(work, asked, segment, n_arcs, n))
    a, b, second = load(work.paces, 0), load(work.paces, 1), peek(work.edge_first, n)
    slow, fast = where_positive(a, divide(one, a), zero), where_positive(b, divide(one, b), zero)
    for i in range(n):
        first = peek(work.edge_first, i)
        place = peek(work.edge_place, first)
        leaving = load(work.entries, place)
        store(work.entries, place, muladd(multiply(leaving, slow), minus, one))
        store(work.entries, second + place, muladd(multiply(leaving, fast), minus, one))
        for k in range(first + 1, peek(work.edge_first, i + 1)):
            place = peek(work.edge_place, k)
            rate = load(work.entries, place)
            store(work.entries, place, multiply(rate, slow))
            store(work.entries, second + place, multiply(rate, fast))
