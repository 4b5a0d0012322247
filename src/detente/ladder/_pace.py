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
                # In no time at all nothing is gained, and little of this can be computed.
                found, a = load(work.paces, 0), where_less(splat(0.01), multiply(b, splat(years[segment])), a, b)
                store(work.paces, 0, where_less(found, b, found, where_less(held, allowed, a, b)))
                if positive_bits(subtract(b, load(work.paces, 0))) == (1 << LANES) - 1:
                    break
                a = half
            for lane in range(min(LANES, last - opening)):
                slow[opening + lane, segment] = work.paces[lane]
                fast[opening + lane, segment] = work.paces[LANES + lane]
