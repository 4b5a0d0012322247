"""Kernel: derivatives of one sweep of the ladder's equilibrium map along every unknown and along the ray of precisions (forward mode)."""

from typing import NamedTuple

import numpy as np

from detente.games._walk import forward, forward_tangent, settle_tangent, softmax_tangent
from detente.games.kernels import inner
from detente.ladder._sweep import most_members
from detente.ladder.layout import Layout


class TangentWork(NamedTuple):
    """Work space for the Jacobian."""

    d_payoff: np.ndarray  # outcome x actor x direction
    d_precision: np.ndarray  # actor x direction
    d_logp: np.ndarray  # edge x direction
    d_value: np.ndarray
    d_quality: np.ndarray
    d_score: np.ndarray
    d_weight: np.ndarray
    d_reach: np.ndarray
    d_arrival: np.ndarray  # outcome x unknown + 1
    right: np.ndarray  # rung x actor x unknown + 1


def make_tangent_work(plan: Layout, n_rungs: int, n_actors: int, n_unknown: int) -> TangentWork:
    """Work space of one thread."""
    n_actions, n_nodes, n_outcomes = len(plan.weight_slot), len(plan.forest.node_parent), len(plan.outcome_target)
    n_edges = n_actions + len(plan.chance_slot)
    width = int(np.diff(plan.column_start).max(initial=0)) + 1
    return TangentWork(
        np.zeros((n_outcomes, n_actors, width)), np.zeros((n_actors, width)), np.zeros((n_edges, width)), np.zeros((n_nodes, n_actors, width)),
        np.zeros((n_actions, width)), np.zeros((n_actions, width)), np.zeros((most_members(plan), width)), np.zeros((n_nodes, width)),
        np.zeros((n_outcomes, n_unknown + 1)), np.zeros((n_rungs, n_actors, n_unknown + 1)),
    )  # fmt: skip


@inner
def seed(plan, game, full_precision, tangent, n):
    """Derivatives of what a game is played with: payoffs move with the values where they lead, precisions with the last direction, t."""
    n_actors, first_column = full_precision.shape[0], plan.column_start[game]
    for i in range(n_actors):
        for d in range(n):
            tangent.d_precision[i, d] = 0.0
        tangent.d_precision[i, n - 1] = full_precision[i]
    columns = plan.column[first_column : first_column + n - 1]
    for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
        for i in range(n_actors):
            unknown, payoff = plan.outcome_target[o] * n_actors + i, tangent.d_payoff[o, i]
            for d in range(n - 1):
                payoff[d] = 1.0 if columns[d] == unknown else 0.0
            payoff[n - 1] = 0.0


@inner
def free_tangent(plan, game, n_values, work, tangent, n):
    """Derivatives of free behaviour along its own log-ratios."""
    forest, first_column = plan.forest, plan.column_start[game]
    for infoset in range(forest.infoset_start[game], forest.infoset_start[game + 1]):
        unknown = forest.unknown_start[infoset]
        if unknown >= 0:
            first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
            for a in range(size):
                for d in range(n):
                    tangent.d_score[first + a, d] = 0.0
                if a > 0:
                    for d in range(n - 1):
                        if plan.column[first_column + d] == n_values + unknown + a - 1:
                            tangent.d_score[first + a, d] = 1.0
            softmax_tangent(work.p, first, size, tangent.d_score, tangent.d_logp, n)


@inner
def mood_tangent(plan, game, n_unknown, work, tangent, n):
    """Derivatives of the chances of moods: those of the opener's posterior where the rung is tagged with an episode, else 0."""
    n_actions, first_column = plan.weight_slot.shape[0], plan.column_start[game]
    for group in range(plan.mood_start[game], plan.mood_start[game + 1]):
        first, size = plan.mood_chance[group], plan.mood_size[group]
        for c in range(first, first + size):
            for d in range(n):
                tangent.d_logp[n_actions + c, d] = 0.0
        if plan.mood_source[group] < 0:
            continue
        total = 0.0
        for c in range(first, first + size):
            share = 0.0
            for j in range(plan.posterior_start[c], plan.posterior_start[c + 1]):
                share += work.arrival[plan.posterior_outcome[j]]
            total += share
            if share > 0.0:
                for d in range(n):
                    column = plan.column[first_column + d] if d < n - 1 else n_unknown
                    slope = 0.0
                    for j in range(plan.posterior_start[c], plan.posterior_start[c + 1]):
                        slope += tangent.d_arrival[plan.posterior_outcome[j], column]
                    tangent.d_logp[n_actions + c, d] = slope / share
        if total > 0.0:
            softmax_tangent(work.p, n_actions + first, size, tangent.d_logp, tangent.d_logp, n)


@inner
def collect(plan, game, n_values, n_unknown, precision, work, tangent, n, out):
    """Put the derivatives of one game where they belong: arrivals, right sides of the linear system, and rows of its log-ratios."""
    n_actors, forest, first_column = work.income.shape[1], plan.forest, plan.column_start[game]
    s, tempo = plan.game_rung[game], work.tempo[game]
    columns = plan.column[first_column : first_column + n - 1]
    for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
        slope, arrival, t = tangent.d_reach[plan.outcome_node[o]], tangent.d_arrival[o], plan.outcome_target[o]
        for d in range(n - 1):
            arrival[columns[d]] = slope[d]
        arrival[n_unknown] = slope[n - 1]
        for i in range(n_actors):
            worth, right = work.lump[o, i] + work.solved[t, i] - work.solved[s, i], tangent.right[s, i]
            for d in range(n - 1):
                right[columns[d]] += tempo * slope[d] * worth
            right[n_unknown] += tempo * slope[n - 1] * worth
    for infoset in range(forest.infoset_start[game], forest.infoset_start[game + 1]):
        unknown = forest.unknown_start[infoset]
        if unknown >= 0:
            first, player = forest.infoset_action[infoset], forest.infoset_player[infoset]
            for a in range(1, forest.infoset_size[infoset]):
                row, gain = out[n_values + unknown + a - 1], work.quality[first + a] - work.quality[first]
                for d in range(n):
                    column = columns[d] if d < n - 1 else n_unknown
                    change = tangent.d_quality[first + a, d] - tangent.d_quality[first, d]
                    row[column] = precision[player] * change + tangent.d_precision[player, d] * gain


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
    tangent.d_arrival[:] = 0.0
    for k in range(plan.game_order.shape[0]):
        game = plan.game_order[k]
        # The unknowns that the game depends on, then t.
        n = plan.column_start[game + 1] - plan.column_start[game] + 1
        # Behaviour, payoffs, values and reach are shared by no two games, so those that `sweep` left are still there.
        seed(plan, game, full_precision, tangent, n)
        free_tangent(plan, game, n_values, work, tangent, n)
        mood_tangent(plan, game, n_unknown, work, tangent, n)
        settle_tangent(
            forest, game, precision, tangent.d_precision, work.logp, work.p, work.value, work.quality, tangent.d_payoff, n,
            tangent.d_logp, tangent.d_value, tangent.d_quality, tangent.d_score, work.weight, tangent.d_weight,
        )  # fmt: skip
        forward(forest, game, work.p, work.reach)
        forward_tangent(forest, game, work.p, work.reach, tangent.d_logp, tangent.d_reach, n)
        collect(plan, game, n_values, n_unknown, precision, work, tangent, n, out)
    solve_tangent(n_unknown, work, tangent, out)
