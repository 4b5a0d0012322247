"""Kernels: one sweep of the ladder's equilibrium map.

The unknowns of a draw in a segment are x = (V[rung, actor], log-ratios of free behaviour). A sweep F(x) plays every crisis game against
continuation values V, then solves

    (rho_i + sum_e q_e + sum_g mu_g) V_i(s) = f_i(s) + sum_e q_e (r_{e,i} + V_i(t_e)) + sum_g mu_g sum_z P_g(z) (r_{z,i} + V_i(t_z))

and returns the new values and the log-ratios log(w_a / w_0) + lambda_j (Q_a - Q_0). A fixed point is the logit Markov equilibrium.
"""

from typing import NamedTuple

import numpy as np

from detente.games._walk import forward, log_softmax, settle_filled
from detente.games.kernels import inner
from detente.ladder.layout import Layout


class Work(NamedTuple):
    """Work space of one draw."""

    generator: np.ndarray  # rung x rung, off-diagonal rates
    income: np.ndarray  # rung x actor
    base_generator: np.ndarray
    base_income: np.ndarray
    matrix: np.ndarray  # actor x rung x rung, factors U L
    lump: np.ndarray  # outcome x actor
    arrival: np.ndarray  # outcome
    log_weight: np.ndarray  # action
    logp: np.ndarray  # edge
    p: np.ndarray
    value: np.ndarray  # node x actor
    quality: np.ndarray  # action
    score: np.ndarray
    weight: np.ndarray  # member
    reach: np.ndarray  # node
    tempo: np.ndarray  # game
    discount: np.ndarray  # actor
    solved: np.ndarray  # rung x actor
    precision: np.ndarray  # actor


def make_work(plan: Layout, n_rungs: int, n_actors: int) -> Work:
    """Work space of one thread."""
    n_actions, n_nodes, n_outcomes = len(plan.weight_slot), len(plan.forest.node_parent), len(plan.outcome_target)
    n_edges = n_actions + len(plan.chance_slot)
    return Work(
        np.zeros((n_rungs, n_rungs)), np.zeros((n_rungs, n_actors)), np.zeros((n_rungs, n_rungs)), np.zeros((n_rungs, n_actors)),
        np.zeros((n_actors, n_rungs, n_rungs)), np.zeros((n_outcomes, n_actors)), np.zeros(n_outcomes),
        np.zeros(n_actions), np.zeros(n_edges), np.zeros(n_edges), np.zeros((n_nodes, n_actors)), np.zeros(n_actions), np.zeros(n_actions),
        np.zeros(len(plan.forest.member_node)), np.zeros(n_nodes), np.zeros(len(plan.game_rung)), np.zeros(n_actors), np.zeros((n_rungs, n_actors)),
        np.zeros(n_actors),
    )  # fmt: skip


@inner
def load(plan, values, work):
    """Read what does not change while the equilibrium is sought: chance moves, stakes, lumps, tempos, weights."""
    n_rungs, n_actors = work.income.shape
    for s in range(n_rungs):
        for t in range(n_rungs):
            work.base_generator[s, t] = 0.0
        for i in range(n_actors):
            work.base_income[s, i] = values[plan.flow[s, i]]
    for m in range(plan.move_rate.shape[0]):
        rate = values[plan.move_rate[m]]
        work.base_generator[plan.move_source[m], plan.move_target[m]] += rate
        for i in range(n_actors):
            work.base_income[plan.move_source[m], i] += rate * values[plan.move_payoff[m, i]]
    for i in range(n_actors):
        work.discount[i] = values[plan.discount[i]]
    for o in range(plan.outcome_target.shape[0]):
        for i in range(n_actors):
            work.lump[o, i] = values[plan.outcome_payoff[o, i]]
    for g in range(plan.game_rung.shape[0]):
        work.tempo[g] = values[plan.game_tempo[g]]
    for a in range(plan.weight_slot.shape[0]):
        work.log_weight[a] = np.log(values[plan.weight_slot[a]])


@inner
def set_moods(plan, values, game, work, n_actions):
    """Chance probabilities of the moods in one game: stated priors, or the opener's posterior where the rung is tagged with an episode."""
    for group in range(plan.mood_start[game], plan.mood_start[game + 1]):
        first = plan.mood_chance[group]
        size = plan.mood_size[group]
        total = 0.0
        if plan.mood_source[group] >= 0:
            for c in range(first, first + size):
                share = 0.0
                for k in range(plan.posterior_start[c], plan.posterior_start[c + 1]):
                    share += work.arrival[plan.posterior_outcome[k]]
                work.p[n_actions + c] = share
                total += share
            if total > 0.0:
                for c in range(first, first + size):
                    work.p[n_actions + c] /= total
        if total <= 0.0:
            rest = 1.0
            for c in range(first, first + size):
                if plan.chance_slot[c] >= 0:
                    work.p[n_actions + c] = values[plan.chance_slot[c]]
                    rest -= values[plan.chance_slot[c]]
            for c in range(first, first + size):
                if plan.chance_slot[c] < 0:
                    work.p[n_actions + c] = max(rest, 0.0)
        for c in range(first, first + size):
            work.logp[n_actions + c] = np.log(work.p[n_actions + c])


@inner
def play(plan, values, x, precision, work):
    """Play every game against the values and free behaviour in x: behaviour, qualities, and arrival[outcome] come out in `work`."""
    n_rungs, n_actors = work.income.shape
    n_values = n_rungs * n_actors
    n_actions = plan.weight_slot.shape[0]
    forest = plan.forest
    for k in range(plan.game_order.shape[0]):
        game = plan.game_order[k]
        set_moods(plan, values, game, work, n_actions)
        first_mover, last_mover = forest.mover_start[game], forest.mover_start[game + 1]
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            node, here = plan.outcome_node[o], plan.outcome_target[o] * n_actors
            for m in range(first_mover, last_mover):
                i = forest.mover[m]
                work.value[node, i] = work.lump[o, i] + x[here + i]
        for infoset in range(forest.infoset_start[game], forest.infoset_start[game + 1]):
            unknown = forest.unknown_start[infoset]
            if unknown >= 0:
                first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
                work.score[first] = 0.0
                for a in range(1, size):
                    work.score[first + a] = x[n_values + unknown + a - 1]
                log_softmax(work.score, first, size, work.logp, work.p)
        settle_filled(forest, game, precision, work.log_weight, work.logp, work.p, work.value, work.quality, work.score, work.weight)
        forward(forest, game, work.p, work.reach)
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            work.arrival[o] = work.reach[plan.outcome_node[o]]


@inner
def assemble(plan, work):
    """Generator and income from chance moves and the play in `work`."""
    n_rungs, n_actors = work.income.shape
    for s in range(n_rungs):
        for t in range(n_rungs):
            work.generator[s, t] = work.base_generator[s, t]
        for i in range(n_actors):
            work.income[s, i] = work.base_income[s, i]
    for game in range(plan.game_rung.shape[0]):
        s = plan.game_rung[game]
        tempo = work.tempo[game]
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            rate = tempo * work.arrival[o]
            work.generator[s, plan.outcome_target[o]] += rate
            for i in range(n_actors):
                work.income[s, i] += rate * work.lump[o, i]


@inner
def factor(matrix, generator, discount):
    """Factors U L of diag(discount + out) - generator, U with a unit diagonal: diagonally dominant, so no pivoting is needed.

    States are taken away from the top of the ladder down: few ways lead up and most lead home, so that little fills in.
    """
    n = generator.shape[0]
    for s in range(n):
        out = discount
        for t in range(n):
            if t != s:
                out += generator[s, t]
                matrix[s, t] = -generator[s, t]
        matrix[s, s] = out
    for k in range(n - 1, 0, -1):
        for s in range(k):
            if matrix[s, k] != 0.0:
                ratio = matrix[s, k] / matrix[k, k]
                matrix[s, k] = ratio
                for t in range(k):
                    matrix[s, t] -= ratio * matrix[k, t]


@inner
def solve_values(work):
    """Values of every rung and actor into work.solved; the factors stay in work.matrix."""
    n_rungs, n_actors = work.income.shape
    for i in range(n_actors):
        matrix = work.matrix[i]
        factor(matrix, work.generator, work.discount[i])
        for s in range(n_rungs - 1, -1, -1):
            total = work.income[s, i]
            for t in range(s + 1, n_rungs):
                total -= matrix[s, t] * work.solved[t, i]
            work.solved[s, i] = total
        for s in range(n_rungs):
            total = work.solved[s, i]
            for t in range(s):
                total -= matrix[s, t] * work.solved[t, i]
            work.solved[s, i] = total / matrix[s, s]


@inner
def sweep(plan, values, x, precision, work, out):
    """F(x) into out."""
    n_rungs, n_actors = work.income.shape
    n_values = n_rungs * n_actors
    play(plan, values, x, precision, work)
    assemble(plan, work)
    solve_values(work)
    for s in range(n_rungs):
        for i in range(n_actors):
            out[s * n_actors + i] = work.solved[s, i]
    forest = plan.forest
    for infoset in range(forest.infoset_player.shape[0]):
        unknown = forest.unknown_start[infoset]
        if unknown >= 0:
            first = forest.infoset_action[infoset]
            lam = precision[forest.infoset_player[infoset]]
            for a in range(1, forest.infoset_size[infoset]):
                out[n_values + unknown + a - 1] = (work.log_weight[first + a] - work.log_weight[first]) + lam * (
                    work.quality[first + a] - work.quality[first]
                )


@inner
def scale_unknowns(x, work, scale):
    """scale[unknown]: the range of an actor's values, or 1 + |log-ratio|; residuals are shares of it."""
    n_rungs, n_actors = work.income.shape
    for i in range(n_actors):
        low = high = x[i]
        for s in range(n_rungs):
            low = min(low, x[s * n_actors + i])
            high = max(high, x[s * n_actors + i])
        spread = high - low
        if spread <= 0.0:
            spread = abs(high) if high != 0.0 else 1.0
        for s in range(n_rungs):
            scale[s * n_actors + i] = spread
    for k in range(n_rungs * n_actors, x.shape[0]):
        scale[k] = 1.0 + abs(x[k])


@inner
def residual_size(residual, scale):
    """Largest residual as a share of its scale; infinite when anything is not a number."""
    worst = 0.0
    for k in range(residual.shape[0]):
        size = abs(residual[k]) / scale[k]
        if not size <= worst:
            worst = size
            if not np.isfinite(size):
                return np.inf
    return worst


@inner
def begin(plan, values, x, work, image):
    """The principal branch at precision 0: behaviour proportional to the action weights, and the values that follow."""
    n_values = work.income.size
    for i in range(work.precision.shape[0]):
        work.precision[i] = 0.0
    for k in range(x.shape[0]):
        x[k] = 0.0
    # Behaviour does not hang on values here, nor values on anything else.
    for _ in range(2):
        sweep(plan, values, x, work.precision, work, image)
        for k in range(n_values, x.shape[0]):
            x[k] = image[k]
    for k in range(n_values):
        x[k] = image[k]
