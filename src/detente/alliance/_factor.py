"""Kernel: the common factor integrated out, draw by draw.

The factor is standard normal. What is asked for is a smooth function of it whose transitions are sqrt(1 - a^2) / a wide, and so:

- loading 0: the function is flat; one value is the answer;
- squared loading up to 0.99: the trapezoidal rule on -7 to 7. For functions that are analytic in a strip of half-width d it errs by about
  exp(-2 pi d / step), here d = sqrt(3 (1 - a^2)) / a, as the rule of Gauss and Hermite does, so that with half the step it errs by about the square. The
  step is halved, which keeps the values that there are, until the rule and that on every other value agree to 1e-6: the finer errs by about 1e-12;
- above: Gauss and Legendre's rule of 16 points between the values at which some ally turns, each piece halved until it agrees with its halves;
- loading 1: the function is a staircase; its steps times the normal probability between the values at which some ally turns.

References
----------
Trefethen and Weideman (2014), The exponentially convergent trapezoidal rule, doi 10.1137/130932132.
"""

from math import erfc
from typing import Any, NamedTuple

import numpy as np

from detente.alliance._choices import SCALE, STEEP, Bench, answer, make_bench
from detente.alliance.layout import Layout
from detente.games._lanes import LANES, aligned, load, muladd, store
from detente.games.kernels import entry, inner

AGREEMENT = 1e-10
HALF_WAY = 1e-6  # by which a rule may err whose error is squared with half the step
REACH = 7.0  # beyond lies less than 3e-12
DIGITS = 22.0  # natural logarithm of the accuracy that is sought at once
HALVINGS = 6
DEEPEST = 40
EXACT, AGREED, APART = 0, 1, 2
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(LANES)


class Space(NamedTuple):
    """Work space of one thread."""

    bench: Bench
    found: Any  # answer
    lanes: Any  # answer, sixteen values of the factor side by side
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
        bench=make_bench(layout, length), found=np.zeros(length), lanes=aligned(length), before=np.zeros(length), turns=np.zeros(turns),
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
def accumulate(bench, weight, total):
    """Add the answers at sixteen values of the factor, weighted, each in its lane."""
    for k in range(total.shape[0] // LANES):
        store(total, k, muladd(load(weight, 0), load(bench.answer, k), load(total, k)))


@inner
def gather(bench, weight, out):
    """Add the answers at sixteen values of the factor, weighted."""
    for k in range(out.shape[0]):
        # Four sums at a time: one alone would wait for itself.
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for lane in range(0, LANES, 4):
            first = k * LANES + lane
            a += weight[lane] * bench.answer[first]
            b += weight[lane + 1] * bench.answer[first + 1]
            c += weight[lane + 2] * bench.answer[first + 2]
            d += weight[lane + 3] * bench.answer[first + 3]
        out[k] += (a + b) + (c + d)


@inner
def apart(one, other):
    """Largest difference of two answers."""
    worst = 0.0
    for k in range(one.shape[0]):
        worst = max(worst, abs(one[k] - other[k]))
    return worst


@inner
def prepare(draw, logit, cuts, follow, loading, spread, layout, bench):
    """Gaps of a draw and their odds, and the ends of every row of g."""
    levels = layout.sizes[1]
    for slot in range(layout.slot_ally.shape[0]):
        for cut in range(levels - 1):
            k = slot * (levels - 1) + cut
            bench.gap[k] = cuts[draw, cut] - logit[draw, layout.slot_ally[slot]] - follow * layout.slot_signal[slot]
            bench.odds[k] = np.exp(bench.gap[k] / spread) if spread > 0.0 else 0.0
        for lane in range(LANES):
            bench.own[slot * (levels + 1) * LANES + lane] = 1.0
            bench.own[(slot * (levels + 1) + levels) * LANES + lane] = 0.0
    for place in range(layout.follower.shape[0]):
        for cut in range(levels - 1):
            k = place * (levels - 1) + cut
            bench.last_gap[k] = cuts[draw, cut] - logit[draw, layout.follower[place]]
            bench.last_odds[k] = np.exp(bench.last_gap[k] / spread) if spread > 0.0 else 0.0
        for lane in range(LANES):
            bench.last[place * (levels + 1) * LANES + lane] = 1.0
            bench.last[(place * (levels + 1) + levels) * LANES + lane] = 0.0


@inner
def set_turns(layout, bench, follow, loading, turns):
    """Values of the factor at which some ally turns, in order, between -REACH and REACH, which are the first and the last; how many."""
    turns[0] = -REACH
    count = 1
    for k in range(bench.gap.shape[0]):
        turns[count] = bench.gap[k] / (SCALE * loading)
        count += 1
    for kind in range(layout.class_signal.shape[0]):
        for k in range(bench.last_gap.shape[0]):
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
def by_halving(space, layout, need, loading, spread, follow, distribution, weight):
    """The trapezoidal rule and the same on every other value; returns by how much it errs, judged by the square of how far the two lie apart."""
    # Every other value should do already where functions err as one pole does.
    wanted = 2.0 * REACH / (np.pi * np.sqrt(3.0)) * loading / spread * DIGITS
    count = LANES * max(1, int(np.ceil(wanted / LANES)))
    step = 2.0 * REACH / count
    first = -REACH + 0.5 * step
    fill(space.found, 0.0)
    worst = np.inf
    for halving in range(HALVINGS):
        offset, gap = (0.0, step) if halving == 0 else (step, 2.0 * step)
        fill(space.lanes, 0.0)
        for batch in range(count // LANES):
            for lane in range(LANES):
                z = first + offset + (batch * LANES + lane) * gap
                space.bench.z[lane] = z
                weight[lane] = step * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
            answer(space.bench, layout, need, loading, spread, follow, distribution)
            accumulate(space.bench, weight, space.lanes)
        for k in range(space.found.shape[0]):
            every, even = 0.0, 0.0
            for lane in range(k * LANES, (k + 1) * LANES, 2):
                every += space.lanes[lane] + space.lanes[lane + 1]
                even += space.lanes[lane]
            space.found[k] += every
            if halving == 0:
                space.before[k] = 2.0 * even
        worst = apart(space.found, space.before)
        if worst <= HALF_WAY or halving == HALVINGS - 1:
            break
        # What is new lies halfway between what was; the first time as many values are new as there were.
        copy(space.before, space.found)
        for k in range(space.found.shape[0]):
            space.found[k] *= 0.5
        count *= 1 if halving == 0 else 2
        step *= 0.5
    return worst * worst


@inner
def of_piece(space, low, high, points, weights, layout, need, loading, spread, follow, distribution, weight, out):
    """Gauss and Legendre's rule on one piece."""
    middle, radius = 0.5 * (low + high), 0.5 * (high - low)
    for lane in range(LANES):
        z = middle + radius * points[lane]
        space.bench.z[lane] = z
        weight[lane] = radius * weights[lane] * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    answer(space.bench, layout, need, loading, spread, follow, distribution)
    fill(out, 0.0)
    gather(space.bench, weight, out)


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
    for batch in range((turns - 1 + LANES - 1) // LANES):
        for lane in range(LANES):
            k = batch * LANES + lane
            weight[lane] = 0.0
            space.bench.z[lane] = 0.0
            if k < turns - 1:
                low, high = space.turns[k], space.turns[k + 1]
                space.bench.z[lane] = 0.5 * (low + high)
                weight[lane] = normal_between(-np.inf if k == 0 else low, np.inf if k == turns - 2 else high)
        answer(space.bench, layout, need, loading, 0.0, follow, distribution)
        gather(space.bench, weight, space.found)


@entry
def integrate(first, last, logit, cuts, follow, loading, need, layout, distribution, points, weights, found, status, disagreement, space, weight):
    """Answers of draws `first` to `last` into found[draw], with their status and how much they err by, judged by two ways of summing."""
    for draw in range(first, last):
        a = loading[draw]
        spread = np.sqrt((1.0 - a) * (1.0 + a))
        prepare(draw, logit, cuts, follow[draw], a, spread, layout, space.bench)
        fill(space.found, 0.0)
        worst = 0.0
        if a == 0.0:
            fill(space.bench.z, 0.0)
            fill(weight, 1.0 / LANES)
            answer(space.bench, layout, need[draw], a, spread, follow[draw], distribution)
            gather(space.bench, weight, space.found)
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
