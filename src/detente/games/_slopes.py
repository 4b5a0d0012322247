"""Kernel: derivatives of one pass over a game's tree for sixteen draws at once, along some directions; call `settle` first.

The same as `_directions` has for one draw. Direction d of `width` is column `first_column + d` of the Jacobian: the
log-ratios of free behaviour one after the other, then t, along which player i's precision grows by bench.rise[i]; payoffs are constant. A table
[edge x direction] is flat and holds `width` directions of sixteen lanes an edge. Few directions at a time keep the tables of large games small.
"""

from detente.games._lanes import add, load, muladd, multiply, peek, splat, store, subtract
from detente.games.kernels import inner


@inner
def free_slopes(forest, first_column, width, bench):
    """d_logp at the free information sets: log p_a of log-ratios y has the slope (a = b) - p_b along y_b."""
    for infoset in range(forest.infoset_size.shape[0]):
        unknown = forest.unknown_start[infoset]
        if unknown < 0:
            continue
        first, size = forest.infoset_action[infoset], forest.infoset_size[infoset]
        for d in range(width):
            b = first_column + d - unknown + 1
            own = 1 <= b and b < size
            for a in range(size):
                slope = splat(0.0)
                if own:
                    slope = subtract(splat(1.0 if a == b else 0.0), load(bench.p, first + b))
                store(bench.d_logp, (first + a) * width + d, slope)


@inner
def combine_slopes(forest, node, n_players, width, bench):
    """d_value of a node from its children: the slope of sum_c p_c u_c."""
    for w in range(forest.wanted_start[node], forest.wanted_start[node + 1]):
        i = peek(forest.wanted, w)
        here = (node * n_players + i) * width
        for d in range(width):
            store(bench.d_value, here + d, splat(0.0))
        for c in range(forest.child_start[node], forest.child_start[node + 1]):
            edge, child = peek(forest.child_edge, c), peek(forest.child_node, c) * n_players + i
            share = load(bench.p, edge)
            part = multiply(share, load(bench.value, child))
            for d in range(width):
                total = muladd(part, load(bench.d_logp, edge * width + d), load(bench.d_value, here + d))
                store(bench.d_value, here + d, muladd(share, load(bench.d_value, child * width + d), total))


@inner
def belief_slopes(forest, infoset, width, bench):
    """d_weight of the members of an information set."""
    first, last = forest.member_start[infoset], forest.member_start[infoset + 1]
    if last - first == 1:
        return
    for d in range(width):
        mean = splat(0.0)
        for m in range(first, last):
            total = splat(0.0)
            for e in range(forest.path_start[m], forest.path_start[m + 1]):
                total = add(total, load(bench.d_logp, peek(forest.path_edge, e) * width + d))
            store(bench.d_weight, m * width + d, total)
            mean = muladd(load(bench.weight, m), total, mean)
        for m in range(first, last):
            store(bench.d_weight, m * width + d, multiply(load(bench.weight, m), subtract(load(bench.d_weight, m * width + d), mean)))


@inner
def quality_slopes(forest, infoset, n_players, width, bench):
    """d_quality of the actions at an information set: the slope of sum_m belief(m) U(child(m, a))."""
    player, first, size = forest.infoset_player[infoset], forest.infoset_action[infoset], forest.infoset_size[infoset]
    for k in range(first * width, (first + size) * width):
        store(bench.d_quality, k, splat(0.0))
    for m in range(forest.member_start[infoset], forest.member_start[infoset + 1]):
        opening, weight = peek(forest.child_start, peek(forest.member_node, m)), load(bench.weight, m)
        for a in range(size):
            child, here = peek(forest.child_node, opening + a) * n_players + player, (first + a) * width
            u = load(bench.value, child)
            for d in range(width):
                total = muladd(u, load(bench.d_weight, m * width + d), load(bench.d_quality, here + d))
                store(bench.d_quality, here + d, muladd(weight, load(bench.d_value, child * width + d), total))


@inner
def behaviour_slopes(forest, infoset, direction_of_t, width, bench):
    """d_logp where behaviour follows from later play: d_score less its mean."""
    player, first, size = forest.infoset_player[infoset], forest.infoset_action[infoset], forest.infoset_size[infoset]
    precision = load(bench.precision, player)
    for d in range(width):
        mean = splat(0.0)
        for a in range(first, first + size):
            slope = multiply(precision, load(bench.d_quality, a * width + d))
            if d == direction_of_t:
                slope = muladd(load(bench.rise, player), load(bench.quality, a), slope)
            store(bench.d_logp, a * width + d, slope)
            mean = muladd(load(bench.p, a), slope, mean)
        for a in range(first, first + size):
            store(bench.d_logp, a * width + d, subtract(load(bench.d_logp, a * width + d), mean))


@inner
def settle_slopes(forest, n_players, first_column, n_unknown, width, bench):
    """d_quality of every action of game 0."""
    free_slopes(forest, first_column, width, bench)
    for step in range(forest.step_start[0], forest.step_start[1]):
        item = forest.step_item[step]
        if forest.step_kind[step] == 0:
            combine_slopes(forest, item, n_players, width, bench)
        else:
            belief_slopes(forest, item, width, bench)
            quality_slopes(forest, item, n_players, width, bench)
            if forest.infoset_free[item] == 0:
                behaviour_slopes(forest, item, n_unknown - first_column, width, bench)
