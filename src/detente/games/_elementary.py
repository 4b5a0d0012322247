"""Kernels: exponential and logarithm of sixteen numbers at once, to a unit in the last place or two."""

from math import factorial

from detente.games._lanes import (
    SHIFT,
    add,
    divide,
    exponent_of,
    fraction_of,
    muladd,
    multiply,
    power_of_two,
    splat,
    subtract,
    where_less,
)
from detente.games.kernels import inlined

LOG2_E = 1.4426950408889634
# The logarithm of 2 in two parts: the first has few bits, so that whole multiples of it are exact.
LOG_2_HIGH = 0.693147180369123816490
LOG_2_LOW = 1.90821492927058770002e-10
LEAST = -700.0
NEVER = -1e30
E3, E4, E5, E6, E7, E8 = (1.0 / factorial(n) for n in range(3, 9))
E9, E10, E11, E12, E13 = (1.0 / factorial(n) for n in range(9, 14))


@inlined
def exponential(x):
    """e^x for x up to 700; 0 below -700. With x = k log 2 + r, e^x = 2^k e^r, and e^r is its series up to r^13 / 13!."""
    shifted = muladd(x, splat(LOG2_E), splat(SHIFT))
    k = subtract(shifted, splat(SHIFT))
    r = muladd(k, splat(-LOG_2_LOW), muladd(k, splat(-LOG_2_HIGH), x))
    total = muladd(r, splat(E13), splat(E12))
    total = muladd(r, total, splat(E11))
    total = muladd(r, total, splat(E10))
    total = muladd(r, total, splat(E9))
    total = muladd(r, total, splat(E8))
    total = muladd(r, total, splat(E7))
    total = muladd(r, total, splat(E6))
    total = muladd(r, total, splat(E5))
    total = muladd(r, total, splat(E4))
    total = muladd(r, total, splat(E3))
    total = muladd(r, total, splat(0.5))
    total = muladd(r, total, splat(1.0))
    total = muladd(r, total, splat(1.0))
    return where_less(x, splat(LEAST), splat(0.0), multiply(total, power_of_two(shifted)))


@inlined
def logarithm(x):
    """log x; `NEVER` where x is 0. With x = 2^k z, log z = 2 atanh(s) at s = (z - 1) / (z + 1), by its series up to s^21 / 21."""
    k, z = exponent_of(x), fraction_of(x)
    s = divide(subtract(z, splat(1.0)), add(z, splat(1.0)))
    square = multiply(s, s)
    total = muladd(square, splat(2 / 21), splat(2 / 19))
    total = muladd(square, total, splat(2 / 17))
    total = muladd(square, total, splat(2 / 15))
    total = muladd(square, total, splat(2 / 13))
    total = muladd(square, total, splat(2 / 11))
    total = muladd(square, total, splat(2 / 9))
    total = muladd(square, total, splat(2 / 7))
    total = muladd(square, total, splat(2 / 5))
    total = muladd(square, total, splat(2 / 3))
    total = muladd(square, total, splat(2.0))
    total = muladd(k, splat(LOG_2_HIGH), muladd(s, total, multiply(k, splat(LOG_2_LOW))))
    return where_less(splat(0.0), x, total, splat(NEVER))
