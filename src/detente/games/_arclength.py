"""Kernel: logit agent quantal response equilibria of one game for many draws, along the principal branch; sixteen at once.

Unknowns are the log-ratios y_a = log sigma_a - log sigma_0 at the free information sets of the forest; along the ray of precisions t lambda, from t = 0 to 1,

    r_a = y_a - log(w_a / w_0) - t lambda_j (Q_a(y, t) - Q_0(y, t)) = 0

where Q comes from `settle` and its derivatives from `settle_slopes`. Behaviour that no belief depends on follows from later play inside `settle`, so
a game of perfect information has no unknown and is solved by one pass. Reference: Turocy (2005), doi 10.1016/j.geb.2004.04.003.

A lane takes a draw, walks to its end, and takes the next draw. All lanes are evaluated together and step each at its own pace, so that no answer hangs
on what lies in the other lanes.
"""

from typing import Any, NamedTuple

import numpy as np

from detente.games._bordered import Bordered, border, factor, find_correction, look_onward, make_bordered
from detente.games._continuation import CONVERGED, EVALUATE, EVALUATIONS, FOLDS, FOLLOW, NOT_FINITE, PHASE, begin, decide, make_walk
from detente.games._lanes import LANES, add, aligned, load, muladd, multiply, splat, store, subtract
from detente.games._settle import settle, softmax
from detente.games._slopes import settle_slopes
from detente.games.kernels import entry, inner
from detente.games.tables import Table
from detente.games.tree import Forest

Floats = Any
MOST_CARE = 64.0
# The logarithm of a chance of 0, for beliefs: so small that no choice is as rare, and so large that sums with it keep eleven digits. Where a whole information
# set hangs on such a chance it cancels, and what is believed there is the limit from small chances.
UNHEARD_OF = -2e4
MORE_CARE = 8.0
# Directions whose derivatives are taken together.
WIDTH = 8


class Bench(NamedTuple):
    """Work space of sixteen draws; flat arrays of lanes."""

    y: Floats  # unknown, then t
    residual: Floats  # unknown
    precision: Floats  # player
    rise: Floats  # player: growth of precision along t
    log_weight: Floats  # action
    logp: Floats  # edge
    p: Floats
    value: Floats  # node x player
    quality: Floats  # action
    score: Floats
    weight: Floats  # member
    d_logp: Floats  # edge x direction
    d_value: Floats  # node x player x direction: 0 at the ends
    d_quality: Floats  # action x direction
    d_weight: Floats  # member x direction: 0 at information sets of one member
    system: Bordered


class Desk(NamedTuple):
    """What each lane works on."""

    draw: Any  # -1: nothing
    request: Any
    care: Any


def make_bench(forest: Forest, chance: Floats, log_weight: Floats, n_players: int, n_unknown: int) -> Bench:
    """Work space of one thread; weights and chances are filled in."""
    n_actions, n_nodes, n_members = len(log_weight), len(forest.node_parent), len(forest.member_node)
    n_edges, width = n_actions + len(chance), min(WIDTH, n_unknown + 1)
    bench = Bench(
        y=aligned(n_unknown + 1), residual=aligned(n_unknown), precision=aligned(n_players), rise=aligned(n_players), log_weight=aligned(n_actions),
        logp=aligned(n_edges), p=aligned(n_edges), value=aligned(n_nodes * n_players), quality=aligned(n_actions), score=aligned(n_actions),
        weight=aligned(n_members), d_logp=aligned(n_edges * width), d_value=aligned(n_nodes * n_players * width), d_quality=aligned(n_actions * width),
        d_weight=aligned(n_members * width), system=make_bordered(n_unknown),
    )  # fmt: skip
    bench.log_weight[:] = np.repeat(log_weight, LANES)
    bench.p[n_actions * LANES :] = np.repeat(chance, LANES)
    bench.logp[n_actions * LANES :] = np.repeat(np.log(chance, out=np.full(len(chance), UNHEARD_OF), where=chance > 0), LANES)
    return bench


def make_desk() -> Desk:
    """Work space of one thread."""
    return Desk(np.full(LANES, -1, np.int64), np.zeros(LANES, np.int64), np.zeros(LANES))


def make_walks(draws: int, n_unknown: int) -> tuple[Table, ...]:
    """A walk for each lane; lanes that no draw will come to share one."""
    used = [Table(make_walk(n_unknown)) for _ in range(min(draws, LANES))]
    return (*used, *used[-1:] * (LANES - len(used)))


@inner
def take(forest, payoff, precision, end, lane, bench):
    """Put the numbers of one draw into a lane."""
    n_players = precision.shape[0]
    for k in range(forest.terminal_node.shape[0]):
        node = forest.terminal_node[k]
        for i in range(n_players):
            bench.value[(node * n_players + i) * LANES + lane] = payoff[forest.node_outcome[node], i]
    for i in range(n_players):
        bench.rise[i * LANES + lane] = precision[i] / end


@inner
def evaluate(forest, n_players, bench):
    """Behaviour and residual at bench.y."""
    t = load(bench.y, bench.y.shape[0] // LANES - 1)
    for i in range(n_players):
        store(bench.precision, i, multiply(t, load(bench.rise, i)))
    for infoset in range(forest.infoset_size.shape[0]):
        unknown = forest.unknown_start[infoset]
        if unknown >= 0:
            first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
            store(bench.score, first, splat(0.0))
            for a in range(1, size):
                store(bench.score, first + a, load(bench.y, unknown + a - 1))
            softmax(bench.score, bench.p, bench.logp, first, size)
    settle(forest, 0, n_players, bench)
    for infoset in range(forest.infoset_size.shape[0]):
        unknown = forest.unknown_start[infoset]
        if unknown >= 0:
            first, precision = forest.infoset_action[infoset], load(bench.precision, forest.infoset_player[infoset])
            for a in range(1, forest.infoset_size[infoset]):
                gain = subtract(load(bench.quality, first + a), load(bench.quality, first))
                odds = subtract(load(bench.log_weight, first + a), load(bench.log_weight, first))
                store(bench.residual, unknown + a - 1, subtract(load(bench.y, unknown + a - 1), muladd(precision, gain, odds)))


@inner
def residual_slopes(forest, first_column, n_unknown, width, bench):
    """`width` columns of the Jacobian of the residual."""
    for infoset in range(forest.infoset_size.shape[0]):
        unknown = forest.unknown_start[infoset]
        if unknown < 0:
            continue
        first, player = forest.infoset_action[infoset], forest.infoset_player[infoset]
        precision = load(bench.precision, player)
        for a in range(first + 1, first + forest.infoset_size[infoset]):
            row = unknown + a - first - 1
            for d in range(width):
                slope = multiply(precision, subtract(load(bench.d_quality, first * width + d), load(bench.d_quality, a * width + d)))
                if first_column + d == row:
                    slope = add(slope, splat(1.0))
                if first_column + d == n_unknown:
                    slope = muladd(load(bench.rise, player), subtract(load(bench.quality, first), load(bench.quality, a)), slope)
                if first_column + d <= n_unknown:
                    store(bench.system.jacobian, row * (n_unknown + 1) + first_column + d, slope)


@inner
def evaluate_slopes(forest, n_players, n_unknown, bench):
    """The bordered Jacobian."""
    width = min(WIDTH, n_unknown + 1)
    for first_column in range(0, n_unknown + 1, width):
        settle_slopes(forest, n_players, first_column, n_unknown, width, bench)
        residual_slopes(forest, first_column, n_unknown, width, bench)
    border(bench.system, n_unknown)


@inner
def place(walk, wants_slopes, lane, n_unknown, bench):
    """Put the trial of a walk, and what its border is made of, into a lane."""
    system = bench.system
    for k in range(n_unknown + 1):
        bench.y[k * LANES + lane] = walk.trial[k]
    system.wanted[lane] = 1.0 if wants_slopes else 0.0
    if wants_slopes:
        system.along_curve[lane] = 1.0 if walk.whole[PHASE] == FOLLOW else 0.0
        for k in range(n_unknown + 1):
            system.tangent[k * LANES + lane] = walk.tangent[k]


@inner
def go_on(walk, tolerance, fresh, lane, n_unknown, bench):
    """`decide` from what was solved in a lane."""
    system, exact, cosine = bench.system, True, np.nan
    for k in range(n_unknown):
        exact = exact and abs(bench.residual[k * LANES + lane]) <= tolerance
    for k in range(n_unknown + 1):
        walk.correction[k] = system.correction[k * LANES + lane]
    if fresh:
        inverse = 1.0 / np.sqrt(system.length[lane])
        for k in range(n_unknown + 1):
            walk.onward[k] = system.onward[k * LANES + lane] * inverse
        cosine = system.along[lane] * inverse
    return decide(walk, exact, system.sign[lane], cosine, np.sqrt(system.size[lane]))


@inner
def finite(logp, n_actions, lane):
    """Whether the behaviour in a lane is made of numbers."""
    for a in range(n_actions):
        if not np.isfinite(logp[a * LANES + lane]):
            return False
    return True


@entry
def trace_draws(
    first, last, forest, payoff, precision, end, start, tolerance, log_behaviour, belief, status, reached, evaluations, folds, desk, bench, walks,
):  # fmt: skip
    """Solve the draws first:last.

    payoff[draw or 0, outcome, player]; precision[draw or 0, player]; end[draw], the length of the ray; start[unknown]; out: log_behaviour[draw, action],
    belief[draw, member] and status, reached (share of the ray), evaluations, folds by draw. There is one walk a lane.
    """
    n_unknown, n_actions, n_players = start.shape[0], log_behaviour.shape[1], precision.shape[1]
    waiting, busy = first, 0
    while waiting < last or busy > 0:
        for lane in range(LANES):
            if desk.draw[lane] < 0 and waiting < last:
                draw, walk = waiting, walks[lane]
                desk.draw[lane], desk.request[lane], desk.care[lane] = draw, EVALUATE, 1.0
                take(forest, payoff[draw if payoff.shape[0] > 1 else 0], precision[draw if precision.shape[0] > 1 else 0], end[draw], lane, bench)
                begin(walk, start, end[draw], 1.0)
                if n_unknown == 0:
                    walk.trial[0] = end[draw]
                waiting += 1
                busy += 1
        # Slopes cost twice as much as the rest: lanes that want them wait until most do.
        wanting = 0
        for lane in range(LANES):
            if desk.draw[lane] >= 0:
                wants_slopes = desk.request[lane] == EVALUATE
                wanting += wants_slopes
                place(walks[lane], wants_slopes, lane, n_unknown, bench)
        sloped = 5 * wanting >= 4 * busy
        evaluate(forest, n_players, bench)
        if n_unknown > 0:
            if sloped:
                evaluate_slopes(forest, n_players, n_unknown, bench)
                factor(bench.system, n_unknown + 1)
                look_onward(bench.system, n_unknown)
            find_correction(bench.system, bench.residual, n_unknown)
        for lane in range(LANES):
            draw, walk, fresh = desk.draw[lane], walks[lane], desk.request[lane] == EVALUATE
            if draw < 0 or (fresh and not sloped):
                continue
            if n_unknown > 0:
                request = go_on(walk, tolerance * (1.0 + end[draw]), fresh, lane, n_unknown, bench)
            else:  # one pass is the answer
                request = CONVERGED if finite(bench.logp, n_actions, lane) else NOT_FINITE
            if request > CONVERGED and n_unknown > 0 and desk.care[lane] < MOST_CARE:
                desk.care[lane] *= MORE_CARE
                begin(walk, start, end[draw], desk.care[lane])
                request = EVALUATE
            desk.request[lane] = request
            if request < 0:
                continue
            status[draw], evaluations[draw], folds[draw] = request, walk.whole[EVALUATIONS], walk.whole[FOLDS]
            reached[draw] = 1.0 if request == CONVERGED else walk.here[n_unknown] / end[draw]
            for a in range(n_actions):
                log_behaviour[draw, a] = bench.logp[a * LANES + lane]
            for m in range(belief.shape[1]):
                belief[draw, m] = bench.weight[m * LANES + lane]
            desk.draw[lane] = -1
            busy -= 1
