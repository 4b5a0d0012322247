"""Kernels: exponentials of rate matrices for sixteen draws at once.

With q the largest exit rate of a chain (b of `_pace`) and P = I + Q / q, it moves over a span h by

    exp(Q h) = sum_j c_j P^j,    c_j = exp(-q h) (q h)^j / j!,                         (uniformisation)
    exp(Q 2h) = exp(Q h) exp(Q h),                                                     (squaring)
    G(h) = integral_0^h exp(Q u) du = (1 / q) sum_j (c_{j+1} + c_{j+2} + ...) P^j,    G(2h) = G(h) + exp(Q h) G(h).

P has no negative entry, so nothing is ever subtracted, and small probabilities keep their relative accuracy; each matrix has its rows rescaled to
their known sums, which stops rounding from piling up over squarings (Xue and Ye 2013, doi 10.1090/S0025-5718-2013-02677-4). With q h <= 1/2 the terms
beyond `TERMS` weigh less than 1e-22: what is more than eighteen steps away keeps fewer digits, at 1e-19 and twenty steps four of them.

A matrix is flat: n rows of W columns of sixteen lanes. Columns n and beyond are sinks: states that are only entered. Their rows, which are those of
the identity, are not stored. Rows come in pairs and columns in fours, filled up with zeros.
"""

import numpy as np
from numpy.typing import NDArray

from detente.games._lanes import add, divide, load, muladd, multiply, splat, store, where_positive
from detente.games.kernels import inner

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCK = 6
BLOCKS = 3
TERMS = BLOCKS * BLOCK


@inner
def product(a: Floats, a0: int, b: Floats, b0: int, c: Floats, c0: int, n: int, width: int, row_first: Ints, column_last: Ints) -> None:
    """C = A B, sinks of A carried over; two rows by four columns of C stay in registers.

    Row s of A is empty before column row_first[s], column t of B from row column_last[t] on.
    """
    for s in range(0, n, 2):
        for t in range(0, width, 4):
            p0 = p1 = p2 = p3 = q0 = q1 = q2 = q3 = splat(0.0)
            upper, lower = a0 + s * width, a0 + (s + 1) * width
            for u in range(row_first[s], column_last[t + 3]):
                x, y = load(a, upper + u), load(a, lower + u)
                row = b0 + u * width + t
                z0, z1, z2, z3 = load(b, row), load(b, row + 1), load(b, row + 2), load(b, row + 3)
                p0, p1, p2, p3 = muladd(x, z0, p0), muladd(x, z1, p1), muladd(x, z2, p2), muladd(x, z3, p3)
                q0, q1, q2, q3 = muladd(y, z0, q0), muladd(y, z1, q1), muladd(y, z2, q2), muladd(y, z3, q3)
            row = c0 + s * width + t
            store(c, row, p0)
            store(c, row + 1, p1)
            store(c, row + 2, p2)
            store(c, row + 3, p3)
            row += width
            store(c, row, q0)
            store(c, row + 1, q1)
            store(c, row + 2, q2)
            store(c, row + 3, q3)
    carry_sinks(a, a0, c, c0, n, width)


@inner
def carry_sinks(a: Floats, a0: int, c: Floats, c0: int, n: int, width: int) -> None:
    """What A has sent into a sink stays there."""
    for s in range(n):
        for t in range(s * width + n, (s + 1) * width):
            store(c, c0 + t, add(load(c, c0 + t), load(a, a0 + t)))


@inner
def sparse_product(
    p: Floats, edge_first: Ints, edge_column: Ints, b: Floats, b0: int, c: Floats, c0: int, n: int, width: int
) -> None:
    """C = P B over the entries of P that are not 0, sinks of P carried over."""
    for s in range(n):
        for t in range(0, width, 4):
            p0 = p1 = p2 = p3 = splat(0.0)
            for e in range(edge_first[s], edge_first[s + 1]):
                u = edge_column[e]
                if u < n:
                    x = load(p, s * width + u)
                    row = b0 + u * width + t
                    p0, p1 = muladd(x, load(b, row), p0), muladd(x, load(b, row + 1), p1)
                    p2, p3 = muladd(x, load(b, row + 2), p2), muladd(x, load(b, row + 3), p3)
            row = c0 + s * width + t
            store(c, row, p0)
            store(c, row + 1, p1)
            store(c, row + 2, p2)
            store(c, row + 3, p3)
    carry_sinks(p, 0, c, c0, n, width)


@inner
def normalise(a: Floats, a0: int, n: int, width: int, sums: Floats) -> None:
    """Scale each row to its known sum, lane by lane."""
    wanted = load(sums, 0)
    for s in range(n):
        row = a0 + s * width
        total = splat(0.0)
        for t in range(width):
            total = add(total, load(a, row + t))
        factor = divide(wanted, total)
        for t in range(width):
            store(a, row + t, multiply(load(a, row + t), factor))


@inner
def copy(a: Floats, a0: int, c: Floats, c0: int, count: int) -> None:
    """C = A, `count` groups of lanes."""
    for i in range(count):
        store(c, c0 + i, load(a, a0 + i))


@inner
def copy_lanes(a: Floats, a0: int, c: Floats, c0: int, count: int, chosen: Floats) -> None:
    """C = A in the lanes where `chosen` is above 0."""
    which = load(chosen, 0)
    for i in range(count):
        store(c, c0 + i, where_positive(which, load(a, a0 + i), load(c, c0 + i)))


@inner
def lay_out_matrix(a: Floats, entries: Floats, first: int, edge_first: Ints, edge_column: Ints, edge_place: Ints, n: int, width: int, size: int) -> None:
    """A = P, whose entries are packed by column from `first` on."""
    for i in range(size):
        store(a, i, splat(0.0))
    for i in range(n):
        for k in range(edge_first[i], edge_first[i + 1]):
            store(a, i * width + edge_column[k], load(entries, first + edge_place[k]))


@inner
def powers_of(powers: Floats, edge_first: Ints, edge_column: Ints, n: int, width: int, size: int) -> None:
    """P^2 .. P^BLOCK behind P in `powers`."""
    for k in range(1, BLOCK):
        sparse_product(powers, edge_first, edge_column, powers, (k - 1) * size, powers, k * size, n, width)


@inner
def polynomial(
    powers: Floats, coefficient: Floats, spare: Floats, out: Floats, out0: int, n: int, width: int, size: int, row_first: Ints, column_last: Ints
) -> None:
    """OUT = sum_j coefficient_j P^j for j <= TERMS, by Horner's rule in P^BLOCK (Paterson and Stockmeyer 1973)."""
    top = (BLOCK - 1) * size
    for block in range(BLOCKS - 1, -1, -1):
        if block < BLOCKS - 1:
            product(out, out0, powers, top, spare, 0, n, width, row_first, column_last)
        first = block * BLOCK
        c0, c1, c2 = load(coefficient, first), load(coefficient, first + 1), load(coefficient, first + 2)
        c3, c4, c5 = load(coefficient, first + 3), load(coefficient, first + 4), load(coefficient, first + 5)
        last = load(coefficient, TERMS)
        for s in range(n):
            for t in range(width):
                i = s * width + t
                total = load(spare, i) if block < BLOCKS - 1 else multiply(last, load(powers, top + i))
                total = muladd(c1, load(powers, i), total)
                total = muladd(c2, load(powers, size + i), total)
                total = muladd(c3, load(powers, 2 * size + i), total)
                total = muladd(c4, load(powers, 3 * size + i), total)
                total = muladd(c5, load(powers, 4 * size + i), total)
                store(out, out0 + i, add(total, c0) if s == t else total)
        for i in range(n * width, size):
            store(out, out0 + i, splat(0.0))


@inner
def apply(x: Floats, x0: int, a: Floats, a0: int, y: Floats, y0: int, n: int, width: int, column_last: Ints, keep_sinks: bool) -> None:
    """y = x A; what x holds in sinks stays there if asked."""
    for t in range(0, width, 4):
        p0 = p1 = p2 = p3 = splat(0.0)
        for u in range(column_last[t + 3]):
            v = load(x, x0 + u)
            row = a0 + u * width + t
            p0, p1 = muladd(v, load(a, row), p0), muladd(v, load(a, row + 1), p1)
            p2, p3 = muladd(v, load(a, row + 2), p2), muladd(v, load(a, row + 3), p3)
        store(y, y0 + t, p0)
        store(y, y0 + t + 1, p1)
        store(y, y0 + t + 2, p2)
        store(y, y0 + t + 3, p3)
    if keep_sinks:
        for t in range(n, width):
            store(y, y0 + t, add(load(y, y0 + t), load(x, x0 + t)))
