"""Kernel: who sends what, given the common factor, at sixteen values of the factor side by side.

Given the factor z, allies choose independently of each other (`_odds`). Combinations of the choices of those who decide early (leaves) are gone through one
by one. The capability of those who decide last is convolved and summed from above, so that a leaf only looks up how likely they bring what it leaves missing.
They choose by k a z + follow m alone: what is convolved at some values of the factor for one signal serves another at values that are shifted.
"""

from typing import Any, NamedTuple

import numpy as np

from detente.alliance._grid import GRID
from detente.alliance._odds import SCALE, STEEP, ease_of, exceed, exceed_steeply, power
from detente.alliance.layout import Layout
from detente.games._lanes import LANES, add, aligned, divide, load, muladd, multiply, splat, store, subtract
from detente.games.kernels import inlined, inner

LEAST = 1e-300

# An answer lists, `out` being 1 where the leader sends no forces: probability [out], consensus [out], enough by consensus [out, clock], enough without
# it [out, clock], each level [out, ally, level], the first of which is left at 0, and on request the distribution of committed capability [clock, unit].
CHANCE, CONSENSUS, ENOUGH = 0, 2, 4


class Bench(NamedTuple):
    """Work space of one thread; flat arrays of lanes unless said."""

    z: Any  # 1: values of the factor
    gap: Any  # slot x cut, plain: c - eta - follow m
    odds: Any  # the same: exp(gap / s)
    last_gap: Any  # follower x cut, plain: c - eta
    last_odds: Any
    own: Any  # slot x (level + 1): g, from 1 at the least level to 0 above the last
    last: Any  # follower x (level + 1)
    choice: Any  # choice x (its probability, of those of its levels that do not block)
    seen: Any  # choice: its probability, weighted, where the leader does as is looked at
    leaf: Any  # leaf x (its probability, of it where none blocks), weighted
    came: Any  # out: weighted probability
    rest: Any  # (all, none blocks) x clock x unit: capability of those who decide last, summed from above
    top: Any  # (all, none blocks) x clock, plain: last unit that may not be 0
    part: Any  # part of a convolution
    answer: Any


def make_bench(layout: Layout, length: int) -> Bench:
    """Work space for an alliance whose answers have this length."""
    _, levels, clocks, _ = (int(one) for one in layout.sizes)
    slots, followers = len(layout.slot_ally), len(layout.follower)
    choices, leaves = int(np.diff(layout.class_choice).max()), int(np.diff(layout.class_start).max())
    gap, odds, last_gap, last_odds = (aligned(-(-rows * (levels - 1) // LANES)) for rows in (slots, slots, followers, followers))
    own, last = aligned(slots * (levels + 1)), aligned(followers * (levels + 1))
    for table in (own, last):
        table.reshape(-1, levels + 1, LANES)[:, 0] = 1.0
    return Bench(
        z=aligned(1), gap=gap, odds=odds, last_gap=last_gap, last_odds=last_odds, own=own, last=last, choice=aligned(2 * choices),
        seen=aligned(choices), leaf=aligned(2 * leaves), came=aligned(2), rest=aligned(2 * clocks * (GRID + 2)), top=np.zeros(2 * clocks, np.int64),
        part=aligned(levels), answer=aligned(length),
    )  # fmt: skip


@inner
def is_open(layout, need, clock, most):
    """Whether some leaf needs to know how much those who decide last bring, of which `most` is the most."""
    for leaf in range(layout.leaf_units.shape[0]):
        for route in range(2):
            missing = need[route, clock] - layout.base[clock] - layout.leaf_units[leaf, clock]
            if 0 < missing <= most:
                return True
    return False


@inner
def convolve(bench, layout, clock, blocking, whole):
    """Capability of those who decide last, all (0) or where none blocks (1), summed from above; if not `whole` the chance of any alone."""
    levels, clocks = layout.sizes[1], layout.sizes[2]
    least_level = layout.sizes[3] if blocking == 1 else 0
    first = (blocking * clocks + clock) * (GRID + 2)
    store(bench.rest, first, splat(1.0))
    mass, top = splat(1.0), 0
    for place in range(layout.follower.shape[0]):
        start, end = layout.part_start[place * clocks + clock], layout.part_start[place * clocks + clock + 1]
        row = place * (levels + 1)
        if end - start == 1 or not whole:
            if blocking == 1:
                mass = multiply(mass, load(bench.last, row + least_level))
            continue
        for k in range(start, end):
            low = max(layout.part_level[k], least_level)
            high = max(layout.part_level[k + 1] if k + 1 < end else levels, least_level)
            store(bench.part, k - start, subtract(load(bench.last, row + low), load(bench.last, row + high)))
        grown = top + layout.part_units[end - 1]
        for unit in range(top + 1, grown + 1):
            store(bench.rest, first + unit, splat(0.0))
        # The least level delivers nothing. From above down, nothing that is still to be read has been written to.
        nothing = load(bench.part, 0)
        if end - start == 2:
            part, units = load(bench.part, 1), layout.part_units[start + 1]
            for unit in range(first + grown, first + units - 1, -1):
                store(bench.rest, unit, muladd(part, load(bench.rest, unit - units), multiply(nothing, load(bench.rest, unit))))
            for unit in range(first, first + units):
                store(bench.rest, unit, multiply(nothing, load(bench.rest, unit)))
        else:
            for unit in range(grown, -1, -1):
                here = multiply(nothing, load(bench.rest, first + unit))
                for k in range(start + 1, end):
                    if layout.part_units[k] <= unit:
                        here = muladd(load(bench.part, k - start), load(bench.rest, first + unit - layout.part_units[k]), here)
                store(bench.rest, first + unit, here)
        top = grown
    above = splat(0.0)
    store(bench.rest, first + top + 1, above)
    for unit in range(first + top, first - 1, -1):
        above = muladd(mass, load(bench.rest, unit), above)
        store(bench.rest, unit, above)
    bench.top[blocking * clocks + clock] = top


@inlined
def set_last(bench, layout, need, loading, spread, shift, distribution):
    """What those who decide last choose and bring, given each of the values of the factor in `bench.z`, where what they saw adds `shift`."""
    levels, clocks = layout.sizes[1], layout.sizes[2]
    followers = layout.follower.shape[0]
    ease = ease_of(bench.z, loading, spread, shift)
    for row in range(followers):
        if loading * loading <= STEEP:
            exceed(bench.last_odds, row, levels, ease, bench.last)
        else:
            exceed_steeply(bench.z, bench.last_gap, row, levels, loading, spread, shift, bench.last)
    for clock in range(clocks):
        most = 0
        for place in range(followers):
            most += layout.part_units[layout.part_start[place * clocks + clock + 1] - 1]
        whole = distribution or is_open(layout, need, clock, most)
        convolve(bench, layout, clock, 0, whole)
        convolve(bench, layout, clock, 1, whole)
    for out in range(2):
        store(bench.came, out, splat(0.0))


@inner
def bring(bench, layout, blocking, clock, missing):
    """Place in `rest` of the chance that those who decide last bring what is missing."""
    table = blocking * layout.sizes[2] + clock
    return table * (GRID + 2) + min(max(missing, 0), bench.top[table] + 1)


@inner
def increase(out, at, value):
    """out[at] += value."""
    store(out, at, add(load(out, at), value))


@inlined
def set_choices(bench, layout, kind, loading, spread):
    """Probability of each choice of those who decide early that leads to a signal."""
    levels, least_level = layout.sizes[1], layout.sizes[3]
    ease = ease_of(bench.z, loading, spread, 0.0)
    for k in range(layout.class_slot_start[kind], layout.class_slot_start[kind + 1]):
        if loading * loading <= STEEP:
            exceed(bench.odds, layout.class_slot[k], levels, ease, bench.own)
        else:
            exceed_steeply(bench.z, bench.gap, layout.class_slot[k], levels, loading, spread, 0.0, bench.own)
    start = layout.class_choice[kind]
    for k in range(layout.class_choice[kind + 1] - start):
        row, low, high = layout.choice_slot[start + k] * (levels + 1), layout.choice_low[start + k], layout.choice_high[start + k]
        store(bench.choice, 2 * k, subtract(load(bench.own, row + low), load(bench.own, row + high)))
        low, high = max(low, least_level), max(high, least_level)
        store(bench.choice, 2 * k + 1, subtract(load(bench.own, row + low), load(bench.own, row + high)))


@inlined
def weigh_class(bench, layout, need, kind, weight, loading, spread, distribution):
    """Add what is asked for where those who decide last see a signal, given each of the values of the factor in `bench.z`, times a weight.

    need[route, clock]: units that are enough by consensus (0) and without it (1).
    """
    allies, levels, clocks = layout.sizes[0], layout.sizes[1], layout.sizes[2]
    first_level, early = ENOUGH + 4 * clocks, layout.leaf_choice.shape[1]
    set_choices(bench, layout, kind, loading, spread)
    start = layout.class_choice[kind]
    choices = layout.class_choice[kind + 1] - start
    for out in range(2):
        first, last = layout.class_start[2 * kind + out], layout.class_start[2 * kind + out + 1]
        if first == last:
            continue
        for k in range(choices):
            store(bench.seen, k, splat(0.0))
        came, agreeing = splat(0.0), splat(0.0)
        for leaf in range(first, last):
            whole, clear = weight, weight
            for j in range(early):
                choice = layout.leaf_choice[leaf, j]
                whole = multiply(whole, load(bench.choice, 2 * choice))
                clear = multiply(clear, load(bench.choice, 2 * choice + 1))
            for j in range(early):
                increase(bench.seen, layout.leaf_choice[leaf, j], whole)
            store(bench.leaf, 2 * (leaf - first), whole)
            store(bench.leaf, 2 * (leaf - first) + 1, clear)
            came, agreeing = add(came, whole), add(agreeing, clear)
        increase(bench.came, out, came)
        increase(bench.answer, CHANCE + out, came)
        increase(bench.answer, CONSENSUS + out, multiply(agreeing, load(bench.rest, bring(bench, layout, 1, 0, 0))))
        for clock in range(clocks):
            agreed, without = splat(0.0), splat(0.0)
            for leaf in range(first, last):
                brought = layout.base[clock] + layout.leaf_units[leaf, clock]
                whole, clear = load(bench.leaf, 2 * (leaf - first)), load(bench.leaf, 2 * (leaf - first) + 1)
                agreed = muladd(clear, load(bench.rest, bring(bench, layout, 1, clock, need[0, clock] - brought)), agreed)
                besides = multiply(clear, load(bench.rest, bring(bench, layout, 1, clock, need[1, clock] - brought)))
                without = add(without, subtract(multiply(whole, load(bench.rest, bring(bench, layout, 0, clock, need[1, clock] - brought))), besides))
                if distribution:
                    place = first_level + 2 * allies * levels + clock * (GRID + 1) + brought
                    for unit in range(bench.top[clock] + 1):
                        here = clock * (GRID + 2) + unit
                        increase(bench.answer, place + unit, multiply(whole, subtract(load(bench.rest, here), load(bench.rest, here + 1))))
            increase(bench.answer, ENOUGH + out * clocks + clock, agreed)
            increase(bench.answer, ENOUGH + (2 + out) * clocks + clock, without)
        for k in range(choices):
            slot, low, high = layout.choice_slot[start + k], layout.choice_low[start + k], layout.choice_high[start + k]
            at = first_level + (out * allies + layout.slot_ally[slot]) * levels
            if high == low + 1:
                increase(bench.answer, at + low, load(bench.seen, k))
                continue
            # What is chosen for several levels is divided among them. Where it has no probability there is nothing to divide.
            share = divide(load(bench.seen, k), add(load(bench.choice, 2 * k), splat(LEAST)))
            for level in range(max(low, 1), high):
                row = slot * (levels + 1) + level
                increase(bench.answer, at + level, multiply(share, subtract(load(bench.own, row), load(bench.own, row + 1))))


@inlined
def weigh_last(bench, layout):
    """Add what those who decide last choose."""
    allies, levels, clocks = layout.sizes[0], layout.sizes[1], layout.sizes[2]
    for place in range(layout.follower.shape[0]):
        for level in range(1, levels):
            row = place * (levels + 1) + level
            chosen = subtract(load(bench.last, row), load(bench.last, row + 1))
            for out in range(2):
                at = ENOUGH + 4 * clocks + (out * allies + layout.follower[place]) * levels + level
                store(bench.answer, at, muladd(chosen, load(bench.came, out), load(bench.answer, at)))


@inner
def class_at(layout, follow, place):
    """The class that is at a place in the order of how much more ready those who decide last are."""
    return place if follow >= 0.0 else layout.class_signal.shape[0] - 1 - place


@inner
def away(layout, follow, loading, first, place):
    """By how much less of the factor makes those who decide last as ready, in the class at a place, as in the first."""
    here, there = layout.class_signal[class_at(layout, follow, place)], layout.class_signal[class_at(layout, follow, first)]
    return follow * (here - there) / (SCALE * loading) if here != there else 0.0


@inner
def weigh(bench, layout, need, first, last, weight, normal, reach, loading, spread, follow, distribution):
    """Add everything that is asked for where the class is one from place `first` to `last`, at sixteen values of the factor, times their weight.

    The values are those in `bench.z` for the first class, and as much less as makes those who decide last choose alike for the others.
    """
    place = load(bench.z, 0)
    low, high = bench.z[0], bench.z[LANES - 1]
    set_last(bench, layout, need, loading, spread, follow * layout.class_signal[class_at(layout, follow, first)], distribution)
    for k in range(first, last):
        shift = away(layout, follow, loading, first, k)
        if low - shift > reach or high - shift < -reach:
            continue
        z, chance = subtract(place, splat(shift)), load(weight, 0)
        store(bench.z, 0, z)
        if normal:
            chance = multiply(multiply(chance, splat(1.0 / np.sqrt(2.0 * np.pi))), power(multiply(multiply(z, z), splat(-0.5))))
        weigh_class(bench, layout, need, class_at(layout, follow, k), chance, loading, spread, distribution)
    weigh_last(bench, layout)
