"""Kernels: one pass over a game's tree for sixteen draws at once.

The same as `settle_filled` of `detente.games._walk`, whose docstring has the equations; there for one draw, here for speed. `bench` is any table with
flat arrays of lanes: logp, p[edge], value[node x player], quality, score, log_weight[action], weight[member] and precision[player].
"""

import numpy as np

from detente.games._elementary import NEVER, exponential, logarithm
from detente.games._lanes import add, divide, load, muladd, multiply, peek, splat, store, subtract, where_less
from detente.games.kernels import inner


@inner
def softmax(score, p, logp, first, size):
    """Fill p and logp for the actions first:first+size from their scores (up to a constant)."""
    top = load(score, first)
    for a in range(first + 1, first + size):
        here = load(score, a)
        top = where_less(top, here, here, top)
    total = splat(0.0)
    for a in range(first, first + size):
        share = exponential(subtract(load(score, a), top))
        store(p, a, share)
        total = add(total, share)
    inverse, log_total = divide(splat(1.0), total), add(logarithm(total), top)
    for a in range(first, first + size):
        store(p, a, multiply(load(p, a), inverse))
        store(logp, a, subtract(load(score, a), log_total))


@inner
def believe(forest, infoset, logp, weight):
    """weight[member] at one information set, summing to 1; equal ones where it is never reached."""
    first, last = forest.member_start[infoset], forest.member_start[infoset + 1]
    if last - first == 1:
        store(weight, first, splat(1.0))
        return
    top = splat(-np.inf)
    for m in range(first, last):
        total = splat(0.0)
        for e in range(forest.path_start[m], forest.path_start[m + 1]):
            total = add(total, load(logp, peek(forest.path_edge, e)))
        store(weight, m, total)
        top = where_less(top, total, total, top)
    total = splat(0.0)
    for m in range(first, last):
        share = exponential(subtract(load(weight, m), top))
        share = where_less(top, splat(0.5 * NEVER), splat(1.0), share)
        store(weight, m, share)
        total = add(total, share)
    inverse = divide(splat(1.0), total)
    for m in range(first, last):
        store(weight, m, multiply(load(weight, m), inverse))


@inner
def settle(forest, game, n_actors, bench):
    """Expected payoffs of every node, payoffs of every action, and behaviour where it is not free, in one game."""
    value, quality = bench.value, bench.quality
    for step in range(forest.step_start[game], forest.step_start[game + 1]):
        item = forest.step_item[step]
        if forest.step_kind[step] == 0:
            first_child, last_child = forest.child_start[item], forest.child_start[item + 1]
            for w in range(forest.wanted_start[item], forest.wanted_start[item + 1]):
                i = peek(forest.wanted, w)
                total = splat(0.0)
                for c in range(first_child, last_child):
                    total = muladd(load(bench.p, peek(forest.child_edge, c)), load(value, peek(forest.child_node, c) * n_actors + i), total)
                store(value, item * n_actors + i, total)
        else:
            player, first, size = forest.infoset_player[item], forest.infoset_action[item], forest.infoset_size[item]
            believe(forest, item, bench.logp, bench.weight)
            for a in range(size):
                total = splat(0.0)
                for m in range(forest.member_start[item], forest.member_start[item + 1]):
                    opening = peek(forest.child_start, peek(forest.member_node, m))
                    total = muladd(load(bench.weight, m), load(value, peek(forest.child_node, opening + a) * n_actors + player), total)
                store(quality, first + a, total)
            if forest.infoset_free[item] == 0:
                precision = load(bench.precision, player)
                for a in range(first, first + size):
                    store(bench.score, a, muladd(precision, load(quality, a), load(bench.log_weight, a)))
                softmax(bench.score, bench.p, bench.logp, first, size)
