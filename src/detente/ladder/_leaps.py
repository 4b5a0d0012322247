"""Kernels: the sum over jumps, eight jumps at a time; sixteen draws at once.

    x(t) = sum_k y_k P^(8 k),    y_k = sum_{i < 8} Poisson(8 k + i; q t) x P^i

by Horner's rule in P^8: of eight multiplications by P all but one are saved, for the price of three products of matrices in a segment (the idea of Paterson
and Stockmeyer 1973, doi 10.1137/0202007, for a vector). Years spent are not told. The terms are those of `_jumps`, and nothing is subtracted.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.games._lanes import LANES, add, load, muladd, multiply, peek, splat, store
from detente.games.kernels import inlined, inner
from detente.ladder._chains import Work, sunk
from detente.ladder._jumps import poisson, terms_of
from detente.ladder._powers import lay_out_matrix, product, sparse_product

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STRIDE = 8
LEAPING = 2  # in `Work.method`


@inner
def cross_by_leaps(work: Work, n: int, w: int, pieces: Floats, ends: Ints, first: int, last: int) -> None:
    """Cross one segment in every lane that leaps, piece by piece."""
    width = (w + 3) // 4 * 4
    size = (n + n % 2) * width
    lay_out_matrix(work.powers, work.entries, work.edge_first, work.edge_column, work.edge_place, n, width, size)
    sparse_product(work.powers, work.edge_first, work.edge_column, work.powers, 0, work.powers, size, n, width)
    for power in range(1, 3):
        below = power * size
        product(work.powers, below, work.powers, below, work.powers, below + size, n, width, work.row_first, work.column_last)
    for k in range(first, last):
        terms = 0
        for lane in range(LANES):
            work.rest[lane] = pieces[k] if work.method[lane] == LEAPING else 0.0
            work.turns[lane] = terms_of(work.fastest[lane] * work.rest[lane], work.columns[lane])
            terms = max(terms, work.turns[lane])
        # The last stride is filled up with weights of 0.
        terms = terms // STRIDE * STRIDE + STRIDE - 1
        to_one = poisson(work, work.rest, terms)
        look_ahead(work, n, w, width)
        here = leap(work, 3 * size, terms, n, w, width)
        for t in range(w):
            store(work.x, t, multiply(to_one, load(work.x, here + t)))
        if ends[k] >= 0:
            store(work.span, 0, sunk(work, n))
            for lane in range(LANES):
                if work.method[lane] == LEAPING:
                    work.outputs[ends[k] * LANES + lane] = work.span[lane]


@inner
def look_ahead(work: Work, n: int, w: int, width: int) -> None:
    """x P^i for i below the stride."""
    for t in range(width):
        store(work.ahead, t, load(work.x, t) if t < w else splat(0.0))
    for i in range(1, STRIDE):
        here, following, k = (i - 1) * width, i * width, 0
        for t in range(w):
            held = load(work.ahead, here + t) if t >= n else splat(0.0)
            stop = peek(work.column_first, t + 1)
            while k < stop:
                held = muladd(load(work.entries, k), load(work.ahead, here + peek(work.column_source, k)), held)
                k += 1
            store(work.ahead, following + t, held)
        for t in range(w, width):
            store(work.ahead, following + t, splat(0.0))


@inner
def leap(work: Work, power: int, terms: int, n: int, w: int, width: int) -> int:
    """sum_j weight_j x P^j for j up to `terms`; returns where in `Work.x` it stands."""
    x, ahead, weights, powers, here, following = work.x, work.ahead, work.weight, work.powers, 2 * width, width
    for k in range(terms // STRIDE, -1, -1):
        first = k * STRIDE
        opens = first + STRIDE > terms
        w0, w1, w2, w3 = load(weights, first), load(weights, first + 1), load(weights, first + 2), load(weights, first + 3)
        w4, w5, w6, w7 = load(weights, first + 4), load(weights, first + 5), load(weights, first + 6), load(weights, first + 7)
        for t in range(0, width, 4):
            p0, p1, p2, p3 = weighted4(ahead, t, w0)
            row = t + width
            p0, p1, p2, p3 = add4(ahead, row, w1, p0, p1, p2, p3)
            p0, p1, p2, p3 = add4(ahead, row + width, w2, p0, p1, p2, p3)
            row += 2 * width
            p0, p1, p2, p3 = add4(ahead, row, w3, p0, p1, p2, p3)
            p0, p1, p2, p3 = add4(ahead, row + width, w4, p0, p1, p2, p3)
            row += 2 * width
            p0, p1, p2, p3 = add4(ahead, row, w5, p0, p1, p2, p3)
            p0, p1, p2, p3 = add4(ahead, row + width, w6, p0, p1, p2, p3)
            row += 2 * width
            p0, p1, p2, p3 = add4(ahead, row, w7, p0, p1, p2, p3)
            if not opens:
                row = power + t
                for u in range(peek(work.column_last, t + 3)):
                    p0, p1, p2, p3 = add4(powers, row, load(x, here + u), p0, p1, p2, p3)
                    row += width
            store(x, following + t, p0)
            store(x, following + t + 1, p1)
            store(x, following + t + 2, p2)
            store(x, following + t + 3, p3)
        if not opens:
            for t in range(n, w):
                store(x, following + t, add(load(x, following + t), load(x, here + t)))
        here, following = following, here
    return here


@inlined
def weighted4(a: Floats, i: int, weight: Any) -> Any:
    """Four numbers in a row, times a weight."""
    return multiply(weight, load(a, i)), multiply(weight, load(a, i + 1)), multiply(weight, load(a, i + 2)), multiply(weight, load(a, i + 3))


@inlined
def add4(a: Floats, i: int, weight: Any, p0: Any, p1: Any, p2: Any, p3: Any) -> Any:
    """Four sums, each with its number times a weight added."""
    return (
        muladd(weight, load(a, i), p0), muladd(weight, load(a, i + 1), p1), muladd(weight, load(a, i + 2), p2), muladd(weight, load(a, i + 3), p3)
    )  # fmt: skip
