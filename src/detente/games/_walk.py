"""Kernels: one pass over the trees of a forest, with and without derivatives.

`settle_filled` evaluates game g: from payoffs at the outcomes and the log-probabilities of free behaviour and chance it computes expected payoffs of
every node and, at each information set I of player j, the payoff of each action under Bayes beliefs,

    Q(I, a) = sum_m belief(m) U_j(child(m, a)),    belief(m) proportional to the product of the edges on which the members differ,

and behaviour log sigma(a) = log w_a + lambda_j Q(I, a) - log(sum). Behaviour at a free information set is taken as given; only Q is computed.
`settle_tangent` carries the derivatives of all of this along `n` directions (forward mode: McKelvey and Palfrey 1998 give the equations).
Beliefs at an information set that is reached with probability 0 whatever the mover does are equal weights.
"""

import numpy as np

from detente.games.kernels import inner


@inner
def log_softmax(y, first, size, logp, p):
    """Fill logp and p for the actions first:first+size from y[first:first+size] (scores up to a constant)."""
    top = y[first]
    for a in range(first + 1, first + size):
        if y[a] > top:
            top = y[a]
    total = 0.0
    for a in range(first, first + size):
        # Most of the time goes into exp: the largest score needs none.
        p[a] = 1.0 if y[a] == top else np.exp(y[a] - top)
        total += p[a]
    log_total = np.log(total) + top
    for a in range(first, first + size):
        p[a] /= total
        logp[a] = y[a] - log_total


@inner
def beliefs(forest, infoset, logp, weight):
    """Weights of the members of an information set: weight[0:members], summing to 1."""
    start = forest.member_start[infoset]
    count = forest.member_start[infoset + 1] - start
    if count == 1:
        weight[0] = 1.0
        return
    top = -np.inf
    for k in range(count):
        total = 0.0
        for e in range(forest.path_start[start + k], forest.path_start[start + k + 1]):
            total += logp[forest.path_edge[e]]
        weight[k] = total
        if total > top:
            top = total
    if top == -np.inf:
        for k in range(count):
            weight[k] = 1.0 / count
        return
    total = 0.0
    for k in range(count):
        weight[k] = 1.0 if weight[k] == top else np.exp(weight[k] - top)
        total += weight[k]
    for k in range(count):
        weight[k] /= total


@inner
def settle_filled(forest, game, precision, log_weight, logp, p, value, quality, score, weight):
    """Evaluate one game.

    precision[player]; log_weight[action]; logp, p[edge]: chance and free behaviour in, all behaviour out; value[node, player] (players who chose on the
    way to the node): payoffs at the ends in; quality[action] out; score[action] and weight[member] are work space.
    """
    for step in range(forest.step_start[game], forest.step_start[game + 1]):
        item = forest.step_item[step]
        if forest.step_kind[step] == 0:
            first_child, last_child = forest.child_start[item], forest.child_start[item + 1]
            for w in range(forest.wanted_start[item], forest.wanted_start[item + 1]):
                i = forest.wanted[w]
                total = 0.0
                for c in range(first_child, last_child):
                    total += p[forest.child_edge[c]] * value[forest.child_node[c], i]
                value[item, i] = total
        else:
            player = forest.infoset_player[item]
            first = forest.infoset_action[item]
            size = forest.infoset_size[item]
            beliefs(forest, item, logp, weight)
            for a in range(size):
                quality[first + a] = 0.0
            start = forest.member_start[item]
            for k in range(forest.member_start[item + 1] - start):
                opening = forest.child_start[forest.member_node[start + k]]
                for a in range(size):
                    quality[first + a] += weight[k] * value[forest.child_node[opening + a], player]
            if forest.infoset_free[item] == 0:
                for a in range(first, first + size):
                    score[a] = log_weight[a] + precision[player] * quality[a]
                log_softmax(score, first, size, logp, p)


@inner
def forward(forest, game, p, reach):
    """Probability that play passes each node: reach[node]."""
    for node in range(forest.node_start[game], forest.node_start[game + 1]):
        parent = forest.node_parent[node]
        reach[node] = 1.0 if parent < 0 else reach[parent] * p[forest.node_edge[node]]


@inner
def softmax_tangent(p, first, size, d_score, d_logp, n):
    """Derivatives of log-probabilities from those of the scores, in place allowed: d_logp[a] = d_score[a] - sum_b p_b d_score[b]."""
    for d in range(n):
        mean = 0.0
        for a in range(first, first + size):
            mean += p[a] * d_score[a, d]
        for a in range(first, first + size):
            d_logp[a, d] = d_score[a, d] - mean


@inner
def settle_tangent(
    forest, game, precision, d_precision, logp, p, value, quality, d_payoff, n,
    d_logp, d_value, d_quality, d_score, weight, d_weight,
):  # fmt: skip
    """Derivatives of everything `settle_filled` computed, along n directions; call it first.

    d_payoff[outcome, player, direction]; d_precision[player, direction]; d_logp[edge, direction]: chance and free behaviour in, all behaviour
    out; d_value[node, player, direction] and d_quality[action, direction] out; the rest is work space.
    """
    for k in range(forest.terminal_start[game], forest.terminal_start[game + 1]):
        node = forest.terminal_node[k]
        outcome = forest.node_outcome[node]
        for w in range(forest.wanted_start[node], forest.wanted_start[node + 1]):
            i = forest.wanted[w]
            for d in range(n):
                d_value[node, i, d] = d_payoff[outcome, i, d]
    for step in range(forest.step_start[game], forest.step_start[game + 1]):
        item = forest.step_item[step]
        if forest.step_kind[step] == 0:
            for w in range(forest.wanted_start[item], forest.wanted_start[item + 1]):
                i = forest.wanted[w]
                for d in range(n):
                    d_value[item, i, d] = 0.0
                for c in range(forest.child_start[item], forest.child_start[item + 1]):
                    edge = forest.child_edge[c]
                    child = forest.child_node[c]
                    share, u = p[edge], value[child, i]
                    for d in range(n):
                        d_value[item, i, d] += share * (d_value[child, i, d] + u * d_logp[edge, d])
        else:
            player = forest.infoset_player[item]
            first = forest.infoset_action[item]
            size = forest.infoset_size[item]
            beliefs(forest, item, logp, weight)
            start = forest.member_start[item]
            count = forest.member_start[item + 1] - start
            for d in range(n):
                mean = 0.0
                for k in range(count):
                    total = 0.0
                    for e in range(forest.path_start[start + k], forest.path_start[start + k + 1]):
                        total += d_logp[forest.path_edge[e], d]
                    d_weight[k, d] = total
                    mean += weight[k] * total
                for k in range(count):
                    d_weight[k, d] = weight[k] * (d_weight[k, d] - mean)
            for a in range(size):
                for d in range(n):
                    d_quality[first + a, d] = 0.0
            for k in range(count):
                opening = forest.child_start[forest.member_node[start + k]]
                for a in range(size):
                    child = forest.child_node[opening + a]
                    u = value[child, player]
                    for d in range(n):
                        d_quality[first + a, d] += weight[k] * d_value[child, player, d] + d_weight[k, d] * u
            if forest.infoset_free[item] == 0:
                for a in range(first, first + size):
                    for d in range(n):
                        d_score[a, d] = precision[player] * d_quality[a, d] + d_precision[player, d] * quality[a]
                softmax_tangent(p, first, size, d_score, d_logp, n)


@inner
def forward_tangent(forest, game, p, reach, d_logp, d_reach, n):
    """Derivatives of reach: d_reach[node, direction]; call `forward` first."""
    for node in range(forest.node_start[game], forest.node_start[game + 1]):
        parent = forest.node_parent[node]
        if parent < 0:
            for d in range(n):
                d_reach[node, d] = 0.0
            continue
        edge = forest.node_edge[node]
        for d in range(n):
            d_reach[node, d] = p[edge] * (d_reach[parent, d] + reach[parent] * d_logp[edge, d])
