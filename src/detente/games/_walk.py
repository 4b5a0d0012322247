"""Kernels: one pass over the trees of a forest.

`settle_filled` evaluates game g: from payoffs at the outcomes and the log-probabilities of free behaviour and chance it computes expected payoffs of
every node and, at each information set I of player j, the payoff of each action under Bayes beliefs,

    Q(I, a) = sum_m belief(m) U_j(child(m, a)),    belief(m) proportional to the product of the edges on which the members differ,

and behaviour log sigma(a) = log w_a + lambda_j Q(I, a) - log(sum). Behaviour at a free information set is taken as given; only Q is computed.
`_directions` carries the derivatives of all of this.
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
    """weight[member] of an information set, summing to 1."""
    first, last = forest.member_start[infoset], forest.member_start[infoset + 1]
    if last - first == 1:
        weight[first] = 1.0
        return
    top = -np.inf
    for m in range(first, last):
        total = 0.0
        for e in range(forest.path_start[m], forest.path_start[m + 1]):
            total += logp[forest.path_edge[e]]
        weight[m] = total
        if total > top:
            top = total
    if top == -np.inf:
        for m in range(first, last):
            weight[m] = 1.0 / (last - first)
        return
    total = 0.0
    for m in range(first, last):
        weight[m] = 1.0 if weight[m] == top else np.exp(weight[m] - top)
        total += weight[m]
    for m in range(first, last):
        weight[m] /= total


@inner
def settle_filled(forest, game, precision, log_weight, logp, p, value, quality, score, weight):
    """Evaluate one game.

    precision[player]; log_weight[action]; logp, p[edge]: chance and free behaviour in, all behaviour out; value[node, player] (players who chose on the
    way to the node): payoffs at the ends in; quality[action] and beliefs weight[member] out; score[action] is work space.
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
            for m in range(forest.member_start[item], forest.member_start[item + 1]):
                opening = forest.child_start[forest.member_node[m]]
                for a in range(size):
                    quality[first + a] += weight[m] * value[forest.child_node[opening + a], player]
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
