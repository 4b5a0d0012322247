"""Kernels: what is read off a solved draw: its residual, the largest regret, and the rates of all arcs, in equilibrium and under best replies."""

import numpy as np

from detente.games._lanes import LANES
from detente.games._walk import forward
from detente.games.kernels import inlined, inner
from detente.ladder._sweep import residual_size, scale_unknowns, sweep


@inner
def arc_rates(plan, values, work, rates):
    """Rates per year of every arc from chance moves and the play in `work`."""
    for k in range(rates.shape[0]):
        rates[k] = 0.0
    for m in range(plan.move_rate.shape[0]):
        if plan.move_arc[m] >= 0:
            rates[plan.move_arc[m]] += values[plan.move_rate[m]]
    for game in range(plan.game_rung.shape[0]):
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            if plan.outcome_arc[o] >= 0:
                rates[plan.outcome_arc[o]] += work.tempo[game] * work.arrival[o]


@inner
def best_replies(plan, work):
    """Put all behaviour on the best replies to the play in `work`, values held; ties share. Arrivals follow.

    Where best replies never lead to a tagged rung, the posterior there is that of the equilibrium.
    """
    forest = plan.forest
    n_actions = plan.weight_slot.shape[0]
    for infoset in range(forest.infoset_player.shape[0]):
        first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
        best = work.quality[first]
        for a in range(first, first + size):
            best = max(best, work.quality[a])
        ties = 0
        for a in range(first, first + size):
            if work.quality[a] == best:
                ties += 1
        for a in range(first, first + size):
            work.p[a] = 1.0 / ties if work.quality[a] == best else 0.0
    for k in range(plan.game_order.shape[0]):
        game = plan.game_order[k]
        for group in range(plan.mood_start[game], plan.mood_start[game + 1]):
            if plan.mood_source[group] >= 0:
                first = plan.mood_chance[group]
                total = 0.0
                for c in range(first, first + plan.mood_size[group]):
                    for j in range(plan.posterior_start[c], plan.posterior_start[c + 1]):
                        total += work.arrival[plan.posterior_outcome[j]]
                if total > 0.0:
                    for c in range(first, first + plan.mood_size[group]):
                        share = 0.0
                        for j in range(plan.posterior_start[c], plan.posterior_start[c + 1]):
                            share += work.arrival[plan.posterior_outcome[j]]
                        work.p[n_actions + c] = share / total
        forward(forest, game, work.p, work.reach)
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            work.arrival[o] = work.reach[plan.outcome_node[o]]


@inner
def largest_regret(plan, work):
    """Largest loss against the best reply at any information set, as a share of the mover's payoff range in that game."""
    forest = plan.forest
    worst = 0.0
    for game in range(plan.game_rung.shape[0]):
        for m in range(forest.mover_start[game], forest.mover_start[game + 1]):
            player = forest.mover[m]
            low, high = np.inf, -np.inf
            for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
                low = min(low, work.value[plan.outcome_node[o], player])
                high = max(high, work.value[plan.outcome_node[o], player])
            for infoset in range(forest.infoset_start[game], forest.infoset_start[game + 1]):
                if forest.infoset_player[infoset] == player and high > low:
                    first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
                    best, mean = -np.inf, 0.0
                    for a in range(first, first + size):
                        best = max(best, work.quality[a])
                        mean += work.p[a] * work.quality[a]
                    worst = max(worst, (best - mean) / (high - low))
    return worst


@inner
def read_off(plan, values, work, rates, best_rates):
    """Fill the rates from the play in `work`, which is put on best replies. Returns the largest regret."""
    regret = largest_regret(plan, work)
    arc_rates(plan, values, work, rates)
    best_replies(plan, work)
    arc_rates(plan, values, work, best_rates)
    return regret


@inner
def hand_over(plan, values, lane, bench, work):
    """Put into `work` what `read_off` needs of the play in one lane of a bench of `detente.ladder._play`."""
    forest = plan.forest
    n_actors = plan.flow.shape[1]
    for game in range(plan.game_rung.shape[0]):
        work.tempo[game] = values[plan.game_tempo[game]]
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            work.arrival[o] = bench.arrival[o * LANES + lane]
            node = plan.outcome_node[o]
            for m in range(forest.mover_start[game], forest.mover_start[game + 1]):
                work.value[node, forest.mover[m]] = bench.value[(node * n_actors + forest.mover[m]) * LANES + lane]
    for a in range(work.quality.shape[0]):
        work.quality[a] = bench.quality[a * LANES + lane]
    for edge in range(work.p.shape[0]):
        work.p[edge] = bench.p[edge * LANES + lane]


@inlined
def record(plan, values, x, precision, work, image, scale, error, rates, best_rates):
    """Fill the rates from a fresh sweep at x, whatever method found it. Returns (residual, largest regret)."""
    sweep(plan, values, x, precision, work, image)
    scale_unknowns(x, work, scale)
    for k in range(x.shape[0]):
        error[k] = image[k] - x[k]
    return residual_size(error, scale), read_off(plan, values, work, rates, best_rates)
