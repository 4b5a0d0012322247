"""Kernel: histories of a chain with rates that are constant in each stretch of time.

A history steps where the integral of the rate out of its rung reaches an exponential number E = -log(1 - u); what of E is left at the end of a stretch is
carried into the next. So a history does not depend on how time is cut where rates do not change. Uniform number 0 of a history's stream chooses where it
starts, numbers 2k + 1 and 2k + 2 when and where step k leads.
"""

import numpy as np

from detente.games.kernels import entry, inlined
from detente.ladder._philox import ONE, ZERO, uniform


@inlined
def choose(weight, first, last, share):
    """The place at which the sum of weight[first:last], all but some positive, passes `share` of the whole."""
    total = 0.0
    for place in range(first, last):
        total += weight[place]
    passed, chosen = 0.0, first
    for place in range(first, last):
        if weight[place] > 0.0:
            chosen = place
            passed += weight[place]
            if passed > share * total:
                break
    return chosen


@entry
def walk(first, last, seed, number, years, rates, arc_start, arc_target, start, keep, began, steps, offset, time, arc, held):
    """Histories `first` to `last`, whose streams have the keys (seed, number + history).

    years[stretch]; rates[stretch, arc], the arcs of a rung standing together in arc_start[rung]:arc_start[rung + 1]; start[rung]. Fills began[history] and
    steps[history], and if `keep` is 1 also time and arc from offset[history] on. held[4] is work space.
    """
    for history in range(first, last):
        key = number + np.uint64(history)
        place = ZERO
        rung = choose(start, 0, start.shape[0], uniform(place, seed, key, held))
        began[history] = rung
        count = 0
        passed = 0.0
        place += ONE
        left = -np.log1p(-uniform(place, seed, key, held))
        for stretch in range(years.shape[0]):
            now = 0.0
            while True:
                leaving = 0.0
                for a in range(arc_start[rung], arc_start[rung + 1]):
                    leaving += rates[stretch, a]
                if leaving * (years[stretch] - now) <= left:
                    left -= leaving * (years[stretch] - now)
                    break
                now += left / leaving
                place += ONE
                taken = choose(rates[stretch], arc_start[rung], arc_start[rung + 1], uniform(place, seed, key, held))
                if keep == 1:
                    time[offset[history] + count] = passed + now
                    arc[offset[history] + count] = taken
                count += 1
                rung = arc_target[taken]
                place += ONE
                left = -np.log1p(-uniform(place, seed, key, held))
            passed += years[stretch]
        steps[history] = count
