"""Kernel: logit agent quantal response equilibria of one game for many draws, along the principal branch.

Unknowns are the log-ratios y_a = log sigma_a - log sigma_0 at the free information sets of the forest; along the ray of precisions t lambda, from t = 0 to 1,

    r_a = y_a - log(w_a / w_0) - t lambda_j (Q_a(y, t) - Q_0(y, t)) = 0

where Q comes from `settle` and its derivatives from `settle_tangent`. Behaviour that no belief depends on follows from later play inside `settle`, so
a game of perfect information has no unknown and is solved by one pass. Reference: Turocy (2005), doi 10.1016/j.geb.2004.04.003.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.games._continuation import CONVERGED, EVALUATE, EVALUATIONS, FOLDS, NOT_FINITE, advance, begin
from detente.games._walk import beliefs, log_softmax, settle, settle_tangent
from detente.games.kernels import entry, inner
from detente.games.tree import Forest

Floats = NDArray[np.float64]
MOST_CARE = 64.0


class Work(NamedTuple):
    """Arrays that one thread reuses for all its draws."""

    logp: np.ndarray  # edge
    p: np.ndarray  # edge
    value: np.ndarray  # node x player
    quality: np.ndarray  # action
    score: np.ndarray  # action
    weight: np.ndarray  # member
    precision: np.ndarray  # player
    d_logp: np.ndarray  # edge x direction; directions are the unknowns, then t
    d_value: np.ndarray  # node x player x direction
    d_quality: np.ndarray  # action x direction
    d_score: np.ndarray  # action x direction
    d_weight: np.ndarray  # member x direction
    d_payoff: np.ndarray  # outcome x player x direction: zero
    d_precision: np.ndarray  # player x direction


def make_work(forest: Forest, chance: Floats, payoffs: Floats, n_actions: int, n_unknown: int) -> Work:
    """Work space for one game; the chance probabilities are filled in."""
    n_edges, n_nodes, n_members = n_actions + len(chance), len(forest.node_parent), len(forest.member_node)
    _, n_outcomes, n_players = payoffs.shape
    n = n_unknown + 1
    p = np.concatenate([np.zeros(n_actions), chance])
    with np.errstate(divide="ignore"):
        logp = np.log(p)
    return Work(
        logp, p, np.zeros((n_nodes, n_players)), np.zeros(n_actions), np.zeros(n_actions), np.zeros(n_members),
        np.zeros(n_players), np.zeros((n_edges, n)), np.zeros((n_nodes, n_players, n)), np.zeros((n_actions, n)), np.zeros((n_actions, n)),
        np.zeros((n_members, n)), np.zeros((n_outcomes, n_players, n)), np.zeros((n_players, n)),
    )  # fmt: skip


@inner
def evaluate(forest, payoff, full, end, log_weight, y, work, residual, jacobian, with_jacobian):
    """The residual r at y (unknowns, then t), and its Jacobian."""
    n = residual.shape[0]
    n_players = full.shape[0]
    t = y[n] / end
    for i in range(n_players):
        work.precision[i] = t * full[i]
    for infoset in range(forest.infoset_size.shape[0]):
        start = forest.unknown_start[infoset]
        if start < 0:
            continue
        first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
        work.score[first] = 0.0
        for a in range(1, size):
            work.score[first + a] = y[start + a - 1]
        log_softmax(work.score, first, size, work.logp, work.p)
    settle(forest, 0, payoff, work.precision, log_weight, n_players, work.logp, work.p, work.value, work.quality, work.score, work.weight)
    for infoset in range(forest.infoset_size.shape[0]):
        start = forest.unknown_start[infoset]
        if start < 0:
            continue
        first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
        precision = work.precision[forest.infoset_player[infoset]]
        for a in range(1, size):
            gain = work.quality[first + a] - work.quality[first]
            residual[start + a - 1] = y[start + a - 1] - (log_weight[first + a] - log_weight[first]) - precision * gain
    if not with_jacobian:
        return
    for i in range(n_players):
        work.d_precision[i, n] = full[i] / end
    for infoset in range(forest.infoset_size.shape[0]):
        start = forest.unknown_start[infoset]
        if start < 0:
            continue
        first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
        for a in range(size):
            for b in range(1, size):
                work.d_logp[first + a, start + b - 1] = (1.0 if a == b else 0.0) - work.p[first + b]
    settle_tangent(
        forest, 0, work.precision, work.d_precision, n_players, work.logp, work.p, work.value, work.quality, work.d_payoff, n + 1,
        work.d_logp, work.d_value, work.d_quality, work.d_score, work.weight, work.d_weight,
    )  # fmt: skip
    for infoset in range(forest.infoset_size.shape[0]):
        start = forest.unknown_start[infoset]
        if start < 0:
            continue
        first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
        player = forest.infoset_player[infoset]
        for a in range(1, size):
            row = start + a - 1
            for d in range(n + 1):
                jacobian[row, d] = -work.precision[player] * (work.d_quality[first + a, d] - work.d_quality[first, d])
            jacobian[row, row] += 1.0
            jacobian[row, n] -= full[player] / end * (work.quality[first + a] - work.quality[first])


@inner
def trace(forest, payoff, full, end, log_weight, tolerance, start, work, path):
    """Solve one draw: `path.trial` holds the answer, `work` the behaviour there. Returns the status."""
    n = start.shape[0]
    request, care = EVALUATE, 1.0
    while care <= MOST_CARE:
        begin(path, start, end, care)
        if n == 0:
            path.trial[0] = end
        request = EVALUATE
        while request < 0:
            evaluate(forest, payoff, full, end, log_weight, path.trial, work, path.residual, path.jacobian, n > 0 and request == EVALUATE)
            # Without unknowns one pass is the answer.
            request = advance(path, tolerance) if n > 0 else CONVERGED
        if request == CONVERGED:
            break
        care *= 8.0
    if n == 0:
        for k in range(work.score.shape[0]):
            if not np.isfinite(work.logp[k]):
                request = NOT_FINITE
    return request


@entry
def trace_draws(
    first, last, forest, payoff, precision, end, log_weight, tolerance, log_behaviour, belief, status, reached, evaluations, folds, work, path, start,
):  # fmt: skip
    """Solve the draws first:last.

    payoff[draw or 0, outcome, player]; precision[draw or 0, player]; log_weight[action]; tolerance[draw]; out: log_behaviour[draw, action],
    belief[draw, member] and status, reached (share of the ray), evaluations, folds by draw.
    """
    n_actions, n_unknown = log_weight.shape[0], start.shape[0]
    n_infosets = forest.infoset_size.shape[0]
    for infoset in range(n_infosets):
        for a in range(1, forest.infoset_size[infoset]):
            if forest.unknown_start[infoset] >= 0:
                action = forest.infoset_action[infoset]
                start[forest.unknown_start[infoset] + a - 1] = log_weight[action + a] - log_weight[action]
    for draw in range(first, last):
        numbers = payoff[draw if payoff.shape[0] > 1 else 0]
        full = precision[draw if precision.shape[0] > 1 else 0]
        status[draw] = trace(forest, numbers, full, end[draw], log_weight, tolerance * (1.0 + end[draw]), start, work, path)
        reached[draw] = 1.0 if status[draw] == CONVERGED else path.here[n_unknown] / end[draw]
        evaluations[draw] = path.whole[EVALUATIONS]
        folds[draw] = path.whole[FOLDS]
        for a in range(n_actions):
            log_behaviour[draw, a] = work.logp[a]
        for infoset in range(n_infosets):
            beliefs(forest, infoset, work.logp, work.weight)
            opening = forest.member_start[infoset]
            for k in range(forest.member_start[infoset + 1] - opening):
                belief[draw, opening + k] = work.weight[k]
