"""Kernels: the linear systems of sixteen walks at once, as `detente.games._continuation` solves that of one.

Each lane has a Jacobian [n, n + 1], bordered below with the tangent on the way and with the axis of t at the end. `factor` finds the factors L U of rows
exchanged for the largest pivot, lane by lane, in the lanes where `wanted` is 1; the others keep theirs. `solve` uses them.
"""

from typing import Any, NamedTuple

from detente.games._lanes import (
    aligned,
    divide,
    load,
    magnitude,
    muladd,
    multiply,
    splat,
    store,
    subtract,
    where_equal,
    where_positive,
)
from detente.games.kernels import inner

Floats = Any


class Bordered(NamedTuple):
    """Work space of sixteen systems of size m = n + 1; flat arrays of lanes."""

    jacobian: Floats  # row x column, with room for the border; used up by `factor`
    factors: Floats  # row x column; reciprocals on the diagonal
    pivot: Floats  # the row that came to stand at each place
    row: Floats
    tangent: Floats
    correction: Floats
    onward: Floats
    wanted: Floats  # the rest: one a lane
    along_curve: Floats
    sign: Floats
    along: Floats
    size: Floats
    length: Floats


def make_bordered(n: int) -> Bordered:
    """Work space for n unknowns."""
    m = n + 1
    return Bordered(*(aligned(count) for count in (m * m, m * m, m, m, m, m, m, 1, 1, 1, 1, 1, 1)))


@inner
def border(bench, n):
    """The last row."""
    along_curve = load(bench.along_curve, 0)
    for c in range(n + 1):
        store(bench.jacobian, n * (n + 1) + c, where_positive(along_curve, load(bench.tangent, c), splat(1.0 if c == n else 0.0)))


@inner
def factor(bench, m):
    """Factors of bench.jacobian, and the sign of its determinant, 0 where singular."""
    a, row = bench.jacobian, bench.row
    wanted, sign = load(bench.wanted, 0), splat(1.0)
    for k in range(m):
        own = splat(float(k))
        best, height = own, magnitude(load(a, k * m + k))
        for r in range(k + 1, m):
            other = magnitude(load(a, r * m + k))
            more = subtract(other, height)
            best, height = where_positive(more, splat(float(r)), best), where_positive(more, other, height)
        for c in range(k, m):
            chosen = load(a, k * m + c)
            for r in range(k + 1, m):
                chosen = where_equal(best, splat(float(r)), load(a, r * m + c), chosen)
            store(row, c, chosen)
        pivot = load(row, k)
        inverse = divide(splat(1.0), pivot)
        sign = where_equal(best, own, sign, subtract(splat(0.0), sign))
        sign = where_positive(pivot, sign, subtract(splat(0.0), sign))
        sign = where_positive(height, sign, splat(0.0))
        for r in range(k + 1, m):
            here = splat(float(r))
            ratio = multiply(where_equal(best, here, load(a, k * m + k), load(a, r * m + k)), inverse)
            store(a, r * m + k, ratio)
            minus = subtract(splat(0.0), ratio)
            for c in range(k + 1, m):
                store(a, r * m + c, muladd(minus, load(row, c), where_equal(best, here, load(a, k * m + c), load(a, r * m + c))))
        store(a, k * m + k, inverse)
        for c in range(k + 1, m):
            store(a, k * m + c, load(row, c))
        store(bench.pivot, k, where_positive(wanted, best, load(bench.pivot, k)))
    for k in range(m * m):
        store(bench.factors, k, where_positive(wanted, load(a, k), load(bench.factors, k)))
    store(bench.sign, 0, sign)


@inner
def solve(bench, b, m):
    """Replace b by the solution of the factored systems. Returns the square of its length."""
    a = bench.factors
    for k in range(m):
        best, here = load(bench.pivot, k), load(b, k)
        chosen = here
        for r in range(k + 1, m):
            chosen = where_equal(best, splat(float(r)), load(b, r), chosen)
        store(b, k, chosen)
        minus = subtract(splat(0.0), chosen)
        for r in range(k + 1, m):
            store(b, r, muladd(minus, load(a, r * m + k), where_equal(best, splat(float(r)), here, load(b, r))))
    square = splat(0.0)
    for k in range(m - 1, -1, -1):
        total = load(b, k)
        for c in range(k + 1, m):
            total = subtract(total, multiply(load(a, k * m + c), load(b, c)))
        total = multiply(total, load(a, k * m + k))
        store(b, k, total)
        square = muladd(total, total, square)
    return square


@inner
def look_onward(bench, n):
    """Tangents at the trials, their lengths squared and, times the length, the cosines of their angles to the last ones."""
    for k in range(n + 1):
        store(bench.onward, k, splat(1.0 if k == n else 0.0))
    store(bench.length, 0, solve(bench, bench.onward, n + 1))
    along = splat(0.0)
    for k in range(n + 1):
        along = muladd(load(bench.onward, k), load(bench.tangent, k), along)
    store(bench.along, 0, along)


@inner
def find_correction(bench, residual, n):
    """The Newton corrections for the residuals at the trials, and their lengths squared."""
    for k in range(n):
        store(bench.correction, k, load(residual, k))
    store(bench.correction, n, splat(0.0))
    store(bench.size, 0, solve(bench, bench.correction, n + 1))
