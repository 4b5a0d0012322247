"""Kernels: the pace q at which a chain jumps, and P = I + Q / q of one segment; sixteen draws at once.

Usually q is the largest exit rate. But rungs that last days, seldom entered, would make the whole chain jump at their pace. Let O be the rows faster than 5/8
of the fastest, and e the largest rate at which another row leads to O. Where e times the length of the segment is at most 2, q is 5/8 of the largest exit rate
in O with what its row passes on to O, and no larger than the largest exit rate. Then P may be negative on the diagonal of O, and with d = 4 on O and 1
elsewhere

    |P| d <= (1 + 3 e / q) d,    so that    sum_j Poisson(j; q h) |P|^j d <= exp(3 e h) d:

what is added in absolute value is at most 4 exp(6) times what it comes to, and three of sixteen digits are all that can be lost; in 60 decimals none are. Only
what is left on a row of O that nothing leads to any more is less exact: seven digits at 1e-12.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.games._lanes import add, divide, load, muladd, multiply, peek, splat, store, where_less, where_positive
from detente.games.kernels import inner
from detente.ladder._chains import Questions, Work

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST_PACE = 5.0 / 8.0
SELDOM = 2.0


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
def pace_of(work: Work, n: int, years: float, fastest: Any) -> Any:
    """q of one segment, from the rates in `entries` (see the module)."""
    zero = splat(0.0)
    bound, q, entered = multiply(fastest, splat(LEAST_PACE)), zero, zero
    for i in range(n):
        first, onward = peek(work.edge_first, i), zero
        for k in range(first + 1, peek(work.edge_first, i + 1)):
            t = peek(work.edge_column, k)
            if t < n:
                other = load(work.entries, peek(work.edge_place, peek(work.edge_first, t)))
                onward = add(onward, where_less(bound, other, load(work.entries, peek(work.edge_place, k)), zero))
        leaving = load(work.entries, peek(work.edge_place, first))
        least = multiply(add(leaving, onward), splat(LEAST_PACE))
        q = where_less(bound, leaving, where_less(q, least, least, q), q)
        entered = where_less(bound, leaving, entered, where_less(entered, onward, onward, entered))
    seldom = where_less(splat(SELDOM), multiply(entered, splat(years)), fastest, q)
    return where_less(seldom, fastest, seldom, fastest)


@inner
def find_quickest(work: Work, asked: Questions, n: int, n_arcs: int, piece_start: Ints, pieces: Floats) -> None:
    """The largest q of each lane in any segment."""
    quickest = splat(0.0)
    for segment in range(piece_start.shape[0] - 1):
        years = pieces[piece_start[segment] : piece_start[segment + 1]].sum()
        q = pace_of(work, n, years, rates_between(work, asked, segment, n_arcs, n))
        quickest = where_less(quickest, q, q, quickest)
    store(work.quickest, 0, quickest)


@inner
def arrange(work: Work, asked: Questions, segment: int, n_arcs: int, n: int, years: float) -> None:
    """P = I + Q / q of one segment; rows that a lane cannot be on are those of the identity there."""
    zero, one, minus = splat(0.0), splat(1.0), splat(-1.0)
    q = pace_of(work, n, years, rates_between(work, asked, segment, n_arcs, n))
    store(work.fastest, 0, q)
    inverse = where_positive(q, divide(one, q), zero)
    for i in range(n):
        first = peek(work.edge_first, i)
        place = peek(work.edge_place, first)
        store(work.entries, place, muladd(multiply(load(work.entries, place), inverse), minus, one))
        for k in range(first + 1, peek(work.edge_first, i + 1)):
            place = peek(work.edge_place, k)
            store(work.entries, place, multiply(load(work.entries, place), inverse))
