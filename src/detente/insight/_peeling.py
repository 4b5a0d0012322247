"""Kernels: what could be peeled off a box, or pasted onto it, on each side of each quantity.

A quantity's draws are walked in their order, from the outermost that is still in the box (to peel) or from the limit outward (to paste), until the share of
weight that may go or come is reached; draws with one value go or come together. `signed` holds the weight of a draw, below 0 where it is no hit, and 0
once it has left the box; `misses` counts the sides on which a draw lies outside. A draw that misses one side alone comes in when that side gives way.
"""

from typing import Any

from detente.games.kernels import entry, inner

LOWER, UPPER = 0, 1


@inner
def between(inside: float, outside: float) -> float:
    """A limit that keeps one value and not the other."""
    middle = inside + (outside - inside) / 2
    return inside if middle == outside else middle


@entry
def peels(first: int, last: int, inputs: Any, columns: Any, orders: Any, ends: Any, signed: Any, allowed: float, found: Any) -> None:
    """For columns `first` to `last`: weight and weight of hits that would go on either side, and the limit; weight 0 where nothing can go."""
    for c in range(first, last):
        order, j = orders[c], columns[c]
        for side in range(2):
            step = 1 if side == LOWER else -1
            k = ends[c, side]
            while signed[order[k]] == 0.0:
                k += step
            ends[c, side] = k
            stop = ends[c, 1 - side] + step
            gone, hits, taken = 0.0, 0.0, order[k]
            found[c, side, 0] = 0.0
            while k != stop:
                draw = order[k]
                weight = signed[draw]
                if weight != 0.0:
                    if gone > allowed and inputs[draw, j] != inputs[taken, j]:
                        found[c, side, 0], found[c, side, 1] = gone, hits
                        found[c, side, 2] = between(inputs[draw, j], inputs[taken, j])
                        break
                    taken = draw
                    gone += abs(weight)
                    hits += max(weight, 0.0)
                k += step


@entry
def leave(inputs: Any, j: int, order: Any, start: int, step: int, limit: float, signed: Any) -> int:
    """Take the draws beyond a limit out of the box; how many they are."""
    count, k = 0, start
    while (inputs[order[k], j] - limit) * step < 0.0:
        if signed[order[k]] != 0.0:
            signed[order[k]] = 0.0
            count += 1
        k += step
    return count


@entry
def compact(first: int, last: int, orders: Any, ends: Any, signed: Any) -> None:
    """Forget the draws that have left."""
    for c in range(first, last):
        order = orders[c]
        kept = 0
        for k in range(ends[c, LOWER], ends[c, UPPER] + 1):
            if signed[order[k]] != 0.0:
                order[kept] = order[k]
                kept += 1
        ends[c, LOWER], ends[c, UPPER] = 0, kept - 1


@entry
def count_misses(first: int, last: int, inputs: Any, columns: Any, lower: Any, upper: Any, misses: Any) -> None:
    """On how many sides draws `first` to `last` lie outside a box."""
    for draw in range(first, last):
        count = 0
        for j in columns:
            count += (inputs[draw, j] < lower[j]) + (inputs[draw, j] > upper[j])
        misses[draw] = count


@entry
def paste(inputs: Any, j: int, order: Any, side: int, limit: float, misses: Any, signed: Any, allowed: float, found: Any) -> None:
    """Weight and weight of hits that would come in on one side, and the new limit, infinite if all come; weight 0 where none is there."""
    n = len(order)
    step = -1 if side == LOWER else 1
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if inputs[order[middle], j] < limit:
            low = middle + 1
        else:
            high = middle
    k = low - 1 if side == LOWER else low
    while 0 <= k < n and (inputs[order[k], j] - limit) * step <= 0.0:
        k += step
    come, hits, taken = 0.0, 0.0, 0
    while 0 <= k < n:
        draw = order[k]
        if misses[draw] == 1:
            if come > allowed and inputs[draw, j] != inputs[taken, j]:
                found[0], found[1], found[2] = come, hits, between(inputs[taken, j], inputs[draw, j])
                return
            taken = draw
            come += abs(signed[draw])
            hits += max(signed[draw], 0.0)
        k += step
    found[0], found[1], found[2] = come, hits, step * float("inf")


@entry
def enter(first: int, last: int, inputs: Any, j: int, side: int, old: float, new: float, misses: Any) -> None:
    """Draws between an old limit and a new one no longer lie outside on that side."""
    for draw in range(first, last):
        value = inputs[draw, j]
        if side == LOWER:
            misses[draw] -= new <= value < old
        else:
            misses[draw] -= old < value <= new
