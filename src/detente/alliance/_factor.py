"""Kernel: the common factor integrated out, draw by draw.

The factor is standard normal. What is asked for is a smooth function of it whose transitions are sqrt(1 - a^2) / a wide, and so:

- loading 0: the function is flat; one value is the answer;
- squared loading up to 0.99: the trapezoidal rule on -7 to 7 at least. For functions that are analytic in a strip of half-width d it errs by about
  exp(-2 pi d / step), here d = sqrt(3 (1 - a^2)) / a, as the rule of Gauss and Hermite does, so that with half the step it errs by about the square. The
  step is halved, which keeps the values that there are, until the rule and that on every other value agree to 1e-6: the finer errs by about 1e-12. After
  another signal those who decide last choose alike at values that are shifted: each signal is summed over such values, so that they are asked once for all;
- above: Gauss and Legendre's rule of 16 points between the values at which some ally turns, each piece halved until it agrees with its halves;
- loading 1: the function is a staircase; its steps times the normal probability between the values at which some ally turns.

References
----------
Trefethen and Weideman (2014), The exponentially convergent trapezoidal rule, doi 10.1137/130932132.
"""

from math import erfc
from typing import Any, NamedTuple

import numpy as np

from detente.alliance._choices import Bench, away, make_bench, weigh
from detente.alliance._odds import SCALE, STEEP, set_odds
from detente.alliance._sums import even_and_odd
from detente.alliance.layout import Layout
from detente.games._lanes import LANES, load
from detente.games.kernels import entry, inner

AGREEMENT = 1e-10
HALF_WAY = 1e-6  # by which a rule may err whose error is squared with half the step
REACH = 7.0  # beyond lies less than 3e-12
DIGITS = 22.0  # natural logarithm of the accuracy that is sought at once
WIDEST = 0.45  # step that integrates the normal density alone
HALVINGS = 6
DEEPEST = 40
EXACT, AGREED, APART = 0, 1, 2
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(LANES)


class Space(NamedTuple):
    """Work space of one thread."""

    bench: Bench
    found: Any  # answer
    before: Any
    turns: Any  # values of the factor at which some ally turns
    pieces: Any  # stack of pieces: low, high
    held: Any  # stack: their answers
    half: Any  # answer of one half


def make_space(layout: Layout, length: int) -> Space:
    """Work space for an alliance whose answers have this length."""
    levels = int(layout.sizes[1])
    turns = (len(layout.slot_ally) + len(layout.follower) * len(layout.class_signal)) * (levels - 1) + 2
    return Space(
        bench=make_bench(layout, length), found=np.zeros(length), before=np.zeros(length), turns=np.zeros(turns),
        pieces=np.zeros((DEEPEST + 2, 2)), held=np.zeros((DEEPEST + 2, length)), half=np.zeros(length),
    )  # fmt: skip


@inner
def fill(out, number):
    """The same number everywhere."""
    for k in range(out.shape[0]):
        out[k] = number


@inner
def copy(out, source):
    """out = source."""
    for k in range(out.shape[0]):
        out[k] = source[k]


@inner
def gather(answer, out):
    """Sums of all lanes."""
    for k in range(out.shape[0]):
        even, odd = even_and_odd(load(answer, k))
        out[k] = even + odd


@inner
def apart(one, other):
    """Largest difference of two answers."""
    worst = 0.0
    for k in range(one.shape[0]):
        worst = max(worst, abs(one[k] - other[k]))
    return worst


@inner
def prepare(draw, logit, cuts, follow, spread, layout, bench):
    """Gaps of a draw and their odds."""
    levels = layout.sizes[1]
    for slot in range(layout.slot_ally.shape[0]):
        for cut in range(levels - 1):
            bench.gap[slot * (levels - 1) + cut] = cuts[draw, cut] - logit[draw, layout.slot_ally[slot]] - follow * layout.slot_signal[slot]
    for place in range(layout.follower.shape[0]):
        for cut in range(levels - 1):
            bench.last_gap[place * (levels - 1) + cut] = cuts[draw, cut] - logit[draw, layout.follower[place]]
    if spread > 0.0:
        set_odds(bench.gap, spread, bench.odds)
        set_odds(bench.last_gap, spread, bench.last_odds)


@inner
def set_turns(layout, bench, follow, loading, turns):
    """Values of the factor at which some ally turns, in order, between -REACH and REACH, which are the first and the last; how many."""
    turns[0] = -REACH
    count = 1
    cuts = layout.sizes[1] - 1
    for k in range(layout.slot_ally.shape[0] * cuts):
        turns[count] = bench.gap[k] / (SCALE * loading)
        count += 1
    for kind in range(layout.class_signal.shape[0]):
        for k in range(layout.follower.shape[0] * cuts):
            turns[count] = (bench.last_gap[k] - follow * layout.class_signal[kind]) / (SCALE * loading)
            count += 1
    turns[count] = REACH
    count += 1
    for k in range(count):
        turns[k] = min(max(turns[k], -REACH), REACH)
    for k in range(1, count):
        here, place = turns[k], k
        while place > 0 and turns[place - 1] > here:
            turns[place] = turns[place - 1]
            place -= 1
        turns[place] = here
    return count


@inner
def add_sum(space, layout, need, loading, spread, follow, distribution, halving, weight):
    """Add the values of a first rule, or those that lie halfway between the values that there are."""
    bench, classes = space.bench, layout.class_signal.shape[0]
    widest = min(WIDEST, np.pi * np.sqrt(3.0) * spread / (loading * DIGITS))
    first = 0
    while first < classes:
        # Classes whose ranges overlap share values.
        last, span = first + 1, 2.0 * REACH
        while last < classes and away(layout, follow, loading, first, last) <= span:
            span = away(layout, follow, loading, first, last) + 2.0 * REACH
            last += 1
        batches = np.int64(np.ceil(span / (widest * LANES))) * 2 ** max(halving - 1, 0)
        step = span / (batches * LANES)
        # The first values lie in the middles of the steps, the second at their ends, and so on.
        start = -REACH if halving == 1 else -REACH + 0.5 * step
        fill(weight, step if halving == 0 else 0.5 * step)
        for batch in range(batches):
            for lane in range(LANES):
                bench.z[lane] = start + (batch * LANES + lane) * step
            weigh(bench, layout, need, first, last, weight, True, REACH, loading, spread, follow, distribution)
        first = last


@inner
def add_all(bench, layout, need, weight, normal, loading, spread, follow, distribution):
    """Add the values at `bench.z`."""
    for k in range(layout.class_signal.shape[0]):
        weigh(bench, layout, need, k, k + 1, weight, normal, np.inf, loading, spread, follow, distribution)


@inner
def by_halving(space, layout, need, loading, spread, follow, distribution, weight):
    """The trapezoidal rule and the same on every other value; returns by how much it errs, judged by the square of how far the two lie apart."""
    worst = np.inf
    for halving in range(HALVINGS):
        fill(space.bench.answer, 0.0)
        add_sum(space, layout, need, loading, spread, follow, distribution, halving, weight)
        for k in range(space.found.shape[0]):
            even, odd = even_and_odd(load(space.bench.answer, k))
            space.before[k] = space.found[k] if halving > 0 else 2.0 * even
            space.found[k] = (0.5 * space.found[k] if halving > 0 else 0.0) + (even + odd)
        worst = apart(space.found, space.before)
        if worst <= HALF_WAY:
            break
    return worst * worst


@inner
def of_piece(space, low, high, points, weights, layout, need, loading, spread, follow, distribution, weight, out):
    """Gauss and Legendre's rule on one piece."""
    middle, radius = 0.5 * (low + high), 0.5 * (high - low)
    for lane in range(LANES):
        space.bench.z[lane] = middle + radius * points[lane]
        weight[lane] = radius * weights[lane]
    fill(space.bench.answer, 0.0)
    add_all(space.bench, layout, need, weight, True, loading, spread, follow, distribution)
    gather(space.bench.answer, out)


@inner
def by_pieces(space, turns, points, weights, layout, need, loading, spread, follow, distribution, weight):
    """Piece by piece between turns; returns the sum of how far pieces lie from their halves."""
    # Turns closer to each other than their transitions are wide make one smooth transition.
    width = spread / loading
    total, first = 0.0, 0
    for k in range(1, turns):
        if space.turns[k] - space.turns[first] < width and k < turns - 1:
            continue
        space.pieces[0, 0], space.pieces[0, 1] = space.turns[first], space.turns[k]
        first = k
        if space.pieces[0, 1] <= space.pieces[0, 0]:
            continue
        of_piece(space, space.pieces[0, 0], space.pieces[0, 1], points, weights, layout, need, loading, spread, follow, distribution, weight, space.held[0])
        height = 1
        while height > 0:
            low, high = space.pieces[height - 1, 0], space.pieces[height - 1, 1]
            middle = 0.5 * (low + high)
            of_piece(space, low, middle, points, weights, layout, need, loading, spread, follow, distribution, weight, space.before)
            of_piece(space, middle, high, points, weights, layout, need, loading, spread, follow, distribution, weight, space.half)
            worst = 0.0
            for j in range(space.half.shape[0]):
                worst = max(worst, abs(space.held[height - 1, j] - space.before[j] - space.half[j]))
            if worst <= 0.5 * AGREEMENT * (high - low) / (2.0 * REACH) or height > DEEPEST:
                for j in range(space.half.shape[0]):
                    space.found[j] += space.before[j] + space.half[j]
                total += worst
                height -= 1
                continue
            copy(space.held[height - 1], space.half)
            copy(space.held[height], space.before)
            space.pieces[height - 1, 0], space.pieces[height - 1, 1] = middle, high
            space.pieces[height, 0], space.pieces[height, 1] = low, middle
            height += 1
    return total


@inner
def normal_between(low, high):
    """Standard normal probability between two values, without cancellation in either tail."""
    if low > 0.0:
        low, high = -high, -low
    return 0.5 * (erfc(-high / np.sqrt(2.0)) - erfc(-low / np.sqrt(2.0)))


@inner
def by_steps(space, turns, layout, need, loading, follow, distribution, weight):
    """The staircase of loading 1."""
    fill(space.bench.answer, 0.0)
    for batch in range((turns - 1 + LANES - 1) // LANES):
        for lane in range(LANES):
            k = batch * LANES + lane
            weight[lane] = 0.0
            space.bench.z[lane] = 0.0
            if k < turns - 1:
                low, high = space.turns[k], space.turns[k + 1]
                space.bench.z[lane] = 0.5 * (low + high)
                weight[lane] = normal_between(-np.inf if k == 0 else low, np.inf if k == turns - 2 else high)
        add_all(space.bench, layout, need, weight, False, loading, 0.0, follow, distribution)
    gather(space.bench.answer, space.found)


@entry
def integrate(first, last, logit, cuts, follow, loading, need, layout, distribution, points, weights, found, status, disagreement, space, weight):
    """Answers of draws `first` to `last` into found[draw], with their status and how much they err by, judged by two ways of summing."""
    for draw in range(first, last):
        a = loading[draw]
        spread = np.sqrt((1.0 - a) * (1.0 + a))
        prepare(draw, logit, cuts, follow[draw], spread, layout, space.bench)
        fill(space.found, 0.0)
        worst = 0.0
        if a == 0.0:
            fill(space.bench.z, 0.0)
            fill(weight, 1.0 / LANES)
            fill(space.bench.answer, 0.0)
            add_all(space.bench, layout, need[draw], weight, False, a, spread, follow[draw], distribution)
            gather(space.bench.answer, space.found)
        elif a * a <= STEEP:
            worst = by_halving(space, layout, need[draw], a, spread, follow[draw], distribution, weight)
        else:
            turns = set_turns(layout, space.bench, follow[draw], a, space.turns)
            if a == 1.0:
                by_steps(space, turns, layout, need[draw], a, follow[draw], distribution, weight)
            else:
                worst = by_pieces(space, turns, points, weights, layout, need[draw], a, spread, follow[draw], distribution, weight)
        disagreement[draw] = worst
        status[draw] = EXACT if a == 0.0 or a == 1.0 else (AGREED if worst <= AGREEMENT else APART)
        copy(found[draw], space.found)
