"""Kernel: derivatives of one sweep of the ladder's equilibrium map along every unknown and along the ray of precisions (forward mode).

A game depends on some of the unknowns only, and on t; sixteen of these directions are taken at a time (`detente.games._directions`).
"""

from typing import Any, NamedTuple

import numpy as np

from detente.games._directions import forward_directions, relative, settle_directions
from detente.games._lanes import LANES, aligned, load, muladd, splat, store
from detente.games.kernels import inner
from detente.ladder.layout import Layout


class TangentWork(NamedTuple):
    """Work space for the Jacobian; those whose slopes are told are flat, with sixteen directions each."""

    d_precision: Any  # actor
    d_logp: Any  # edge
    d_value: Any  # node x actor
    d_quality: Any  # action
    d_weight: Any  # member
    d_reach: Any  # node
    total: Any  # one
    direction: Any  # unknown, then t: its place among the directions of the game at hand
    column: Any  # its inverse
    believed: Any  # outcome: whether a later posterior is made of it
    d_arrival: Any  # outcome x unknown + 1, of those: 0 along what its game does not depend on
    right: Any  # rung x actor x unknown + 1


def make_tangent_work(plan: Layout, n_rungs: int, n_actors: int, n_unknown: int) -> TangentWork:
    """Work space of one thread."""
    n_actions, n_nodes, n_outcomes = len(plan.weight_slot), len(plan.forest.node_parent), len(plan.outcome_target)
    n_edges = n_actions + len(plan.chance_slot)
    return TangentWork(
        aligned(n_actors), aligned(n_edges), aligned(n_nodes * n_actors), aligned(n_actions), aligned(len(plan.forest.member_node)), aligned(n_nodes),
        aligned(1), *np.zeros((2, n_unknown + 1), np.int64), np.isin(np.arange(n_outcomes), plan.posterior_outcome),
        np.zeros((n_outcomes, n_unknown + 1)), np.zeros((n_rungs, n_actors, n_unknown + 1)),
    )  # fmt: skip


@inner
def direct(plan, game, n_unknown, tangent):
    """Give the unknowns that a game depends on, then t, a direction each. Returns how many they are."""
    first, count = plan.column_start[game], plan.column_start[game + 1] - plan.column_start[game]
    for d in range(count + 1):
        column = plan.column[first + d] if d < count else n_unknown
        tangent.column[d] = column
        tangent.direction[column] = d
    return count + 1


@inner
def unit(slopes, k, column, first, count, tangent):
    """slopes[k]: 1 along `column`, if that is one of the directions first:first+16 of the game, and 0 along the others."""
    store(slopes, k, splat(0.0))
    d = tangent.direction[column]
    if first <= d and d < min(first + LANES, count) and tangent.column[d] == column:
        slopes[k * LANES + d - first] = 1.0


@inner
def seed(plan, game, first, count, full_precision, tangent):
    """Slopes of what a game is played with: payoffs move with the values where they lead, free behaviour with its log-ratios, precisions with t."""
    n_actors, n_unknown, forest = full_precision.shape[0], tangent.column.shape[0] - 1, plan.forest
    for i in range(n_actors):
        unit(tangent.d_precision, i, n_unknown, first, count, tangent)
        for d in range(LANES):
            tangent.d_precision[i * LANES + d] *= full_precision[i]
    for k in range(forest.terminal_start[game], forest.terminal_start[game + 1]):
        node = forest.terminal_node[k]
        for w in range(forest.wanted_start[node], forest.wanted_start[node + 1]):
            i = forest.wanted[w]
            unit(tangent.d_value, node * n_actors + i, plan.outcome_target[forest.node_outcome[node]] * n_actors + i, first, count, tangent)


@inner
def seed_free(plan, game, first, count, n_values, work, tangent):
    """Slopes of free behaviour along its own log-ratios."""
    forest = plan.forest
    for infoset in range(forest.infoset_start[game], forest.infoset_start[game + 1]):
        unknown = forest.unknown_start[infoset]
        if unknown >= 0:
            action, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
            store(tangent.d_logp, action, splat(0.0))
            for a in range(1, size):
                unit(tangent.d_logp, action + a, n_values + unknown + a - 1, first, count, tangent)
            relative(work.p, action, size, tangent.d_logp)


@inner
def seed_moods(plan, game, first, count, work, tangent):
    """Slopes of the chances of moods: those of the opener's posterior where the rung is tagged with an episode, else 0."""
    n_actions, last = plan.weight_slot.shape[0], min(first + LANES, count)
    for group in range(plan.mood_start[game], plan.mood_start[game + 1]):
        begin, size = plan.mood_chance[group], plan.mood_size[group]
        total = 0.0
        for c in range(begin, begin + size):
            store(tangent.d_logp, n_actions + c, splat(0.0))
            share = 0.0
            if plan.mood_source[group] >= 0:
                for j in range(plan.posterior_start[c], plan.posterior_start[c + 1]):
                    share += work.arrival[plan.posterior_outcome[j]]
            total += share
            if share > 0.0:
                for d in range(first, last):
                    slope = 0.0
                    for j in range(plan.posterior_start[c], plan.posterior_start[c + 1]):
                        slope += tangent.d_arrival[plan.posterior_outcome[j], tangent.column[d]]
                    tangent.d_logp[(n_actions + c) * LANES + d - first] = slope / share
        if total > 0.0:
            relative(work.p, n_actions + begin, size, tangent.d_logp)


@inner
def collect(plan, game, first, count, n_values, precision, work, tangent, out):
    """Put the slopes of one game where they belong: arrivals, right sides of the linear system, and rows of its log-ratios."""
    n_actors, forest, last = work.income.shape[1], plan.forest, min(first + LANES, count)
    s = plan.game_rung[game]
    for i in range(n_actors):
        total = splat(0.0)
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            worth = work.lump[o, i] + work.solved[plan.outcome_target[o], i] - work.solved[s, i]
            total = muladd(splat(work.tempo[game] * worth), load(tangent.d_reach, plan.outcome_node[o]), total)
        store(tangent.total, 0, total)
        for d in range(first, last):
            tangent.right[s, i, tangent.column[d]] += tangent.total[d - first]
    for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
        if tangent.believed[o]:
            node = plan.outcome_node[o] * LANES
            for d in range(first, last):
                tangent.d_arrival[o, tangent.column[d]] = tangent.d_reach[node + d - first]
    for infoset in range(forest.infoset_start[game], forest.infoset_start[game + 1]):
        unknown = forest.unknown_start[infoset]
        if unknown >= 0:
            opening, player = forest.infoset_action[infoset], forest.infoset_player[infoset]
            for a in range(opening + 1, opening + forest.infoset_size[infoset]):
                row, gain = out[n_values + unknown + a - opening - 1], work.quality[a] - work.quality[opening]
                for d in range(first, last):
                    k = d - first
                    change = tangent.d_quality[a * LANES + k] - tangent.d_quality[opening * LANES + k]
                    row[tangent.column[d]] = precision[player] * change + tangent.d_precision[player * LANES + k] * gain


@inner
def solve_tangent(n_unknown, work, tangent, out):
    """Derivatives of the values, by the factors that `sweep` left."""
    n_rungs, n_actors = work.income.shape
    for i in range(n_actors):
        matrix = work.matrix[i]
        for s in range(n_rungs - 1, -1, -1):
            for t in range(s + 1, n_rungs):
                ratio = matrix[s, t]
                if ratio != 0.0:
                    for d in range(n_unknown + 1):
                        tangent.right[s, i, d] -= ratio * tangent.right[t, i, d]
        for s in range(n_rungs):
            for t in range(s):
                ratio = matrix[s, t]
                if ratio != 0.0:
                    for d in range(n_unknown + 1):
                        tangent.right[s, i, d] -= ratio * tangent.right[t, i, d]
            for d in range(n_unknown + 1):
                tangent.right[s, i, d] /= matrix[s, s]
                out[s * n_actors + i, d] = tangent.right[s, i, d]


@inner
def jacobian(plan, x, precision, full_precision, work, tangent, out):
    """d F / d (x, t) into out[unknown, unknown + 1], where precision = t * full_precision; call `sweep` at x first."""
    n_rungs, n_actors = work.income.shape
    n_values, n_unknown, forest = n_rungs * n_actors, x.shape[0], plan.forest
    out[:] = 0.0
    tangent.right[:] = 0.0
    for k in range(plan.game_order.shape[0]):
        game = plan.game_order[k]
        count = direct(plan, game, n_unknown, tangent)
        # Behaviour, payoffs, values and reach are shared by no two games, so those that `sweep` left are still there.
        for first in range(0, count, LANES):
            seed(plan, game, first, count, full_precision, tangent)
            seed_free(plan, game, first, count, n_values, work, tangent)
            seed_moods(plan, game, first, count, work, tangent)
            settle_directions(forest, game, precision, work, tangent)
            forward_directions(forest, game, work, tangent)
            collect(plan, game, first, count, n_values, precision, work, tangent, out)
    solve_tangent(n_unknown, work, tangent, out)
