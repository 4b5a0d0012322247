"""Kernels: the two matrices by which a chain jumps in one segment, made of the rates of its arcs; sixteen draws at once.

    P_a = I + Q / a,    P_b = I + Q / b

with the paces a and b of the ladder (`_pace`), or both the largest exit rate of the chain itself where that makes for fewer jumps.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.games._lanes import add, divide, load, muladd, multiply, peek, positive_bits, splat, store, subtract, where_less, where_positive
from detente.games.kernels import inner
from detente.ladder._chains import Questions, Work

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
def hasten(work: Work) -> bool:
    """Note the most jumps a year, and the largest b, of each lane in any segment so far; whether any lane has more than before."""
    most, largest, jumps, b = load(work.quickest, 0), load(work.quickest, 1), load(work.paces, 2), load(work.paces, 1)
    store(work.quickest, 0, where_less(most, jumps, jumps, most))
    store(work.quickest, 1, where_less(largest, b, b, largest))
    return positive_bits(subtract(jumps, most)) | positive_bits(subtract(b, largest)) != 0


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
