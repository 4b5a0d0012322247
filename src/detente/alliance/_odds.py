"""Kernel: how likely an ally chooses a level or more, given the common factor, at sixteen values of the factor side by side.

Given the factor z, ally i that sees the signal m chooses level l or more with probability

    g_l = 1 / (1 + exp((c_l - eta_i - follow m - k a z) / s)),   k = pi / sqrt(3),   s = sqrt(1 - a^2),

independently of all others; where s = 0 the step of the exponent's sign.
"""

import numpy as np

from detente.games._elementary import exponential
from detente.games._lanes import LANES, add, divide, load, muladd, multiply, splat, store, where_less
from detente.games.kernels import inner

SCALE = np.pi / np.sqrt(3.0)
STEEP = 0.99  # squared loading above which transitions are narrower than a rule on the whole line resolves
MOST = 1e150  # odds whose product is a number
LARGEST = 700.0  # exponent


@inner
def least(a, b):
    """The lesser of two numbers."""
    return where_less(a, b, a, b)


@inner
def power(x):
    """e^x, at most e^700."""
    return exponential(least(x, splat(LARGEST)))


@inner
def set_odds(gap, spread, odds):
    """exp(gap / s)."""
    for k in range(gap.shape[0] // LANES):
        store(odds, k, power(multiply(load(gap, k), splat(1.0 / spread))))


@inner
def exceed(odds, row, levels, ease, out):
    """g of every cut of a row at all values of the factor, where `ease` is exp(-(k a z + shift) / s)."""
    cuts = levels - 1
    at, to = row * cuts, row * (levels + 1) + 1
    one, most = splat(1.0), splat(MOST)
    # A division costs as much as ten products, so that two share one.
    for cut in range(0, cuts - 1, 2):
        a = add(one, least(multiply(splat(odds[at + cut]), ease), most))
        b = add(one, least(multiply(splat(odds[at + cut + 1]), ease), most))
        both = divide(one, multiply(a, b))
        store(out, to + cut, multiply(both, b))
        store(out, to + cut + 1, multiply(both, a))
    if cuts % 2 == 1:
        store(out, to + cuts - 1, divide(one, add(one, least(multiply(splat(odds[at + cuts - 1]), ease), most))))


@inner
def exceed_steeply(z, gap, row, levels, loading, spread, shift, out):
    """The same for a loading near 1, where odds and ease are no numbers, or 1."""
    one, cuts = splat(1.0), levels - 1
    for cut in range(cuts):
        x = muladd(load(z, 0), splat(-SCALE * loading), splat(gap[row * cuts + cut] - shift))
        if spread > 0.0:
            chance = divide(one, add(one, power(multiply(x, splat(1.0 / spread)))))
        else:
            chance = where_less(x, splat(0.0), one, splat(0.0))
        store(out, row * (levels + 1) + cut + 1, chance)


@inner
def ease_of(z, loading, spread, shift):
    """exp(-(k a z + shift) / s); of no meaning where s is 0."""
    return power(muladd(load(z, 0), splat(-SCALE * loading / spread), splat(-shift / spread)))
