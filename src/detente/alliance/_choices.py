"""Kernel: who sends what, given the common factor, at sixteen values of the factor side by side.

Given the factor z, ally i that sees the signal m chooses level l or more with probability

    g_l = 1 / (1 + exp((c_l - eta_i - follow m - k a z) / s)),   k = pi / sqrt(3),   s = sqrt(1 - a^2),

independently of all others; where s = 0 the step of the exponent's sign. Combinations of the choices of those who decide early (leaves) are gone through one
by one; for each signal the capability of those who decide last is convolved and summed from above, so that a leaf only looks up how likely they bring what
it leaves missing.
"""

from typing import Any, NamedTuple

import numpy as np

from detente.alliance._grid import GRID
from detente.alliance.layout import Layout
from detente.games._lanes import LANES, add, aligned, divide, load, muladd, multiply, splat, store, subtract
from detente.games.kernels import inner

SCALE = np.pi / np.sqrt(3.0)
STEEP = 0.99  # squared loading above which transitions are narrower than a rule on the whole line resolves

# An answer lists, `out` being 1 where the leader sends no forces: probability [out], consensus [out], enough by consensus [out, clock], enough without
# it [out, clock], readiness for a level or more
# [out, ally, level], the first of which is left at 0, and on request the distribution of committed capability [clock, unit].
CHANCE, CONSENSUS, ENOUGH = 0, 2, 4


class Bench(NamedTuple):
    """Work space of one thread; flat arrays of lanes unless said."""

    z: Any  # 1: values of the factor
    ease: Any  # 1: exp(-k a z / s)
    gap: Any  # slot x cut, plain: c - eta - follow m
    odds: Any  # the same: exp(gap / s)
    last_gap: Any  # follower x cut, plain: c - eta
    last_odds: Any
    own: Any  # slot x (level + 1): g, from 1 at the least level to 0 above the last
    last: Any  # follower x (level + 1)
    leaf: Any  # leaf x (all, where none blocks)
    rest: Any  # (all, none blocks) x clock x unit: capability of those who decide last, summed from above
    top: Any  # (all, none blocks) x clock, plain: last unit that may not be 0
    part: Any  # part of a convolution
    answer: Any


def make_bench(layout: Layout, length: int) -> Bench:
    """Work space for an alliance whose answers have this length."""
    _, levels, clocks, _ = (int(one) for one in layout.sizes)
    slots, followers = len(layout.slot_ally), len(layout.follower)
    return Bench(
        z=aligned(1), ease=aligned(1), gap=np.zeros(slots * (levels - 1)), odds=np.zeros(slots * (levels - 1)), last_gap=np.zeros(followers * (levels - 1)),
        last_odds=np.zeros(followers * (levels - 1)), own=aligned(slots * (levels + 1)), last=aligned(followers * (levels + 1)),
        leaf=aligned(2 * len(layout.leaf_out)), rest=aligned(2 * clocks * (GRID + 2)), top=np.zeros(2 * clocks, np.int64), part=aligned(levels),
        answer=aligned(length),
    )  # fmt: skip


@inner
def exceed(bench, gap, odds, rows, levels, loading, spread, shift, out):
    """g of every cut of some rows at all values of the factor; `shift` is what a signal adds to their gaps."""
    cuts = levels - 1
    if loading * loading <= STEEP:
        one = splat(1.0)
        ease = multiply(splat(np.exp(shift / spread)), load(bench.ease, 0))
        for row in range(rows):
            for cut in range(cuts):
                store(out, row * (levels + 1) + cut + 1, divide(one, muladd(splat(odds[row * cuts + cut]), ease, one)))
        return
    for row in range(rows):
        for cut in range(cuts):
            first = (row * (levels + 1) + cut + 1) * LANES
            for lane in range(LANES):
                x = gap[row * cuts + cut] + shift - SCALE * loading * bench.z[lane]
                if spread > 0.0:
                    out[first + lane] = 1.0 / (1.0 + np.exp(x / spread))
                else:
                    out[first + lane] = 1.0 if x < 0.0 else 0.0


@inner
def is_open(layout, need, kind, clock, most):
    """Whether some leaf of a class needs to know how much those who decide last bring, of which `most` is the most."""
    for leaf in range(layout.class_start[kind], layout.class_start[kind + 1]):
        for route in range(2):
            missing = need[route, clock] - layout.base[clock] - layout.leaf_units[leaf, clock]
            if 0 < missing <= most:
                return True
    return False


@inner
def convolve(bench, layout, need, kind, blocking, distribution):
    """Capability of those who decide last, all (0) or where none blocks (1), by clock, summed from above."""
    levels, clocks = layout.sizes[1], layout.sizes[2]
    least = layout.sizes[3] if blocking == 1 else 0
    followers = layout.follower.shape[0]
    for clock in range(clocks):
        most = 0
        for place in range(followers):
            most += layout.part_units[layout.part_start[place * clocks + clock + 1] - 1]
        whole = distribution or is_open(layout, need, kind, clock, most)
        first = (blocking * clocks + clock) * (GRID + 2)
        store(bench.rest, first, splat(1.0))
        mass, top = splat(1.0), 0
        for place in range(followers):
            start, end = layout.part_start[place * clocks + clock], layout.part_start[place * clocks + clock + 1]
            row = place * (levels + 1)
            if end - start == 1 or not whole:
                if blocking == 1:
                    mass = multiply(mass, load(bench.last, row + least))
                continue
            for k in range(start, end):
                low = max(layout.part_level[k], least)
                high = max(layout.part_level[k + 1] if k + 1 < end else levels, least)
                store(bench.part, k - start, subtract(load(bench.last, row + low), load(bench.last, row + high)))
            grown = top + layout.part_units[end - 1]
            for unit in range(top + 1, grown + 1):
                store(bench.rest, first + unit, splat(0.0))
            # The least level delivers nothing. From above down, nothing that is still to be read has been written to.
            nothing = load(bench.part, 0)
            if end - start == 2:
                part, units = load(bench.part, 1), layout.part_units[start + 1]
                for unit in range(first + top, first - 1, -1):
                    here = load(bench.rest, unit)
                    store(bench.rest, unit + units, muladd(part, here, load(bench.rest, unit + units)))
                    store(bench.rest, unit, multiply(nothing, here))
            else:
                for unit in range(first + top, first - 1, -1):
                    here = load(bench.rest, unit)
                    for k in range(start + 1, end):
                        there = unit + layout.part_units[k]
                        store(bench.rest, there, muladd(load(bench.part, k - start), here, load(bench.rest, there)))
                    store(bench.rest, unit, multiply(nothing, here))
            top = grown
        above = splat(0.0)
        store(bench.rest, first + top + 1, above)
        for unit in range(first + top, first - 1, -1):
            above = add(above, multiply(mass, load(bench.rest, unit)))
            store(bench.rest, unit, above)
        bench.top[blocking * clocks + clock] = top


@inner
def bring(bench, layout, blocking, clock, missing):
    """Place in `rest` of the chance that those who decide last bring what is missing."""
    table = blocking * layout.sizes[2] + clock
    return table * (GRID + 2) + min(max(missing, 0), bench.top[table] + 1)


@inner
def increase(out, at, value):
    """out[at] += value."""
    store(out, at, add(load(out, at), value))


@inner
def set_leaves(bench, layout):
    """Probability of each leaf, and of it without a block; levels of those who decide early."""
    allies, levels, clocks, least = layout.sizes[0], layout.sizes[1], layout.sizes[2], layout.sizes[3]
    first_level = ENOUGH + 4 * clocks
    for leaf in range(layout.leaf_out.shape[0]):
        whole, clear = splat(1.0), splat(1.0)
        for j in range(layout.leaf_slot.shape[1]):
            row = layout.leaf_slot[leaf, j] * (levels + 1)
            low, high = layout.leaf_low[leaf, j], layout.leaf_high[leaf, j]
            whole = multiply(whole, subtract(load(bench.own, row + low), load(bench.own, row + high)))
            clear = multiply(clear, subtract(load(bench.own, row + max(low, least)), load(bench.own, row + max(high, least))))
        store(bench.leaf, 2 * leaf, whole)
        store(bench.leaf, 2 * leaf + 1, clear)
        out = layout.leaf_out[leaf]
        increase(bench.answer, CHANCE + out, whole)
        for j in range(layout.leaf_slot.shape[1]):
            others = splat(1.0)
            for other in range(layout.leaf_slot.shape[1]):
                if other != j:
                    row = layout.leaf_slot[leaf, other] * (levels + 1)
                    others = multiply(
                        others, subtract(load(bench.own, row + layout.leaf_low[leaf, other]), load(bench.own, row + layout.leaf_high[leaf, other]))
                    )
            row = layout.leaf_slot[leaf, j] * (levels + 1)
            low, high = layout.leaf_low[leaf, j], layout.leaf_high[leaf, j]
            at = first_level + (out * allies + layout.slot_ally[layout.leaf_slot[leaf, j]]) * levels
            for level in range(1, high):
                increase(bench.answer, at + level, multiply(others, subtract(load(bench.own, row + max(level, low)), load(bench.own, row + high))))


@inner
def answer(bench, layout, need, loading, spread, follow, distribution):
    """Everything that is asked for, given each of the sixteen values of the factor in `bench.z`.

    need[route, clock]: units that are enough by consensus (0) and without it (1).
    """
    allies, levels, clocks = layout.sizes[0], layout.sizes[1], layout.sizes[2]
    for k in range(bench.answer.shape[0] // LANES):
        store(bench.answer, k, splat(0.0))
    if loading * loading <= STEEP:
        for lane in range(LANES):
            bench.ease[lane] = np.exp(-SCALE * loading * bench.z[lane] / spread)
    exceed(bench, bench.gap, bench.odds, layout.slot_ally.shape[0], levels, loading, spread, 0.0, bench.own)
    set_leaves(bench, layout)
    for kind in range(layout.class_signal.shape[0]):
        shift = -follow * layout.class_signal[kind]
        exceed(bench, bench.last_gap, bench.last_odds, layout.follower.shape[0], levels, loading, spread, shift, bench.last)
        convolve(bench, layout, need, kind, 0, distribution)
        convolve(bench, layout, need, kind, 1, distribution)
        with_it, without_it = splat(0.0), splat(0.0)
        for leaf in range(layout.class_start[kind], layout.class_start[kind + 1]):
            if layout.leaf_out[leaf] == 0:
                with_it = add(with_it, load(bench.leaf, 2 * leaf))
            else:
                without_it = add(without_it, load(bench.leaf, 2 * leaf))
        for place in range(layout.follower.shape[0]):
            at = ENOUGH + 4 * clocks + layout.follower[place] * levels
            for level in range(1, levels):
                ready = load(bench.last, place * (levels + 1) + level)
                store(bench.answer, at + level, muladd(with_it, ready, load(bench.answer, at + level)))
                store(bench.answer, at + allies * levels + level, muladd(without_it, ready, load(bench.answer, at + allies * levels + level)))
        for leaf in range(layout.class_start[kind], layout.class_start[kind + 1]):
            out = layout.leaf_out[leaf]
            whole, clear = load(bench.leaf, 2 * leaf), load(bench.leaf, 2 * leaf + 1)
            increase(bench.answer, CONSENSUS + out, multiply(clear, load(bench.rest, bring(bench, layout, 1, 0, 0))))
            for clock in range(clocks):
                brought = layout.base[clock] + layout.leaf_units[leaf, clock]
                agreed = multiply(clear, load(bench.rest, bring(bench, layout, 1, clock, need[0, clock] - brought)))
                without = multiply(whole, load(bench.rest, bring(bench, layout, 0, clock, need[1, clock] - brought)))
                besides = multiply(clear, load(bench.rest, bring(bench, layout, 1, clock, need[1, clock] - brought)))
                at = ENOUGH + out * clocks + clock
                increase(bench.answer, at, agreed)
                increase(bench.answer, at + 2 * clocks, subtract(without, besides))
                if distribution:
                    first = ENOUGH + 4 * clocks + 2 * allies * levels + clock * (GRID + 1) + brought
                    for unit in range(bench.top[clock] + 1):
                        here = clock * (GRID + 2) + unit
                        increase(bench.answer, first + unit, multiply(whole, subtract(load(bench.rest, here), load(bench.rest, here + 1))))
