"""Kernel: equilibria of many draws and segments at once, with what the exact analysis of the chain needs.

Each draw is settled on its own, so the answers do not depend on threads or on how draws are cut into chunks. A segment whose numbers equal those of
an earlier one is copied; a segment that differs starts from the one before it and falls back to the stages from precision 0.
"""

import numpy as np
from numba import njit

from detente.ladder._settle import ACCEPTED, FINAL_TOLERANCE, MEMORY, STAGE_TOLERANCE, STAGES, anderson, newton, residual_size, scale_unknowns
from detente.ladder._sweep import load, make_tangent_work, make_work, sweep
from detente.ladder._trace import begin, trace

ANDERSON, NEWTON, CONTINUATION, COPIED, UNSETTLED = 0, 1, 2, 3, 4


@njit(cache=True, error_model="numpy")
def arc_rates(plan, values, work, rates):
    """Rates per year of every arc from chance moves and the play in `work`."""
    rates[:] = 0.0
    for m in range(plan.move_rate.shape[0]):
        if plan.move_arc[m] >= 0:
            rates[plan.move_arc[m]] += values[plan.move_rate[m]]
    for game in range(plan.game_rung.shape[0]):
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            if plan.outcome_arc[o] >= 0:
                rates[plan.outcome_arc[o]] += work.tempo[game] * work.arrival[o]


@njit(cache=True, error_model="numpy")
def best_replies(plan, values, work):
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
        for node in range(forest.node_start[game], forest.node_start[game + 1]):
            parent = forest.node_parent[node]
            work.reach[node] = 1.0 if parent < 0 else work.reach[parent] * work.p[forest.node_edge[node]]
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            work.arrival[o] = work.reach[plan.outcome_node[o]]


@njit(cache=True, error_model="numpy")
def largest_regret(plan, x, work):
    """Largest loss against the best reply at any information set, as a share of the mover's payoff range in that game."""
    forest = plan.forest
    worst = 0.0
    for game in range(plan.game_rung.shape[0]):
        for infoset in range(forest.infoset_start[game], forest.infoset_start[game + 1]):
            player = forest.infoset_player[infoset]
            low, high = np.inf, -np.inf
            for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
                low = min(low, work.value[plan.outcome_node[o], player])
                high = max(high, work.value[plan.outcome_node[o], player])
            first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
            best, mean = -np.inf, 0.0
            for a in range(first, first + size):
                best = max(best, work.quality[a])
                mean += work.p[a] * work.quality[a]
            if high > low:
                worst = max(worst, (best - mean) / (high - low))
    return worst


@njit(cache=True, nogil=True, error_model="numpy")
def solve_draws(first, last, plan, values, n_rungs, n_actors, n_unknown, warm, x, rates, best_rates, status, residual, regret, sweeps, same):
    """Fill x, rates, best_rates[draw, segment, ...] and the certificates; `same[draw, segment]` is the segment whose answer is shared."""
    _, n_segments, n_slots = values.shape
    work = make_work(plan, n_rungs, n_actors)
    tangent = make_tangent_work(plan, n_rungs, n_actors, n_unknown)
    image = np.zeros(n_unknown)
    scale = np.zeros(n_unknown)
    history_x = np.zeros((n_unknown, MEMORY))
    history_r = np.zeros((n_unknown, MEMORY))
    gram = np.zeros((MEMORY, MEMORY))
    metric = np.zeros(n_unknown)
    error = np.zeros(n_unknown)
    previous_x = np.zeros(n_unknown)
    previous_r = np.zeros(n_unknown)
    mix = np.zeros((MEMORY + 2, MEMORY))
    slope = np.zeros((n_unknown, n_unknown + 1))
    matrix = np.zeros((n_unknown, n_unknown))
    precision = np.zeros(n_actors)
    for draw in range(first, last):
        for segment in range(n_segments):
            numbers = values[draw, segment]
            here = x[draw, segment]
            twin = segment
            for earlier in range(segment):
                equal = True
                for k in range(n_slots):
                    if values[draw, earlier, k] != numbers[k]:
                        equal = False
                        break
                if equal:
                    twin = same[draw, earlier]
                    break
            same[draw, segment] = twin
            if twin != segment:
                here[:] = x[draw, twin]
                rates[draw, segment] = rates[draw, twin]
                best_rates[draw, segment] = best_rates[draw, twin]
                status[draw, segment] = COPIED
                residual[draw, segment] = residual[draw, twin]
                regret[draw, segment] = regret[draw, twin]
                continue
            load(plan, numbers, work)
            for i in range(n_actors):
                precision[i] = numbers[plan.precision[i]]
            total = 0
            size = np.inf
            if segment > 0 and warm:
                here[:] = x[draw, segment - 1]
                size, count = anderson(
                    plan, numbers, here, precision, FINAL_TOLERANCE, work, image, scale,
                    history_x, history_r, gram, metric, error, previous_x, previous_r, mix,
                )  # fmt: skip
                total += count
            if not size <= ACCEPTED:
                begin(plan, numbers, here, precision, work, image)
                for stage in range(1, STAGES + 1):
                    tolerance = FINAL_TOLERANCE if stage == STAGES else STAGE_TOLERANCE
                    size, count = anderson(
                        plan, numbers, here, precision * (stage / STAGES), tolerance, work, image, scale,
                        history_x, history_r, gram, metric, error, previous_x, previous_r, mix,
                    )  # fmt: skip
                    total += count
            outcome = ANDERSON
            if not size <= ACCEPTED:
                begin(plan, numbers, here, precision, work, image)
                for stage in range(1, 2 * STAGES + 1):
                    size, count = newton(
                        plan, numbers, here, precision * (stage / (2 * STAGES)), FINAL_TOLERANCE, work, tangent, image, scale,
                        slope, matrix, error, previous_x,
                    )  # fmt: skip
                    total += count
                outcome = NEWTON
            if not size <= ACCEPTED:
                begin(plan, numbers, here, precision, work, image)
                size, count, _ = trace(plan, numbers, here, precision, work, tangent, image, scale, slope)
                total += count
                outcome = CONTINUATION if size <= ACCEPTED else UNSETTLED
            # The certificate comes from a fresh sweep at the answer, whatever method found it.
            sweep(plan, numbers, here, precision, work, image)
            scale_unknowns(here, n_rungs, n_actors, scale)
            for k in range(n_unknown):
                error[k] = image[k] - here[k]
            status[draw, segment] = outcome
            residual[draw, segment] = residual_size(error, scale)
            regret[draw, segment] = largest_regret(plan, here, work)
            sweeps[draw, segment] = total
            arc_rates(plan, numbers, work, rates[draw, segment])
            best_replies(plan, numbers, work)
            arc_rates(plan, numbers, work, best_rates[draw, segment])
