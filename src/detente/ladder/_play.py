"""Kernels: one sweep of the ladder's equilibrium map for sixteen draws at once.

The same map as `detente.ladder._sweep`, whose docstring has the equations; there for one draw, with all that derivatives need, here for speed. Each
lane may be at a precision of its own. Arrays are flat, of lanes.
"""

from typing import NamedTuple

import numpy as np

from detente.games._elementary import logarithm
from detente.games._lanes import LANES, add, aligned, divide, load, muladd, multiply, peek, splat, store, subtract, where_less
from detente.games._settle import settle, softmax
from detente.games.kernels import inner
from detente.ladder.layout import Layout

Floats = np.ndarray


class Bench(NamedTuple):
    """Work space of sixteen draws."""

    slots: Floats  # slot: the numbers of each lane's draw and segment
    precision: Floats  # actor
    log_weight: Floats  # action
    base: Floats  # rung x rung: rates of chance moves
    base_income: Floats  # rung x actor
    x: Floats  # unknown
    image: Floats  # unknown: F(x)
    p: Floats  # edge
    logp: Floats
    value: Floats  # node x actor
    quality: Floats  # action
    score: Floats
    weight: Floats  # member
    reach: Floats  # node
    arrival: Floats  # outcome
    generator: Floats  # rung x rung
    income: Floats  # rung x actor
    leaving: Floats  # rung
    matrix: Floats  # rung x rung, factors U L
    inverse: Floats  # rung: of the diagonal of L
    solved: Floats  # rung


def make_bench(plan: Layout, n_rungs: int, n_actors: int, n_slots: int, n_unknown: int) -> Bench:
    """Work space of one thread."""
    n_actions, n_nodes, n_outcomes = len(plan.weight_slot), len(plan.forest.node_parent), len(plan.outcome_target)
    n_edges = n_actions + len(plan.chance_slot)
    return Bench(
        slots=aligned(n_slots), precision=aligned(n_actors), log_weight=aligned(n_actions), base=aligned(n_rungs**2),
        base_income=aligned(n_rungs * n_actors), x=aligned(n_unknown), image=aligned(n_unknown), p=aligned(n_edges), logp=aligned(n_edges),
        value=aligned(n_nodes * n_actors), quality=aligned(n_actions), score=aligned(n_actions), weight=aligned(len(plan.forest.member_node)),
        reach=aligned(n_nodes), arrival=aligned(n_outcomes), generator=aligned(n_rungs**2), income=aligned(n_rungs * n_actors),
        leaving=aligned(n_rungs), matrix=aligned(n_rungs**2), inverse=aligned(n_rungs), solved=aligned(n_rungs),
    )  # fmt: skip


@inner
def take(plan, values, lane, bench):
    """Put the numbers of one draw and segment into a lane."""
    n_rungs, n_actors = plan.flow.shape
    for k in range(values.shape[0]):
        bench.slots[k * LANES + lane] = values[k]
    for a in range(plan.weight_slot.shape[0]):
        weight = values[plan.weight_slot[a]]
        bench.log_weight[a * LANES + lane] = 0.0 if weight == 1.0 else np.log(weight)
    for k in range(n_rungs * n_rungs):
        bench.base[k * LANES + lane] = 0.0
    for s in range(n_rungs):
        for i in range(n_actors):
            bench.base_income[(s * n_actors + i) * LANES + lane] = values[plan.flow[s, i]]
    for m in range(plan.move_rate.shape[0]):
        rate, s = values[plan.move_rate[m]], plan.move_source[m]
        bench.base[(s * n_rungs + plan.move_target[m]) * LANES + lane] += rate
        for i in range(n_actors):
            bench.base_income[(s * n_actors + i) * LANES + lane] += rate * values[plan.move_payoff[m, i]]


@inner
def set_moods(plan, game, n_actions, bench):
    """Chances of the moods in one game: stated priors, or the opener's posterior where the rung is tagged with an episode and ever entered."""
    for group in range(plan.mood_start[game], plan.mood_start[game + 1]):
        first = plan.mood_chance[group]
        last = first + plan.mood_size[group]
        rest = splat(1.0)
        for c in range(first, last):
            if plan.chance_slot[c] >= 0:
                prior = load(bench.slots, plan.chance_slot[c])
                store(bench.p, n_actions + c, prior)
                rest = subtract(rest, prior)
        rest = where_less(rest, splat(0.0), splat(0.0), rest)
        for c in range(first, last):
            if plan.chance_slot[c] < 0:
                store(bench.p, n_actions + c, rest)
        if plan.mood_source[group] >= 0:
            total = splat(0.0)
            for k in range(plan.posterior_start[first], plan.posterior_start[last]):
                total = add(total, load(bench.arrival, plan.posterior_outcome[k]))
            for c in range(first, last):
                share = splat(0.0)
                for k in range(plan.posterior_start[c], plan.posterior_start[c + 1]):
                    share = add(share, load(bench.arrival, plan.posterior_outcome[k]))
                store(bench.p, n_actions + c, where_less(splat(0.0), total, divide(share, total), load(bench.p, n_actions + c)))
        for c in range(first, last):
            store(bench.logp, n_actions + c, logarithm(load(bench.p, n_actions + c)))


@inner
def play(plan, bench):
    """Play every game against the values and free behaviour in bench.x: behaviour, qualities and arrivals."""
    n_rungs, n_actors = plan.flow.shape
    n_values, n_actions = n_rungs * n_actors, plan.weight_slot.shape[0]
    forest = plan.forest
    for order in range(plan.game_order.shape[0]):
        game = plan.game_order[order]
        set_moods(plan, game, n_actions, bench)
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            node, here = peek(plan.outcome_node, o) * n_actors, peek(plan.outcome_target, o) * n_actors
            for m in range(forest.mover_start[game], forest.mover_start[game + 1]):
                i = forest.mover[m]
                store(bench.value, node + i, add(load(bench.slots, plan.outcome_payoff[o, i]), load(bench.x, here + i)))
        for infoset in range(forest.infoset_start[game], forest.infoset_start[game + 1]):
            unknown = forest.unknown_start[infoset]
            if unknown >= 0:
                first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
                store(bench.score, first, splat(0.0))
                for a in range(1, size):
                    store(bench.score, first + a, load(bench.x, n_values + unknown + a - 1))
                softmax(bench.score, bench.p, bench.logp, first, size)
        settle(forest, game, n_actors, bench)
        for node in range(forest.node_start[game], forest.node_start[game + 1]):
            parent = peek(forest.node_parent, node)
            passed = splat(1.0)
            if parent >= 0:
                passed = multiply(load(bench.reach, parent), load(bench.p, peek(forest.node_edge, node)))
            store(bench.reach, node, passed)
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            store(bench.arrival, o, load(bench.reach, peek(plan.outcome_node, o)))


@inner
def assemble(plan, steps, bench):
    """Generator, exit rates and income from chance moves and the play."""
    n_rungs, n_actors = plan.flow.shape
    for s in range(n_rungs):
        store(bench.generator, s * n_rungs + s, splat(0.0))
        store(bench.leaving, s, splat(0.0))
    for k in range(steps.filled.shape[0]):
        entry = peek(steps.filled, k)
        store(bench.generator, entry, load(bench.base, entry))
    for k in range(n_rungs * n_actors):
        store(bench.income, k, load(bench.base_income, k))
    for game in range(plan.game_rung.shape[0]):
        s, tempo = plan.game_rung[game], load(bench.slots, plan.game_tempo[game])
        for o in range(plan.outcome_start[game], plan.outcome_start[game + 1]):
            rate = multiply(tempo, load(bench.arrival, o))
            entry = s * n_rungs + peek(plan.outcome_target, o)
            store(bench.generator, entry, add(load(bench.generator, entry), rate))
            for i in range(n_actors):
                slot = plan.outcome_payoff[o, i]
                if slot > 0:
                    store(bench.income, s * n_actors + i, muladd(rate, load(bench.slots, slot), load(bench.income, s * n_actors + i)))
    for k in range(steps.filled.shape[0]):
        entry = peek(steps.filled, k)
        s = entry // n_rungs
        store(bench.leaving, s, add(load(bench.leaving, s), load(bench.generator, entry)))


@inner
def factor(plan, steps, actor, bench):
    """Factors U L of diag(discount + out) - generator: diagonally dominant, so no pivoting is needed."""
    n, matrix, zero = plan.flow.shape[0], bench.matrix, splat(0.0)
    discount = load(bench.slots, plan.discount[actor])
    for k in range(steps.filled.shape[0]):
        entry = peek(steps.filled, k)
        store(matrix, entry, subtract(zero, load(bench.generator, entry)))
    for s in range(n):
        store(matrix, s * n + s, add(discount, load(bench.leaving, s)))
    for turn in range(n):
        k = n - 1 - turn
        inverse = divide(splat(1.0), load(matrix, k * n + k))
        store(bench.inverse, k, inverse)
        for pair in range(peek(steps.pair_start, turn), peek(steps.pair_start, turn + 1)):
            entry = peek(steps.pair_entry, pair)
            ratio = multiply(load(matrix, entry), inverse)
            store(matrix, entry, ratio)
            ratio = subtract(zero, ratio)
            for step in range(peek(steps.step_start, pair), peek(steps.step_start, pair + 1)):
                here = peek(steps.step_entry, step)
                store(matrix, here, muladd(ratio, load(matrix, peek(steps.step_factor, step)), load(matrix, here)))


@inner
def solve_values(plan, steps, bench):
    """Values of every rung and actor into bench.image."""
    n, n_actors = plan.flow.shape
    for i in range(n_actors):
        factor(plan, steps, i, bench)
        for turn in range(n):
            s = n - 1 - turn
            total = load(bench.income, s * n_actors + i)
            for k in range(peek(steps.right_start, s), peek(steps.right_start, s + 1)):
                t = peek(steps.right_column, k)
                total = subtract(total, multiply(load(bench.matrix, s * n + t), load(bench.solved, t)))
            store(bench.solved, s, total)
        for s in range(n):
            total = load(bench.solved, s)
            for k in range(peek(steps.left_start, s), peek(steps.left_start, s + 1)):
                t = peek(steps.left_column, k)
                total = subtract(total, multiply(load(bench.matrix, s * n + t), load(bench.solved, t)))
            total = multiply(total, load(bench.inverse, s))
            store(bench.solved, s, total)
            store(bench.image, s * n_actors + i, total)


@inner
def sweep(plan, steps, bench):
    """F(bench.x) into bench.image."""
    n_rungs, n_actors = plan.flow.shape
    play(plan, bench)
    assemble(plan, steps, bench)
    solve_values(plan, steps, bench)
    forest = plan.forest
    for infoset in range(forest.infoset_player.shape[0]):
        unknown = forest.unknown_start[infoset]
        if unknown >= 0:
            first, here = forest.infoset_action[infoset], n_rungs * n_actors + unknown - 1
            precision = load(bench.precision, forest.infoset_player[infoset])
            for a in range(1, forest.infoset_size[infoset]):
                gain = subtract(load(bench.quality, first + a), load(bench.quality, first))
                odds = subtract(load(bench.log_weight, first + a), load(bench.log_weight, first))
                store(bench.image, here + a, muladd(precision, gain, odds))
