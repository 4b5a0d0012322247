"""Kernels: derivatives of one pass over a game's tree for one draw, along sixteen directions at once; call `settle_filled` and `forward` first.

Forward mode (McKelvey and Palfrey 1998 give the equations). Each lane is a direction: a table [edge] is flat and holds the sixteen slopes of an edge. `play` is
any table with the fields of `settle_filled`; `slopes` one with these, of which those of free behaviour, of chance, of payoffs and of precision are filled in:

    d_precision[player], d_logp[edge], d_value[node, player], d_quality[action], d_weight[member], d_reach[node]
"""

from detente.games._lanes import add, load, muladd, multiply, peek, splat, store, subtract
from detente.games.kernels import inner


@inner
def relative(p, first, size, d_logp):
    """Slopes of the logarithms of shares from those of the scores behind them, in place: less their mean."""
    mean = splat(0.0)
    for k in range(first, first + size):
        mean = muladd(splat(p[k]), load(d_logp, k), mean)
    for k in range(first, first + size):
        store(d_logp, k, subtract(load(d_logp, k), mean))


@inner
def combine(forest, node, play, slopes):
    """d_value of a node from its children: the slope of sum_c p_c u_c."""
    n_players = play.value.shape[1]
    for w in range(forest.wanted_start[node], forest.wanted_start[node + 1]):
        i, total = peek(forest.wanted, w), splat(0.0)
        for c in range(forest.child_start[node], forest.child_start[node + 1]):
            edge, child = peek(forest.child_edge, c), peek(forest.child_node, c)
            share = play.p[edge]
            total = muladd(splat(share * play.value[child, i]), load(slopes.d_logp, edge), total)
            total = muladd(splat(share), load(slopes.d_value, child * n_players + i), total)
        store(slopes.d_value, node * n_players + i, total)


@inner
def believe(forest, infoset, play, slopes):
    """d_weight of the members of an information set."""
    first, last = forest.member_start[infoset], forest.member_start[infoset + 1]
    mean = splat(0.0)
    for m in range(first, last):
        total = splat(0.0)
        for e in range(forest.path_start[m], forest.path_start[m + 1]):
            total = add(total, load(slopes.d_logp, peek(forest.path_edge, e)))
        store(slopes.d_weight, m, total)
        mean = muladd(splat(play.weight[m]), total, mean)
    for m in range(first, last):
        store(slopes.d_weight, m, multiply(splat(play.weight[m]), subtract(load(slopes.d_weight, m), mean)))


@inner
def weigh(forest, infoset, play, slopes):
    """d_quality of the actions at an information set: the slope of sum_m belief(m) U(child(m, a))."""
    n_players, player = play.value.shape[1], forest.infoset_player[infoset]
    first, last = forest.member_start[infoset], forest.member_start[infoset + 1]
    for a in range(forest.infoset_size[infoset]):
        total = splat(0.0)
        for m in range(first, last):
            child = peek(forest.child_node, peek(forest.child_start, peek(forest.member_node, m)) + a)
            total = muladd(splat(play.weight[m]), load(slopes.d_value, child * n_players + player), total)
            if last - first > 1:
                total = muladd(splat(play.value[child, player]), load(slopes.d_weight, m), total)
        store(slopes.d_quality, forest.infoset_action[infoset] + a, total)


@inner
def settle_directions(forest, game, precision, play, slopes):
    """Slopes of everything that `settle_filled` computed."""
    for step in range(forest.step_start[game], forest.step_start[game + 1]):
        item = forest.step_item[step]
        if forest.step_kind[step] == 0:
            combine(forest, item, play, slopes)
            continue
        player, first, size = forest.infoset_player[item], forest.infoset_action[item], forest.infoset_size[item]
        if forest.member_start[item + 1] - forest.member_start[item] > 1:
            believe(forest, item, play, slopes)
        weigh(forest, item, play, slopes)
        if forest.infoset_free[item] == 0:
            steepness, rise = splat(precision[player]), load(slopes.d_precision, player)
            for a in range(first, first + size):
                store(slopes.d_logp, a, muladd(steepness, load(slopes.d_quality, a), multiply(rise, splat(play.quality[a]))))
            relative(play.p, first, size, slopes.d_logp)


@inner
def forward_directions(forest, game, play, slopes):
    """d_reach of every node."""
    for node in range(forest.node_start[game], forest.node_start[game + 1]):
        parent = forest.node_parent[node]
        if parent < 0:
            store(slopes.d_reach, node, splat(0.0))
            continue
        edge = forest.node_edge[node]
        here = muladd(splat(play.reach[parent]), load(slopes.d_logp, edge), load(slopes.d_reach, parent))
        store(slopes.d_reach, node, multiply(splat(play.p[edge]), here))
